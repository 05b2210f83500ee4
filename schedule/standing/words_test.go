package standing

import (
	"strings"
	"testing"
	"time"

	"dondoc/config"
	"dondoc/intake/finding"
)

// told is a filed mail of the unit that says things and brings parts.
func told(id, unit, received string, says []finding.Saying, parts ...finding.Part) *finding.Verdict {
	m := mail(id, unit, received, parts...)
	m.Says = says
	if len(parts) == 0 {
		m.Class = finding.ClassQuestion
	}
	return m
}

func says(kind, day string, parts ...string) []finding.Saying {
	return []finding.Saying{{Kind: kind, Day: day, Parts: parts}}
}

// sayWords puts what the words of a unit's mails make of its standing into one
// line, after its state and what a reminder may ask for.
func sayWords(u *Unit) string {
	missing, open := u.Asked()
	out := []string{string(u.State), "asked " + strings.Join(missing, "+")}
	if len(open) > 0 {
		out = append(out, "and to mend "+open[0].Code)
	}
	if u.Said {
		out = append(out, "said "+strings.Join(u.SaidParts, "+")+" by "+u.SaidBy)
	}
	if !u.Promise.IsZero() {
		out = append(out, "promised "+u.Promise.Format("02/01")+" by "+u.PromisedBy)
	}
	if u.CorrectedBy != "" {
		out = append(out, "corrected by "+u.CorrectedBy)
	}
	if len(u.ForNow) > 0 {
		out = append(out, "for now "+strings.Join(u.ForNow, "+"))
	}
	if u.Claimed {
		out = append(out, "claimed")
	}
	return strings.Join(out, ", ")
}

