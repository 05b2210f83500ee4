package ledger

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// What can be wrong with the machine and the servers. They are words of
// alarms, of /healthz and of metrics.
const (
	IncidentMailbox = "mailbox" // cannot be read
	IncidentSMTP    = "smtp"    // the mail server takes no letters
	IncidentLimit   = "limit"   // our own ceiling of a day is reached, letters wait
	IncidentDisk    = "disk"    // nearly full
	IncidentStorage = "storage" // what is to be kept cannot be written, or what was kept cannot be read
	IncidentQuota   = "quota"   // the mailbox is nearly full
	IncidentReader  = "reader"  // the confined child does not start
	IncidentOffice  = "office"  // LibreOffice does not
	IncidentClock   = "clock"   // this machine's clock is behind the mail server's
)

// Incidents are all of them, in the order in which they are told.
var Incidents = []string{IncidentMailbox, IncidentSMTP, IncidentLimit, IncidentDisk, IncidentStorage, IncidentQuota, IncidentReader, IncidentOffice, IncidentClock}

// Incident is the last time that something was wrong. It is kept in the ledger,
// so that a restart neither begins nor ends it.
//
// Nobody is told that it is over before it has been gone for Calm, and a look
// has found it gone then: what comes and goes with every poll, however rare the
// polls are, is one trouble.
type Incident struct {
	Since time.Time `json:"since,omitzero"` // when it was first met; zero: never
	Text  string    `json:"text,omitempty"` // what was said of it first, one line
	Well  time.Time `json:"well,omitzero"`  // since when it is not met any more; zero: it was, the last time
	Over  bool      `json:"over,omitempty"` // it has been gone for long enough
	// Last is when it was met last, of what is looked at only after the letters
	// of a round have been written; zero of others.
	Last time.Time `json:"last,omitzero"`
	// What has been done about it besides letters, which have keys.
	Logged bool `json:"logged,omitempty"`
	Told   bool `json:"told,omitempty"` // alarm_command has been told
}

// Calm is for how long a trouble must be gone to be over.
const Calm = 10 * time.Minute

// Open reports whether it goes on, or is not surely over.
func (t Incident) Open() bool { return !t.Since.IsZero() && !t.Over }

// Now reports whether it was there the last time that anybody looked.
func (t Incident) Now() bool { return t.Open() && t.Well.IsZero() }

// Lasted is for how long it was there, as is known at now.
func (t Incident) Lasted(now time.Time) time.Duration {
	switch {
	case !t.Last.IsZero():
		now = t.Last
	case !t.Well.IsZero():
		now = t.Well
	}
	return now.Sub(t.Since)
}

// mark names the ledger's mark of a trouble.
func mark(what string) string {
	switch what {
	case IncidentMailbox:
		return MarkTrouble
	case IncidentDisk:
		return MarkDisk
	}
	return what + "_trouble"
}

// Incident is what is known of one. Older programs wrote a time and a text.
func (tx *Tx) Incident(what string) (t Incident, err error) {
	text, err := tx.Marked(mark(what))
	switch {
	case err != nil || text == "":
		return t, err
	case strings.HasPrefix(text, "{"):
		if err := json.Unmarshal([]byte(text), &t); err != nil {
			return Incident{}, fmt.Errorf("ledger: mark %s: %w", mark(what), err)
		}
		return t, nil
	}
	first, rest, _ := strings.Cut(text, " ")
	t.Since, _ = time.Parse(time.RFC3339Nano, first)
	t.Text = oneLine(rest)
	return t, nil
}

// Met notes that a trouble was met now. One that began at an instant that has
// not been yet begins now: its clock was put right since.
func (tx *Tx) Met(what, text string) error {
	t, err := tx.Incident(what)
	ahead := t.Since.After(tx.now.Add(Slack))
	switch {
	case err != nil || t.Now() && !ahead:
		return err
	case t.Open() && !ahead:
		t.Well = time.Time{}
	default:
		t = Incident{Since: tx.now.UTC().Truncate(time.Second), Text: oneLine(text)}
	}
	return tx.SetIncident(what, t)
}

// Unmet notes that somebody looked now and there is no such trouble.
func (tx *Tx) Unmet(what string) error {
	t, err := tx.Incident(what)
	switch {
	case err != nil || !t.Open():
		return err
	case t.Well.IsZero(), t.Well.After(tx.now.Add(Slack)):
		t.Well = tx.now.UTC().Truncate(time.Second)
		return tx.SetIncident(what, t)
	}
	return nil
}

// SetIncident remembers what has become of a trouble.
func (tx *Tx) SetIncident(what string, t Incident) error {
	b, err := json.Marshal(t)
	if err != nil {
		return fmt.Errorf("ledger: %w", err)
	}
	return tx.Mark(mark(what), string(b))
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
