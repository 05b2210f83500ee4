package main

import (
	"context"
	"fmt"
	"testing"

	"dondoc/config"
	"dondoc/intake/finding"
	"dondoc/intake/ledger"
)

// BenchmarkStatus is the table of a roster whose units have sent ten mails
// each, and have been invited.
func BenchmarkStatus(b *testing.B) {
	for _, units := range []int{100, 1_000, 10_000} {
		b.Run(fmt.Sprintf("%d units", units), func(b *testing.B) {
			d := &desk{world: &world{t: b, dir: b.TempDir()}}
			if err := config.Init(d.dir); err != nil {
				b.Fatal(err)
			}
			d.crowd(units)
			p, _ := d.program(at(b, "2022-10-17 09:00"))
			p.cli = &cli{Dir: d.dir}
			o, err := p.open()
			if err != nil {
				b.Fatal(err)
			}
			defer o.Close()
			ctx, now := context.Background(), at(b, "2022-10-17 09:00")
			err = o.ledger.Write(ctx, now, func(tx *ledger.Tx) error {
				for i, u := range o.campaign.Units {
					for k := range 10 {
						v := finding.Verdict{ID: fmt.Sprintf("%05d-%05d", i, k), SHA256: fmt.Sprintf("%064d", i*10+k), From: u.Emails[0], Unit: &u.Code, Verdict: finding.Filed,
							Class: finding.ClassReport, Received: at(b, fmt.Sprintf("2022-10-%02d 08:%02d", 5+k, i%60)),
							Parts: []finding.Part{{Kind: []string{finding.Report, finding.Appendix, finding.Model}[k%3], Name: fmt.Sprint(k), SHA256: fmt.Sprint(i, k), Verdict: finding.Accepted}}}
						if _, err := tx.Keep(ledger.Arrival{ID: v.ID, SHA256: v.SHA256, Received: v.Received}, nil); err != nil {
							return err
						}
						if _, err := tx.Judge(&v); err != nil {
							return err
						}
					}
					l := ledger.Letter{Key: "invite/" + u.Code, Kind: "invite", Unit: u.Code, Token: fmt.Sprint("t", i), MessageID: fmt.Sprint("m", i), Reason: "invited", To: u.Emails}
					if _, err := tx.Post(l, u.Emails); err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				b.Fatal(err)
			}
			if _, err := o.status(ctx, now); err != nil { // what came is read once
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				if s, err := o.status(ctx, now); err != nil || len(s.Units) != units {
					b.Fatal(len(s.Units), err)
				}
			}
		})
	}
}
