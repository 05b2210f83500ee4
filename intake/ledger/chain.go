package ledger

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"dondoc/intake/finding"
	"dondoc/schedule/standing"
)

// The kinds of facts.
const (
	FactMail     = "mail"     // body: finding.Verdict
	FactDecision = "decision" // body: standing.Decision
	FactLetter   = "letter"   // body: Posted: a letter was posted
	FactSkipped  = "skipped"  // body: Skipped: a step of the ladder that is not sent any more
	FactDelivery = "delivery" // body: Delivered: what the mail server said
)

// Posted is the fact that a letter was put into the queue, and why.
type Posted struct {
	Key       string   `json:"key"`
	Kind      string   `json:"kind"`
	Unit      string   `json:"unit,omitempty"`
	Reason    string   `json:"reason"`
	Addresses []string `json:"addresses"`
	Answers   []string `json:"answers,omitempty"` // arrivals that it answers
	Withdrawn string   `json:"withdrawn,omitempty"`
}

// Skipped is the fact that a letter is not sent any more.
type Skipped struct {
	Key    string `json:"key"`
	Unit   string `json:"unit"`
	Reason string `json:"reason"`
}

// Delivered is the fact of one attempt at one recipient.
type Delivered struct {
	Key     string `json:"key"`
	Unit    string `json:"unit,omitempty"`
	Address string `json:"address"`
	Outcome string `json:"outcome"`
	Detail  string `json:"detail,omitempty"`
	Dead    bool   `json:"dead,omitempty"` // the refusal is about the address, not about this letter
}

// Entry is a fact that is neither a mail nor a decision, decoded, for `why`
// and the digest.
type Entry struct {
	At        time.Time
	Kind      string
	Posted    *Posted
	Skipped   *Skipped
	Delivered *Delivered
}

