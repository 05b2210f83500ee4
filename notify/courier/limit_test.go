package courier

import (
	"errors"
	"net/textproto"
	"testing"
)

// What servers say when an account has sent too much, and what sounds like it.
func TestALimitOfOursIsToldFromATroubleOfTheirs(t *testing.T) {
	for _, c := range []struct {
		sentence string
		stage    Stage
		code     int
		text     string
		ours     bool
		kind     Kind
	}{
		{"a day's quota of the sender", StageRcpt, 550, "5.4.5 Daily user sending limit exceeded.", true, Trouble},
		{"the same after the data", StageFinal, 550, "5.4.5 Daily sending quota exceeded", true, Trouble},
		{"a large host on outgoing spam", StageFinal, 554, "5.2.0 STOREDRV.Submission.Exception:OutboundSpamException; Failed to process message", true, Trouble},
		{"an outbound limit", StageRcpt, 554, "5.2.0 outbound message limit exceeded for this account", true, Trouble},
		{"a limit on recipients a day", StageRcpt, 550, "5.1.90 Your message can't be sent because you've reached your daily limit for message recipients", true, Trouble},
		{"an hour's limit of a web host", StageRcpt, 550, "Domain bdvtu.example has exceeded the max emails per hour (500/500 (100%)) allowed. Message discarded.", true, Trouble},
		{"a policy server", StageRcpt, 450, "4.7.1 <a@hu.example>: Recipient address rejected: Policy rejection; Message quota exceeded", true, Trouble},
		{"a rate", StageRcpt, 452, "4.7.0 Rate limit exceeded, try again later", true, Trouble},
		{"a shop that closes for the hour", StageMail, 421, "4.7.0 Try again later, closing connection.", true, Trouble},
		{"too many mails", StageFinal, 454, "4.7.0 Too many messages sent, slow down", true, Trouble},
		{"unusual activity", StageFinal, 550, "5.4.6 Unusual sending activity detected", true, Trouble},
		{"a sender that is not let in", StageMail, 550, "5.1.8 Access denied, bad outbound sender", true, Trouble},
		{"greylisting", StageRcpt, 451, "4.7.1 Greylisted, try again in 300 seconds", false, Trouble},
		{"somebody gets too much mail", StageRcpt, 450, "4.2.1 The user you are trying to contact is receiving mail at a rate that prevents additional messages from being delivered", false, Trouble},
		{"a full mailbox", StageRcpt, 552, "5.2.2 The email account that you tried to reach is over quota", false, Refused},
		{"a full mailbox in other words", StageRcpt, 452, "4.2.2 mailbox quota exceeded", false, Trouble},
		{"nobody there", StageRcpt, 550, "5.1.1 User unknown", false, Refused},
		{"a mail that is too large", StageFinal, 552, "5.3.4 Message size exceeds fixed limit", false, Refused},
		{"the disk of their server", StageFinal, 452, "4.3.1 Insufficient system storage", false, Trouble},
		{"spam, they say", StageFinal, 554, "5.7.1 Message rejected as spam by content filter", false, Refused},
	} {
		out := settle(c.stage, &textproto.Error{Code: c.code, Msg: c.text})
		if out.Ours() != c.ours || out.Kind != c.kind {
			t.Errorf("%s: ours %t, %s; want %t, %s", c.sentence, out.Ours(), out.Kind, c.ours, c.kind)
		}
		if c.ours && out.Address() {
			t.Errorf("%s: held against the address", c.sentence)
		}
	}
	if out := settle(StageFinal, errors.New("EOF")); out.Ours() {
		t.Error("what may have been delivered is not given back")
	}
}
