package finding

import "strings"

// Dead reports whether the bounce shows that mail does not reach its address:
// what came back is provably a letter of ours to it, for good, and for a
// reason that lies in the address. Anybody can write a delivery status.
func (b *Bounce) Dead() bool {
	status := b.Status
	if b.Meaning != "" {
		status = b.Meaning
	}
	// X.0.0 says no more than "failed": Exim knows no other word.
	return b.Ours && b.Permanent && b.Address != "" && (AboutAddress(status) || strings.HasSuffix(status, ".0.0"))
}

// Soft reports whether the bounce gives a letter of ours back for a reason that
// passes: a full mailbox, or one that could not be reached in time. A notice
// that a letter is delayed gives nothing back.
func (b *Bounce) Soft() bool {
	full := b.Status == "5.2.2" || b.Meaning == "5.2.2"
	return b.Ours && b.Address != "" && !b.Delayed && !b.Dead() && (!b.Permanent || full)
}

// AboutAddress reports whether a status (RFC 3463 §3) says that there is no
// such recipient, so that every other letter to it will fare alike. A full
// mailbox (5.2.2) is a mailbox, and 5.1.7 and 5.1.8 are about the sender's.
func AboutAddress(status string) bool {
	switch status {
	case "5.1.7", "5.1.8":
		return false
	case "5.2.1", "5.4.4", "5.4.310", "5.6.7": // disabled, no route, no such domain, an address beyond ASCII (RFC 6531)
		return true
	}
	return strings.HasPrefix(status, "5.1.")
}
