package attribution

import (
	"slices"
	"testing"

	"dondoc/config"
	"dondoc/intake/finding"
)

// small is a roster of its own: two districts, a relay, and units that share
// a dossier (P and Q, Q owing more).
func small() *config.Campaign {
	owes := func(models int) config.Obligation {
		return config.Obligation{Report: true, Appendix: true, Models: models}
	}
	return &config.Campaign{Units: []config.Unit{
		{Code: "A", Obligation: owes(2)},
		{Code: "B", Obligation: owes(2)},
		{Code: "C", Obligation: owes(1)},
		{Code: "R", Obligation: owes(1), Relay: true},
		{Code: "P", Obligation: owes(1), DupGroup: "PQ"},
		{Code: "Q", Obligation: owes(2), DupGroup: "PQ"},
	}}
}

// signs reads "sender:A cell?B" as evidence; "?" is a doubt.
func signs(list ...string) []finding.Evidence {
	var ev []finding.Evidence
	for _, s := range list {
		for i := range len(s) {
			if s[i] == ':' || s[i] == '?' {
				ev = append(ev, finding.Evidence{Kind: s[:i], Unit: s[i+1:], Detail: "x", Doubt: s[i] == '?'})
				break
			}
		}
	}
	return ev
}

func TestDecide(t *testing.T) {
	forwarded := Question{Forwarded: true}
	thread := Question{ThreadVerified: true}
	form := Question{FormVerified: true}
	for _, test := range []struct {
		sentence   string
		q          Question
		ev         []finding.Evidence
		unit       string
		claimed    bool
		reason     string
		candidates []string
	}{
		{"a registered address alone is enough", Question{}, signs("sender:A"), "A", false, BySender, nil},
		{"with everything agreeing all the more", Question{}, signs("sender:A", "form:A", "cell:A", "subject:A"), "A", false, BySender, nil},
		{"a subject does not speak against the address", Question{}, signs("sender:A", "subject:B"), "A", false, BySender, nil},
		{"nor a file name", Question{}, signs("sender:A", "filename:B"), "A", false, BySender, nil},
		{"nor a display name or a signature", Question{}, signs("sender:A", "from_name:B", "body:C"), "A", false, BySender, nil},
		{"a form of another unit does", Question{}, signs("sender:A", "form:B"), "", false, Contradiction, []string{"A", "B"}},
		{"even one that our HMAC proves", form, signs("sender:A", "form:B"), "", false, Contradiction, []string{"A", "B"}},
		{"a cell naming another unit does", Question{}, signs("sender:A", "cell:B"), "", false, Contradiction, []string{"A", "B"}},
		{"a letterhead naming another unit does", Question{}, signs("sender:A", "letterhead:B"), "", false, Contradiction, []string{"A", "B"}},
		{"a letterhead of an office below another unit does", Question{}, signs("sender:A", "letterhead?B"), "", false, Contradiction, []string{"A", "B"}},
		{"one of an office below the unit itself does not", Question{}, signs("sender:A", "letterhead?A"), "A", false, BySender, nil},
		{"one that may be of either does not", Question{}, signs("sender:A", "letterhead?A", "letterhead?B"), "A", false, BySender, nil},
		{"a doubt that names nobody does not", Question{}, signs("sender:A", "letterhead?"), "A", false, BySender, nil},
		{"the thread of another unit does", thread, signs("sender:A", "thread:B"), "", false, Contradiction, []string{"A", "B"}},
		{"even with the form agreeing with the address", thread, signs("sender:A", "thread:B", "form:A"), "", false, Contradiction, []string{"A", "B"}},
		{"a thread that is not proved is passed over", Question{}, signs("sender:A", "thread:B"), "A", false, BySender, nil},
		{"thread and form against each other", thread, signs("thread:A", "form:B"), "", false, Contradiction, []string{"A", "B"}},
		{"forms of two units in one mail", Question{}, signs("sender:A", "form:A", "form:B"), "", false, TwoUnits, []string{"A", "B"}},
		{"letterheads of two units in a stranger's mail", Question{}, signs("letterhead:B", "letterhead:A"), "", false, TwoUnits, []string{"B", "A"}},
		{"file names of two units", Question{}, signs("sender:A", "filename:A", "filename:B"), "", false, TwoUnits, []string{"A", "B"}},
		{"forms of one dossier are one", Question{}, signs("sender:P", "form:P", "form:Q"), "P", false, BySender, nil},
		{"a form of a unit that is not in the roster", Question{}, signs("sender:A", "form:GONE"), "", false, Contradiction, []string{"A"}},
		{"a forged address", Question{AuthFailed: true}, signs("sender:A", "form:A"), "", false, AuthFailed, []string{"A"}},
		{"a failed check of a stranger's server is no forgery of ours", Question{AuthFailed: true}, signs("form:A"), "A", true, ByForm, nil},

		{"a unit forwards its own report", forwarded, signs("sender:A", "filename:A"), "A", false, BySender, nil},
		{"a unit forwards without a sign", forwarded, signs("sender:A"), "A", false, BySender, nil},
		{"forwarded, the subject names another", forwarded, signs("sender:A", "subject:B"), "", false, Contradiction, []string{"A", "B"}},
		{"forwarded, the body names another", forwarded, signs("sender:A", "body:B"), "", false, Contradiction, []string{"A", "B"}},
		{"forwarded, a doubt about another", forwarded, signs("sender:A", "filename?B"), "", false, Contradiction, []string{"A", "B"}},
		{"forwarded by a stranger, all agree", forwarded, signs("letterhead:B", "subject:B"), "B", true, ByContent, nil},
		{"forwarded by a stranger, the body disagrees", forwarded, signs("letterhead:B", "body:C"), "", false, Contradiction, []string{"B", "C"}},

		{"a relay alone", Question{}, signs("sender:R"), "", false, RelayAlone, []string{"R"}},
		{"a relay with its own form", Question{}, signs("sender:R", "form:R"), "R", false, BySender, nil},
		{"a relay whose report's letterhead is its own", Question{}, signs("sender:R", "letterhead:R"), "R", false, BySender, nil},
		{"a relay whose file name is its own", Question{}, signs("sender:R", "filename:R"), "R", false, BySender, nil},
		{"its own display name comes with every mail", Question{}, signs("sender:R", "from_name:R", "body:R"), "", false, RelayAlone, []string{"R"}},
		{"its own thread comes with what it passes on as an answer", thread, signs("sender:R", "thread:R"), "", false, RelayAlone, []string{"R"}},
		{"trap 3: a relay, a scan, the district only in the subject", Question{}, signs("sender:R", "subject:B"), "", false, Contradiction, []string{"R", "B"}},
		{"the same with its own thread", thread, signs("sender:R", "thread:R", "subject:B"), "", false, Contradiction, []string{"R", "B"}},
		{"a relay whose body names another", Question{}, signs("sender:R", "form:R", "body:B"), "", false, Contradiction, []string{"R", "B"}},

		{"a shared address alone", Question{}, signs("sender:A", "sender:B"), "", false, SharedAlone, []string{"A", "B"}},
		{"a shared address and a form", Question{}, signs("sender:A", "sender:B", "form:B"), "B", false, BySharedSender, nil},
		{"a shared address and a thread", thread, signs("sender:A", "sender:B", "thread:A"), "A", false, BySharedSender, nil},
		{"a shared address and a subject", Question{}, signs("sender:A", "sender:B", "subject:B"), "B", false, BySharedSender, nil},
		{"a shared address and a form of neither", Question{}, signs("sender:A", "sender:B", "form:C"), "", false, Contradiction, []string{"A", "B", "C"}},
		{"a shared address and a doubt about one", Question{}, signs("sender:A", "sender:B", "subject?B"), "", false, SharedAlone, []string{"A", "B"}},
		{"a shared address of one dossier: the higher obligation", Question{}, signs("sender:P", "sender:Q"), "Q", false, BySender, nil},
		{"a relay's shared address needs more than a thread", thread, signs("sender:A", "sender:R", "thread:R"), "", false, SharedAlone, []string{"A", "R"}},
		{"a relay's shared address and a form", Question{}, signs("sender:A", "sender:R", "form:A"), "A", false, BySharedSender, nil},
		{"units of one dossier do not contradict", Question{}, signs("sender:P", "form:Q", "letterhead:Q"), "P", false, BySender, nil},

		{"a stranger in a thread of ours", thread, signs("thread:A"), "A", false, ByThread, nil},
		{"a stranger with a form that our HMAC proves", form, signs("form:A"), "A", false, ByForm, nil},
		{"a stranger with a form that it does not", Question{}, signs("form:A"), "A", true, ByForm, nil},
		{"a stranger whose cell names a unit", Question{}, signs("cell:A"), "A", true, ByContent, nil},
		{"a stranger whose letterhead does", Question{}, signs("letterhead:A", "from_name:A"), "A", true, ByContent, nil},
		{"a stranger whose subject does", Question{}, signs("subject:A"), "A", true, ByContent, nil},
		{"a stranger whose file name does", Question{}, signs("filename:A"), "A", true, ByContent, nil},
		{"a stranger's subject and file name disagree", Question{}, signs("subject:A", "filename:B"), "", false, Contradiction, []string{"A", "B"}},
		{"a stranger's proved thread and a subject disagree", thread, signs("thread:A", "subject:B"), "", false, Contradiction, []string{"A", "B"}},
		{"a stranger's display name disagrees", Question{}, signs("cell:A", "from_name:B"), "", false, Contradiction, []string{"A", "B"}},
		{"a stranger's display name alone", Question{}, signs("from_name:A"), "", false, WeakAlone, []string{"A"}},
		{"a stranger's signature alone", Question{}, signs("body:A"), "", false, WeakAlone, []string{"A"}},
		{"a stranger's doubtful subject", Question{}, signs("subject?A", "subject?B"), "", false, AmbiguousName, []string{"A", "B"}},
		{"a stranger's word that stands for nobody", Question{}, signs("subject?"), "", false, AmbiguousName, []string{}},
		{"a stranger with a thread that is not proved", Question{}, signs("thread:A"), "", false, UnknownSender, []string{}},
		{"a stranger without a sign", Question{}, nil, "", false, UnknownSender, []string{}},
		{"a stranger's doubt beside a name that it does not touch", Question{}, signs("subject:A", "filename?A", "filename?B"), "A", true, ByContent, nil},
		{"a stranger who names both of one dossier", Question{}, signs("subject:P", "subject:Q"), "Q", true, ByContent, nil},
	} {
		t.Run(test.sentence, func(t *testing.T) {
			test.q.Campaign = small()
			got := Decide(test.ev, test.q)
			if got.Unit != test.unit || got.Claimed != test.claimed || got.Reason != test.reason || !slices.Equal(got.Candidates, test.candidates) {
				t.Errorf("got %+v", got)
			}
			if got.Unit != "" && got.Candidates != nil {
				t.Errorf("attributed, and still with candidates: %+v", got)
			}
		})
	}
}

