package standing

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"dondoc/intake/finding"
)

func of(p finding.Part, unit string) finding.Part { p.Unit = unit; return p }

// rulingLine says who has how many files of m1, whether it waits and for whom.
func rulingLine(c *Facts, now string) string {
	f := *c
	r := Rulings(roster(), f, at(now))(f.Mails[0])
	var words []string
	for _, x := range r.Shares {
		var names []string
		for _, p := range x.Parts {
			names = append(names, p.Name)
		}
		w := x.Unit + ": " + strings.Join(names, "+")
		if x.Returned != "" {
			w += " returned"
		}
		words = append(words, w)
	}
	if r.Waits {
		words = append(words, "waits for "+strings.Join(r.MayBe, "+"))
	}
	return strings.Join(words, "; ")
}

func TestRulings(t *testing.T) {
	two := func() *finding.Verdict {
		return held("m1", "2022-10-12", []string{"HU", "S-CT"}, report("bc.docx"), of(appendix("hu.xlsx"), "HU"), of(appendix("ct.xlsx"), "S-CT"))
	}
	both := func(d *Decision) { d.Units = []string{"HU", "S-CT"} }
	for _, x := range []struct {
		sentence  string
		mail      *finding.Verdict
		decisions []Decision
		want      string
	}{
		{"nobody has looked at it", two(), nil, "waits for HU+S-CT"},
		{"given to one, its files are its, and the others wait", two(), []Decision{decide("d1", Assign, "2022-10-13", "HU", about("m1"))},
			"HU: bc.docx+hu.xlsx; waits for S-CT"},
		{"given to both at once, each has its own", two(), []Decision{decide("d1", Assign, "2022-10-13", "", about("m1"), both)},
			"HU: bc.docx+hu.xlsx; S-CT: bc.docx+ct.xlsx"},
		{"given to both, one after the other", two(), []Decision{decide("d1", Assign, "2022-10-13", "HU", about("m1")), decide("d2", Assign, "2022-10-13", "S-CT", about("m1"))},
			"S-CT: bc.docx+ct.xlsx; HU: bc.docx+hu.xlsx"},
		{"one of them undone", two(), []Decision{decide("d1", Assign, "2022-10-13", "HU", about("m1")), decide("d2", Assign, "2022-10-13", "S-CT", about("m1")), decide("d3", Undo, "2022-10-13", "", undoes("d1"))},
			"S-CT: bc.docx+ct.xlsx; waits for HU"},
		{"given to a unit that it does not name, all of it is that one's", two(), []Decision{decide("d1", Assign, "2022-10-13", "BCSD", about("m1"))},
			"BCSD: bc.docx+hu.xlsx+ct.xlsx"},
		{"and then to one that it names: the first was a mistake", two(), []Decision{decide("d1", Assign, "2022-10-13", "BCSD", about("m1")), decide("d2", Assign, "2022-10-13", "HU", about("m1"))},
			"HU: bc.docx+hu.xlsx; waits for S-CT"},
		{"set aside, nothing of it waits", two(), []Decision{decide("d1", Reject, "2022-10-13", "", about("m1"))}, ""},
		{"the rest dealt with otherwise", two(), []Decision{decide("d1", Assign, "2022-10-13", "HU", about("m1")), decide("d2", Done, "2022-10-13", "", about("m1"))},
			"HU: bc.docx+hu.xlsx"},
		{"the sender's mail with another's form is whoever's the desk says", held("m1", "2022-10-12", []string{"HU", "S-CT"}, report("bc.docx"), of(appendix("ct.xlsx"), "S-CT")),
			[]Decision{decide("d1", Assign, "2022-10-13", "HU", about("m1"))}, "HU: bc.docx+ct.xlsx"},
		{"and so it is where its letterhead names its own", held("m1", "2022-10-12", []string{"HU", "S-CT"}, of(report("bc.docx"), "HU"), of(appendix("ct.xlsx"), "S-CT")),
			[]Decision{decide("d1", Assign, "2022-10-13", "HU", about("m1"))}, "HU: bc.docx+ct.xlsx"},
		{"an ordinary mail moves with the second assignment", held("m1", "2022-10-12", []string{"HU", "S-CT"}, report("bc.docx")),
			[]Decision{decide("d1", Assign, "2022-10-13", "HU", about("m1")), decide("d2", Assign, "2022-10-13", "S-CT", about("m1"))}, "S-CT: bc.docx"},
		{"words that were answered wait no longer", held("m1", "2022-10-12", []string{"HU"}), []Decision{decide("d1", Done, "2022-10-13", "", about("m1"))}, ""},
		{"a request that was granted waits no longer", held("m1", "2022-10-12", []string{"HU"}), []Decision{decide("d1", Extend, "2022-10-13", "HU", about("m1"), until("2022-10-25"))}, ""},
		{"a filing to be mended after all", mail("m1", "HU", "2022-10-12", appendix("pl.xlsx", "D02/H")), []Decision{decide("d1", Return, "2022-10-13", "HU", about("m1"))},
			"HU: pl.xlsx returned"},
		{"and accepted after that", mail("m1", "HU", "2022-10-12", appendix("pl.xlsx", "D02/H")),
			[]Decision{decide("d1", Return, "2022-10-13", "HU", about("m1")), decide("d2", Assign, "2022-10-13", "HU", about("m1"))}, "HU: pl.xlsx"},
	} {
		f := Facts{Mails: mails(x.mail), Decisions: x.decisions}
		if got := rulingLine(&f, "2022-10-14"); got != x.want {
			t.Errorf("%s: %q, want %q", x.sentence, got, x.want)
		}
		// The fold agrees on who has what, and the tree on which files are whose.
		table := Fold(roster(), f, at("2022-10-14"))
		for _, s := range Rulings(roster(), f, at("2022-10-14"))(f.Mails[0]).Shares {
			if u := table.Units[s.Unit]; u.LastReceived.IsZero() {
				t.Errorf("%s: the fold gives %s nothing", x.sentence, s.Unit)
			}
			if !slices.ContainsFunc(Filings(roster(), f), func(y Filing) bool { return y.Unit == s.Unit && !y.Past && len(y.Parts) == len(s.Parts) }) {
				t.Errorf("%s: the tree has nothing for %s", x.sentence, s.Unit)
			}
		}
	}
}

