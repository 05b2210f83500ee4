package notify

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"dondoc/config"
	"dondoc/intake/finding"
	"dondoc/notify/letter"
	"dondoc/schedule/standing"
)

const (
	binhSon = "vanthu@hubinhson.quangngai.example"
	baTo    = "vanthu@hubato.quangngai.example"
	relayed = "vanthu@vptu.quangngai.example"
	clerk   = "chi.lan@mail.example"
)

// Who is answered, with what, and when. Each story is told to a ledger; said
// is what the ledger holds at the end besides the invitations: key, addresses,
// and mails answered.
func TestAnswers(t *testing.T) {
	const a, b, c = "AAAAA-00001", "BBBBB-00002", "CCCCC-00003"
	for _, x := range []struct {
		sentence string
		tell     func(*office)
		said     []string
	}{
		{"a complete report gets its receipt when the sender has been quiet for ten minutes", func(o *office) {
			o.filed("12 09:00", a, "HU-BINHSON", binhSon, dossier()...)
			o.quiet("12 09:09")
			o.owed("12 09:10")
		}, []string{"receipt/" + a + " to " + binhSon + " for " + a}},

		{"three mails in ten minutes get one receipt, under the newest", func(o *office) {
			parts := dossier()
			o.filed("12 09:00", a, "HU-BINHSON", binhSon, parts[0])
			o.filed("12 09:04", b, "HU-BINHSON", binhSon, parts[1])
			o.quiet("12 09:12")
			o.filed("12 09:13", c, "HU-BINHSON", binhSon, parts[2], parts[3])
			o.quiet("12 09:22")
			o.owed("12 09:23")
			o.quiet("12 09:24")
		}, []string{"receipt/" + c + " to " + binhSon + " for " + a + " " + b + " " + c}},

		{"two senders of one unit are two conversations, and the unit's own mailbox sees both", func(o *office) {
			o.filed("12 09:00", a, "HU-BINHSON", binhSon, report("1.docx"))
			o.filed("12 09:01", b, "HU-BINHSON", "phong@hubinhson.quangngai.example", model("Một"))
			o.owed("12 09:30")
		}, []string{
			"receipt/" + a + " to " + binhSon + " for " + a,
			"receipt/" + b + " to phong@hubinhson.quangngai.example " + binhSon + " for " + b}},

		{"a mail that comes after the receipt gets one of its own", func(o *office) {
			o.filed("12 09:00", a, "HU-BINHSON", binhSon, report("1.docx"))
			o.owed("12 09:10")
			o.filed("12 09:11", b, "HU-BINHSON", binhSon, appendix("PL.xlsx"))
			o.owed("12 09:30")
		}, []string{
			"receipt/" + a + " to " + binhSon + " for " + a,
			"receipt/" + b + " to " + binhSon + " for " + b}},

		{"a cell to fix makes it corrections", func(o *office) {
			o.filed("12 09:00", a, "HU-BINHSON", binhSon, dossier(wrong)...)
			o.owed("12 09:10")
		}, []string{"corrections/" + a + " to " + binhSon + " for " + a}},

		{"what was mended within the ten minutes is not complained of", func(o *office) {
			o.filed("12 09:00", a, "HU-BINHSON", binhSon, dossier(wrong)...)
			o.filed("12 09:05", b, "HU-BINHSON", binhSon, appendix("PL sua.xlsx"))
			o.owed("12 09:15")
		}, []string{"receipt/" + b + " to " + binhSon + " for " + a + " " + b}},

		{"what the desk has accepted as it stands need not be explained", func(o *office) {
			o.filed("12 09:00", a, "HU-BINHSON", binhSon, dossier(unexplained)...)
			o.decide("12 09:05", standing.Decision{Kind: standing.Assign, Units: []string{"HU-BINHSON"}, Arrival: a})
			o.owed("12 09:10")
		}, []string{"receipt/" + a + " to " + binhSon + " for " + a}},

		{"a cell to fix must be fixed all the same", func(o *office) {
			o.filed("12 09:00", a, "HU-BINHSON", binhSon, dossier(wrong)...)
			o.decide("12 09:05", standing.Decision{Kind: standing.Assign, Units: []string{"HU-BINHSON"}, Arrival: a})
			o.owed("12 09:10")
		}, []string{"corrections/" + a + " to " + binhSon + " for " + a}},

		{"what another mail still has to mend is not this one's matter", func(o *office) {
			o.filed("12 09:00", a, "HU-BINHSON", binhSon, dossier(wrong)...)
			o.owed("12 09:10")
			o.filed("12 10:00", b, "HU-BINHSON", binhSon, model("Mô hình ba"))
			o.owed("12 10:10")
		}, []string{
			"corrections/" + a + " to " + binhSon + " for " + a,
			"receipt/" + b + " to " + binhSon + " for " + b}},

		{"a form that cannot be opened makes it corrections, too", func(o *office) {
			o.filed("12 09:00", a, "HU-BINHSON", binhSon, appendix("PL.xlsx", finding.Problem{Code: "S02", Severity: finding.MustFix}))
			o.owed("12 09:10")
		}, []string{"corrections/" + a + " to " + binhSon + " for " + a}},

		{"what only the desk may know asks nothing of the unit", func(o *office) {
			o.filed("12 09:00", a, "HU-BINHSON", binhSon, append(dossier(), finding.Part{Kind: finding.Other, Name: "x.pdf", Verdict: finding.Held,
				Problems: []finding.Problem{{Code: "R08", Severity: finding.MustFix, Audience: finding.ToDesk}}})...)
			o.owed("12 09:10")
		}, []string{"receipt/" + a + " to " + binhSon + " for " + a}},

		{"a claimed filing is answered to its sender alone, and the registered mailbox is asked once", func(o *office) {
			o.claimed("12 09:00", a, "HU-BINHSON", clerk)
			o.claimed("12 09:03", b, "HU-BINHSON", clerk)
			o.quiet("12 09:12")
			o.owed("12 09:13")
			o.quiet("12 09:30")
		}, []string{
			"confirm/" + b + " to " + binhSon + " for ",
			"receipt/" + b + " to " + clerk + " for " + a + " " + b}},

		{"a claimed filing that the desk has accepted is nobody's question any more", func(o *office) {
			o.claimed("12 09:00", a, "HU-BINHSON", clerk)
			o.decide("12 09:05", standing.Decision{Kind: standing.Assign, Units: []string{"HU-BINHSON"}, Arrival: a})
			o.owed("12 09:10")
		}, []string{"receipt/" + a + " to " + clerk + " " + binhSon + " for " + a}},

		{"nor is one whose sender has been registered meanwhile", func(o *office) {
			o.claimed("12 09:00", a, "HU-BINHSON", clerk)
			o.decide("12 09:05", standing.Decision{Kind: standing.Alias, Units: []string{"HU-BINHSON"}, Address: clerk})
			o.owed("12 09:10")
		}, []string{"receipt/" + a + " to " + clerk + " " + binhSon + " for " + a}},

		{"a stranger is asked once whose report it is", func(o *office) {
			o.arrival("12 09:00", finding.Verdict{ID: a, From: clerk, Verdict: finding.HeldMail, Class: finding.ClassReport, Reply: finding.ReplyAskUnit, Parts: dossier()})
			o.owed("12 09:10")
			o.quiet("12 09:20")
			o.quiet("13 09:20")
		}, []string{"ask_unit/" + a + " to " + clerk + " for " + a}},

		{"a stranger without a report hears nothing", func(o *office) {
			o.arrival("12 09:00", finding.Verdict{ID: a, From: clerk, Verdict: finding.HeldMail, Class: finding.ClassOutOfScope, Reply: finding.ReplyNone})
			o.quiet("12 09:10")
		}, nil},

		{"words without files are acknowledged once", func(o *office) {
			unit := "HU-BINHSON"
			o.arrival("12 09:00", finding.Verdict{ID: a, From: binhSon, Unit: &unit, Verdict: finding.HeldMail, Class: finding.ClassQuestion, Reply: finding.ReplyAcknowledge, Text: "Xin hỏi"})
			o.owed("12 09:10")
			o.quiet("12 09:20")
		}, []string{"acknowledge/" + a + " to " + binhSon + " for " + a}},

		{"nor again when the desk says whose they are", func(o *office) {
			o.arrival("12 09:00", finding.Verdict{ID: a, From: clerk, Verdict: finding.HeldMail, Class: finding.ClassQuestion, Reply: finding.ReplyAcknowledge, Text: "Xin hỏi"})
			o.owed("12 09:10")
			o.decide("12 14:00", standing.Decision{Kind: standing.Assign, Units: []string{"HU-BINHSON"}, Arrival: a})
			o.quiet("12 14:20")
		}, []string{"acknowledge/" + a + " to " + clerk + " for " + a}},

		{"a question is not answered by asking whose a report is", func(o *office) {
			o.arrival("12 09:00", finding.Verdict{ID: a, From: clerk, Verdict: finding.HeldMail, Class: finding.ClassReport, Reply: finding.ReplyAskUnit, Parts: dossier()})
			o.arrival("12 09:01", finding.Verdict{ID: b, From: clerk, Verdict: finding.HeldMail, Class: finding.ClassQuestion, Reply: finding.ReplyAcknowledge, Text: "Xin hỏi"})
			o.owed("12 09:11")
		}, []string{"acknowledge/" + b + " to " + clerk + " for " + b, "ask_unit/" + a + " to " + clerk + " for " + a}},

		{"words and then files get one receipt", func(o *office) {
			unit := "HU-BINHSON"
			o.arrival("12 09:00", finding.Verdict{ID: a, From: binhSon, Unit: &unit, Verdict: finding.HeldMail, Class: finding.ClassQuestion, Reply: finding.ReplyAcknowledge, Text: "Xin gửi sau"})
			o.filed("12 09:02", b, "HU-BINHSON", binhSon, dossier()...)
			o.owed("12 09:12")
		}, []string{"receipt/" + b + " to " + binhSon + " for " + a + " " + b}},

		{"a held mail that the desk gives to a unit gets its receipt, at the unit's own mailbox too", func(o *office) {
			o.arrival("12 09:00", finding.Verdict{ID: a, From: clerk, Verdict: finding.HeldMail, Class: finding.ClassReport, Reply: finding.ReplyAskUnit, Parts: dossier()})
			o.owed("12 09:10")
			o.decide("12 14:00", standing.Decision{Kind: standing.Assign, Units: []string{"HU-BINHSON"}, Arrival: a})
			o.owed("12 14:01")
			o.quiet("12 14:20")
		}, []string{
			"ask_unit/" + a + " to " + clerk + " for " + a,
			"receipt/" + a + " to " + clerk + " " + binhSon + " for " + a + "+HU-BINHSON"}},

		{"a stranger's mail beyond the limits, given to a unit, was acknowledged to nobody: both are told", func(o *office) {
			o.arrival("12 09:00", finding.Verdict{ID: a, From: clerk, Verdict: finding.Quarantined, Reason: "limit_size", Class: finding.ClassUnreadable, Reply: finding.ReplyNone, ReplyReason: "stranger"})
			o.quiet("12 09:10")
			o.decide("12 14:00", standing.Decision{Kind: standing.Assign, Units: []string{"HU-BINHSON"}, Arrival: a})
			o.owed("12 14:01")
			o.quiet("12 14:20")
		}, []string{"acknowledge/" + a + " to " + clerk + " " + binhSon + " for " + a + "+HU-BINHSON"}},

		{"who only passed a report on is not answered", func(o *office) {
			o.arrival("12 09:00", finding.Verdict{ID: a, From: relayed, Verdict: finding.HeldMail, Class: finding.ClassReport, Reply: finding.ReplyNone, Parts: dossier()})
			o.decide("12 14:00", standing.Decision{Kind: standing.Assign, Units: []string{"HU-BINHSON"}, Arrival: a})
			o.owed("12 14:10")
		}, []string{"receipt/" + a + " to " + binhSon + " for " + a + "+HU-BINHSON"}},

		{"nor is the desk, when it forwards", func(o *office) {
			o.filed("12 09:00", a, "HU-BINHSON", o.Campaign.Desk[0], dossier()...)
			o.owed("12 09:10")
		}, []string{"receipt/" + a + " to " + binhSon + " for " + a}},

		{"nor a machine that sent a report which the desk then gave to a unit", func(o *office) {
			o.arrival("12 09:00", finding.Verdict{ID: a, From: "scanner@hubinhson.quangngai.example", Verdict: finding.HeldMail, Reason: "automatic_with_report", Class: finding.ClassReport,
				Reply: finding.ReplyNone, ReplyReason: "automatic_auto_submitted", Parts: dossier()})
			o.decide("12 14:00", standing.Decision{Kind: standing.Assign, Units: []string{"HU-BINHSON"}, Arrival: a})
			o.owed("12 14:10")
		}, []string{"receipt/" + a + " to " + binhSon + " for " + a + "+HU-BINHSON"}},

		{"a mail answered to one unit and then given to another is answered to that one", func(o *office) {
			o.filed("12 09:00", a, "HU-BATO", clerk, dossier()...)
			o.owed("12 09:10")
			o.decide("12 14:00", standing.Decision{Kind: standing.Assign, Units: []string{"HU-BINHSON"}, Arrival: a})
			o.owed("12 14:10")
			o.quiet("12 14:20")
		}, []string{
			"receipt/" + a + " to " + clerk + " " + baTo + " for " + a,
			"receipt/" + a + "@HU-BINHSON to " + clerk + " " + binhSon + " for " + a + "+HU-BINHSON"}},

		{"a mail that the desk sets aside before it was answered is not", func(o *office) {
			o.filed("12 09:00", a, "HU-BINHSON", binhSon, dossier()...)
			o.decide("12 09:05", standing.Decision{Kind: standing.Reject, Arrival: a})
			o.quiet("12 09:20")
		}, nil},

		{"duplicates, bounces and absences are never answered", func(o *office) {
			for i, class := range []string{finding.ClassDuplicate, finding.ClassBounce, finding.ClassAutomatic} {
				o.arrival("12 09:00", finding.Verdict{ID: fmt.Sprintf("%05d-AAAAA", i), From: binhSon, Verdict: finding.IgnoredMail, Class: class, Reply: finding.ReplyNone})
			}
			o.quiet("12 09:30")
		}, nil},
	} {
		t.Run(x.sentence, func(t *testing.T) {
			t.Parallel()
			o := newOffice(t, "HU-BINHSON", "HU-BATO", "VP-TU").invited()
			x.tell(o)
			if got := o.said(); !slices.Equal(got, x.said) {
				t.Errorf("said\n %s\nwant\n %s", strings.Join(got, "\n "), strings.Join(x.said, "\n "))
			}
			// Whatever was posted can be rendered, and has nobody in Cc.
			o.read("12 23:00")
			o.deliver("12 23:00")
			for _, m := range o.smtp.sent {
				if head, _, _ := strings.Cut(string(m.raw), "\r\n\r\n"); strings.Contains(head, "\nCc:") || strings.Contains(head, "\nBcc:") {
					t.Errorf("somebody stands in Cc:\n%s", head)
				}
			}
		})
	}
}

