package consolidation

import (
	"fmt"
	"testing"
	"time"

	"dondoc/config"
	"dondoc/intake/finding"
	"dondoc/schedule/standing"
)

const one = "DVK_B1_11_TT" // the input that these tests look at

func TestTotals(t *testing.T) {
	blank, f := builtinForm(t)
	early := time.Date(2022, 10, 12, 9, 30, 0, 0, zone)
	later := early.AddDate(0, 0, 2)
	gives := func(unit string, n any) finding.Part { return filled(f, unit, func(int) any { return n }) }
	as := func(p finding.Part, verdict string, problems ...finding.Problem) finding.Part {
		p.Verdict, p.Problems = verdict, problems
		return p
	}
	mustFix := finding.Problem{Code: "C03", Severity: finding.MustFix, Inputs: []string{one}}
	foreign := finding.Problem{Code: "S08", Severity: finding.ForPerson}
	assign := func(arrival, unit string) standing.Decision {
		return standing.Decision{ID: "Q1", At: later.Add(time.Hour), Kind: standing.Assign, Arrival: arrival, Units: []string{unit}}
	}
	type counts struct{ units, claimed, open, dossiers int }
	for _, test := range []struct {
		sentence string
		facts    standing.Facts
		sum      any // of one input; nil: not there
		claimed  any
		counts   counts
	}{
		{"nothing came: nothing is known, which is not zero", standing.Facts{}, nil, nil, counts{}},
		{"two units are added up",
			standing.Facts{Mails: []*finding.Verdict{mail("A1", "DV-003", early, false, gives("DV-003", 5.0)), mail("A2", "DV-004", early, false, gives("DV-004", 7.0))}},
			12.0, nil, counts{units: 2, dossiers: 2}},
		{"a zero that a unit wrote is a number",
			standing.Facts{Mails: []*finding.Verdict{mail("A1", "DV-003", early, false, gives("DV-003", 0.0))}},
			0.0, nil, counts{units: 1, dossiers: 1}},
		{"an input that was not read adds nothing",
			standing.Facts{Mails: []*finding.Verdict{mail("A1", "DV-003", early, false, func() finding.Part {
				p := gives("DV-003", 5.0)
				p.Values[one] = nil
				return p
			}())}},
			nil, nil, counts{units: 1, dossiers: 1}},
		{"a report that two units share counts once, and covers both",
			standing.Facts{Mails: []*finding.Verdict{mail("A1", "DV-002", early, false, gives("DV-002", 5.0))}},
			5.0, nil, counts{units: 2, dossiers: 1}},
		{"when both members of a dossier file, the one that counts is added",
			standing.Facts{Mails: []*finding.Verdict{mail("A1", "DV-001", early, false, gives("DV-001", 5.0)), mail("A2", "DV-002", later, false, gives("DV-002", 6.0))}},
			6.0, nil, counts{units: 2, dossiers: 1}},
		{"what was sent again replaces what was sent before",
			standing.Facts{Mails: []*finding.Verdict{mail("A1", "DV-003", early, false, gives("DV-003", 5.0)), mail("A2", "DV-003", later, false, func() finding.Part {
				p := gives("DV-003", 9.0)
				p.SHA256 = fmt.Sprintf("%064x", 99)
				return p
			}())}},
			9.0, nil, counts{units: 1, dossiers: 1}},
		{"accepted with notes counts",
			standing.Facts{Mails: []*finding.Verdict{mail("A1", "DV-003", early, false, as(gives("DV-003", 5.0), finding.AcceptedWithNotes))}},
			5.0, nil, counts{units: 1, dossiers: 1}},
		{"what is to be fixed is not added",
			standing.Facts{Mails: []*finding.Verdict{mail("A1", "DV-003", early, false, as(gives("DV-003", 5.0), finding.NeedsFix, mustFix))}},
			nil, nil, counts{open: 1}},
		{"what the desk took as it stands is added",
			standing.Facts{Mails: []*finding.Verdict{mail("A1", "DV-003", early, false, as(gives("DV-003", 5.0), finding.NeedsFix, mustFix))},
				Decisions: []standing.Decision{assign("A1", "DV-003")}},
			5.0, nil, counts{units: 1, dossiers: 1}},
		{"what waits for a person is not added",
			standing.Facts{Mails: []*finding.Verdict{mail("A1", "DV-003", early, false, as(gives("DV-003", 5.0), finding.Held, foreign))}},
			nil, nil, counts{open: 1}},
		{"a held mail that a person gave to its unit is added",
			standing.Facts{Mails: []*finding.Verdict{func() *finding.Verdict {
				v := mail("A1", "DV-004", early, false, as(gives("DV-003", 5.0), finding.Held, foreign))
				v.Verdict, v.Unit = finding.HeldMail, nil
				return v
			}()}, Decisions: []standing.Decision{assign("A1", "DV-003")}},
			5.0, nil, counts{units: 1, dossiers: 1}},
		{"a claimed filing is summed apart",
			standing.Facts{Mails: []*finding.Verdict{mail("A1", "DV-003", early, true, gives("DV-003", 5.0)), mail("A2", "DV-004", early, false, gives("DV-004", 7.0))}},
			7.0, 5.0, counts{units: 1, claimed: 1, dossiers: 1}},
		{"a claimed filing that is to be fixed is in neither sum",
			standing.Facts{Mails: []*finding.Verdict{mail("A1", "DV-003", early, true, as(gives("DV-003", 5.0), finding.NeedsFix, mustFix))}},
			nil, nil, counts{open: 1}},
		{"a claimed filing does not replace one that is not",
			standing.Facts{Mails: []*finding.Verdict{mail("A1", "DV-003", early, false, gives("DV-003", 5.0)), mail("A2", "DV-003", later, true, gives("DV-003", 9.0))}},
			5.0, nil, counts{units: 1, dossiers: 1}},
		{"a paper that the desk recorded has no figures to add",
			standing.Facts{Decisions: []standing.Decision{{ID: "R1", At: later, Kind: standing.ReceivedOut, Units: []string{"DV-003"}, Part: finding.Appendix, Via: "giay"}}},
			nil, nil, counts{}},
		{"a file that the desk was handed is added",
			standing.Facts{Decisions: []standing.Decision{{ID: "R1", At: later, Kind: standing.ReceivedOut, Units: []string{"DV-003"}, Part: finding.Appendix, Via: "zalo", File: new(gives("DV-003", 5.0))}}},
			5.0, nil, counts{units: 1, dossiers: 1}},
		{"a file that is no form to read is not there",
			standing.Facts{Mails: []*finding.Verdict{mail("A1", "DV-003", early, false, as(gives("DV-003", 5.0), finding.NeedsFix, finding.Problem{Code: "S02", Severity: finding.MustFix}))}},
			nil, nil, counts{}},
		{"figures in a report are none of the form's",
			standing.Facts{Mails: []*finding.Verdict{mail("A1", "DV-003", early, false, func() finding.Part {
				p := gives("DV-003", 5.0)
				p.Kind = finding.Report
				return p
			}())}},
			nil, nil, counts{}},
		{"what comes after now has not happened",
			standing.Facts{Mails: []*finding.Verdict{mail("A1", "DV-003", asOf.Add(time.Minute), false, gives("DV-003", 5.0))}},
			nil, nil, counts{}},
	} {
		t.Run(test.sentence, func(t *testing.T) {
			c := campaign(blank, 12)
			got := Total(Input{Campaign: c, Form: f, Table: standing.Fold(c, test.facts, asOf), Now: asOf})
			check := func(what string, sums map[string]float64, want any) {
				v, ok := sums[one]
				if ok != (want != nil) || ok && v != want {
					t.Errorf("%s: %v (%v), not %v", what, v, ok, want)
				}
			}
			check("sum", got.Sum, test.sum)
			check("claimed", got.Claimed, test.claimed)
			if n := (counts{got.Units, got.ClaimedUnits, got.Open, got.Dossiers}); n != test.counts || got.OfUnits != 12 {
				t.Errorf("%+v of %d, not %+v of 12", n, got.OfUnits, test.counts)
			}
		})
	}
}

