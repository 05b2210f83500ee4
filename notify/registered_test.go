package notify

import (
	"strings"
	"testing"

	"dondoc/intake/finding"
	"dondoc/notify/letter"
	"dondoc/schedule/standing"
)

const newAddress = "vanthu.moi@hubinhson.quangngai.example"

// moves is a mail in which the unit names another address.
func (o *office) moves(when, id, unit, from, to string) {
	o.t.Helper()
	o.arrival(when, finding.Verdict{ID: id, From: from, Unit: &unit, Candidates: []string{unit}, Verdict: finding.HeldMail, Reason: "no_files", Class: finding.ClassContactChange,
		Reply: finding.ReplyAcknowledge, Says: []finding.Saying{{Kind: finding.SaysContact, Address: to}}})
}

func TestANewAddress(t *testing.T) {
	const unit = "HU-BINHSON"
	alias := standing.Decision{ID: "Q1", Kind: standing.Alias, Units: []string{unit}, Address: newAddress}
	for _, c := range []struct {
		sentence string
		story    func(*office)
		want     string // the letter
		next     string // where the next letter to the unit goes
	}{
		{"it holds from the moment at which the desk agrees, and both addresses are told", func(o *office) {
			o.moves("13 19:00", "NEW2A-AAAAA", unit, binhSon, newAddress)
			answering := alias
			answering.Arrival = "NEW2A-AAAAA"
			o.decide("13 20:00", answering)
		}, "registered/HU-BINHSON/Q1", newAddress},
		{"by command too, if the unit had asked for that address", func(o *office) {
			o.moves("13 19:00", "NEW2A-AAAAA", unit, binhSon, strings.ToUpper(newAddress))
			o.decide("13 20:00", alias)
		}, "registered/HU-BINHSON/Q1", newAddress},
		{"before the desk agrees nothing changes", func(o *office) { o.moves("13 19:00", "NEW2A-AAAAA", unit, binhSon, newAddress) }, "", binhSon},
		{"an address that is registered for another reason gets no letters of its own", func(o *office) { o.decide("13 20:00", alias) }, "", binhSon},
		{"nor if the unit had asked for one without naming it", func(o *office) {
			o.moves("13 19:00", "NEW2A-AAAAA", unit, binhSon, "")
			o.decide("13 20:00", alias)
		}, "", binhSon},
		{"who writes from the new address names it by that", func(o *office) {
			o.moves("13 19:00", "NEW2A-AAAAA", unit, newAddress, "")
			o.decide("13 20:00", alias)
		}, "registered/HU-BINHSON/Q1", newAddress},
		{"nor one that another unit named", func(o *office) {
			o.moves("13 19:00", "NEW2A-AAAAA", "HU-BATO", baTo, newAddress)
			o.decide("13 20:00", alias)
		}, "", binhSon},
		{"undone, all is as before", func(o *office) {
			o.moves("13 19:00", "NEW2A-AAAAA", unit, binhSon, newAddress)
			o.decide("13 20:00", alias)
			o.decide("13 20:01", standing.Decision{ID: "Q2", Kind: standing.Undo, Undoes: "Q1"})
		}, "", binhSon},
		{"if mail does not arrive there, letters go to the old one again", func(o *office) {
			o.moves("12 19:00", "NEW2A-AAAAA", unit, binhSon, newAddress)
			o.decide("12 20:00", alias)
			o.smtp.answers(newAddress, noSuch)
			o.owed("12 20:01", letter.Registered)
			o.deliver("12 20:01")
		}, "", binhSon},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			o := newOffice(t, unit, "HU-BATO").invited()
			c.story(o)
			if got := o.owed("13 20:02", letter.Registered); got != c.want {
				t.Fatalf("owed %q, want %q", got, c.want)
			}
			if c.want != "" {
				o.smtp.forget()
				o.deliver("13 20:02")
				if got := o.outcomes(c.want); got != newAddress+"=accepted "+binhSon+"=accepted" && got != binhSon+"=accepted "+newAddress+"=accepted" {
					t.Errorf("%s: %s", c.want, got)
				}
				if again := o.owed("13 20:03", letter.Registered); again != "" {
					t.Errorf("and again: %s", again)
				}
			}
			s := o.situation("13 20:05")
			if got := o.address(s, o.Campaign.Units[0]); got != c.next {
				t.Errorf("the next letter goes to %s, want %s", got, c.next)
			}
		})
	}
}
