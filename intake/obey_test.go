package intake

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"dondoc/config"
	"dondoc/intake/finding"
	"dondoc/intake/ledger"
	"dondoc/schedule/standing"
)

// bureau is a desk of two with a digest of one choice: whose the mail m1 is.
type bureau struct {
	c      *config.Campaign
	digest *ledger.Letter
	facts  standing.Facts
	now    time.Time
}

func newBureau() *bureau {
	b := &bureau{now: time.Date(2022, 10, 14, 9, 30, 0, 0, time.UTC)}
	b.c = &config.Campaign{ID: "T", Desk: []string{"a@desk.example", "b@desk.example"}, Location: time.UTC,
		Deadline: config.Deadline{Before: b.now.AddDate(0, 0, 6)}}
	for _, code := range []string{"HU-A", "HU-B"} {
		b.c.Units = append(b.c.Units, config.Unit{Code: code, Emails: []string{strings.ToLower(code) + "@unit.example"}, Active: true, Obligation: config.Obligation{Report: true}})
	}
	b.facts.Mails = []*finding.Verdict{{ID: "M1", Received: b.now.Add(-time.Hour), Verdict: finding.HeldMail, Candidates: []string{"HU-A", "HU-B"}, Class: finding.ClassReport,
		Parts: []finding.Part{{Kind: finding.Report, Name: "bc.docx", SHA256: "1", Verdict: finding.Accepted}}}}
	matter := standing.Pending(b.c, b.facts, standing.Fold(b.c, b.facts, b.now))[0]
	assign := func(code string) []standing.Decision {
		return []standing.Decision{{Kind: standing.Assign, Arrival: "M1", Units: []string{code}}}
	}
	b.digest = &ledger.Letter{Key: "digest/1", Kind: "digest", Rendered: b.now.Add(-time.Minute), Choices: []standing.Choice{{Number: 1, Arrival: "M1", Matter: matter.Key(),
		Options: []standing.Option{{Letter: "A", Text: "HU-A", Decisions: assign("HU-A")}, {Letter: "B", Text: "HU-B", Decisions: assign("HU-B")}, {Letter: "C", Text: "call"}}}}}
	return b
}

// tells has a mail obeyed and says what came of it; a command's text is numbers
// and letters, "-1" takes back, "stop" and "go" are the rest.
func (b *bureau) tells(from, text string, more ...func(*finding.Reading, *Answered)) string {
	b.now = b.now.Add(time.Minute)
	r := finding.Reading{From: finding.Address{Address: from}, Class: finding.ClassCommand}
	for word := range strings.FieldsSeq(text) {
		var x finding.Order
		switch {
		case word == "stop":
			x.Do = finding.OrderStop
		case word == "go":
			x.Do = finding.OrderResume
		case word[0] == '-':
			x.Do = finding.OrderUndo
			fmt.Sscanf(word, "-%d", &x.Number)
		case word[0] == '?':
			r.Unclear = append(r.Unclear, word)
			continue
		default:
			x.Do = finding.OrderChoose
			fmt.Sscanf(word, "%d%s", &x.Number, &x.Letter)
		}
		r.Orders = append(r.Orders, x)
	}
	answered := Answered{Digest: b.digest}
	for _, f := range more {
		f(&r, &answered)
	}
	v := &finding.Verdict{ID: fmt.Sprintf("C%d", len(b.facts.Mails)), From: from, Received: b.now, Decided: b.now, Verdict: finding.IgnoredMail, Reason: "command", Class: r.Class, Reply: finding.ReplyNone}
	made := Obey(b.c, r, Known{Facts: b.facts, Answered: answered}, v, b.now)
	b.facts.Mails = append(b.facts.Mails, v)
	b.facts.Decisions = append(b.facts.Decisions, made...)
	if v.Command == nil {
		return "nothing, " + v.Reply
	}
	if v.Command.Refused != "" {
		return fmt.Sprintf("refused %s, %d made, reply %s", v.Command.Refused, len(made), v.Reply)
	}
	var all []string
	for _, x := range v.Command.Orders {
		word := x.Outcome
		if x.By != "" {
			word += " by " + x.By
		}
		all = append(all, word)
	}
	return strings.Join(all, ", ")
}

// stands is where M1 is, and who is paused.
func (b *bureau) stands() string {
	r := standing.Rulings(b.c, b.facts, b.now)(b.facts.Mails[0])
	t := standing.Fold(b.c, b.facts, b.now)
	where := "waits"
	if len(r.Shares) > 0 {
		where = r.Shares[0].Unit
	}
	for _, code := range t.Order {
		if t.Units[code].Paused {
			where += " -" + code
		}
	}
	return where
}