func TestTenthsAddUpToTenths(t *testing.T) {
	f := finding.Form{Inputs: []finding.Input{{Name: "X", Type: "decimal"}}}
	c := campaign(nil, 12)
	var facts standing.Facts
	for i, u := range c.Units[2:] {
		p := finding.Part{Kind: finding.Appendix, Verdict: finding.Accepted, SHA256: u.Code, Values: map[string]any{"X": 0.1}}
		facts.Mails = append(facts.Mails, mail(fmt.Sprint(i), u.Code, asOf, false, p))
	}
	if got := Total(Input{Campaign: c, Form: f, Table: standing.Fold(c, facts, asOf)}).Sum["X"]; got != 1 {
		t.Errorf("ten tenths are %v", got)
	}
}

func TestUnitsThatOweNoFormAreNoPartOfTheWhole(t *testing.T) {
	_, f := builtinForm(t)
	c := campaign(nil, 12)
	c.Units[5].Obligation = config.Obligation{Report: true}
	// An exemption is a decision of today: the unit stays part of the whole.
	facts := standing.Facts{Decisions: []standing.Decision{{ID: "E", At: asOf.Add(-time.Hour), Kind: standing.Exempt, Units: []string{"DV-007"}, Part: finding.Appendix}}}
	if got := Total(Input{Campaign: c, Form: f, Table: standing.Fold(c, facts, asOf)}).OfUnits; got != 11 {
		t.Errorf("of %d units, not 11", got)
	}
}
