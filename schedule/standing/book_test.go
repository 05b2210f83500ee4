package standing

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"dondoc/config"
	"dondoc/intake/finding"
)

// chance makes facts that nobody would think of.
type chance struct {
	*rand.Rand
	facts Facts
}

func (r *chance) pick(s ...string) string { return s[r.IntN(len(s))] }

func (r *chance) unit() string { return r.pick("HU", "BCSD", "S-CA", "DU-CA", "S-CT", "GONE") }

func (r *chance) earlier() string { return fmt.Sprintf("m%d", r.IntN(len(r.facts.Mails)+1)) }

func (r *chance) mail(now time.Time) *finding.Verdict {
	unit := r.unit()
	m := mail(fmt.Sprintf("m%d", len(r.facts.Mails)), unit, "2022-10-04")
	for range r.IntN(4) {
		p := part(r.pick(finding.Report, finding.Appendix, finding.Model, finding.Other), r.pick("a", "b", "c"), r.pick("C01/E", "C04/X", "S02/E", "D02/H", "N01/W", "R06/I"))
		if r.IntN(4) == 0 {
			p.Unit = r.unit()
		}
		m.Parts = append(m.Parts, p)
	}
	m.From = r.pick(m.From, "ca.nhan@mail.example", "ai.do@mail.example")
	m.Received = now.Add(time.Duration(r.IntN(60)-40) * time.Hour)
	m.Decided = now
	m.Verdict = r.pick(finding.Filed, finding.Filed, finding.Filed, finding.HeldMail, finding.Quarantined, finding.IgnoredMail)
	m.Claimed = r.IntN(4) == 0
	if m.Verdict != finding.Filed && r.IntN(2) == 0 {
		m.Unit, m.Candidates = nil, []string{r.unit(), r.unit()}
	}
	switch r.IntN(8) {
	case 0:
		m.Says = []finding.Saying{{Kind: finding.SaysWillSend, Day: now.AddDate(0, 0, r.IntN(4)).Format(time.DateOnly)}}
	case 1:
		m.Says = []finding.Saying{{Kind: finding.SaysSent}}
	case 2:
		m.Attests = []finding.Attestation{{Arrival: r.earlier(), Unit: r.unit(), Denied: r.IntN(3) == 0, Claimed: r.IntN(3) == 0}}
	case 3:
		m.Bounce = &finding.Bounce{Address: "vanthu@hu.example", Status: "5.1.1", Permanent: true}
	}
	return m
}

func (r *chance) decision(now time.Time) Decision {
	n := len(r.facts.Decisions)
	d := decide(fmt.Sprintf("d%d", n), r.pick(Extend, Exempt, Pause, Resume, ReceivedOut, Note, Alias, Undo, Undo, Assign, Assign, Reject, Done, Return, GoLive), "2022-10-04",
		r.unit(), what(r.pick(finding.Report, finding.Appendix, finding.Model), r.IntN(3), ""), undoes(fmt.Sprintf("d%d", r.IntN(n+1))), address("ai.do@mail.example"))
	switch d.Kind {
	case Assign, Reject, Done, Return, Extend:
		d.Arrival = r.earlier()
	}
	if r.IntN(3) == 0 {
		d.Units = append(d.Units, r.unit())
	}
	if d.Kind == GoLive {
		d.Units = nil
	}
	d.At = now.Add(time.Duration(r.IntN(12)-8) * time.Hour)
	d.Until = now.Add(time.Duration(r.IntN(200)) * time.Hour)
	return d
}

// add lets something happen.
func (r *chance) add(now time.Time) {
	switch r.IntN(12) {
	case 0, 1, 2:
		r.facts.Decisions = append(r.facts.Decisions, r.decision(now))
	case 3:
		r.facts.ByHand = append(r.facts.ByHand, ByHand{At: now.Add(time.Duration(r.IntN(10)-9) * time.Hour), Arrivals: []string{r.earlier(), r.earlier()}})
	case 4:
		r.facts.Dead = map[string]time.Time{"vanthu@hu.example": now.Add(time.Duration(r.IntN(20)-10) * time.Hour), "vanthu@bcsd.example": now}
	case 5:
		r.facts.Dead = nil
	default:
		r.facts.Mails = append(r.facts.Mails, r.mail(now))
	}
}