// An answer of many lines, each of which is carried out by what those before it
// have changed: where the units stand is what it is by all decisions so far.
func TestWhereUnitsStandBetweenTheLinesOfAnAnswer(t *testing.T) {
	for seed := range uint64(20) {
		draw := rand.New(rand.NewPCG(seed, 5))
		b := newBureau()
		for i := range 12 {
			code := b.c.Units[draw.IntN(2)].Code
			b.facts.Mails = append(b.facts.Mails, &finding.Verdict{ID: fmt.Sprint("N", i), From: "x@mail.example", Received: b.now.Add(-time.Duration(i) * time.Minute), Unit: &code, Claimed: i%3 == 0,
				Verdict: finding.Filed, Class: finding.ClassReport, Parts: []finding.Part{{Kind: finding.Report, Name: "bc.docx", SHA256: fmt.Sprint(i), Verdict: finding.Accepted}}})
		}
		b.facts.Decisions = []standing.Decision{{ID: "E", At: b.now.Add(-time.Hour), Kind: standing.Extend, Units: []string{"HU-B"}, Until: b.now.AddDate(0, 0, 9)}}
		var index standing.Index
		b.facts = index.Follow(b.facts)
		o := obeying{c: b.c, k: Known{Facts: b.facts}, v: &finding.Verdict{From: "a@desk.example"}, now: b.now, facts: b.facts}
		o.facts.Decisions = slices.Clip(b.facts.Decisions)
		changed := 0
		for line := range 25 {
			d := standing.Decision{Arrival: fmt.Sprint("N", draw.IntN(12))}
			switch draw.IntN(6) {
			case 0, 1:
				d.Kind, d.Units = standing.Assign, []string{b.c.Units[draw.IntN(2)].Code}
			case 2:
				d.Kind = standing.Reject
			case 3:
				d.Kind, d.Arrival, d.Undoes = standing.Undo, "", o.facts.Decisions[draw.IntN(len(o.facts.Decisions))].ID
			case 4:
				d.Kind, d.Arrival, d.Units = standing.Pause, "", []string{"HU-A", "HU-B"}
			case 5:
				d.Kind, d.Arrival, d.Units, d.Address = standing.Alias, "", []string{"HU-A"}, "x@mail.example"
			}
			before := maps.Clone(o.standings().Units)
			o.record(&finding.Carried{}, "digest/1#1", d)
			want := standing.Fold(b.c, o.facts, o.now)
			if got := o.standings(); !reflect.DeepEqual(got.Units, want.Units) {
				t.Fatalf("seed %d, after line %d, %+v:\n%+v\nnot\n%+v", seed, line, d, got.Units["HU-A"], want.Units["HU-A"])
			}
			if !reflect.DeepEqual(before, want.Units) {
				changed++
			}
		}
		if changed < 3 || len(b.facts.Decisions) != 1 {
			t.Errorf("seed %d: %d lines changed anything, the ledger's facts have %d decisions", seed, changed, len(b.facts.Decisions))
		}
	}
}

