package notify

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"dondoc/intake/finding"
	"dondoc/notify/courier"
	"dondoc/notify/letter"
	"dondoc/schedule/standing"
)

const reserve = "du.phong@mail.example"

// withReserve is an office of one unit with a backup address.
func withReserve(t *testing.T) *office {
	o := newOffice(t, "HU-BINHSON")
	o.Campaign.Units[0].Emails = slices.Clone(o.Campaign.Units[0].Emails[:1])
	o.Campaign.Units[0].BackupEmail = reserve
	return o
}

// bounce is a delivery status of a letter of ours.
func (o *office) bounce(when, id, key, address, status string, permanent bool) {
	o.t.Helper()
	unit := strings.Split(key, "/")[1]
	o.arrival(when, finding.Verdict{
		ID: id, From: "mailer-daemon@mx.example", Unit: &unit, Verdict: finding.IgnoredMail, Class: finding.ClassBounce, Reply: finding.ReplyNone, Reason: "bounce",
		Bounce:   &finding.Bounce{Address: address, Status: status, Permanent: permanent, Ours: true},
		Evidence: []finding.Evidence{{Kind: "thread", Unit: unit, Detail: key}},
	})
}

func TestALetterThatReachedNobodyGoesToTheNextAddress(t *testing.T) {
	const invite = "invite/HU-BINHSON"
	full := courier.Outcome{Kind: courier.Refused, Stage: courier.StageRcpt, Code: 552, Status: "5.2.2", Text: "5.2.2 full"}
	for _, c := range []struct {
		sentence string
		tell     func(*office)
		key      string
		want     string
	}{
		{"refused at once: the backup address gets it", func(o *office) {
			o.smtp.answers(binhSon, noSuch)
			o.owed("04 07:30", letter.Invite)
			o.deliver("04 07:30")
		}, invite, reserve + "=accepted " + binhSon + "=refused"},
		{"so it does where a mailbox is full", func(o *office) {
			o.smtp.answers(binhSon, full)
			o.owed("04 07:30", letter.Invite)
			o.deliver("04 07:30")
		}, invite, reserve + "=accepted " + binhSon + "=refused"},
		{"taken, and returned a day later", func(o *office) {
			o.owed("04 07:30", letter.Invite)
			o.deliver("04 07:30")
			o.bounce("04 12:00", "BBBBB-00001", invite, binhSon, "5.1.1", true)
		}, invite, reserve + "=accepted " + binhSon + "=accepted"},
		{"a delay returns nothing", func(o *office) {
			o.owed("04 07:30", letter.Invite)
			o.deliver("04 07:30")
			o.bounce("04 12:00", "BBBBB-00001", invite, binhSon, "4.4.1", false)
		}, invite, binhSon + "=accepted"},
		{"the bounce of another letter is no word about this one", func(o *office) {
			o.owed("04 07:30", letter.Invite)
			o.deliver("04 07:30")
			o.bounce("04 12:00", "BBBBB-00001", "remind/HU-BINHSON/T-8", binhSon, "5.1.1", true)
		}, invite, binhSon + "=accepted"},
		{"what is tried again has reached nobody yet, and waits", func(o *office) {
			o.smtp.answers(binhSon, greyList)
			o.owed("04 07:30", letter.Invite)
			o.deliver("04 07:30")
		}, invite, binhSon + "=accepted"},
		{"a receipt that reached who wrote has reached the unit", func(o *office) {
			o.invited()
			o.smtp.answers(binhSon, noSuch)
			o.filed("04 09:00", "AAAAA-00001", "HU-BINHSON", clerk, report("x.docx"))
			o.owed("04 09:30", letter.Receipt)
			o.deliver("04 09:30")
		}, "receipt/AAAAA-00001", clerk + "=accepted " + binhSon + "=refused"},
		{"one that reached neither goes to the backup", func(o *office) {
			o.invited()
			o.smtp.answers(binhSon, noSuch)
			o.smtp.answers(clerk, noSuch)
			o.smtp.script[binhSon] = []courier.Outcome{noSuch}
			o.filed("04 09:00", "AAAAA-00001", "HU-BINHSON", clerk, report("x.docx"))
			o.owed("04 09:30", letter.Receipt)
			o.deliver("04 09:30")
		}, "receipt/AAAAA-00001", clerk + "=refused " + reserve + "=accepted " + binhSon + "=refused"},
		{"where the unit has sent all meanwhile nothing goes", func(o *office) {
			o.smtp.answers(binhSon, noSuch)
			o.owed("04 07:30", letter.Invite)
			o.deliver("04 07:30")
			o.filed("04 08:00", "AAAAA-00001", "HU-BINHSON", clerk, dossier()...)
		}, invite, binhSon + "=refused withdrawn: complete"},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			o := withReserve(t)
			c.tell(o)
			for _, when := range []string{"05 08:00", "05 08:01", "05 12:00"} {
				o.owed(when)
				o.deliver(when)
			}
			if got := o.outcomes(c.key); got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
			count := map[string]int{}
			for _, m := range o.smtp.sent {
				if field(t, m.raw, "X-Dondoc-Key") == c.key {
					count[m.to]++
				}
			}
			if count[reserve] > 1 {
				t.Errorf("the backup address got it %d times", count[reserve])
			}
		})
	}
}