func TestWhatWordsMakeOfAStanding(t *testing.T) {
	mails := func(m ...*finding.Verdict) []*finding.Verdict { return m }
	fixing := func() *finding.Verdict {
		m := mail("m1", "HU", "2022-10-12", report("bc.docx"), appendix("pl.xlsx", "C04/X", "C01/E"), model("a"), model("b"))
		for i := range m.Parts[1].Problems {
			m.Parts[1].Problems[i].Cell = "G20"
		}
		return m
	}
	onlyX := func(id, sum, figure string) *finding.Verdict {
		m := mail(id, "HU", "2022-10-12", report("bc.docx"), sha(appendix("pl.xlsx", "C04/X"), sum), model("a"), model("b"))
		m.Parts[1].Problems[0].Cell, m.Parts[1].Problems[0].Args = "G20", map[string]string{"gia_tri": figure}
		return m
	}
	confirms := func(id string) *finding.Verdict {
		m := told(id, "HU", "2022-10-13", says(finding.SaysRight, ""))
		m.Points = []finding.Point{{Number: 4, Outcome: finding.PointExplained, Arrival: "m1", File: "one", Reason: "chuyển từ năm 2021",
			Problem: &finding.Problem{Code: "C04", Severity: finding.FixOrExplain, Cell: "G20", Args: map[string]string{"gia_tri": "11"}}}}
		return m
	}
	attests := func(id, arrival, unit string, denied, claimed bool) *finding.Verdict {
		m := told(id, "HU", "2022-10-13", nil)
		m.Attests = []finding.Attestation{{Arrival: arrival, Unit: unit, Denied: denied, Claimed: claimed}}
		return m
	}
	const all = "report+appendix+model:2"
	for _, c := range []struct {
		sentence string
		facts    Facts
		now      string
		want     string
	}{
		{"a promise holds until its day is over", Facts{Mails: mails(told("p", "HU", "2022-10-12", says(finding.SaysWillSend, "2022-10-17")))}, "2022-10-17 23:59",
			"none, asked " + all + ", promised 17/10 by p"},
		{"and no longer", Facts{Mails: mails(told("p", "HU", "2022-10-12", says(finding.SaysWillSend, "2022-10-17")))}, "2022-10-18", "none, asked " + all},
		{"of a note and a mail the later one holds", Facts{Mails: mails(told("p", "HU", "2022-10-12", says(finding.SaysWillSend, "2022-10-17"))),
			Decisions: []Decision{decide("n", Note, "2022-10-13", "HU", until("2022-10-14"))}}, "2022-10-14 10:00", "none, asked " + all + ", promised 14/10 by "},
		{"a mail after the note goes over it", Facts{Mails: mails(told("p", "HU", "2022-10-14", says(finding.SaysWillSend, "2022-10-17"))),
			Decisions: []Decision{decide("n", Note, "2022-10-13", "HU", until("2022-10-15"))}}, "2022-10-16", "none, asked " + all + ", promised 17/10 by p"},
		{"a promise without a day takes none away", Facts{Mails: mails(told("p", "HU", "2022-10-12", says(finding.SaysWillSend, "2022-10-17")),
			told("q", "HU", "2022-10-13", says(finding.SaysWillSend, "")))}, "2022-10-16", "none, asked " + all + ", promised 17/10 by p"},
		{"set aside by the desk, a promise is none", Facts{Mails: mails(told("p", "HU", "2022-10-12", says(finding.SaysWillSend, "2022-10-17"))),
			Decisions: []Decision{decide("r", Reject, "2022-10-13", "", about("p"))}}, "2022-10-14", "none, asked " + all},

		{"one part was sent another way: the others are still asked for", Facts{Mails: mails(told("s", "HU", "2022-10-12", says(finding.SaysSent, "", finding.Report)))}, "2022-10-14",
			"none, asked appendix+model:2, said report by s"},
		{"everything was", Facts{Mails: mails(told("s", "HU", "2022-10-12", says(finding.SaysSent, "")))}, "2022-10-14", "none, asked , said report+appendix+model by s"},
		{"a part that the desk has recorded is not said any more", Facts{Mails: mails(told("s", "HU", "2022-10-12", says(finding.SaysSent, "", finding.Report, finding.Appendix))),
			Decisions: []Decision{decide("o", ReceivedOut, "2022-10-13", "HU", what(finding.Report, 0, "2022-10-12"))}}, "2022-10-14", "partial, asked model:2, said appendix by s"},
		{"dealt with by the desk, it is asked for again", Facts{Mails: mails(told("s", "HU", "2022-10-12", says(finding.SaysSent, "", finding.Report))),
			Decisions: []Decision{decide("d", Done, "2022-10-13", "", about("s"))}}, "2022-10-14", "none, asked " + all},
		{"beside a file only another way counts", Facts{Mails: mails(told("s", "HU", "2022-10-12", says(finding.SaysSent, ""), appendix("pl.xlsx")))}, "2022-10-14",
			"partial, asked report+model:2"},
		{"a corrected file that came another way is not reminded of", Facts{Mails: mails(fixing(), told("s", "HU", "2022-10-13", says(finding.SaysSent, "", finding.Appendix)))}, "2022-10-14",
			"fixing, asked , said appendix by s"},

		{"an X that a word explains is open no more", Facts{Mails: mails(onlyX("m1", "one", "11"), confirms("c"))}, "2022-10-14", "complete, asked "},
		{"nor is it in a later file, with the same figures", Facts{Mails: mails(onlyX("m1", "one", "11"), confirms("c"), onlyX("m2", "two", "11"))}, "2022-10-14", "complete, asked "},
		{"with other figures it is another matter", Facts{Mails: mails(onlyX("m1", "one", "11"), confirms("c"), onlyX("m2", "two", "12"))}, "2022-10-14", "fixing, asked , and to mend C04"},
		{"set aside, the word explains nothing", Facts{Mails: mails(onlyX("m1", "one", "11"), confirms("c")),
			Decisions: []Decision{decide("r", Reject, "2022-10-13 10:00", "", about("c"))}}, "2022-10-14", "fixing, asked , and to mend C04"},
		{"before it was said it was open", Facts{Mails: mails(onlyX("m1", "one", "11"), confirms("c"))}, "2022-10-12 10:00", "fixing, asked , and to mend C04"},

		{"a claimed filing that the unit confirms is its own", Facts{Mails: mails(claimed(everything("m1", "HU", "2022-10-12")), attests("y", "m1", "HU", false, false))}, "2022-10-14", "complete, asked "},
		{"one that it denies does not count", Facts{Mails: mails(claimed(everything("m1", "HU", "2022-10-12")), attests("n", "m1", "HU", true, false))}, "2022-10-14", "none, asked " + all},
		{"the desk's word goes over that", Facts{Mails: mails(claimed(everything("m1", "HU", "2022-10-12")), attests("n", "m1", "HU", true, false)),
			Decisions: []Decision{decide("a", Assign, "2022-10-13 10:00", "HU", about("m1"))}}, "2022-10-14", "complete, asked "},
		{"a mail whose sender names its unit is filed from its own time, as a claim",
			Facts{Mails: mails(held("m1", "2022-10-12", nil, report("bc.docx"), appendix("pl.xlsx"), model("a"), model("b")), attests("w", "m1", "HU", false, true))}, "2022-10-14", "complete, asked , claimed"},

		{"figures taken back stay, marked", Facts{Mails: mails(everything("m1", "HU", "2022-10-12"), told("k", "HU", "2022-10-13", says(finding.SaysCorrection, "")))}, "2022-10-14",
			"complete, asked , corrected by k"},
		{"a workbook after it ends the mark", Facts{Mails: mails(everything("m1", "HU", "2022-10-12"), told("k", "HU", "2022-10-13", says(finding.SaysCorrection, "")),
			mail("m2", "HU", "2022-10-13 12:00", appendix("pl2.xlsx")))}, "2022-10-14", "complete, asked "},
		{"a letter that corrects marks them too", Facts{Mails: mails(everything("m1", "HU", "2022-10-12"), mail("k", "HU", "2022-10-13", part(finding.Other, "cv.pdf", "R06/H")))}, "2022-10-14",
			"complete, asked , corrected by k"},
		{"where there are no figures none are taken back", Facts{Mails: mails(told("k", "HU", "2022-10-13", says(finding.SaysCorrection, "")))}, "2022-10-14", "none, asked " + all},

		{"sent ahead of the signed one", Facts{Mails: mails(told("m1", "HU", "2022-10-12", says(finding.SaysForNow, ""), report("bc.docx")))}, "2022-10-14", "partial, asked appendix+model:2, for now report"},
		{"the signed one ends that", Facts{Mails: mails(told("m1", "HU", "2022-10-12", says(finding.SaysForNow, ""), report("bc.docx")), mail("m2", "HU", "2022-10-13", report("ky.pdf")))}, "2022-10-14",
			"partial, asked appendix+model:2"},
		{"a draft says so itself", Facts{Mails: mails(mail("m1", "HU", "2022-10-12", report("bc.docx", "R05/I")))}, "2022-10-14", "partial, asked appendix+model:2, for now report"},
	} {
		if got := sayWords(Fold(roster(), c.facts, at(c.now)).Units["HU"]); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.sentence, got, c.want)
		}
	}
}