// quiet fails if anything is owed at when.
func (o *office) quiet(when string) {
	o.t.Helper()
	if got := o.owed(when); got != "" {
		o.t.Errorf("at %s: %s", when, got)
	}
}

func (o *office) claimed(when, id, unit, from string) {
	o.t.Helper()
	o.arrival(when, finding.Verdict{ID: id, From: from, Unit: &unit, Claimed: true, Verdict: finding.Filed, Class: finding.ClassReport, Reply: finding.ReplyReceipt, Parts: dossier()})
}

// said lists the letters besides invitations, sorted.
func (o *office) said() []string {
	var all []string
	for key, l := range o.letters() {
		if l.Kind != "invite" {
			all = append(all, key+" to "+strings.Join(l.To, " ")+" for "+strings.Join(l.Answers, " "))
		}
	}
	slices.Sort(all)
	return all
}

func TestARobotIsNotAnsweredForLong(t *testing.T) {
	o := newOffice(t, "HU-BINHSON").invited()
	for i := range 60 {
		o.filed(fmt.Sprintf("12 09:%02d", i), fmt.Sprintf("%05d-AAAAA", i), "HU-BINHSON", binhSon, report(fmt.Sprint(i, ".docx")))
		o.owed(fmt.Sprintf("12 %02d:%02d", 9+(i+10)/60, (i+10)%60))
	}
	o.Campaign.ReceiptDelay = 0
	for i := range 60 {
		o.filed(fmt.Sprintf("12 14:%02d", i), fmt.Sprintf("%05d-BBBBB", i), "HU-BINHSON", binhSon, report(fmt.Sprint("b", i, ".docx")))
		o.owed(fmt.Sprintf("12 14:%02d", i))
	}
	if got := len(o.said()); got != ceiling {
		t.Errorf("%d letters in a day, want %d", got, ceiling)
	}
	// What waits gets one answer when the day is over.
	o.owed("13 15:00")
	if got := len(o.said()); got != ceiling+1 {
		t.Errorf("%d letters the day after, want %d", got, ceiling+1)
	}
}

