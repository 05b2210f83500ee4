package letter

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"sort"
	"strings"
	"time"

	"dondoc/config"
	"dondoc/intake/finding"
	"dondoc/schedule/standing"
)

// figures are the headline numbers of one appendix:
// "Đăng ký năm 2022: 59 (tập thể 42, cá nhân 17)". A figure one of whose
// inputs was not read is left out rather than shown too small.
func (v *view) figures(values map[string]any) []string {
	var lines []string
	for _, fig := range v.c.Figures {
		line, ok := v.figure(fig, values, v.word(fig.Label)+": ")
		if ok {
			lines = append(lines, line)
		}
	}
	return lines
}

// addends are the values of an appendix that a sum is made of. Where a total was
// accepted without its rows, the rows, which gave no number, are none: the total
// stands for them, under its own name.
func addends(p finding.Part) map[string]any {
	values := p.Values
	for _, q := range p.Problems {
		if q.Code != "N01" || q.Severity != finding.Noted || q.Args["tong"] == "" {
			continue
		}
		values = maps.Clone(values)
		for _, name := range q.Inputs {
			if values[name] == nil {
				delete(values, name)
			}
		}
	}
	return values
}

// figure writes one headline number after its label.
func (v *view) figure(fig config.Figure, values map[string]any, label string) (string, bool) {
	x, ok := sum(fig.Inputs, values)
	if !ok {
		return "", false
	}
	line := label + number(v.Lang, x)
	var split []string
	for _, s := range fig.Split {
		y, ok := sum(s.Inputs, values)
		if !ok {
			split = nil
			break
		}
		split = append(split, v.word(s.Label)+" "+number(v.Lang, y))
	}
	if len(split) > 0 {
		line += " (" + strings.Join(split, ", ") + ")"
	}
	if share, ok := v.share(fig, x, values); ok {
		of := v.word(fig.Of)
		switch {
		case of == "":
			line += ", " + share
		case strings.Contains(of, "%s"):
			line += ", " + strings.Replace(of, "%s", share, 1)
		default:
			line += ", " + share + " " + of
		}
	}
	return line, true
}

// share gives x as a share of the figure that fig.Percent names.
func (v *view) share(fig config.Figure, x float64, values map[string]any) (string, bool) {
	for _, base := range v.c.Figures {
		if fig.Percent == "" || base.Label.VI != fig.Percent {
			continue
		}
		if y, ok := sum(base.Inputs, values); ok && y > 0 {
			return percent(v.Lang, x/y), true
		}
	}
	return "", false
}

// sum adds the inputs whose defined names match the patterns; * stands for one
// run of letters and digits. It is false when nothing matches or a matching
// input gave no number.
func sum(patterns []string, values map[string]any) (total float64, ok bool) {
	seen := map[string]bool{}
	for _, p := range patterns {
		match := regexp.MustCompile("^" + strings.ReplaceAll(regexp.QuoteMeta(p), `\*`, `[A-Za-z0-9]+`) + "$")
		for name, value := range values {
			if seen[name] || !match.MatchString(name) {
				continue
			}
			x, isNumber := numeric(value)
			if !isNumber {
				return 0, false
			}
			seen[name], ok = true, true
			total += x
		}
	}
	return total, ok
}

func numeric(value any) (float64, bool) {
	switch x := value.(type) {
	case float64:
		return x, true
	case int:
		return float64(x), true
	case int64:
		return float64(x), true
	case json.Number:
		f, err := x.Float64()
		return f, err == nil
	}
	return 0, false
}

// resent is what a receipt says of a second version.
type resent struct {
	Version string // "02"
	Before  string // "09 giờ 15 phút, ngày 17/10/2022": when the replaced one came
	Same    bool   // the same bytes again
	Changes string // "được công nhận trong năm 2022 từ 21 thành 23; các số liệu khác giữ nguyên"
}