// A token copied from another mail of ours does not tell whose report a relay
// passes on.
func TestTokenIsNoSecondSignOfARelay(t *testing.T) {
	ev := append(signs("sender:R"), finding.Evidence{Kind: "subject", Unit: "R", Detail: "[R]"})
	if got := Decide(ev, Question{Campaign: small()}); got.Unit != "" || got.Reason != RelayAlone {
		t.Errorf("got %+v", got)
	}
	ev = append(ev, finding.Evidence{Kind: "subject", Unit: "R", Detail: "Văn phòng R"})
	if got := Decide(ev, Question{Campaign: small()}); got.Unit != "R" {
		t.Errorf("with its name beside the token: %+v", got)
	}
}

// What a text only speaks of contradicts nobody, and is asked about when there
// is nothing else.
func TestMentionedUnits(t *testing.T) {
	spoken := func(units ...string) (ev []finding.Evidence) {
		for _, u := range units {
			ev = append(ev, finding.Evidence{Kind: "body", Unit: u, Detail: "x", Doubt: true, Why: SeveralUnits})
		}
		return ev
	}
	forwarded := Question{Campaign: small(), Forwarded: true}
	if got := Decide(append(signs("letterhead:A"), spoken("B", "C")...), forwarded); got.Unit != "A" {
		t.Errorf("a report that mentions others: %+v", got)
	}
	if got := Decide(spoken("B", "C"), forwarded); got.Unit != "" || got.Reason != AmbiguousName || !slices.Equal(got.Candidates, []string{"B", "C"}) {
		t.Errorf("only mentioned: %+v", got)
	}
}

