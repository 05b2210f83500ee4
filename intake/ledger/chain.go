package ledger

import (
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
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
	FactByHand   = "by_hand"  // body: standing.ByHand: a person answered a mail
	FactClock    = "clock"    // body: SetBack: the machine's clock was set back
)

// SetBack is the fact that the clock showed less than before: what precedes it
// and is dated later was dated by a clock that was wrong.
type SetBack struct {
	From time.Time `json:"from"`
}

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
	err = tx.tx.QueryRow(`SELECT seq, hash FROM fact ORDER BY seq DESC LIMIT 1`).Scan(&seq, &prev)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("ledger: %w", err)
	}
	// Where the end of the chain was cut off or replaced, the new fact follows
	// on what stood there: going on from what is left would cover it up.
	end, err := tx.head()
	if err != nil {
		return err
	}
	if end.seq > 0 && end.seq >= seq {
		seq, prev = end.seq, end.hash
	}
	seq++
	when := ms(tx.now)
	hash := link(prev, seq, when, kind, subject, string(text))
	_, err = tx.tx.Exec(`INSERT INTO fact (seq, at, kind, subject, body, prev, hash) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		seq, when, kind, subject, string(text), prev, hash)
	if err != nil {
		return fmt.Errorf("ledger: %w", err)
	}
	if err := tx.Mark(markHead, fmt.Sprintf("%d %s", seq, hash)); err != nil {
		return fmt.Errorf("ledger: %w", err)
	}
	tx.added = true
	return nil
}

// markHead names the mark that holds the last fact's number and hash. It is
// written in the transaction of that fact. Without it nobody could tell a chain
// whose end was cut off from a shorter one.
const markHead = "chain head"

// head is the end of the chain of facts.
type head struct {
	seq  int64
	hash string
}

// head returns what the mark says; zero in a ledger to which no fact was added
// since there is such a mark. A mark that cannot be read says nothing true of
// any chain.
func (tx *Tx) head() (h head, err error) {
	text, err := tx.Marked(markHead)
	if err != nil {
		return h, fmt.Errorf("ledger: %w", err)
	}
	if text != "" {
		number, hash, _ := strings.Cut(text, " ")
		h.seq, _ = strconv.ParseInt(number, 10, 64)
		h.hash = hash
		if h.seq <= 0 {
			h = head{0, "unreadable"}
		}
	}
	return h, nil
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
// They are read each time: there are more of them than of mails, and only a
// person who asks why wants to see them.
func (tx *Tx) Entries() (all []Entry, err error) {
	rows, err := tx.tx.Query(`SELECT seq, at, kind, body FROM fact WHERE kind IN ('letter', 'skipped', 'delivery') ORDER BY seq`)
	if err != nil {
		return nil, fmt.Errorf("ledger: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var seq, when int64
		var kind, body string
		if err := rows.Scan(&seq, &when, &kind, &body); err != nil {
			return nil, fmt.Errorf("ledger: %w", err)
		}
		e := Entry{At: at(when), Kind: kind}
		var into any
		switch kind {
		case FactLetter:
			e.Posted = new(Posted)
			into = e.Posted
		case FactSkipped:
			e.Skipped = new(Skipped)
			into = e.Skipped
		default:
			e.Delivered = new(Delivered)
			into = e.Delivered
		}
		if err := json.Unmarshal([]byte(body), into); err != nil {
			return all, fmt.Errorf("ledger: fact %d cannot be read: %w; run dondoc verify", seq, err)
		}
		all = append(all, e)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("ledger: %w", err)
	}
	return all, nil
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
	if tx.seen.seq > p.seq {
		// What this transaction added before the last look need not be decoded
		// again; nobody else has these slices.
		if tx.seen.seq == end {
			return tx.seen, nil
		}
		p, err := tx.decode(tx.seen)
		if err != nil {
			return past{}, err
		}
		p.seq = end
		tx.seen = p
		return p, nil
	}
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
		p.facts.Mails, p.facts.Decisions = slices.Clip(p.facts.Mails), slices.Clip(p.facts.Decisions)
		p.facts.SetBack = slices.Clip(p.facts.SetBack)
		p.facts.ByHand, p.places = slices.Clip(p.facts.ByHand), slices.Clip(p.places)
	}
	p, err := tx.decode(p)
	if err != nil {
		return past{}, err
	}
	p.seq = end // facts about letters are not among what is decoded
	if fresh {
		p.facts = l.index.Follow(p.facts)
		l.past = p
	} else if tx.added {
		tx.seen = p
	}
	return p, nil
}

// decode adds the facts after those that p has.
func (tx *Tx) decode(p past) (past, error) {
	rows, err := tx.tx.Query(`SELECT seq, at, kind, body FROM fact WHERE seq > $1 AND (kind IN ('mail', 'decision', 'by_hand', 'clock') OR kind = 'delivery' AND body LIKE '%"dead":true%') ORDER BY seq`, p.seq)
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
		p.share(v)
		p.facts.Mails = append(p.facts.Mails, v)
		p.reach(v, when)
	case FactDecision:
		var d standing.Decision
		if err := json.Unmarshal([]byte(body), &d); err != nil {
			return err
		}
		p.facts.Decisions = append(p.facts.Decisions, d)
		if d.Kind == standing.Alias {
			p.alive(strings.ToLower(d.Address)) // the desk says that it is one
		}
	case FactByHand:
		var h standing.ByHand
		if err := json.Unmarshal([]byte(body), &h); err != nil {
			return err
		}
		p.facts.ByHand = append(p.facts.ByHand, h)
	case FactClock:
		p.facts.SetBack = append(p.facts.SetBack, standing.SetBack{To: when, Decisions: len(p.facts.Decisions)})
	case FactDelivery:
		var d Delivered
		if err := json.Unmarshal([]byte(body), &d); err != nil {
			return err
		}
		if d.Dead {
			p.dead(d.Address, when)
		}
	}
	return nil
}

// reach keeps book of the addresses that mail does not reach: a bounce of a
// letter of ours may close an address, a mail that comes from it opens it
// again. A full mailbox, or a server that could not be reached for days, is one
// that mail may reach tomorrow; one that says so three times within three days
// or more, and from which nothing came meanwhile, is one that nobody reads.
func (p *past) reach(v *finding.Verdict, when time.Time) {
	switch b := v.Bounce; {
	case b != nil && b.Dead():
		p.dead(b.Address, when)
	case b != nil && b.Soft():
		if times := p.soft(b.Address, when); len(times) >= softBounces && when.Sub(times[0]) >= softSpan {
			p.dead(b.Address, when)
		}
	case b == nil && v.Human():
		p.alive(v.From)
	}
}

const (
	softBounces = 3
	softSpan    = 72 * time.Hour
)

// soft notes a soft bounce and returns when there were any on end.
func (p *past) soft(address string, when time.Time) []time.Time {
	m := maps.Clone(p.facts.Soft)
	if m == nil {
		m = map[string][]time.Time{}
	}
	address = strings.ToLower(address)
	m[address] = append(slices.Clip(m[address]), when)
	p.facts.Soft = m
	return m[address]
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
	if _, ok := p.facts.Soft[address]; ok {
		p.facts.Soft = maps.Clone(p.facts.Soft)
		delete(p.facts.Soft, address)
	}
	if _, ok := p.facts.Dead[address]; !ok {
		return
	}
	m := make(map[string]time.Time, len(p.facts.Dead))
	for a, t := range p.facts.Dead {
		if a != address {
			m[a] = t
		}
	}
	p.facts.Dead = m
}

// The ways in which the chain of facts can break.
const (
	FactsMissing = "facts_missing" // between two others, or before the first
	FactsCut     = "facts_cut"     // at the end
	FactsAdded   = "facts_added"   // at the end, by something else than Append
	FactDetached = "fact_detached" // does not follow on the one before
	FactChanged  = "fact_changed"
)

// Break is a place where the chain of facts does not hold: From and To are the
// first and the last fact that it is about.
type Break struct {
	Code     string
	From, To int64
	Subject  string // of a fact that is there
}

// VerifyChain recomputes every link of the chain, compares its end with the
// mark, and reports where it breaks.
func (tx *Tx) VerifyChain() (count int64, breaks []Break, err error) {
	rows, err := tx.tx.Query(`SELECT seq, at, kind, subject, body, prev, hash FROM fact ORDER BY seq`)
	if err != nil {
		return 0, nil, fmt.Errorf("ledger: %w", err)
	}
	defer rows.Close()
	var last head
	for rows.Next() {
		var seq, when int64
		var kind, subject, body, prev, hash string
		if err := rows.Scan(&seq, &when, &kind, &subject, &body, &prev, &hash); err != nil {
			return 0, nil, fmt.Errorf("ledger: %w", err)
		}
		count++
		switch {
		case seq > last.seq+1:
			breaks = append(breaks, Break{FactsMissing, last.seq + 1, seq - 1, ""})
		case prev != last.hash:
			breaks = append(breaks, Break{FactDetached, seq, seq, subject})
		}
		if hash != link(prev, seq, when, kind, subject, body) {
			breaks = append(breaks, Break{FactChanged, seq, seq, subject})
		}
		last = head{seq, hash}
	}
	if err := rows.Err(); err != nil {
		return 0, nil, fmt.Errorf("ledger: %w", err)
	}
	end, err := tx.head()
	switch {
	case err != nil:
		return 0, nil, err
	case end == head{} || end == last:
	case end.seq > last.seq:
		breaks = append(breaks, Break{FactsCut, last.seq + 1, end.seq, ""})
	case end.seq < last.seq:
		breaks = append(breaks, Break{FactsAdded, end.seq + 1, last.seq, ""})
	default:
		breaks = append(breaks, Break{FactChanged, last.seq, last.seq, ""})
	}
	return count, breaks, nil
}