func TestAUnitIsNotAskedForLongAboutStrangers(t *testing.T) {
	o := newOffice(t, "HU-BINHSON").invited()
	for i := range 40 {
		o.claimed(fmt.Sprintf("12 09:%02d", i), fmt.Sprintf("%05d-AAAAA", i), "HU-BINHSON", fmt.Sprintf("x%d@mail.example", i))
	}
	o.owed("12 10:00")
	asked := 0
	for _, l := range o.said() {
		if strings.HasPrefix(l, "confirm/") {
			asked++
		}
	}
	if asked != ceiling || len(o.said()) != 40+ceiling {
		t.Errorf("asked %d times, %d letters", asked, len(o.said()))
	}
}

// Asking whose a report is must not tell a stranger of units that his own mail
// does not name.
func TestCandidatesAreThoseThatTheMailNames(t *testing.T) {
	o := newOffice(t, "HU-BINHSON", "HU-BATO", "VP-TU")
	m := &finding.Verdict{Candidates: []string{"HU-BINHSON", "HU-BATO", "VP-TU"}, Evidence: []finding.Evidence{
		{Kind: "sender", Unit: "VP-TU"}, {Kind: "thread", Unit: "HU-BATO"}, {Kind: "subject", Unit: "HU-BINHSON"}, {Kind: "filename", Unit: "HU-BINHSON"}, {Kind: "body", Unit: "S-YT"}}}
	var codes []string
	for _, u := range o.candidates(letter.Facts{Mails: []*finding.Verdict{m}}) {
		codes = append(codes, u.Code)
	}
	if want := []string{"HU-BINHSON"}; !slices.Equal(codes, want) {
		t.Errorf("%v, want %v", codes, want)
	}
}