// Whatever comes, is decided, undone, said of other mails, answered by hand or
// bounces, whatever is not kept after all, however time passes or a clock is
// set back: what the book says is what Fold says.
func TestTheBookSaysWhatFoldSays(t *testing.T) {
	c := roster()
	for seed := range uint64(40) {
		r := &chance{Rand: rand.New(rand.NewPCG(75, seed))}
		var book Book
		var x Index
		now := at("2022-10-04")
		for step := range 120 {
			for range r.IntN(4) {
				r.add(now)
			}
			f := x.Follow(r.facts)
			if r.IntN(3) == 0 { // what a transaction added that may be rolled back
				more := &chance{Rand: r.Rand, facts: r.facts}
				more.facts.Mails, more.facts.Decisions = slices.Clip(more.facts.Mails), slices.Clip(more.facts.Decisions)
				more.add(now)
				more.add(now)
				f.Mails, f.Decisions = more.facts.Mails, more.facts.Decisions
			}
			now = now.Add(time.Duration(r.IntN(20)) * time.Hour)
			asked := now
			if r.IntN(10) == 0 {
				asked = now.Add(time.Duration(r.IntN(100)-50) * time.Hour)
			}
			want := Fold(c, f, asked)
			if got := book.Fold(c, f, asked); !reflect.DeepEqual(got, want) {
				for code, u := range want.Units {
					if !reflect.DeepEqual(got.Units[code], u) {
						t.Errorf("%s is\n%+v, not\n%+v", code, got.Units[code], u)
					}
				}
				t.Fatalf("seed %d, step %d: held %d %d, quarantined %d %d", seed, step, got.Held, want.Held, got.Quarantined, want.Quarantined)
			}
			one := r.pick("HU", "BCSD", "S-CA", "DU-CA", "S-CT")
			if got := FoldUnit(c, f, one, asked); !reflect.DeepEqual(got, want.Units[one]) {
				t.Fatalf("seed %d, step %d: %s alone is\n%+v, not\n%+v", seed, step, one, got, want.Units[one])
			}
		}
	}
}

// What became of a mail, and where it is filed, is found in the facts about it.
func TestWhatIsAboutAMailTellsWhatBecameOfIt(t *testing.T) {
	c := roster()
	for seed := range uint64(40) {
		r := &chance{Rand: rand.New(rand.NewPCG(76, seed))}
		now := at("2022-10-04")
		for range 150 {
			r.add(now)
			now = now.Add(time.Duration(r.IntN(5)) * time.Hour)
		}
		var x Index
		f := x.Follow(r.facts)
		ruled := Rulings(c, f, now)
		for _, m := range f.Mails {
			about := f.About(c, Concern{Mails: []string{m.ID}})
			if got, want := Rulings(c, about, now)(m), ruled(m); !reflect.DeepEqual(got, want) {
				t.Fatalf("seed %d: %s became %+v, not %+v", seed, m.ID, got, want)
			}
			if f.Mail(m.ID) != m {
				t.Fatalf("%s is not found", m.ID)
			}
		}
		plain := r.facts // without an index
		plain.Mails = append(slices.Clip(plain.Mails), r.mail(now))
		f.Mails = append(slices.Clip(f.Mails), plain.Mails[len(f.Mails)])
		for k := range fews {
			if got, want := f.Those(k), plain.Those(k); !slices.Equal(got, want) {
				t.Fatalf("seed %d: of kind %d are %d mails, not %d", seed, k, len(got), len(want))
			}
		}
		ids := map[string]bool{"nobody's": true, fmt.Sprint("m", len(f.Mails)-1): true}
		for range 20 {
			ids[r.earlier()] = true
		}
		if got, want := f.Among(ids), plain.Among(ids); !slices.Equal(got, want) || len(got) < 2 {
			t.Fatalf("seed %d: among %v are %d mails, not %d", seed, ids, len(got), len(want))
		}
	}
}

// BenchmarkBook is one more mail among many.
func BenchmarkBook(b *testing.B) {
	c := &config.Campaign{}
	for i := range 500 {
		c.Units = append(c.Units, config.Unit{Code: fmt.Sprint("HU", i), Obligation: config.Obligation{Report: true, Appendix: true}, Emails: []string{"a@b.example"}})
	}
	var book Book
	var x Index
	var f Facts
	now := at("2022-10-04")
	come := func() {
		i := len(f.Mails)
		f.Mails = append(f.Mails, mail(fmt.Sprint("m", i), fmt.Sprint("HU", i%500), "2022-10-04", report(fmt.Sprint(i))))
	}
	for range 100_000 {
		come()
	}
	book.Fold(c, x.Follow(f), now)
	b.ReportAllocs()
	for b.Loop() {
		come()
		now = now.Add(time.Minute)
		book.Fold(c, x.Follow(f), now)
	}
}
