package notify

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"dondoc/intake/finding"
	"dondoc/intake/ledger"
	"dondoc/notify/letter"
	"dondoc/schedule/standing"
)

// What keeps two machines from writing to each other without end, when nothing
// in the other's mails shows that it is one. All of it is worked out from the
// letters that were posted: an answer that is not given stays owed, and is
// given when the stop is over.

// ceiling is how many answers an address gets in a day at most. Everything
// sent to it counts; only answers are held back by it, so that nobody's flood
// costs a unit its reminder or the desk its digest.
const ceiling = 20

// full returns a function that counts one more answer to an address, unless it
// has had as many letters as one gets in a day.
func (n *Notifier) full(s Situation) func(address string) bool {
	had := map[string]int{}
	for l := range s.since(s.Now.Add(-24 * time.Hour)) {
		if s.within(l.Posted, 24*time.Hour) {
			for _, a := range l.To {
				had[a]++
			}
		}
	}
	return func(address string) bool {
		if had[address] >= ceiling {
			return true
		}
		had[address]++
		return false
	}
}

// stop is how long an address that talks like a machine is not answered, unless
// the desk says before that it is a person.
const stop = 24 * time.Hour

// chatter is how many addresses' worth of loops stop the answers to everybody:
// so many answers in an hour went to somebody who had just had one and sent
// nothing new.
const chatter = 10

// loop is a conversation that was stopped: with one address, or with everybody
// ("").
type loop struct {
	address string
	since   time.Time
	count   int
}

// key names the alarm about it.
func (l loop) key() string {
	sum := sha256.Sum256([]byte(l.address))
	return letter.AlarmKind + "/" + letter.AlarmLoop + "-" + l.since.UTC().Format(stamp) + "-" + hex.EncodeToString(sum[:3])
}

// holds reports whether an address is not answered.
func holds(loops []loop, address string) bool {
	return slices.ContainsFunc(loops, func(l loop) bool { return l.address == "" || l.address == address })
}

// mind marks the talks that get no answer for now: their senders talk like
// machines, or have had as many letters as one gets in a day. They hold up no
// reminder either: no answer is under way that it could cross.
func (n *Notifier) mind(s Situation) {
	if len(s.talks) == 0 {
		return
	}
	stopped, full := n.loops(s), n.full(s)
	for i := range s.talks {
		t := &s.talks[i]
		t.stopped = !t.given && (holds(stopped, t.from) && !s.progress(t.mails) || t.from != "" && full(t.from))
	}
}

// loops are the conversations that are stopped now. An answer counts where the
// mails that it answers brought nothing new that could be taken: a clerk who
// sends part after part is answered each time.
func (n *Notifier) loops(s Situation) []loop {
	most := n.Campaign.SMTP.AnswersPerHour
	if most == 0 {
		return nil
	}
	posted := map[string][]*ledger.Letter{}
	for l := range s.since(s.Now.Add(-stop - time.Hour)) {
		if isAnswer(l.Kind) && len(l.To) > 0 && s.within(l.Posted, stop+time.Hour) {
			posted[l.To[0]] = append(posted[l.To[0]], l)
		}
	}
	// What a mail brought is looked up only where the letters alone look like a
	// conversation: a busy desk has thousands of both.
	hasty := 0
	for address, letters := range posted {
		slices.SortFunc(letters, func(a, b *ledger.Letter) int { return a.Posted.Compare(b.Posted) })
		again := closely(postings(letters))
		hasty += len(again)
		if len(again) == 0 {
			delete(posted, address)
		}
	}
	var found []loop
	var again []time.Time // answers to somebody who had one within the hour
	for address, letters := range posted {
		if hasty < most*chatter && burst(postings(letters), most).IsZero() {
			continue
		}
		letters = slices.DeleteFunc(letters, func(l *ledger.Letter) bool { return s.progress(n.answered(s, l)) })
		again = append(again, closely(postings(letters))...)
		if since := burst(postings(letters), most); s.stopped(since, address) {
			found = append(found, loop{address, since, most})
		}
	}
	slices.SortFunc(again, time.Time.Compare)
	if since := burst(again, most*chatter); s.stopped(since, "") {
		found = append(found, loop{"", since, most * chatter})
	}
	slices.SortFunc(found, func(a, b loop) int { return cmp.Or(a.since.Compare(b.since), strings.Compare(a.address, b.address)) })
	return found
}

// postings are when the letters were posted.
func postings(letters []*ledger.Letter) (times []time.Time) {
	for _, l := range letters {
		times = append(times, l.Posted)
	}
	return times
}

// closely are those of the instants that come within an hour of the one before.
func closely(times []time.Time) (again []time.Time) {
	for i := 1; i < len(times); i++ {
		if times[i].Sub(times[i-1]) < time.Hour {
			again = append(again, times[i])
		}
	}
	return again
}

// isAnswer reports whether letters of the kind answer a mail.
func isAnswer(kind string) bool {
	return kind == letter.Receipt || kind == letter.Corrections || kind == letter.AskUnit || kind == letter.Acknowledge
}

// burst is the last instant at which there had been so many within an hour;
// zero if there never were.
func burst(times []time.Time, most int) (last time.Time) {
	for i := most - 1; i < len(times); i++ {
		if times[i].Sub(times[i-most+1]) < time.Hour {
			last = times[i]
		}
	}
	return last
}

// stopped reports whether a stop since then still holds: a day has not passed,
// and the desk has not lifted it (resume --address).
func (s Situation) stopped(since time.Time, address string) bool {
	if since.IsZero() || s.Now.Sub(since) >= stop {
		return false
	}
	return !slices.ContainsFunc(s.alive, func(d standing.Decision) bool {
		return d.Kind == standing.Resume && d.At.After(since) && (d.Address == "all" || d.Address != "" && strings.EqualFold(d.Address, address))
	})
}

// progress reports whether any of the mails brought a part of a report that can
// be taken and that had not come before, or an order of the desk that was
// carried out.
func (s Situation) progress(mails []*finding.Verdict) bool {
	return slices.ContainsFunc(mails, func(m *finding.Verdict) bool {
		if m.Command != nil && slices.ContainsFunc(m.Command.Orders, func(x finding.Carried) bool { return x.Outcome == finding.OrderDone }) {
			return true
		}
		return slices.ContainsFunc(m.Parts, func(p finding.Part) bool {
			taken := p.Verdict == finding.Accepted || p.Verdict == finding.AcceptedWithNotes
			return taken && (p.Kind == finding.Report || p.Kind == finding.Appendix || p.Kind == finding.Model) && !s.before(m, p.SHA256)
		})
	})
}

// before reports whether a file had come in an earlier mail.
func (s Situation) before(m *finding.Verdict, sha string) bool {
	for x := range s.whole.With(sha) {
		if x.Received.Before(m.Received) && slices.ContainsFunc(x.Parts, func(p finding.Part) bool { return p.SHA256 == sha }) {
			return true
		}
	}
	return false
}