func TestWhatWaitsForAPersonBecauseOfWords(t *testing.T) {
	c := roster()
	asks := told("q", "HU", "2022-10-12", says(finding.SaysAsks, ""))
	late := told("p", "HU", "2022-10-13", says(finding.SaysWillSend, "2022-10-24"))
	no := told("n", "S-CT", "2022-10-13", says(finding.SaysNo, ""))
	no.Verdict, no.Reason, no.Attests = finding.HeldMail, "denied_by_unit", []finding.Attestation{{Arrival: "m1", Unit: "S-CT", Denied: true}}
	f := Facts{Mails: []*finding.Verdict{asks, late, claimed(everything("m1", "S-CT", "2022-10-12")), no}}
	pending := func(f Facts) string {
		now := at("2022-10-14")
		var out []string
		for _, m := range Pending(c, f, Fold(c, f, now)) {
			out = append(out, m.Kind+" "+m.Mail.ID)
		}
		return strings.Join(out, ", ")
	}
	for _, x := range []struct {
		sentence string
		change   func(*Facts)
		want     string
	}{
		{"a question, a promise beyond the deadline, and a filing that its unit denies", func(*Facts) {}, "reply q, held m1, reply p"},
		{"a question that somebody answered by hand is open no more", func(f *Facts) {
			f.ByHand = []ByHand{{At: at("2022-10-12 10:00"), Arrivals: []string{"q"}}}
		}, "held m1, reply p"},
		{"nor is one that the desk has dealt with", func(f *Facts) {
			f.Decisions = []Decision{decide("d", Done, "2022-10-12 10:00", "", about("q"))}
		}, "held m1, reply p"},
		{"the denial is settled with the filing", func(f *Facts) {
			f.Decisions = []Decision{decide("d", Reject, "2022-10-13 10:00", "", about("m1"))}
		}, "reply q, reply p"},
		{"an extension makes the promise one in time", func(f *Facts) {
			f.Decisions = []Decision{decide("d", Extend, "2022-10-13 10:00", "HU", until("2022-10-26"))}
		}, "reply q, held m1"},
	} {
		changed := f
		x.change(&changed)
		if got := pending(changed); got != x.want {
			t.Errorf("%s: %q, want %q", x.sentence, got, x.want)
		}
	}
	table := Fold(c, f, at("2022-10-14"))
	if u := table.Units["S-CT"]; u.State != None || len(u.HeldMails) == 0 {
		t.Errorf("who denies a filing is not reminded before the desk has looked: %s, %v", u.State, u.HeldMails)
	}
}

// What a mail says of another changes the tree of files from then on, and is
// taken back with it.
func TestFilingsFollowWhatIsSaidOfThem(t *testing.T) {
	first := held("m1", "2022-10-12", nil, report("bc.docx"))
	first.Decided = first.Received
	named := told("w", "HU", "2022-10-13", nil)
	named.Decided = named.Received
	named.Attests = []finding.Attestation{{Arrival: "m1", Unit: "HU", Claimed: true}}
	f := Facts{Mails: []*finding.Verdict{first, named}}
	last := func(f Facts) (unit string, undecided bool, since time.Time) {
		for _, x := range Filings(&config.Campaign{Units: roster().Units}, f) {
			if x.Arrival == "m1" && !x.Past {
				unit, undecided, since = x.Unit, x.Undecided, x.Since
			}
		}
		return unit, undecided, since
	}
	if unit, undecided, since := last(f); unit != "HU" || undecided || !since.Equal(named.Decided) {
		t.Errorf("named by its sender it is %q, undecided %t, since %v", unit, undecided, since)
	}
	f.Decisions = []Decision{decide("r", Reject, "2022-10-14", "", about("w"))}
	if unit, undecided, _ := last(f); unit != "" || !undecided {
		t.Errorf("with the word set aside it is %q, undecided %t", unit, undecided)
	}
}