// Append adds a fact. It becomes part of what Facts returns in this
// transaction at once, and of everybody's after the commit.
func (tx *Tx) Append(kind, subject string, body any) error {
	text, err := json.Marshal(body)
	if err != nil {
		return fmt.Errorf("ledger: %w", err)
	}
	var seq int64
	prev := ""
	rows, err := tx.tx.Query(`SELECT seq, hash FROM fact ORDER BY seq DESC LIMIT 1`)
	if err != nil {
		return fmt.Errorf("ledger: %w", err)
	}
	if rows.Next() {
		err = rows.Scan(&seq, &prev)
	}
	rows.Close()
	if err != nil {
		return fmt.Errorf("ledger: %w", err)
	}
	seq++
	when := ms(tx.now)
	_, err = tx.tx.Exec(`INSERT INTO fact (seq, at, kind, subject, body, prev, hash) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		seq, when, kind, subject, string(text), prev, link(prev, seq, when, kind, subject, string(text)))
	if err != nil {
		return fmt.Errorf("ledger: %w", err)
	}
	tx.added = true
	return nil
}

// link is the hash of a fact, over the hash of the one before and all it says.
func link(prev string, seq, at int64, kind, subject, body string) string {
	sum := sha256.Sum256([]byte(strings.Join([]string{prev, strconv.FormatInt(seq, 10), strconv.FormatInt(at, 10), kind, subject, body}, "\x00")))
	return hex.EncodeToString(sum[:])
}

// Facts returns the chain as this transaction sees it. The slices are shared:
// read them only.
func (tx *Tx) Facts() (standing.Facts, error) {
	p, err := tx.past()
	return p.facts, err
}

// Entries returns the facts about letters, as this transaction sees them.
func (tx *Tx) Entries() ([]Entry, error) {
	p, err := tx.past()
	return p.notes, err
}

// past decodes only what has come since the last look. What this transaction
// itself added is not remembered: it may be rolled back.
func (tx *Tx) past() (past, error) {
	l := tx.ledger
	l.mu.Lock()
	defer l.mu.Unlock()
	var end int64
	if err := tx.tx.QueryRow(`SELECT COALESCE(MAX(seq), 0) FROM fact`).Scan(&end); err != nil {
		return past{}, fmt.Errorf("ledger: %w", err)
	}
	p := l.past
	switch {
	case p.seq == end:
		return p, nil
	case p.seq > end:
		// This transaction began before what others have looked at since. It
		// must not see the future, and what it sees is not kept.
		p = past{}
	}
	fresh := p.seq >= l.past.seq && !tx.added
	if !fresh {
		// Appending must not write behind the slices that others share.
		p.facts.Mails, p.facts.Decisions, p.notes = slices.Clip(p.facts.Mails), slices.Clip(p.facts.Decisions), slices.Clip(p.notes)
	}
	rows, err := tx.tx.Query(`SELECT seq, at, kind, body FROM fact WHERE seq > $1 ORDER BY seq`, p.seq)
	if err != nil {
		return past{}, fmt.Errorf("ledger: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var seq, when int64
		var kind, body string
		if err := rows.Scan(&seq, &when, &kind, &body); err != nil {
			return past{}, fmt.Errorf("ledger: %w", err)
		}
		if err := p.take(seq, at(when), kind, body); err != nil {
			return past{}, fmt.Errorf("ledger: fact %d cannot be read: %w; run dondoc verify", seq, err)
		}
	}
	if err := rows.Err(); err != nil {
		return past{}, fmt.Errorf("ledger: %w", err)
	}
	if fresh {
		l.past = p
	}
	return p, nil
}

func (p *past) take(seq int64, when time.Time, kind, body string) error {
	p.seq = seq
	switch kind {
	case FactMail:
		v := new(finding.Verdict)
		if err := json.Unmarshal([]byte(body), v); err != nil {
			return err
		}
		p.facts.Mails = append(p.facts.Mails, v)
		p.reach(v, when)
	case FactDecision:
		var d standing.Decision
		if err := json.Unmarshal([]byte(body), &d); err != nil {
			return err
		}
		p.facts.Decisions = append(p.facts.Decisions, d)
	case FactLetter:
		e := Entry{At: when, Kind: kind, Posted: new(Posted)}
		if err := json.Unmarshal([]byte(body), e.Posted); err != nil {
			return err
		}
		p.notes = append(p.notes, e)
	case FactSkipped:
		e := Entry{At: when, Kind: kind, Skipped: new(Skipped)}
		if err := json.Unmarshal([]byte(body), e.Skipped); err != nil {
			return err
		}
		p.notes = append(p.notes, e)
	case FactDelivery:
		e := Entry{At: when, Kind: kind, Delivered: new(Delivered)}
		if err := json.Unmarshal([]byte(body), e.Delivered); err != nil {
			return err
		}
		p.notes = append(p.notes, e)
		if e.Delivered.Dead {
			p.dead(e.Delivered.Address, when)
		}
	}
	return nil
}

// reach keeps book of the addresses that mail does not reach: a bounce of a
// letter of ours may close an address, a mail that comes from it opens it again.
func (p *past) reach(v *finding.Verdict, when time.Time) {
	if v.Bounce != nil && v.Bounce.Dead() {
		p.dead(v.Bounce.Address, when)
		return
	}
	if _, ok := p.facts.Dead[v.From]; ok && v.Human() {
		p.alive(v.From)
	}
}

// dead and alive copy the map: an older view of the facts may still be in use.
func (p *past) dead(address string, since time.Time) {
	m := map[string]time.Time{strings.ToLower(address): since}
	for a, t := range p.facts.Dead {
		if _, ok := m[a]; !ok {
			m[a] = t
		}
	}
	p.facts.Dead = m
}

func (p *past) alive(address string) {
	m := make(map[string]time.Time, len(p.facts.Dead))
	for a, t := range p.facts.Dead {
		if a != address {
			m[a] = t
		}
	}
	p.facts.Dead = m
}

// Break is a place where the chain of facts does not hold.
type Break struct {
	Seq    int64
	Detail string
}

// VerifyChain recomputes every link of the chain and reports where it breaks.
func (tx *Tx) VerifyChain() (count int64, breaks []Break, err error) {
	rows, err := tx.tx.Query(`SELECT seq, at, kind, subject, body, prev, hash FROM fact ORDER BY seq`)
	if err != nil {
		return 0, nil, fmt.Errorf("ledger: %w", err)
	}
	defer rows.Close()
	last, want := "", int64(1)
	for rows.Next() {
		var seq, when int64
		var kind, subject, body, prev, hash string
		if err := rows.Scan(&seq, &when, &kind, &subject, &body, &prev, &hash); err != nil {
			return 0, nil, fmt.Errorf("ledger: %w", err)
		}
		count++
		switch {
		case seq != want:
			breaks = append(breaks, Break{seq, fmt.Sprintf("fact %d is missing", want)})
		case prev != last:
			breaks = append(breaks, Break{seq, fmt.Sprintf("fact %d does not follow on fact %d", seq, seq-1)})
		case hash != link(prev, seq, when, kind, subject, body):
			breaks = append(breaks, Break{seq, fmt.Sprintf("fact %d was changed after it was written", seq)})
		}
		last, want = hash, seq+1
	}
	return count, breaks, rows.Err()
}
