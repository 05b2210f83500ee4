package notify

import (
	"context"
	"fmt"
	"testing"
	"time"

	"dondoc/intake/ledger"
)

// crowd is a campaign well on its way: seventy units, some 400 mails, all of
// them answered, invitations and reminders out, some 600 letters in all.
func crowd(b testing.TB) *office {
	o := newOffice(b)
	o.Campaign.ReceiptDelay = 0
	o.read("21 09:00")
	o.owed("04 07:30")
	for i, u := range o.Campaign.Units {
		if i%7 == 6 {
			continue // silent
		}
		parts := dossier()
		for k := range 7 {
			o.filed(fmt.Sprintf("%02d 09:%02d", 5+k, i%60), fmt.Sprintf("%05d-%05d", i, k), u.Code, u.Emails[0], parts[k%len(parts)])
		}
	}
	for k := range 7 {
		o.owed(fmt.Sprintf("%02d 15:00", 5+k))
	}
	o.owed("12 07:30")
	o.owed("17 07:30")
	// Delivered, without the cost of writing six hundred letters.
	o.write("17 07:40", func(tx *ledger.Tx) error {
		for {
			l, d, _, err := tx.ClaimDelivery(ledger.Turn{})
			if err != nil || d == nil {
				return err
			}
			if err := tx.Sending(d, "sha", "subject", time.Time{}); err != nil {
				return err
			}
			if err := tx.Settle(l, d, ledger.Accepted, "", ledger.Never); err != nil {
				return err
			}
		}
	})
	return o
}

// A poll at which nothing is owed: of these a campaign has thousands.
func BenchmarkPostNothingOwed(b *testing.B) {
	o := crowd(b)
	now := at(b, "17 09:00")
	if got := o.owed("17 09:00"); got != "" {
		b.Fatal(got)
	}
	for b.Loop() {
		if keys, err := o.Post(context.Background(), now, every...); err != nil || len(keys) > 0 {
			b.Fatal(keys, err)
		}
	}
	b.ReportMetric(float64(len(o.letters())), "letters")
}

// One receipt, from a mail's verdict to the server's answer, among six hundred.
func BenchmarkOneLetter(b *testing.B) {
	o := crowd(b)
	u := o.Campaign.Units[0]
	for i := 0; b.Loop(); i++ {
		when := fmt.Sprintf("17 %02d:%02d", 9+i/60%7, i%60)
		o.filed(when, fmt.Sprintf("%07d-B", i), u.Code, fmt.Sprintf("a%d@mail.example", i%50), report(fmt.Sprint(i)))
		if o.owed(when) == "" {
			b.Fatal("nothing owed at ", when)
		}
		o.deliver(when)
	}
}
