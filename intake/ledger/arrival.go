package ledger

import (
	"database/sql"
	"errors"
	"fmt"
	"time"

	"dondoc/intake/finding"
)

// Arrival is a mail that is kept, with or without its verdict yet.
type Arrival struct {
	ID       string
	SHA256   string // of the raw bytes, hex: its name in the archive
	Size     int64
	Received time.Time
	Source   string // "INBOX", a file's name
	Spam     bool   // read from a folder for spam
	Tries    int    // readers that it has defeated
	// Marked says that the mailbox showed it as dealt with by this very ledger
	// when it was kept, which the ledger does not remember.
	Marked bool
}

// Location is where a mailbox shows an arrival (RFC 3501 §2.3.1.1: a UID
// means something only together with its mailbox's UIDVALIDITY).
type Location struct {
	Account     string
	Folder      string
	UIDValidity uint32
	UID         uint32
}

// Known returns the UIDs of a folder, from one on, that are kept already.
func (l *Ledger) Known(account, folder string, uidValidity, from uint32) (map[uint32]bool, error) {
	rows, err := l.look.Query(`SELECT uid FROM location WHERE account = $1 AND folder = $2 AND uidvalidity = $3 AND uid >= $4`, account, folder, uidValidity, from)
	if err != nil {
		return nil, fmt.Errorf("ledger: %w", err)
	}
	defer rows.Close()
	known := map[uint32]bool{}
	for rows.Next() {
		var uid uint32
		if err := rows.Scan(&uid); err != nil {
			return nil, fmt.Errorf("ledger: %w", err)
		}
		known[uid] = true
	}
	return known, rows.Err()
}

// ErrSameID says that two different mails have one id, which is 50 bits of
// their hashes.
var ErrSameID = errors.New("two different mails have the same id")

// Keep records that the raw bytes of a are in the archive. loc may be nil.
// A mail whose bytes are known already is the same arrival, wherever it was
// seen again: fresh is false, and the first time of receipt stands.
func (tx *Tx) Keep(a Arrival, loc *Location) (fresh bool, err error) {
	var id, sha string
	err = tx.tx.QueryRow(`SELECT id, sha256 FROM arrival WHERE id = $1`, a.ID).Scan(&id, &sha)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		fresh = true
		_, err = tx.tx.Exec(`INSERT INTO arrival (id, sha256, size, received, source, spam, message_id, digest, verdict, tries, owner, lease, marked, turn)
			VALUES ($1, $2, $3, $4, $5, $6, '', '', '', 0, '', 0, $7, (SELECT COALESCE(MAX(turn), 0) + 1 FROM arrival))`, a.ID, a.SHA256, a.Size, ms(a.Received), a.Source, a.Spam, a.Marked)
		if err == nil && a.Marked {
			err = tx.Forgot(0, 1)
		}
	case err == nil && sha != a.SHA256:
		err = fmt.Errorf("%w: %s (%s, %s)", ErrSameID, a.ID, sha, a.SHA256)
	}
	if err != nil {
		return false, fmt.Errorf("ledger: %w", err)
	}
	if loc != nil {
		_, err = tx.tx.Exec(`INSERT INTO location (account, folder, uidvalidity, uid, arrival, told) VALUES ($1, $2, $3, $4, $5, 0) ON CONFLICT DO NOTHING`,
			loc.Account, loc.Folder, loc.UIDValidity, loc.UID, a.ID)
		if err != nil {
			return false, fmt.Errorf("ledger: %w", err)
		}
	}
	return fresh, nil
}

// ClaimArrivals takes the oldest arrivals without a verdict for this process,
// at most n, of several received at one time the one kept first; none when
// there is none left but those that this round has passed over.
func (tx *Tx) ClaimArrivals(n int, passed map[string]bool) (claimed []Arrival, err error) {
	rows, err := tx.tx.Query(`SELECT id, sha256, size, received, source, spam, marked, tries, owner, lease FROM arrival WHERE verdict = '' ORDER BY received, turn, id`)
	if err != nil {
		return nil, fmt.Errorf("ledger: %w", err)
	}
	defer rows.Close()
	for len(claimed) < n && rows.Next() {
		var a Arrival
		var received, lease int64
		var by string
		if err := rows.Scan(&a.ID, &a.SHA256, &a.Size, &received, &a.Source, &a.Spam, &a.Marked, &a.Tries, &by, &lease); err != nil {
			return nil, fmt.Errorf("ledger: %w", err)
		}
		a.Received = at(received)
		if !passed[a.ID] && tx.free(by, lease) {
			claimed = append(claimed, a)
		}
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("ledger: %w", err)
	}
	rows.Close()
	for _, a := range claimed {
		_, err := tx.tx.Exec(`UPDATE arrival SET owner = $1, lease = $2 WHERE id = $3`, tx.ledger.owner.name, ms(tx.now)+leaseMillis, a.ID)
		if err != nil {
			return nil, fmt.Errorf("ledger: %w", err)
		}
	}
	return claimed, nil
}

// free reports whether a claim no longer holds: it ran out, or whoever made it
// has died. A process claims again only when it is through with what it had
// claimed, so its own claim is one that it gave up.
func (tx *Tx) free(by string, lease int64) bool {
	return by == tx.ledger.owner.name || lease < ms(tx.now) || !tx.ledger.owner.alive(by)
}

