package intake

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"dondoc/intake/finding"
	"dondoc/schedule/standing"
)

// compare applies the rules that look beyond one mail: the same file from two
// units (D02), two members of one dossier (D03), a figure far above those of
// the group (N09), and what the write-ups that came are to the form (M02 to M04).
func (d *decision) compare() {
	unit := d.v.UnitCode()
	dossier := map[string]bool{}
	for _, u := range d.c.Group(unit) {
		dossier[u.Code] = true
	}
	table := d.k.fold(d.c, d.k.Facts, d.now)
	d.printed(table.Units[unit])
	for i := range d.v.Parts {
		p := &d.v.Parts[i]
		if !p.Readable() {
			continue
		}
		for _, code := range table.Order {
			for _, other := range table.Units[code].Counted {
				if other.Kind != p.Kind || other.Unit != code {
					continue
				}
				switch {
				case !dossier[code] && p.SHA256 != "" && other.Part.SHA256 == p.SHA256:
					add(p, finding.Problem{Code: "D02", Severity: finding.ForPerson, Args: map[string]string{"tep": p.Name}})
				case p.Kind == finding.Appendix && dossier[code] && code != unit && !sameValues(other.Part.Values, p.Values):
					add(p, finding.Problem{Code: "D03", Severity: finding.ForPerson, Audience: finding.ToDesk, Args: map[string]string{"tep": p.Name}})
				}
			}
		}
		if p.Kind == finding.Appendix {
			d.median(p, table)
			d.notYet(p)
			if table.Units[unit].Models > 0 {
				p.Problems = standing.WithModels(p.Problems)
			}
		}
	}
	d.tooMany()
}

// printed takes the print of an appendix for a copy where its workbook came
// before: it is asked for once (S03).
func (d *decision) printed(u *standing.Unit) {
	if u == nil || !slices.ContainsFunc(u.Counted, func(c standing.Counted) bool { return c.Kind == finding.Appendix && c.Part.Values != nil }) {
		return
	}
	for i := range d.v.Parts {
		p := &d.v.Parts[i]
		is := func(q finding.Problem) bool { return q.Code == "S03" }
		if p.Kind == finding.Appendix && slices.ContainsFunc(p.Problems, is) {
			p.Kind, p.Problems = finding.Other, slices.DeleteFunc(p.Problems, is)
		}
	}
}

// tooMany notes that more write-ups came than the letter asks for (M02), under
// the last of them. Where it asks for none, whatever comes is welcome.
func (d *decision) tooMany() {
	asked := d.c.Group(d.v.UnitCode())[0].Obligation.Models
	last := -1
	for i, p := range d.v.Parts {
		if p.Kind == finding.Model && p.Readable() {
			last = i
		}
	}
	if asked == 0 || last < 0 {
		return
	}
	if came := d.after().Models; came > asked {
		add(&d.v.Parts[last], finding.Problem{Code: "M02", Severity: finding.Noted,
			Args: map[string]string{"co": fmt.Sprintf("%02d", came), "can": fmt.Sprintf("%02d", asked)}})
	}
}

// add adds a problem once.
func add(p *finding.Part, q finding.Problem) {
	if !slices.ContainsFunc(p.Problems, func(have finding.Problem) bool { return have.Code == q.Code }) {
		p.Problems = append(p.Problems, q)
	}
}

// sameValues compares the figures of two appendices; their words may differ.
func sameValues(a, b map[string]any) bool {
	return figuresIn(a, b) && figuresIn(b, a)
}

// figuresIn reports whether every figure of a stands in b.
func figuresIn(a, b map[string]any) bool {
	for name, x := range a {
		if n, ok := number(x); ok {
			if m, ok := number(b[name]); !ok || n != m {
				return false
			}
		}
	}
	return true
}

func number(v any) (float64, bool) {
	n, ok := v.(float64)
	return n, ok
}

// Below this many appendices of a group a median says nothing, and a figure
// below atLeast is a small number however small the others are.
const (
	enough  = 5
	atLeast = 20
)

