package consolidation

import (
	"cmp"
	"math"
	"slices"
	"time"

	"dondoc/schedule/standing"
)

// Change is what differs between two moments. Every difference of a sum is made
// of differences in units: what came in, what went out, and the cells that
// changed of those that were there at both.
type Change struct {
	Since   time.Time    `json:"since"`
	Now     time.Time    `json:"now"`
	In      []UnitChange `json:"in"`  // whose figures count now and did not
	Out     []UnitChange `json:"out"` // whose figures counted and do not now
	Cells   []CellChange `json:"cells"`
	Effects []Effect     `json:"effects"`
	// Before and After are how many units count at either moment.
	Before int `json:"units_before"`
	After  int `json:"units_after"`
}

// UnitChange is a unit of which all figures came into the sums or left them.
type UnitChange struct {
	Unit   string             `json:"unit"`
	From   string             `json:"from"` // what became of its figures then, in the reader's words
	To     string             `json:"to"`   // and what does now
	Values map[string]float64 `json:"values"`
	// Arrival is the mail that the figures stand in, "" if they came outside
	// the mailbox.
	Arrival string `json:"arrival"`
}

// CellChange is a figure that counts at both moments and is another.
type CellChange struct {
	Unit   string   `json:"unit"`
	Input  string   `json:"input"`
	From   *float64 `json:"from"` // nil: blank
	To     *float64 `json:"to"`
	Before Place    `json:"before"`
	After  Place    `json:"after"`
}

// Place is where a figure stands.
type Place struct {
	Arrival string `json:"arrival"`
	File    string `json:"file"`
	SHA256  string `json:"sha256"`
	Version int    `json:"version"`
	Cell    string `json:"cell"` // "Phụ lục số liệu!D11"
}

// Effect is a sum that is another than it was.
type Effect struct {
	Input string   `json:"input"`
	From  *float64 `json:"from"` // nil: nothing was there to add up
	To    *float64 `json:"to"`
	// By is by how much, of which Entered, Left and Changed are what came in,
	// went out and changed.
	By      float64 `json:"by"`
	Entered float64 `json:"entered"`
	Left    float64 `json:"left"`
	Changed float64 `json:"changed"`
}

// Compare tells what has changed in the sums since in.Since: the same fold at
// two moments, and nothing remembered in between.
func Compare(in Input) Change {
	return newWriter(in).compare()
}

func (w *writer) compare() Change {
	c := Change{In: []UnitChange{}, Out: []UnitChange{}, Cells: []CellChange{}, Effects: []Effect{}, Now: w.Now}
	if w.Since == nil {
		w.Since = &standing.Table{}
	}
	c.Since = w.Since.Now
	then := w.Input
	then.Table, then.Now = w.Since, w.Since.Now
	before := newWriter(then)
	c.Before, c.After = before.totals.Units, w.totals.Units
	old := map[string]*row{}
	for i := range before.rows {
		old[before.rows[i].unit.Code] = &before.rows[i]
	}
	changed := map[string]*Effect{}
	effect := func(name string) *Effect {
		if changed[name] == nil {
			changed[name] = &Effect{Input: name}
		}
		return changed[name]
	}
	for i := range w.rows {
		now := &w.rows[i]
		was := old[now.unit.Code]
		a, b := before.figures(was), w.figures(now)
		switch {
		case a == nil && b == nil:
		case a == nil:
			c.In = append(c.In, UnitChange{Unit: now.unit.Code, From: before.mark(was), To: w.mark(now), Values: b, Arrival: now.part.Arrival})
			for name, v := range b {
				effect(name).Entered += v
			}
		case b == nil:
			c.Out = append(c.Out, UnitChange{Unit: now.unit.Code, From: before.mark(was), To: w.mark(now), Values: a, Arrival: was.part.Arrival})
			for name, v := range a {
				effect(name).Left -= v
			}
		default:
			c.Cells = append(c.Cells, w.changedCells(was, now, a, b, effect)...)
		}
	}
	names := map[string]bool{}
	var order []string
	for _, numbers := range [][]string{nameList(w), nameList(before)} {
		for _, name := range numbers {
			if !names[name] {
				names[name] = true
				order = append(order, name)
			}
		}
	}
	for _, name := range order {
		from, had := before.totals.Sum[name]
		to, has := w.totals.Sum[name]
		e := changed[name]
		if had == has && from == to && (e == nil || *e == Effect{Input: name}) {
			continue
		}
		if e == nil {
			e = &Effect{Input: name}
		}
		if had {
			e.From = &from
		}
		if has {
			e.To = &to
		}
		e.By, e.Entered, e.Left, e.Changed = plain(to-from), plain(e.Entered), plain(e.Left), plain(e.Changed)
		c.Effects = append(c.Effects, *e)
	}
	return c
}

func nameList(w *writer) (names []string) {
	for _, in := range w.numbers {
		names = append(names, in.Name)
	}
	return names
}

// figures are what a row adds to the sums; nil if it adds nothing.
func (w *writer) figures(r *row) map[string]float64 {
	if r == nil || r.class != counted || r.values == nil {
		return nil
	}
	figures := map[string]float64{}
	for i, in := range w.numbers {
		if v, ok := r.value(i); ok {
			figures[in.Name] = v
		}
	}
	return figures
}

func (w *writer) changedCells(was, now *row, a, b map[string]float64, effect func(string) *Effect) []CellChange {
	var cells []CellChange
	for name := range a {
		if _, still := b[name]; !still {
			cells = append(cells, CellChange{Input: name})
		}
	}
	for name, v := range b {
		if old, had := a[name]; !had || old != v {
			cells = append(cells, CellChange{Input: name})
		}
	}
	order := map[string]int{}
	for i, in := range w.numbers {
		order[in.Name] = i + 1
	}
	slices.SortFunc(cells, func(x, y CellChange) int { return cmp.Or(order[x.Input]-order[y.Input], cmp.Compare(x.Input, y.Input)) })
	for i := range cells {
		c := &cells[i]
		c.Unit = now.unit.Code
		c.Before, c.After = placeOf(was.part, c.Input), placeOf(now.part, c.Input)
		by := 0.0
		if v, had := a[c.Input]; had {
			c.From, by = &v, by-v
		}
		if v, has := b[c.Input]; has {
			c.To, by = &v, by+v
		}
		effect(c.Input).Changed += by
	}
	return cells
}

func placeOf(c *standing.Counted, input string) Place {
	return Place{Arrival: c.Arrival, File: fileName(c.Part.Path, c.Part.Name), SHA256: c.Part.SHA256, Version: c.Version, Cell: c.Part.Places[input]}
}

// Sum of the parts is the whole, to within what decimals lose.
func (e Effect) adds() bool {
	return math.Abs(e.Entered+e.Left+e.Changed-e.By) < 1e-6*math.Max(1, math.Abs(e.By))
}
