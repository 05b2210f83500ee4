package intake

import (
	"context"
	"slices"
	"strings"

	"dondoc/intake/finding"
	"dondoc/intake/ledger"
)

// Proof is what can be shown of one mail: what came when, what it was taken
// for, where that stands in the chain of facts, who was told, and whether all
// bytes are still those that came.
type Proof struct {
	Arrival ledger.Arrival
	Verdict *finding.Verdict // nil while it has none
	Links   []ledger.Link    // of the fact of its verdict: one, in a ledger that holds
	End     ledger.Link      // of the whole chain, now
	Letters []ledger.Letter  // that answered it
	Files   []Kept           // the mail as it came, then its files, then the letters
	Damage  []Damage         // of these bytes, and of the chain as a whole
}

// Kept is something in the archive, read again and hashed now.
type Kept struct {
	What   string `json:"what"` // mail, file, letter
	Name   string `json:"name"`
	SHA256 string `json:"sha256"`
	Holds  bool   `json:"holds"`
}

// Mails are the ids of the arrivals that a receipt number, or the beginning of
// an id, may mean.
func (in *Intake) Mails(ctx context.Context, number string) (ids []string, err error) {
	bare := func(s string) string { return strings.ReplaceAll(strings.ToUpper(strings.TrimSpace(s)), "-", "") }
	err = in.Ledger.Read(ctx, func(tx *ledger.Tx) error {
		arrivals, err := tx.Arrivals()
		if err != nil {
			return err
		}
		facts, err := tx.Facts()
		if err != nil {
			return err
		}
		for _, a := range arrivals {
			ids = append(ids, a.ID)
		}
		for _, m := range facts.Mails {
			ids = append(ids, m.ID) // one whose row is gone is found all the same
		}
		return nil
	})
	ids = slices.DeleteFunc(ids, func(id string) bool { return bare(number) == "" || !strings.HasPrefix(bare(id), bare(number)) })
	slices.Sort(ids)
	return slices.Compact(ids), err
}

// Prove reads again what is kept of an arrival.
func (in *Intake) Prove(ctx context.Context, id string) (p Proof, err error) {
	var kept []stored
	err = in.Ledger.Read(ctx, func(tx *ledger.Tx) error {
		arrivals, err := tx.Arrivals()
		if err != nil {
			return err
		}
		if i := slices.IndexFunc(arrivals, func(a ledger.Arrival) bool { return a.ID == id }); i >= 0 {
			p.Arrival = arrivals[i]
		}
		// What somebody changed since it was read must be seen as it is now.
		facts, _, err := tx.Reread()
		if err != nil {
			return err
		}
		for _, m := range facts.Mails {
			if m.ID == id {
				p.Verdict = m
			}
		}
		if p.Links, p.End, err = tx.Links(ledger.FactMail, id); err != nil {
			return err
		}
		letters, err := tx.Letters("")
		if err != nil {
			return err
		}
		for _, l := range letters {
			if slices.Contains(l.Answers, id) || strings.HasSuffix(l.Key, "/"+id) {
				p.Letters = append(p.Letters, l)
			}
		}
		_, breaks, err := tx.VerifyChain()
		for _, b := range breaks {
			p.Damage = append(p.Damage, broken(b))
		}
		return err
	})
	if err != nil {
		return p, err
	}
	unit := ""
	if m := p.Verdict; m != nil {
		unit = m.UnitCode()
		if p.Arrival.ID == "" {
			p.Arrival = ledger.Arrival{ID: m.ID, SHA256: m.SHA256, Received: m.Received, Source: m.Source}
			p.Damage = append(p.Damage, Damage{What: "mail", ID: id, Unit: unit, Code: MailRowMissing, Recorded: m.Verdict})
		} else if m.SHA256 != "" && m.SHA256 != p.Arrival.SHA256 {
			p.Damage = append(p.Damage, Damage{What: "mail", ID: id, Unit: unit, Code: MailOtherBytes, Recorded: m.SHA256, Found: p.Arrival.SHA256})
		}
	}
	kept = append(kept, stored{"mail", id, unit, p.Arrival.SHA256})
	if p.Verdict != nil {
		for _, part := range p.Verdict.Parts {
			if part.SHA256 != "" {
				kept = append(kept, stored{"file", id + " " + part.Path, unit, part.SHA256})
			}
		}
	}
	for _, l := range p.Letters {
		if l.SHA256 != "" {
			kept = append(kept, stored{"letter", l.Key, l.Unit, l.SHA256})
		}
	}
	for _, b := range kept {
		result := in.Archive.Check(b.sha)
		p.Files = append(p.Files, Kept{b.what, strings.TrimPrefix(b.id, id+" "), b.sha, result == nil})
		if result != nil {
			p.Damage = append(p.Damage, b.damage(result))
		}
	}
	return p, nil
}
