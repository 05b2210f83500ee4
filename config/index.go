package config

// index is where the units of a roster stand, so that a roster of ten thousand
// is not searched for each of ten thousand. It belongs to one slice of units:
// of a campaign that was copied and given others, nothing is believed.
type index struct {
	of     *Unit // the first
	n      int
	codes  map[string]int
	groups map[string][]int // dup_group
}

// Index makes looking for units fast. Load does it; whoever sets Units himself
// may, and has to again once he has changed a code or a dup_group in them.
func (c *Campaign) Index() {
	x := &index{n: len(c.Units), codes: make(map[string]int, len(c.Units)), groups: map[string][]int{}}
	for i := range c.Units {
		u := &c.Units[i]
		if _, twice := x.codes[u.Code]; !twice {
			x.codes[u.Code] = i
		}
		if u.DupGroup != "" {
			x.groups[u.DupGroup] = append(x.groups[u.DupGroup], i)
		}
	}
	if x.n > 0 {
		x.of = &c.Units[0]
	}
	c.index = x
}

// holds reports whether the index is that of the units.
func (x *index) holds(units []Unit) bool {
	return x != nil && x.n == len(units) && (x.n == 0 || x.of == &units[0])
}

// place is the unit's place in Units, -1 if it is not there.
func (c *Campaign) place(code string) int {
	if c.index.holds(c.Units) {
		if i, ok := c.index.codes[code]; ok {
			return i
		}
		return -1
	}
	for i := range c.Units {
		if c.Units[i].Code == code {
			return i
		}
	}
	return -1
}

// members are the places of the units with the dup_group.
func (c *Campaign) members(group string) (at []int) {
	if c.index.holds(c.Units) {
		return c.index.groups[group]
	}
	for i := range c.Units {
		if c.Units[i].DupGroup == group {
			at = append(at, i)
		}
	}
	return at
}