// median reports a figure more than ten times the median of its group (N09).
// One that the form's own rule has reported already is left alone.
func (d *decision) median(p *finding.Part, table *standing.Table) {
	u, _ := d.c.Unit(d.v.UnitCode())
	figures := map[string][]float64{}
	for _, code := range table.Order {
		peer, _ := d.c.Unit(code)
		if peer.Category != u.Category || code == u.Code {
			continue
		}
		for _, other := range table.Units[code].Counted {
			if other.Kind != finding.Appendix || other.Unit != code {
				continue
			}
			for name, v := range other.Part.Values {
				if n, ok := number(v); ok {
					figures[name] = append(figures[name], n)
				}
			}
		}
	}
	reported := map[string]bool{}
	for _, q := range p.Problems {
		if q.Code == "N09" || q.Severity == finding.MustFix {
			for _, name := range q.Inputs {
				reported[name] = true
			}
		}
	}
	names := make([]string, 0, len(p.Values))
	for name := range p.Values {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		n, ok := number(p.Values[name])
		peers := figures[name]
		if !ok || reported[name] || len(peers) < enough {
			continue
		}
		slices.Sort(peers)
		middle := (peers[(len(peers)-1)/2] + peers[len(peers)/2]) / 2
		if middle <= 0 || n < atLeast || n <= 10*middle {
			continue
		}
		p.Problems = append(p.Problems, d.unusual(p, name, n))
	}
}

// notYet reports that the day the figures stand for is after their arrival
// (C11): the form's own rule of that name knows no clock.
func (d *decision) notYet(p *finding.Part) {
	arrived := d.v.Received.In(d.c.Location)
	for _, r := range d.k.Form.Rules {
		if r.Code != "C11" {
			continue
		}
		for _, name := range r.Inputs {
			written, _ := p.Values[name].(string)
			day, err := time.ParseInLocation(time.DateOnly, written, d.c.Location)
			if err != nil || !day.After(arrived) || d.preset(name, day) {
				continue
			}
			q := finding.Problem{Code: r.Code, Severity: finding.Noted, Inputs: []string{name}, Found: day.Format("02/01/2006"),
				Args: map[string]string{"ngay": arrived.Format("02/01/2006")}}
			if sheet, cell, ok := strings.Cut(p.Places[name], "!"); ok {
				q.Sheet, q.Cell, q.Cells = sheet, cell, []string{cell}
			}
			if at := slices.IndexFunc(d.k.Form.Inputs, func(in finding.Input) bool { return in.Name == name }); at >= 0 {
				q.Args["nhan"] = d.k.Form.Inputs[at].Label()
			}
			add(p, q)
		}
	}
}

// preset reports whether the form was sent out with that day in it.
func (d *decision) preset(name string, day time.Time) bool {
	as := day.Format("02/01/2006")
	return as == d.c.CutOff || slices.ContainsFunc(d.k.Form.Inputs, func(in finding.Input) bool { return in.Name == name && in.Preset == as })
}

// unusual is N09 for one input, explained if its row has a note.
func (d *decision) unusual(p *finding.Part, name string, n float64) finding.Problem {
	q := finding.Problem{Code: "N09", Severity: finding.FixOrExplain, Inputs: []string{name}, Found: strconv.FormatFloat(n, 'f', -1, 64)}
	if sheet, cell, ok := strings.Cut(p.Places[name], "!"); ok {
		q.Sheet, q.Cell, q.Cells = sheet, cell, []string{cell}
	}
	at := slices.IndexFunc(d.k.Form.Inputs, func(in finding.Input) bool { return in.Name == name })
	if at < 0 {
		return q
	}
	in := d.k.Form.Inputs[at]
	q.Args = map[string]string{"bieu": in.Table, "o": q.Cell, "nhan": in.Label(), "gia_tri": q.Found}
	for _, note := range d.k.Form.Inputs {
		if note.Sheet == in.Sheet && note.Type == "text" && note.Table == in.Table && note.Row == in.Row && in.Row != "" {
			if text, _ := p.Values[note.Name].(string); text != "" {
				q.Explain = text
			}
		}
	}
	return q
}