func TestWhatIsToBeMendedAfterAll(t *testing.T) {
	f := Facts{Mails: mails(mail("m1", "S-CT", "2022-10-12", report("bc.docx"), explained(appendix("pl.xlsx", "K01/X")), model("mh.docx")))}
	state := func() string {
		u := Fold(roster(), f, at("2022-10-15")).Units["S-CT"]
		return fmt.Sprintf("%s, %d open, %s", u.State, len(u.Open), pendingLine(f, "2022-10-15"))
	}
	for _, x := range []struct {
		sentence string
		decision *Decision
		want     string
	}{
		{"an explanation is taken, and shown", nil, "complete, 0 open, part/m1/pl.xlsx/S-CT"},
		{"the desk asks to mend it", &Decision{ID: "d1", Kind: Return, At: at("2022-10-13"), Arrival: "m1", Units: []string{"S-CT"}}, "fixing, 1 open, "},
		{"and takes that back", &Decision{ID: "d2", Kind: Undo, At: at("2022-10-13"), Undoes: "d1"}, "complete, 0 open, part/m1/pl.xlsx/S-CT"},
		{"or accepts it", &Decision{ID: "d3", Kind: Assign, At: at("2022-10-14"), Arrival: "m1", Units: []string{"S-CT"}}, "complete, 0 open, "},
	} {
		if x.decision != nil {
			f.Decisions = append(f.Decisions, *x.decision)
		}
		if got := state(); got != x.want {
			t.Errorf("%s: %q, want %q", x.sentence, got, x.want)
		}
	}
}

