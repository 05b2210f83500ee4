package finding

import "time"

// What an Order tells us to do.
const (
	OrderChoose = "choose" // "1A": choice Number of a digest, by its Letter
	OrderUndo   = "undo"   // "HOÀN TÁC 1": take back what choice Number did; 0: what the same words did for everybody
	OrderStop   = "stop"   // "DỪNG NHẮC": no reminders to anybody
	OrderResume = "resume" // "MỞ LẠI"
)

// Order is one thing that a mail of the desk tells us to do, as it was read in
// the child. Whether it is done is decided by who wrote it and what it answers.
type Order struct {
	Do     string `json:"do"`
	Number int    `json:"number,omitempty"`
	Letter string `json:"letter,omitempty"` // "A"
}

// What became of an Order.
const (
	OrderDone    = "done"
	OrderAlready = "already" // somebody has decided it before
	OrderSettled = "settled" // it waits for nobody any more: a mail came, or a command was given
	OrderUnknown = "unknown" // the digest has no such number, or the number no such letter
	OrderNothing = "nothing" // nothing is there to be undone
)

// Why nothing of a Command was carried out.
const (
	CommandForged  = "forged" // nothing in it shows that it answers a digest
	CommandFailed  = "sender_authentication_failed"
	CommandForeign = "stranger" // it answers a digest, but comes from no address of the desk
	CommandStale   = "stale"    // a newer digest had gone out before it came
)

// Command is what a mail of the desk told us to do and what became of it.
type Command struct {
	Letter  string    `json:"letter,omitempty"`  // key of the digest that it answers
	Refused string    `json:"refused,omitempty"` // why nothing of it was done
	Orders  []Carried `json:"orders,omitempty"`
	Unclear []string  `json:"unclear,omitempty"` // lines that were not understood, verbatim, bounded
}

// Carried is one order and what became of it.
type Carried struct {
	Order
	Outcome   string    `json:"outcome,omitempty"`
	Decisions []string  `json:"decisions,omitempty"` // those recorded by it; of already: the one that stands
	Text      string    `json:"text,omitempty"`      // of the option: what its reader was told that it does
	By        string    `json:"by,omitempty"`        // of already and settled: who decided, if a person did
	At        time.Time `json:"at,omitzero"`         // when
}