// Whatever the evidence, a unit is only attributed that some evidence names
// without doubt, and Decide does not depend on the order of the evidence.
func FuzzDecide(f *testing.F) {
	f.Add([]byte{0, 1, 2}, byte(0))
	f.Add([]byte{10, 21, 77, 140}, byte(7))
	kinds := []string{"sender", "thread", "form", "cell", "letterhead", "subject", "filename", "from_name", "body"}
	units := []string{"A", "B", "C", "R", "P", "Q", "GONE", ""}
	c := small()
	f.Fuzz(func(t *testing.T, data []byte, flags byte) {
		var ev []finding.Evidence
		for _, b := range data[:min(len(data), 12)] {
			n := int(b)
			ev = append(ev, finding.Evidence{Kind: kinds[n%9], Unit: units[n/9%8], Doubt: n/72%2 == 1})
		}
		q := Question{Campaign: c, Forwarded: flags&1 > 0, ThreadVerified: flags&2 > 0, FormVerified: flags&4 > 0, AuthFailed: flags&8 > 0}
		got := Decide(ev, q)
		named := slices.ContainsFunc(ev, func(e finding.Evidence) bool { return e.Unit == got.Unit && !e.Doubt })
		if got.Unit != "" && !named || (got.Candidates == nil) != (got.Unit != "") {
			t.Errorf("%+v of %+v", got, ev)
		}
		back := slices.Clone(ev)
		slices.Reverse(back)
		if again := Decide(back, q); again.Unit != got.Unit || again.Reason != got.Reason || again.Claimed != got.Claimed {
			t.Errorf("the order matters: %+v and %+v", got, again)
		}
	})
}