// Tried counts one more reader that the arrival has defeated.
func (tx *Tx) Tried(id string) error {
	_, err := tx.tx.Exec(`UPDATE arrival SET tries = tries + 1, owner = '', lease = 0 WHERE id = $1`, id)
	return err
}

// Judge records the one verdict of an arrival: the fact and the row together.
// An arrival that has its verdict already keeps it; done is then false.
func (tx *Tx) Judge(v *finding.Verdict) (done bool, err error) {
	res, err := tx.tx.Exec(`UPDATE arrival SET verdict = $1, message_id = $2, digest = $3, owner = '', lease = 0 WHERE id = $4 AND verdict = ''`,
		v.Verdict, v.MessageID, v.Digest, v.ID)
	if err != nil {
		return false, fmt.Errorf("ledger: %w", err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return false, err
	}
	return true, tx.Append(FactMail, v.ID, v)
}

// SameMail returns the ids of the arrivals already judged with the same
// Message-ID and the same content.
func (tx *Tx) SameMail(messageID, digest, except string) (ids []string, err error) {
	if messageID == "" {
		return nil, nil
	}
	rows, err := tx.tx.Query(`SELECT id FROM arrival WHERE message_id = $1 AND digest = $2 AND id <> $3 AND verdict <> '' ORDER BY received, id`,
		messageID, digest, except)
	if err != nil {
		return nil, fmt.Errorf("ledger: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, fmt.Errorf("ledger: %w", err)
		}
		ids = append(ids, id)
	}
	return ids, rows.Err()
}

// Waiting counts the arrivals without a verdict.
func (tx *Tx) Waiting() (n int, err error) {
	err = tx.tx.QueryRow(`SELECT COUNT(*) FROM arrival WHERE verdict = ''`).Scan(&n)
	return n, err
}

// Untold returns the places of judged mails that the mailbox has not been told
// of yet.
func (tx *Tx) Untold(account string) ([]Location, error) {
	rows, err := tx.tx.Query(`SELECT l.account, l.folder, l.uidvalidity, l.uid FROM location l JOIN arrival a ON a.id = l.arrival
		WHERE l.told = 0 AND l.account = $1 AND a.verdict <> '' ORDER BY l.folder, l.uidvalidity, l.uid`, account)
	if err != nil {
		return nil, fmt.Errorf("ledger: %w", err)
	}
	defer rows.Close()
	var all []Location
	for rows.Next() {
		var l Location
		if err := rows.Scan(&l.Account, &l.Folder, &l.UIDValidity, &l.UID); err != nil {
			return nil, fmt.Errorf("ledger: %w", err)
		}
		all = append(all, l)
	}
	return all, rows.Err()
}

// Misplaced forgets where the mailbox shows an arrival, so that it is fetched
// again wherever it lies: its bytes are gone.
func (tx *Tx) Misplaced(id string) error {
	_, err := tx.tx.Exec(`DELETE FROM location WHERE arrival = $1`, id)
	return err
}

// Told records that the mailbox was told of the place.
func (tx *Tx) Told(l Location) error {
	_, err := tx.tx.Exec(`UPDATE location SET told = 1 WHERE account = $1 AND folder = $2 AND uidvalidity = $3 AND uid = $4`, l.Account, l.Folder, l.UIDValidity, l.UID)
	return err
}

// Arrivals returns every arrival, for verify.
func (tx *Tx) Arrivals() ([]Arrival, error) {
	rows, err := tx.tx.Query(`SELECT id, sha256, size, received, source, spam, tries FROM arrival ORDER BY received, turn, id`)
	if err != nil {
		return nil, fmt.Errorf("ledger: %w", err)
	}
	defer rows.Close()
	var all []Arrival
	for rows.Next() {
		var a Arrival
		var received int64
		if err := rows.Scan(&a.ID, &a.SHA256, &a.Size, &received, &a.Source, &a.Spam, &a.Tries); err != nil {
			return nil, fmt.Errorf("ledger: %w", err)
		}
		a.Received = at(received)
		all = append(all, a)
	}
	return all, rows.Err()
}

// The marks that a round leaves for what is owed.
const (
	MarkRead    = "mailbox_read"    // RFC 3339: the begin of the last round that read every folder whole
	MarkTrouble = "mailbox_trouble" // an Incident; of an older program RFC 3339, a space, what the server said
	MarkRound   = "round"           // RFC 3339: the begin of the last round, whatever came of it
	MarkDoubt   = "doubt"           // see Doubt
	MarkMoved   = "moved_unread"    // "-": the folder that mail is moved to has to be read, for a ledger that may be older than it; "" else
	MarkSent    = "sent_seen"       // RFC 3339: when the folder for sent mail was last looked through to its end
	MarkDisk    = "disk_low"        // the same; its text is the bytes that were free
)

// Mark remembers a small thing by name.
func (tx *Tx) Mark(name, value string) error {
	_, err := tx.tx.Exec(`INSERT INTO mark (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value`, name, value)
	return err
}

// Marked returns what Mark remembered, or "".
func (tx *Tx) Marked(name string) (string, error) {
	var value string
	err := tx.tx.QueryRow(`SELECT value FROM mark WHERE name = $1`, name).Scan(&value)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return value, err
}
