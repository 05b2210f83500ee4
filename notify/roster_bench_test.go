package notify

import (
	"context"
	"fmt"
	"testing"

	"dondoc/intake/finding"
	"dondoc/intake/ledger"
)

// sizes are the rosters whose growth is measured. Each unit sent ten mails.
var sizes = []int{100, 1_000, 10_000}

// large is a campaign of so many units in districts of its own, ten mails of
// each, all of them answered, the invitations out: what is owed at 17 October
// 09:00 is the reminders of the units that lack something.
func large(b testing.TB, units int) *office {
	b.Helper()
	o := newOffice(b)
	pattern := o.Campaign.Units
	c := *o.Campaign
	c.Units = nil
	for i := range units {
		u := pattern[i%len(pattern)]
		u.Code, u.DupGroup, u.Order = fmt.Sprintf("DV-%05d", i), "", i
		u.Emails = []string{fmt.Sprintf("vanthu@dv%05d.example", i)}
		c.Units = append(c.Units, u)
	}
	c.Index()
	o.Campaign = &c
	o.write("12 09:00", func(tx *ledger.Tx) error {
		for i, u := range c.Units {
			l := o.named(Owed{Key: "invite/" + u.Code, Kind: "invite", Unit: u.Code, Reason: "invited", To: u.Emails})
			if _, err := tx.Post(l, nil); err != nil {
				return err
			}
			for k := range 10 {
				when := at(b, fmt.Sprintf("%02d 08:%02d", 5+k%6, i%60))
				v := finding.Verdict{ID: fmt.Sprintf("%05d-%05d", i, k), SHA256: fmt.Sprintf("%064d", i*10+k), From: u.Emails[0], Unit: &u.Code, Verdict: finding.Filed, Class: finding.ClassReport,
					Reply: finding.ReplyNone, ReplyReason: "received", Received: when, Decided: when, MessageID: fmt.Sprintf("m%d.%d@unit.example", i, k)}
				if parts := dossier(); k < len(parts) && i%7 != 6 {
					v.Parts = parts[k : k+1]
				}
				if _, err := tx.Keep(ledger.Arrival{ID: v.ID, SHA256: v.SHA256, Received: when}, nil); err != nil {
					return err
				}
				if _, err := tx.Judge(&v); err != nil {
					return err
				}
			}
		}
		return nil
	})
	o.read("17 08:59")
	return o
}

// BenchmarkOwed is what a round costs in which nothing came: the look into the
// ledger and all that follows from it.
func BenchmarkOwed(b *testing.B) {
	for _, units := range sizes {
		b.Run(fmt.Sprintf("%d units", units), func(b *testing.B) {
			o := large(b, units)
			now := at(b, "17 09:00")
			owed := 0
			ask := func() {
				if err := o.Ledger.Write(context.Background(), now, func(tx *ledger.Tx) error {
					s, err := o.look(tx, now)
					owed = len(o.Owed(s))
					return err
				}); err != nil {
					b.Fatal(err)
				}
			}
			ask() // what has come since is read once
			b.ReportAllocs()
			for b.Loop() {
				ask()
			}
			b.ReportMetric(float64(owed), "owed")
		})
	}
}

// BenchmarkFirstLook is what a process pays once: all facts are read.
func BenchmarkFirstLook(b *testing.B) {
	for _, units := range sizes[:2] {
		b.Run(fmt.Sprintf("%d units", units), func(b *testing.B) {
			o := large(b, units)
			for b.Loop() {
				l, err := ledger.Open(o.dir)
				if err != nil {
					b.Fatal(err)
				}
				facts, err := l.Facts(context.Background())
				if err != nil || len(facts.Mails) != 10*units {
					b.Fatal(len(facts.Mails), err)
				}
				l.Close()
			}
		})
	}
}
