package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"dondoc/intake/finding"
	"dondoc/notify/letter"
)

// print writes v as one line of JSON with --json, else what text writes.
func (p *Program) print(v any, text func()) error {
	if !p.cli.JSON {
		text()
		return nil
	}
	e := json.NewEncoder(p.Stdout)
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

// worded is a copy of the parts with every problem put into words.
func (o *office) worded(parts []finding.Part) []finding.Part {
	all := make([]finding.Part, len(parts))
	for i, p := range parts {
		problems := make([]finding.Problem, len(p.Problems))
		for k, q := range p.Problems {
			q.Message = letter.Problem(o.campaign, o.cli.Lang, q)
			problems[k] = q
		}
		p.Problems = problems
		p.Unpack()
		if p.Values == nil {
			p.Values = map[string]any{}
		}
		all[i] = p
	}
	return all
}

// verdict is the JSON of a mail: times in the campaign's zone, problems in words.
func (o *office) verdict(v *finding.Verdict) *finding.Verdict {
	w := *v
	w.Received = v.Received.In(o.campaign.Location)
	w.Decided = v.Decided.In(o.campaign.Location)
	w.MessageID = msgID(v.MessageID)
	w.Parts = o.worded(v.Parts)
	if w.Candidates == nil {
		w.Candidates = []string{}
	}
	if w.Missing == nil {
		w.Missing = []string{}
	}
	return &w
}

// msgID is a Message-ID as RFC 5322 §3.6.4 writes it, in angle brackets; the
// program keeps them without.
func msgID(id string) string {
	if id == "" {
		return ""
	}
	return "<" + id + ">"
}

// printVerdict says in one line what became of a mail, then what is wrong.
func (o *office) printVerdict(v *finding.Verdict) {
	whose := v.UnitCode()
	if whose == "" {
		whose = strings.Join(v.Candidates, " | ")
	}
	fmt.Fprintf(o.Stdout, "%s  %-11s %-26s %-24s %s\n", v.ID, v.Verdict, v.Reason, whose, inert(v.Subject))
	for _, p := range v.Parts {
		o.printPart(p)
	}
}

func (o *office) printPart(p finding.Part) {
	fmt.Fprintf(o.Stdout, "    %-10s %-20s %s", p.Kind, p.Verdict, inert(p.Path))
	if u, ok := o.campaign.Unit(p.Unit); ok {
		fmt.Fprint(o.Stdout, " ← "+u.Name)
	}
	fmt.Fprintln(o.Stdout)
	for _, q := range p.Problems {
		fmt.Fprintf(o.Stdout, "      %s %s  %s\n", q.Severity, q.Code, inert(letter.Problem(o.campaign, o.cli.Lang, q)))
	}
}

// when is a time as the operator reads it.
func (o *office) when(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.In(o.campaign.Location).Format("02/01/2006 15:04")
}

// inert makes a stranger's text safe for a terminal: no control characters, no
// line ends in whatever guise, nothing that turns the direction of what follows
// or that cannot be seen.
func inert(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Zl, unicode.Zp) {
			return '·'
		}
		return r
	}, s)
}

// width is how many columns a text takes on a terminal; Vietnamese letters
// take one each once they are composed.
func width(s string) int { return len([]rune(norm.NFC.String(s))) }

// pad fills s up to n columns.
func pad(s string, n int) string {
	s = norm.NFC.String(s)
	if w := width(s); w < n {
		return s + strings.Repeat(" ", n-w)
	}
	return s
}
