package notify

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"dondoc/intake/finding"
	"dondoc/notify/courier"
	"dondoc/notify/letter"
	"dondoc/schedule/standing"
)

// Whatever comes and whatever is decided, undone, answered or taken back: what
// is owed is the same to a program that remembers and to one just started.
func TestWhatIsRememberedIsWhatIsWorkedOutAnew(t *testing.T) {
	for seed := range uint64(12) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			draw := rand.New(rand.NewPCG(seed, 77))
			o := newOffice(t, "HU-BATO", "HU-BINHSON", "DU-CA").invited()
			units := map[string]string{"HU-BATO": baTo, "HU-BINHSON": binhSon, "DU-CA": "vanthu@duca.quangngai.example"}
			codes := []string{"HU-BATO", "HU-BINHSON", "DU-CA"}
			now := at(t, "05 07:00")
			var mails, decisions []string
			remembered := 0
			for range 120 {
				now = now.Add(time.Duration(1+draw.IntN(40)) * time.Minute)
				when := now.Format("2006-01-02 15:04")
				code := codes[draw.IntN(3)]
				from := units[code]
				id := fmt.Sprintf("R%04d-%05d", seed, len(mails))
				mail := ""
				if len(mails) > 0 {
					mail = mails[draw.IntN(len(mails))]
				}
				decided := func(d standing.Decision) {
					d.ID = fmt.Sprint("d", len(decisions))
					decisions = append(decisions, o.decide(when, d).ID)
				}
				switch what := draw.IntN(16); {
				case what < 3:
					o.filed(when, id, code, from, dossier()[draw.IntN(3):]...)
					mails = append(mails, id)
				case what < 5:
					o.claimed(when, id, code, "canbo@mail.example")
					mails = append(mails, id)
				case what == 5:
					o.question(when, id, code, from)
					mails = append(mails, id)
				case what == 6: // fetched late, perhaps after somebody has decided
					o.asks(now.Add(-time.Duration(draw.IntN(3))*time.Hour).Format("2006-01-02 15:04"), id, code, from)
					mails = append(mails, id)
				case what == 7 && mail != "":
					o.arrival(when, finding.Verdict{ID: id, From: from, Unit: &code, Verdict: finding.Filed, Class: finding.ClassConfirmation, Reply: finding.ReplyNone,
						Attests: []finding.Attestation{{Arrival: mail, Unit: code, Denied: draw.IntN(2) == 0}}})
					mails = append(mails, id)
				case what == 8 && mail != "":
					decided(standing.Decision{Kind: standing.Assign, Arrival: mail, Units: []string{codes[draw.IntN(3)]}})
				case what == 9 && mail != "":
					decided(standing.Decision{Kind: []string{standing.Reject, standing.Done, standing.Return, standing.Refuse}[draw.IntN(4)], Arrival: mail})
				case what == 10 && len(decisions) > 0:
					decided(standing.Decision{Kind: standing.Undo, Undoes: decisions[draw.IntN(len(decisions))]})
				case what == 11:
					decided(standing.Decision{Kind: standing.Extend, Units: []string{code}, Until: at(t, fmt.Sprintf("%d 00:00", 22+draw.IntN(6)))})
				case what == 12:
					decided(standing.Decision{Kind: standing.Alias, Units: []string{code}, Address: "canbo@mail.example", Arrival: mail})
				case what == 13 && mail != "":
					o.byHand(when, mail)
				case what == 14:
					o.smtp.answers(from, slices.Repeat([]courier.Outcome{greyList}, 1+draw.IntN(2))...)
				default:
					o.deliver(when)
				}
				o.owed(when)
				if o.remembered.alive != nil {
					remembered++
				}
			}
			if remembered < 50 || len(o.letters()) < 20 {
				t.Errorf("%d times something was remembered, %d letters: it was not tried", remembered, len(o.letters()))
			}
		})
	}
}

// Two mails of one stranger are asked about in one notice, under the newer. It is
// taken back when that one is settled before it goes: the older still is not.
func TestANoticeThatIsTakenBackLeavesTheOtherMailToAskAbout(t *testing.T) {
	o := newOffice(t, "HU-BATO").invited()
	o.claimed("12 09:00", "AAAAA-00001", "HU-BATO", "canbo@mail.example")
	o.claimed("12 09:05", "BBBBB-00002", "HU-BATO", "canbo@mail.example")
	if got := o.owed("12 09:30"); got != "receipt/BBBBB-00002 confirm/BBBBB-00002" {
		t.Fatalf("owed %q", got)
	}
	o.decide("12 09:31", standing.Decision{Kind: standing.Assign, Arrival: "BBBBB-00002", Units: []string{"HU-BATO"}})
	o.owed("12 09:32", letter.Confirm)
	o.deliver("12 09:33")
	if got := o.owed("12 09:40", letter.Confirm); got != "confirm/AAAAA-00001" {
		t.Errorf("owed %q", got)
	}
}

// The unit asked before the committee decided, and its mail was fetched after.
func TestARequestThatIsFetchedAfterTheDecisionIsAnswered(t *testing.T) {
	o := newOffice(t, "HU-BATO").invited()
	o.owed("12 08:50")
	o.decide("12 09:05", standing.Decision{Kind: standing.Extend, Units: []string{"HU-BATO"}, Until: at(t, "25 00:00")})
	o.read("12 09:00")
	o.owed("12 09:06", letter.Receipt)
	o.asks("12 09:00", "AAAAA-00001", "HU-BATO", baTo)
	if got := o.owed("12 09:10", letter.Extended); !strings.HasPrefix(got, "extended/HU-BATO/") || o.letters()[got].Reason != reasonAsked {
		t.Errorf("owed %q", got)
	}
}
