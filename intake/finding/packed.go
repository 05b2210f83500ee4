package finding

import (
	"encoding/json"
	"slices"
	"strings"
	"unique"
)

// packed are the values of a part that nobody looks at now: most are those of
// filings that others took the place of.
type packed struct {
	names  string // in order, with \x00 between; the same in nearly all forms
	values string // in the order of their names: a JSON array
}

// Pack puts the values away, in a tenth of the room. Unpack brings them back as
// they were; until then there are none.
func (p *Part) Pack() {
	if len(p.Values) == 0 {
		return
	}
	names := make([]string, 0, len(p.Values))
	for name := range p.Values {
		if strings.Contains(name, "\x00") {
			return
		}
		names = append(names, name)
	}
	slices.Sort(names)
	values := make([]any, len(names))
	for i, name := range names {
		values[i] = p.Values[name]
	}
	text, err := json.Marshal(values)
	if err != nil {
		return // they were not read from a ledger
	}
	p.packed = &packed{unique.Make(strings.Join(names, "\x00")).Value(), string(text)}
	p.Values = nil
}

// Unpack brings back the values that Pack put away. They are the caller's.
func (p *Part) Unpack() {
	if p.packed == nil {
		return
	}
	var values []any
	if json.Unmarshal([]byte(p.packed.values), &values) != nil {
		return
	}
	p.Values = make(map[string]any, len(values))
	i := 0
	for name := range strings.SplitSeq(p.packed.names, "\x00") {
		p.Values[name] = values[i]
		i++
	}
	p.packed = nil
}
