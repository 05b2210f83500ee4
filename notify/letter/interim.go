package letter

import (
	"strings"

	"dondoc/config"
	"dondoc/intake/finding"
)

// interim writes the sums so far, by the same figures as the receipts, and
// what they do not hold.
func (d *digestView) interim(v *view, g *Interim) {
	if g == nil || g.Units == 0 && g.Claimed == 0 {
		return
	}
	d.InterimCount = count(v.Lang, g.Units)
	d.Interim = v.sums(g.Values)
	if g.Claimed > 0 {
		d.Claimed, d.ClaimedFigures = count(v.Lang, g.Claimed), v.sums(g.ClaimedValues)
	}
	if g.Open > 0 {
		d.InterimOpen = count(v.Lang, g.Open)
	}
	d.Correcting, d.Provisional = v.names(g.Correcting), v.names(g.Provisional)
	if w := v.word(v.part(finding.Model).Name); w != "" && g.Owed > 0 {
		d.Models = lower(w) + " " + number(v.Lang, float64(g.Models)) + "/" + number(v.Lang, float64(g.Owed))
	}
}

// sums writes the headline figures in one line.
func (v *view) sums(sums map[string]float64) string {
	values := map[string]any{}
	for name, x := range sums {
		values[name] = x
	}
	var out []string
	for _, fig := range v.c.Figures {
		label := v.word(fig.Short)
		if label == "" {
			label = lower(v.word(fig.Label))
		}
		short := fig
		short.Of = config.Text{}
		x, ok := sum(fig.Inputs, values)
		if !ok {
			continue
		}
		if share, has := v.share(fig, x, values); has {
			out = append(out, label+" "+number(v.Lang, x)+" ("+share+")")
			continue
		}
		if line, ok := v.figure(short, values, label+" "); ok {
			out = append(out, line)
		}
	}
	return strings.Join(out, "; ")
}
