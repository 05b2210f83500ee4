// Package witness watches a campaign from outside and judges at the end
// whether the promises were kept. It knows what was put into the committee's
// mailbox, what the mail server accepted from the program, what the desk
// commanded, and what the program's own commands say; nothing of how the
// program decides or remembers. It therefore shares no code with it, and never
// looks into its database.
package witness

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"
)

// Kind is the promise that a Finding says was broken.
type Kind string

const (
	// Lost: a mail without exactly one verdict, or one that nobody will look
	// at; a file that was sent in and is not in ho-so as it was sent.
	Lost Kind = "lost"
	// FiledTwice: one mail, or one file of it, counts twice.
	FiledTwice Kind = "filed twice"
	// LetterTwice: one recipient got a letter twice, and not because the
	// program died after the server had taken it.
	LetterTwice Kind = "letter twice"
	// WrongUnit: a mail, a file or a letter went to a unit that it does not
	// concern.
	WrongUnit Kind = "wrong unit"
	// Nagged: a unit was reminded that had done its part, or is not to be
	// reminded, or had had a letter that day.
	Nagged Kind = "nagged"
	// Unanswered: a person who wrote was not told what came of it.
	Unanswered Kind = "unanswered"
	// MachineAnswered: a letter went to a machine, or answers our own mail.
	MachineAnswered Kind = "machine answered"
	// Misrecorded: the program says of its letters, or of what it keeps,
	// something that is not so.
	Misrecorded Kind = "misrecorded"
)

// Finding is one broken promise, as a sentence in both languages.
type Finding struct {
	Kind   Kind
	VI, EN string
}

func (f Finding) String() string { return string(f.Kind) + ": " + f.EN }

// In is the sentence in lang.
func (f Finding) In(lang string) string {
	if lang == "en" {
		return f.EN
	}
	return f.VI
}

// Campaign is what the witness has to know of the campaign.
type Campaign struct {
	Zone         *time.Location // whose days count
	Office       string         // the committee's own address
	Desk         []string
	Units        []Unit
	Since        time.Time     // mail from before is none of the campaign
	ReceiptDelay time.Duration // an answer may wait so long
	Poll         time.Duration // so long after its receipt a mail may still be unknown to the program
}

// Unit is a row of the roster.
type Unit struct {
	Code       string
	Group      string // units of one group owe one dossier; "" for none
	Addresses  []string
	AutoRemind bool
	// Unread is true where the unit's mailboxes cannot be looked into, so that
	// it is not known what arrived.
	Unread bool
}

// Sender is who wrote a mail.
type Sender string

const (
	Person  Sender = "person"
	Machine Sender = "machine"
	Office  Sender = "office" // the committee's own address
	Desk    Sender = "desk"
)

// Mail is one mail in the committee's mailbox. What the story does not tell is
// read off the mail itself, by plain rules: a machine says so in its header, a
// person of a unit writes from an address of the roster.
type Mail struct {
	Raw    []byte
	Folder string
	At     time.Time // of receipt, by the mail server

	By   Sender // "" as the header says
	Unit string // whose mail it is; "" as the sender's address says
	// Files are what has to be kept of it, such as those in a container; nil:
	// the papers that are attached.
	Files [][]byte
	// Asks is true where only a person can say whose it is.
	Asks bool
	// Completes is true where the unit has given all that it owes once this
	// mail is there.
	Completes bool
}

// Letter is a mail that the mail server accepted from the program, for one
// recipient.
type Letter struct {
	To  string
	Raw []byte // without what servers add on the way
	At  time.Time
}

// Account is all that was seen of one campaign. Its methods may be called from
// several goroutines, and on a nil Account, which sees nothing.
type Account struct {
	campaign Campaign

	mu      sync.Mutex
	turn    int // counts what was seen, in order
	mails   []*arrival
	letters []*letter
	orders  []order
	byHand  map[string]bool // Message-IDs of mails that a person answered
	cuts    int
	said    testimony
}

// order is a command line of the desk's.
type order struct {
	at   time.Time
	args []string
}

// New begins an account.
func New(c Campaign) *Account { return &Account{campaign: c} }

// Campaign is what the account was begun with.
func (a *Account) Campaign() Campaign { return a.campaign }