func pendingLine(f Facts, now string) string {
	var all []string
	for _, m := range Pending(roster(), f, Fold(roster(), f, at(now))) {
		all = append(all, m.Key())
	}
	return strings.Join(all, " ")
}

func denial(id, unit, of string) *finding.Verdict {
	m := attributed(held(id, "2022-10-13", []string{unit}), unit)
	m.Reason, m.Attests = "denied_by_unit", []finding.Attestation{{Arrival: of, Unit: unit, Denied: true}}
	return m
}

func TestPending(t *testing.T) {
	words := func(m *finding.Verdict, class string) *finding.Verdict {
		m.Class = class
		if class == finding.ClassQuestion {
			m.Says = []finding.Saying{{Kind: finding.SaysAsks}}
		}
		return m
	}
	for _, x := range []struct {
		sentence string
		f        Facts
		want     string
	}{
		{"nothing", Facts{}, ""},
		{"a mail of two candidates", Facts{Mails: mails(held("m1", "2022-10-12", []string{"HU", "BCSD"}, report("a")))}, "held/m1/HU/BCSD"},
		{"a question", Facts{Mails: mails(words(attributed(held("m1", "2022-10-12", []string{"HU"}), "HU"), finding.ClassQuestion))}, "reply/m1/HU"},
		{"a question that was filed as one", Facts{Mails: mails(words(mail("m1", "HU", "2022-10-12"), finding.ClassQuestion))}, "reply/m1/HU"},
		{"and answered by hand", Facts{Mails: mails(words(mail("m1", "HU", "2022-10-12"), finding.ClassQuestion)), ByHand: []ByHand{{At: at("2022-10-13"), Arrivals: []string{"m1"}}}}, ""},
		{"or said to be answered", Facts{Mails: mails(words(mail("m1", "HU", "2022-10-12"), finding.ClassQuestion)), Decisions: []Decision{decide("d1", Done, "2022-10-13", "", about("m1"))}}, ""},
		{"a unit denies what was filed for it: one matter", Facts{Mails: mails(claimed(everything("m1", "HU", "2022-10-12")), denial("m2", "HU", "m1"))}, "held/m1"},
		{"a mail that came later is not there yet", Facts{Mails: mails(held("m1", "2022-10-16", []string{"HU"}, report("a")))}, ""},
		{"said to be sent by another channel", Facts{Mails: mails(statement(mail("m1", "HU", "2022-10-12")))}, "reply/m1/HU"},
		{"and looked for", Facts{Mails: mails(statement(mail("m1", "HU", "2022-10-12"))), Decisions: []Decision{decide("d1", Done, "2022-10-13", "", about("m1"))}}, ""},
		{"in another's name", Facts{Mails: mails(claimed(everything("m1", "HU", "2022-10-12")))}, "claimed/m1/HU"},
		{"a part for a person", Facts{Mails: mails(mail("m1", "HU", "2022-10-12", appendix("pl", "D02/H")))}, "part/m1/pl/HU"},
		{"filed for a unit that has left", Facts{Mails: mails(everything("m1", "HU-GONE", "2022-10-12"))}, "held/m1"},
		{"paused, with something missing", Facts{Decisions: []Decision{decide("d1", Pause, "2022-10-12", "HU")}}, "paused/d1/HU"},
		{"paused until a day that is over", Facts{Decisions: []Decision{decide("d1", Pause, "2022-10-12", "HU", until("2022-10-13"))}}, ""},
		{"paused, and complete", Facts{Mails: mails(everything("m1", "HU", "2022-10-12")), Decisions: []Decision{decide("d1", Pause, "2022-10-12", "HU")}}, ""},
	} {
		if got := pendingLine(x.f, "2022-10-15"); got != x.want {
			t.Errorf("%s: %q, want %q", x.sentence, got, x.want)
		}
	}
}