func TestOneMemberOfADossierWasNotReached(t *testing.T) {
	const congAn, dangUy = "vanthu@congan.quangngai.example", "vanthu@duca.quangngai.example"
	o := newOffice(t, "S-CA", "DU-CA")
	for i := range o.Campaign.Units {
		o.Campaign.Units[i].BackupEmail = strings.ToLower(o.Campaign.Units[i].Code) + "@mail.example"
	}
	o.smtp.answers(congAn, noSuch)
	o.owed("04 07:30")
	o.deliver("04 07:30")
	o.owed("04 08:00")
	o.deliver("04 08:00")
	if got := o.outcomes("invite/DU-CA"); got != "s-ca@mail.example=accepted "+congAn+"=refused "+dangUy+"=accepted" {
		t.Error(got)
	}
}

func TestAnAddressDiesAndComesBack(t *testing.T) {
	const key = "invite/HU-BINHSON"
	for _, c := range []struct {
		sentence string
		tell     func(*office)
		to       string // where the next letter goes
		reach    bool
	}{
		{"a full mailbox once", func(o *office) { o.bounce("05 09:00", "BBBBB-00001", key, binhSon, "5.2.2", true) }, binhSon, true},
		{"three times within an hour", func(o *office) {
			for i := range 3 {
				o.bounce(fmt.Sprintf("05 09:%02d", i), fmt.Sprintf("BBBBB-0000%d", i), key, binhSon, "4.2.2", false)
			}
		}, binhSon, true},
		{"three times over days", func(o *office) {
			for i := range 3 {
				o.bounce(fmt.Sprintf("%02d 09:00", 5+2*i), fmt.Sprintf("BBBBB-0000%d", i), key, binhSon, "4.2.2", false)
			}
		}, reserve, true},
		{"with a mail from it between", func(o *office) {
			for i := range 3 {
				o.bounce(fmt.Sprintf("%02d 09:00", 5+2*i), fmt.Sprintf("BBBBB-0000%d", i), key, binhSon, "4.2.2", false)
				if i == 1 {
					o.arrival("08 09:00", finding.Verdict{ID: "AAAAA-00001", From: binhSon, Unit: new("HU-BINHSON"), Verdict: finding.Filed, Class: finding.ClassQuestion, Reply: finding.ReplyNone})
				}
			}
		}, binhSon, true},
		{"dead, and the desk says that it is an address", func(o *office) {
			o.bounce("05 09:00", "BBBBB-00001", key, binhSon, "5.1.1", true)
			o.decide("06 09:00", standing.Decision{Kind: standing.Alias, Units: []string{"HU-BINHSON"}, Address: binhSon})
		}, binhSon, true},
		{"dead, and then it writes", func(o *office) {
			o.bounce("05 09:00", "BBBBB-00001", key, binhSon, "5.1.1", true)
			o.arrival("06 09:00", finding.Verdict{ID: "AAAAA-00001", From: binhSon, Unit: new("HU-BINHSON"), Verdict: finding.Filed, Class: finding.ClassQuestion, Reply: finding.ReplyNone})
		}, binhSon, true},
		{"dead", func(o *office) { o.bounce("05 09:00", "BBBBB-00001", key, binhSon, "5.1.1", true) }, reserve, true},
		{"and the other one too: the unit is called", func(o *office) {
			o.bounce("05 09:00", "BBBBB-00001", key, binhSon, "5.1.1", true)
			o.bounce("05 10:00", "BBBBB-00002", key, reserve, "5.1.1", true)
		}, binhSon, false},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			o := withReserve(t).invited()
			c.tell(o)
			s := o.situation("11 09:00")
			if got := o.address(s, o.Campaign.Units[0]); got != c.to {
				t.Errorf("the next letter goes to %s, want %s", got, c.to)
			}
			if got := s.Table.Units["HU-BINHSON"].Reachable; got != c.reach {
				t.Errorf("reachable: %t", got)
			}
		})
	}
}

// A full mailbox is told to the desk on the line about the machine, and kills nothing.
func TestTheDigestTellsOfFullMailboxes(t *testing.T) {
	o := withReserve(t).invited()
	o.bounce("05 09:00", "BBBBB-00001", "invite/HU-BINHSON", binhSon, "4.2.2", false)
	o.read("05 16:00")
	o.owed("05 16:00", letter.DigestKind)
	o.deliver("05 16:00")
	if len(o.smtp.sent) == 0 || !strings.Contains(golden(t, o.smtp.sent[0]), "thư bị trả lại tạm thời (") {
		t.Error("the digest does not tell")
	}
	o.arrival("06 09:00", finding.Verdict{ID: "AAAAA-00001", From: binhSon, Unit: new("HU-BINHSON"), Verdict: finding.Filed, Class: finding.ClassQuestion, Reply: finding.ReplyNone})
	o.smtp.forget()
	o.read("06 16:00")
	o.owed("06 16:00", letter.DigestKind)
	o.deliver("06 16:00")
	if len(o.smtp.sent) == 0 || strings.Contains(golden(t, o.smtp.sent[0]), "tạm thời") {
		t.Error("the mailbox wrote since, and the digest tells all the same")
	}
}