// A unit goes out of the roster while it waits for an answer: what it sent
// was once enough to end every later round in a panic.
func TestAUnitLeavesTheRosterBeforeItIsAnswered(t *testing.T) {
	const a = "AAAAA-00001"
	for _, c := range []struct {
		sentence string
		tell     func(*office)
		want     string
	}{
		{"its report is acknowledged to who sent it", func(o *office) { o.filed("12 09:00", a, "HU-BATO", baTo, dossier()...) },
			"acknowledge/" + a + " to " + baTo + " for " + a},
		{"a claimed one as well, and nobody is asked to confirm it", func(o *office) { o.claimed("12 09:00", a, "HU-BATO", clerk) },
			"acknowledge/" + a + " to " + clerk + " for " + a},
		{"one that the desk gave to it, too", func(o *office) {
			o.arrival("12 09:00", finding.Verdict{ID: a, From: clerk, Verdict: finding.HeldMail, Class: finding.ClassReport, Reply: finding.ReplyAskUnit, Parts: dossier()})
			o.decide("12 09:05", standing.Decision{Kind: standing.Assign, Units: []string{"HU-BATO"}, Arrival: a})
		}, "acknowledge/" + a + " to " + clerk + " for " + a + "+HU-BATO"},
		{"its own word that it has sent is no other unit's", func(o *office) {
			o.arrival("12 09:00", finding.Verdict{ID: a, From: baTo, Unit: new("HU-BATO"), Verdict: finding.Filed, Class: finding.ClassStatement, Reply: finding.ReplyAcknowledge})
		}, "acknowledge/" + a + " to " + baTo + " for " + a},
		{"a machine is not answered", func(o *office) {
			o.arrival("12 09:00", finding.Verdict{ID: a, Unit: new("HU-BATO"), Verdict: finding.Filed, Class: finding.ClassReport, Reply: finding.ReplyReceipt, Parts: dossier()})
		}, ""},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			o := newOffice(t, "HU-BINHSON", "HU-BATO").invited()
			c.tell(o)
			o.Campaign.Units = slices.DeleteFunc(slices.Clone(o.Campaign.Units), func(u config.Unit) bool { return u.Code == "HU-BATO" })
			o.owed("12 10:00")
			var said []string
			for _, l := range o.said() {
				said = append(said, strings.TrimSpace(l))
			}
			if got := strings.Join(said, ", "); got != c.want {
				t.Errorf("said %s, want %s", got, c.want)
			}
			o.deliver("12 10:00")
			s := o.situation("12 10:00")
			if d, _ := o.pending(s); len(d) != 1 || d[0].Mail.ID != a || d[0].Reason != letter.ReasonLeft {
				t.Errorf("a person is asked about %+v", d)
			}
			if (len(o.smtp.sent) > 0) != (c.want != "") {
				t.Errorf("%d mails", len(o.smtp.sent))
			}
			if _, _, err := o.Render(s, o.named(Owed{Key: letter.DigestKind + "/x", Kind: letter.DigestKind, To: o.Campaign.Desk})); err != nil {
				t.Error(err)
			}
		})
	}
}