// Clone is the account so far, to be gone on with in a copy of the campaign.
func (a *Account) Clone() *Account {
	if a == nil {
		return nil
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	return &Account{campaign: a.campaign, turn: a.turn, mails: slices.Clone(a.mails), letters: slices.Clone(a.letters), orders: slices.Clone(a.orders), byHand: maps.Clone(a.byHand), cuts: a.cuts}
}

// Put tells of a mail in the committee's mailbox. The same bytes are the same
// mail, wherever they lie.
func (a *Account) Put(m Mail) {
	if a == nil {
		return
	}
	x := a.read(m)
	a.mu.Lock()
	defer a.mu.Unlock()
	a.turn++
	x.turn = a.turn
	if !slices.ContainsFunc(a.mails, func(y *arrival) bool { return y.id == x.id }) {
		a.mails = append(a.mails, x)
	}
}

// Took tells of a letter that the mail server accepted.
func (a *Account) Took(l Letter) {
	if a == nil {
		return
	}
	x := open(l)
	a.mu.Lock()
	defer a.mu.Unlock()
	a.turn++
	x.turn = a.turn
	a.letters = append(a.letters, x)
}

// Ordered tells of a command line that the desk gave, which was carried out.
func (a *Account) Ordered(at time.Time, args ...string) {
	if a == nil {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.orders = append(a.orders, order{at, slices.Clone(args)})
}

// Replied tells of a mail that a person of the desk wrote in the committee's
// own mail program: what it answers, the program need not answer.
func (a *Account) Replied(raw []byte) {
	if a == nil {
		return
	}
	p := parse(raw)
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.byHand == nil {
		a.byHand = map[string]bool{}
	}
	a.byHand[p.inReplyTo] = true
}

// Cut tells that the program was stopped n times, or its connection cut, where
// it may not have learnt that the server had taken a letter. Each may cost one
// repetition, in the same bytes.
func (a *Account) Cut(n int) {
	if a == nil {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.cuts += n
}

// Seen counts the mails, letters and repetitions of letters so far.
func (a *Account) Seen() (mails, letters, repeated int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, same := range a.byKey() {
		repeated += len(same) - 1
	}
	return len(a.mails), len(a.letters), repeated
}

// live is when the desk let letters go out; zero if it has not.
func (a *Account) live() (at time.Time) {
	for _, o := range a.orders {
		if len(o.args) > 1 && o.args[0] == "invite" && slices.Contains(o.args, "--yes") && (at.IsZero() || o.at.Before(at)) {
			at = o.at
		}
	}
	return at
}

// decided is what the desk decided about a mail last: the unit that it was
// given to, or "" where it was set aside.
func (a *Account) decided(id string) (unit string, ok bool) {
	bare := func(s string) string { return strings.ReplaceAll(strings.ToUpper(s), "-", "") }
	for _, o := range a.orders {
		if len(o.args) < 3 || o.args[0] != "held" || !strings.HasPrefix(bare(id), bare(o.args[2])) {
			continue
		}
		switch {
		case o.args[1] == "assign" && len(o.args) > 3:
			unit, ok = o.args[3], true
		case o.args[1] == "reject":
			unit, ok = "", true
		}
	}
	return unit, ok
}

// dealtWith reports whether the desk has dealt with what a mail says.
func (a *Account) dealtWith(id string) bool {
	return slices.ContainsFunc(a.orders, func(o order) bool {
		return len(o.args) > 2 && o.args[0] == "held" && o.args[1] == "done" && strings.HasPrefix(strings.ToUpper(id), strings.ToUpper(o.args[2]))
	})
}

// addresses are all that belong to the units of the group of code, those
// included that the desk registered.
func (a *Account) addresses(code string) []string {
	var all []string
	for _, u := range a.campaign.Units {
		if a.same(u.Code, code) {
			all = append(all, u.Addresses...)
		}
	}
	for _, o := range a.orders {
		if len(o.args) > 2 && o.args[0] == "alias" && a.same(o.args[1], code) {
			all = append(all, o.args[2])
		}
	}
	return all
}

// same reports whether two units owe one dossier.
func (a *Account) same(one, other string) bool {
	if one == other {
		return true
	}
	x, y := a.unit(one), a.unit(other)
	return x != nil && y != nil && x.Group != "" && x.Group == y.Group
}

func (a *Account) unit(code string) *Unit {
	for i := range a.campaign.Units {
		if a.campaign.Units[i].Code == code {
			return &a.campaign.Units[i]
		}
	}
	return nil
}

// owners are the units that an address is registered for.
func (a *Account) owners(address string) (codes []string) {
	for _, u := range a.campaign.Units {
		if slices.ContainsFunc(a.addresses(u.Code), func(own string) bool { return strings.EqualFold(own, address) }) {
			codes = append(codes, u.Code)
		}
	}
	return codes
}

func clock(t time.Time) string { return t.Format("15:04:05 02/01") }

func (c *check) found(kind Kind, vi, en string, args ...any) {
	c.findings = append(c.findings, Finding{kind, fmt.Sprintf(vi, args...), fmt.Sprintf(en, args...)})
}
