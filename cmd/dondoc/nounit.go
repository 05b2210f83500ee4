package main

import (
	"fmt"
	"slices"
	"strings"

	"dondoc/config"
)

// noUnit says that a code is not in the roster, and which ones it may have
// been meant for.
func (o *office) noUnit(code string) error {
	w := wrong{VI: fmt.Sprintf("%q không có trong danh sách đơn vị", code), EN: fmt.Sprintf("%q is not a unit of the roster", code)}
	if near := o.nearest(code); len(near) > 0 {
		w.VI += "; có phải: " + strings.Join(near, ", ") + "?"
		w.EN += "; did you mean: " + strings.Join(near, ", ") + "?"
	} else {
		w.VI += "; xem mã các đơn vị: dondoc status"
		w.EN += "; for the codes of the units see: dondoc status"
	}
	return w
}

// nearest are the codes that look most like what was typed: those that hold it
// after their prefix, else those that are fewest keystrokes away.
func (o *office) nearest(typed string) []string {
	typed = strings.ToUpper(strings.TrimSpace(typed))
	var holding, near []string
	least := min(2, len(typed)/3) // more keystrokes than that are another word
	for _, u := range o.campaign.Units {
		if len(typed) > 2 && strings.Contains(u.Code, typed) {
			holding = append(holding, u.Code)
		}
		_, bare, _ := strings.Cut(u.Code, "-")
		_, own, has := strings.Cut(typed, "-")
		if !has {
			own = typed
		}
		switch d := min(distance(typed, u.Code), 1+distance(own, bare)); {
		case d < least:
			least, near = d, []string{u.Code}
		case d == least:
			near = append(near, u.Code)
		}
	}
	if len(holding) > 0 {
		near = holding
	}
	if len(near) > 6 {
		return nil
	}
	return slices.Compact(near)
}

// distance is the number of letters to put in, take out or change to get from
// a to b (Levenshtein).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		before := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := before
			if a[i] != b[j] {
				change++
			}
			before = row[j+1]
			row[j+1] = min(change, row[j]+1, before+1)
		}
	}
	return row[len(b)]
}

// unit finds a unit by its code.
func (o *office) unit(code string) (config.Unit, error) {
	u, ok := o.campaign.Unit(code)
	if !ok {
		return u, o.noUnit(code)
	}
	return u, nil
}