// Whether a filing is the unit's, the unit was once asked only in the moment
// of the receipt, and only about the newest mail.
func TestTheUnitIsAskedAboutEachClaim(t *testing.T) {
	const a, b = "AAAAA-00001", "BBBBB-00002"
	for _, c := range []struct {
		sentence string
		tell     func(*office)
		want     string
	}{
		{"its mailbox had as many letters as one gets in a day: it is asked the day after", func(o *office) {
			o.Campaign.ReceiptDelay = 0
			for i := range ceiling {
				o.filed(fmt.Sprintf("12 08:%02d", i), fmt.Sprintf("%05d-CCCCC", i), "HU-BATO", baTo, report(fmt.Sprint(i)))
				o.owed(fmt.Sprintf("12 08:%02d", i))
			}
			o.claimed("12 09:00", a, "HU-BATO", clerk)
			if got := o.owed("12 09:30"); got != "receipt/"+a {
				o.t.Errorf("on the day: %s", got)
			}
			o.owed("13 10:30")
			o.quiet("14 10:30")
		}, "confirm/" + a + " to " + baTo},
		{"the desk accepted the newer of two mails: the receipt for both goes to the mailbox, and tells it", func(o *office) {
			o.claimed("12 09:00", a, "HU-BATO", clerk)
			o.claimed("12 09:03", b, "HU-BATO", clerk)
			o.decide("12 09:05", standing.Decision{Kind: standing.Assign, Units: []string{"HU-BATO"}, Arrival: b})
			o.owed("12 09:30")
			o.quiet("12 10:30")
		}, ""},
		{"a stranger says whose his report is: the unit is asked about the report, not about the answer", func(o *office) {
			o.arrival("12 09:00", finding.Verdict{ID: a, From: clerk, Verdict: finding.HeldMail, Reason: "unknown_sender", Class: finding.ClassReport, Reply: finding.ReplyAskUnit, Parts: []finding.Part{report("1")}})
			o.owed("12 09:10")
			unit := "HU-BATO"
			o.arrival("12 09:20", finding.Verdict{ID: b, From: clerk, Unit: &unit, Claimed: true, Verdict: finding.Filed, Reason: "named_its_unit", Class: finding.ClassConfirmation,
				Reply: finding.ReplyNone, ReplyReason: "receipt_follows", Attests: []finding.Attestation{{Arrival: a, Unit: "HU-BATO", Claimed: true}}})
			o.owed("12 09:40")
			o.quiet("12 10:40")
		}, "confirm/" + a + " to " + baTo},
		{"what the desk passed on is told to the mailbox by the receipt", func(o *office) {
			o.claimed("12 09:00", a, "HU-BATO", o.Campaign.Desk[0])
			o.owed("12 09:30")
			o.quiet("12 10:30")
		}, ""},
		{"the desk accepts the newer one while the question waits: it is asked about the older", func(o *office) {
			o.claimed("12 09:00", a, "HU-BATO", clerk)
			o.claimed("12 09:03", b, "HU-BATO", clerk)
			o.smtp.answers(baTo, greyList)
			o.owed("12 09:30")
			o.deliver("12 09:30")
			o.decide("12 09:31", standing.Decision{Kind: standing.Assign, Units: []string{"HU-BATO"}, Arrival: b})
			o.deliver("12 09:40")
			o.owed("12 09:45")
		}, "confirm/" + a + " to " + baTo},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			o := newOffice(t, "HU-BATO", "HU-BINHSON").invited()
			c.tell(o)
			var asked []string
			for key, l := range o.letters() {
				if l.Kind == letter.Confirm && l.Withdrawn == "" {
					asked = append(asked, key+" to "+strings.Join(l.To, " "))
				}
			}
			if got := strings.Join(asked, ", "); got != c.want {
				t.Errorf("asked %s, want %s", got, c.want)
			}
		})
	}
}