// resent compares what the answered mails brought with what counted before.
// Models are left out: another write-up is an addition.
func (v *view) resent() *resent {
	r := &resent{Same: true}
	version, found := 0, false
	var before time.Time
	var changes []string
	for _, kind := range []string{finding.Report, finding.Appendix} {
		now, old := v.replaced(kind)
		if now == nil || old == nil || v.Claimed && old.Claimed != now.Claimed {
			continue
		}
		found = true
		version = max(version, now.Version, old.Version+1)
		if old.Received.After(before) {
			before = old.Received
		}
		if now.Part.SHA256 == old.Part.SHA256 {
			continue
		}
		r.Same = false
		switch {
		case kind == finding.Appendix:
			changes = append(changes, v.changes(old.Part, now.Part))
		case v.Lang == "en":
			changes = append(changes, v.word(v.part(kind).Short)+" replaced by the new copy")
		default:
			changes = append(changes, v.word(v.part(kind).Short)+" thay bằng bản mới")
		}
	}
	if !found {
		return nil
	}
	r.Version = count(v.Lang, version)
	r.Before = moment(v.Lang, before.In(v.now.Location()))
	r.Changes = strings.Join(changes, "; ")
	return r
}

// replaced finds the counted part of a kind that an answered mail brought, and
// the one that counted before it.
func (v *view) replaced(kind string) (now, old *standing.Counted) {
	for i, c := range v.f.Standing.Counted {
		if c.Kind == kind && v.answered(c.Arrival) {
			now = &v.f.Standing.Counted[i]
			break
		}
	}
	for i, c := range v.f.Previous {
		if c.Kind == kind && c.Arrival != "" && (now == nil || c.Arrival != now.Arrival) {
			old = &v.f.Previous[i]
		}
	}
	return now, old
}

// maxChanges bounds how many single cells a receipt names.
const maxChanges = 5

// changes says what differs between two versions of the appendix: the headline
// figures, or, where those stayed the same, the cells.
func (v *view) changes(old, now finding.Part) string {
	var out []string
	unchanged := 0
	for _, fig := range v.c.Figures {
		a, okA := sum(fig.Inputs, addends(old))
		b, okB := sum(fig.Inputs, addends(now))
		switch {
		case okA && okB && a == b:
			unchanged++
		case okA && okB:
			out = append(out, v.fromTo(lower(v.word(fig.Label)), number(v.Lang, a), number(v.Lang, b)))
		case okB:
			out = append(out, lower(v.word(fig.Label))+" "+number(v.Lang, b))
		}
	}
	if len(out) > 0 {
		s := strings.Join(out, "; ")
		switch {
		case unchanged == 0:
		case v.Lang == "en":
			s += "; the other figures are unchanged"
		default:
			s += "; các số liệu khác giữ nguyên"
		}
		return s
	}
	return v.cellChanges(old, now)
}

// cellChanges names single cells that changed, by their place in the new file.
func (v *view) cellChanges(old, now finding.Part) string {
	var names []string
	for name, b := range now.Values {
		x, okX := numeric(old.Values[name])
		y, okY := numeric(b)
		if okX != okY || okX && x != y || !okX && fmt.Sprint(old.Values[name]) != fmt.Sprint(b) {
			names = append(names, name)
		}
	}
	sort.Slice(names, func(i, j int) bool { return place(now, names[i]) < place(now, names[j]) })
	if len(names) == 0 {
		if v.Lang == "en" {
			return "no figure changed"
		}
		return "số liệu giữ nguyên"
	}
	var out []string
	for _, name := range names[:min(len(names), maxChanges)] {
		a, b := old.Values[name], now.Values[name]
		cell := map[string]string{"vi": "ô ", "en": "cell "}[v.Lang] + clean(place(now, name))
		out = append(out, v.fromTo(cell, v.value(a), v.value(b)))
	}
	if rest := len(names) - maxChanges; rest > 0 {
		out = append(out, map[string]string{"vi": count(v.Lang, rest) + " ô khác", "en": count(v.Lang, rest) + " other cells"}[v.Lang])
	}
	return strings.Join(slices.Compact(out), "; ")
}

func (v *view) fromTo(what, a, b string) string {
	if v.Lang == "en" {
		return what + " from " + a + " to " + b
	}
	return what + " từ " + a + " thành " + b
}

// value writes one value of a filing.
func (v *view) value(x any) string {
	if n, ok := numeric(x); ok {
		return number(v.Lang, n)
	}
	if s, ok := x.(string); ok && s != "" {
		return quote(clean(s))
	}
	return map[string]string{"vi": "trống", "en": "blank"}[v.Lang]
}

// place is where a value stood, without the sheet: "D11". The defined name
// serves where no place is known.
func place(p finding.Part, name string) string {
	at := p.Places[name]
	if i := strings.LastIndexByte(at, '!'); i >= 0 {
		at = at[i+1:]
	}
	if at == "" {
		return name
	}
	return at
}