func TestObey(t *testing.T) {
	without := func(_ *finding.Reading, a *Answered) { *a = Answered{} }
	stale := func(_ *finding.Reading, a *Answered) { a.Stale = true }
	ours := func(_ *finding.Reading, a *Answered) { a.Ours = true }
	failed := func(r *finding.Reading, _ *Answered) { r.Auth = "fail" }
	files := func(r *finding.Reading, _ *Answered) { r.Class = finding.ClassReport }
	type step struct {
		from, text   string
		how          []func(*finding.Reading, *Answered)
		want, stands string
	}
	const a, b, unit = "a@desk.example", "b@desk.example", "hu-a@unit.example"
	for _, x := range []struct {
		sentence string
		steps    []step
	}{
		{"a choice is carried out", []step{{a, "1A", nil, "done", "HU-A"}}},
		{"the second is told who was first", []step{{a, "1A", nil, "done", "HU-A"}, {b, "1B", nil, "already by " + a, "HU-A"}}},
		{"taken back and chosen otherwise, in one mail, in whatever order", []step{{a, "1A", nil, "done", "HU-A"}, {b, "1B -1", nil, "done, done", "HU-B"}}},
		{"what was taken back waits again", []step{{a, "1A", nil, "done", "HU-A"}, {a, "-1", nil, "done", "waits"}, {a, "-1", nil, "nothing", "waits"}, {b, "1B", nil, "done", "HU-B"}}},
		{"to call first decides nothing, so that another may", []step{{a, "1C", nil, "done", "waits"}, {b, "1A", nil, "done", "HU-A"}}},
		{"no such number, no such letter", []step{{a, "2A 1F", nil, "unknown, unknown", "waits"}}},
		{"without the secret nothing is done and nobody answered", []step{{a, "1A", []func(*finding.Reading, *Answered){without}, "refused forged, 0 made, reply none", "waits"}}},
		{"nor for somebody who is not who he says", []step{{a, "1A", []func(*finding.Reading, *Answered){failed}, "refused sender_authentication_failed, 0 made, reply none", "waits"}}},
		{"nor for a stranger who got hold of the digest", []step{{unit, "1A", []func(*finding.Reading, *Answered){}, "refused stranger, 0 made, reply none", "waits"}}},
		{"a stranger's list without it is nothing", []step{{unit, "1A", []func(*finding.Reading, *Answered){without}, "nothing, none", "waits"}}},
		{"an old digest changes nothing", []step{{a, "1A", []func(*finding.Reading, *Answered){stale}, "refused stale, 0 made, reply none", "waits"}}},
		{"but what our own account offers to take back can be, the next day too", []step{{a, "1A", nil, "done", "HU-A"}, {a, "-1", []func(*finding.Reading, *Answered){stale, ours}, "done", "waits"}}},
		{"and nothing else by it", []step{{a, "1A", []func(*finding.Reading, *Answered){stale, ours}, "refused stale, 0 made, reply none", "waits"}}},
		{"nothing that looks like an order is no command", []step{{a, "", []func(*finding.Reading, *Answered){without}, "nothing, none", "waits"}}},
		{"files that came along are looked at besides", []step{{a, "1A", []func(*finding.Reading, *Answered){files}, "done", "HU-A"}}},
		{"stop and go", []step{{a, "stop", nil, "done", "waits -HU-A -HU-B"}, {b, "stop", nil, "already by " + a, "waits -HU-A -HU-B"}, {b, "go", nil, "done", "waits"}, {b, "go", nil, "nothing", "waits"}}},
		{"the stop taken back", []step{{a, "stop", nil, "done", "waits -HU-A -HU-B"}, {a, "-0", nil, "done", "waits"}}},
	} {
		bureau := newBureau()
		for i, s := range x.steps {
			if got := bureau.tells(s.from, s.text, s.how...); got != s.want {
				t.Errorf("%s, step %d: %q, want %q", x.sentence, i+1, got, s.want)
			}
			if got := bureau.stands(); got != s.stands {
				t.Errorf("%s, step %d: stands %q, want %q", x.sentence, i+1, got, s.stands)
			}
		}
	}
}

func TestAPauseOfItsOwnOutlivesTheStop(t *testing.T) {
	b := newBureau()
	b.facts.Decisions = []standing.Decision{{ID: "Q1-FLOD", Kind: standing.Pause, Units: []string{"HU-B"}, At: b.now, Cause: "thien-tai"}}
	b.tells("a@desk.example", "stop")
	if got := b.tells("a@desk.example", "go"); got != "done" || b.stands() != "waits -HU-B" {
		t.Errorf("%s: %s", got, b.stands())
	}
}

func TestWhatACommandSettledIsSaidToBe(t *testing.T) {
	b := newBureau()
	b.facts.Decisions = []standing.Decision{{ID: "Q1-CMND", Kind: standing.Assign, Arrival: "M1", Units: []string{"HU-B"}, At: b.now, By: "phong-th"}}
	if got := b.tells("a@desk.example", "1A"); got != "settled by phong-th" || b.stands() != "HU-B" {
		t.Errorf("%s: %s", got, b.stands())
	}
}

// Whatever was decided says who did and by which answer, and has an id of its own.
func TestDecisionsOfAnAnswerSayWhereTheyComeFrom(t *testing.T) {
	b := newBureau()
	b.tells("a@desk.example", "1A stop")
	seen := map[string]bool{}
	for _, d := range b.facts.Decisions {
		if d.By != "a@desk.example" || !strings.HasPrefix(d.Origin, "digest/1#") || d.At.IsZero() || d.ID == "" || seen[d.ID] {
			t.Errorf("%+v", d)
		}
		seen[d.ID] = true
	}
	if len(seen) != 2 {
		t.Errorf("%d decisions", len(seen))
	}
}
