package intake

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"dondoc/intake/archive"
	"dondoc/intake/finding"
	"dondoc/intake/ledger"
)

// The codes of Damage, besides those of the chain itself (ledger.Break). "Row"
// is what the working tables say is still to be done, "fact" what the chain
// says has happened.
const (
	BytesMissing     = "bytes_missing"
	BytesChanged     = "bytes_changed"
	BytesUnreadable  = "bytes_unreadable"
	MailRowMissing   = "mail_row_missing"
	MailFactMissing  = "mail_fact_missing"
	MailTwice        = "mail_twice"
	MailVerdict      = "mail_verdict"
	MailOtherBytes   = "mail_other_bytes"
	LetterRowMissing = "letter_row_missing"
	LetterNoFact     = "letter_fact_missing"
	LetterWithdrawn  = "letter_withdrawn"
	DeliveryMissing  = "delivery_missing"
	DeliveryNoFact   = "delivery_fact_missing"
	DeliveryOutcome  = "delivery_outcome"
)

// Damage is something that is not as it was recorded.
type Damage struct {
	What     string `json:"what"` // fact, mail, file, letter, delivery
	ID       string `json:"id"`   // number of the fact, id of the mail, key of the letter, mail and path of the file
	Code     string `json:"code"`
	Unit     string `json:"unit,omitempty"`
	Address  string `json:"address,omitempty"`  // of a delivery
	Recorded string `json:"recorded,omitempty"` // what the facts say
	Found    string `json:"found,omitempty"`    // what stands there instead
	SHA256   string `json:"sha256,omitempty"`
}

// Verified is what verify found.
type Verified struct {
	Facts   int64    `json:"facts"`
	Mails   int      `json:"mails"`
	Files   int      `json:"files"`
	Letters int      `json:"letters"`
	Damage  []Damage `json:"damage"`
	// Unreferenced counts archived bytes that nothing names. That is no
	// damage: a process killed between keeping and recording leaves them.
	Unreferenced int `json:"unreferenced"`
	// Tree: copies for people that are gone or were saved over. That is no
	// damage: the archive has them.
	TreeMissing []string `json:"tree_missing"`
	TreeChanged []string `json:"tree_changed"`
	Repaired    int      `json:"repaired"`
	// Mended counts attached files that were taken out of their mails again,
	// Asked the mails that the next round asks the mailbox for.
	Mended int `json:"mended"`
	Asked  int `json:"asked"`
}

// stored is what has to be in the archive, and what names it.
type stored struct{ what, id, unit, sha string }

// damage is what is wrong with the archived bytes, as Archive.Check says it.
func (b stored) damage(result error) Damage {
	d := Damage{What: b.what, ID: b.id, Unit: b.unit, Code: BytesUnreadable, SHA256: b.sha}
	switch {
	case errors.Is(result, fs.ErrNotExist):
		d.Code = BytesMissing
	case errors.Is(result, archive.ErrChanged):
		d.Code = BytesChanged
	default:
		d.Found = result.Error()
	}
	return d
}

// broken is a break of the chain of facts.
func broken(b ledger.Break) Damage {
	id := fmt.Sprint(b.From)
	if b.To > b.From {
		id += fmt.Sprintf("–%d", b.To)
	}
	return Damage{What: "fact", ID: id, Code: b.Code, Found: b.Subject}
}

// mend gets back what has gone from an archive that is older than the ledger,
// or has lost a part: an attached file out of its mail, a mail out of the
// mailbox, which the next round is made to read as one that it does not know.
func (in *Intake) mend(ctx context.Context, v *Verified) error {
	arrivals := map[string]ledger.Arrival{}
	err := in.Ledger.Read(ctx, func(tx *ledger.Tx) error {
		all, err := tx.Arrivals()
		for _, a := range all {
			arrivals[a.ID] = a
		}
		return err
	})
	if err != nil {
		return err
	}
	read := map[string]bool{}
	var left []Damage
	var asked []string
	for _, d := range v.Damage {
		id, _, _ := strings.Cut(d.ID, " ")
		a, known := arrivals[id]
		if d.Code != BytesMissing || !known || d.What != "mail" && d.What != "file" {
			left = append(left, d)
			continue
		}
		switch {
		case d.What == "mail":
			asked = append(asked, id)
		case !read[id] && in.Archive.Check(a.SHA256) == nil:
			read[id] = true
			r, err := in.reading(ctx, a)
			if err == nil {
				err = in.keepParts([]answer{r})
			}
			if err != nil && defeated(err) == "" {
				return err
			}
		}
		if in.Archive.Check(d.SHA256) == nil {
			v.Mended++
		} else {
			left = append(left, d)
		}
	}
	v.Damage, v.Asked = append([]Damage{}, left...), len(asked)
	if len(asked) == 0 {
		return nil
	}
	return in.Ledger.Write(ctx, time.Time{}, func(tx *ledger.Tx) error {
		for _, id := range asked {
			if err := tx.Misplaced(id); err != nil {
				return err
			}
		}
		if in.Campaign.Mailbox.Move != "" {
			return tx.Mark(ledger.MarkMoved, "-")
		}
		return nil
	})
}

// Verify compares archive and ledger, hash by hash, the chain of facts link by
// link, and the facts with the rows that were written together with them. With
// repair it puts the people's tree right.
func (in *Intake) Verify(ctx context.Context, repair bool) (v Verified, err error) {
	v.Damage, v.TreeMissing, v.TreeChanged = []Damage{}, []string{}, []string{}
	// Listed before the ledger is read: what is kept meanwhile is recorded
	// later, and would seem to be unreferenced.
	archived, err := in.Archive.List()
	if err != nil {
		return v, err
	}
	var layout []archive.Copy
	// Hashing takes long, and a transaction would keep the daemon waiting:
	// what is to be hashed is collected first.
	var kept []stored
	whole := true // the facts can be read
	err = in.Ledger.Read(ctx, func(tx *ledger.Tx) error {
		count, breaks, err := tx.VerifyChain()
		if err != nil {
			return err
		}
		v.Facts = count
		for _, b := range breaks {
			v.Damage = append(v.Damage, broken(b))
		}
		facts, entries, err := tx.Reread()
		if err != nil {
			// A fact that was tampered with may not even be readable; the
			// breaks above name it.
			if whole = false; len(breaks) == 0 {
				return err
			}
		}
		mails, err := v.mails(tx, facts.Mails, whole)
		if err != nil {
			return err
		}
		letters, err := v.letters(tx, entries, whole)
		if err != nil {
			return err
		}
		kept = append(mails, letters...)
		for _, d := range facts.Decisions {
			if d.File != nil {
				kept = append(kept, stored{"file", d.ID + " " + d.File.Name, first(d.Units), d.File.SHA256})
			}
		}
		if whole {
			layout = archive.Layout(in.Campaign, facts)
		}
		return nil
	})
	if err != nil {
		return v, err
	}
	checked := map[string]error{}
	for _, b := range kept {
		if b.what == "file" {
			v.Files++
		}
		result, done := checked[b.sha]
		if !done {
			result = in.Archive.Check(b.sha)
			checked[b.sha] = result
		}
		if result != nil {
			v.Damage = append(v.Damage, b.damage(result))
		}
		if len(checked)%64 == 0 && in.Progress != nil {
			in.Progress(len(checked), len(kept))
		}
	}
	for _, sha := range archived {
		if _, named := checked[sha]; !named && whole {
			v.Unreferenced++
		}
	}
	if repair {
		if err := in.mend(ctx, &v); err != nil {
			return v, err
		}
	}
	missing, changed := in.Tree.Compare(layout)
	for _, c := range missing {
		v.TreeMissing = append(v.TreeMissing, c.Path)
	}
	for _, c := range changed {
		v.TreeChanged = append(v.TreeChanged, c.Path)
	}
	if repair {
		err = in.Tree.Rewrite(append(missing, changed...))
		if err == nil {
			v.Repaired = len(missing) + len(changed)
		}
	}
	return v, err
}

// mails holds the arrivals against the facts of their verdicts: every arrival
// that is judged has one, and every one its arrival.
func (v *Verified) mails(tx *ledger.Tx, facts []*finding.Verdict, whole bool) (kept []stored, err error) {
	arrivals, err := tx.Arrivals()
	if err != nil {
		return nil, err
	}
	verdicts, err := tx.Verdicts()
	if err != nil {
		return nil, err
	}
	v.Mails = len(arrivals)
	judged := make(map[string]*finding.Verdict, len(facts))
	for _, m := range facts {
		_, there := verdicts[m.ID]
		switch {
		case judged[m.ID] != nil:
			v.Damage = append(v.Damage, Damage{What: "mail", ID: m.ID, Unit: m.UnitCode(), Code: MailTwice})
		case !there:
			v.Damage = append(v.Damage, Damage{What: "mail", ID: m.ID, Unit: m.UnitCode(), Code: MailRowMissing, Recorded: m.Verdict})
			if m.SHA256 != "" {
				kept = append(kept, stored{"mail", m.ID, m.UnitCode(), m.SHA256})
			}
		}
		judged[m.ID] = m
		for _, p := range m.Parts {
			if p.SHA256 != "" {
				kept = append(kept, stored{"file", m.ID + " " + p.Path, m.UnitCode(), p.SHA256})
			}
		}
	}
	for _, a := range arrivals {
		m := judged[a.ID]
		if m == nil {
			kept = append(kept, stored{"mail", a.ID, "", a.SHA256})
			if found := verdicts[a.ID]; found != "" && whole {
				v.Damage = append(v.Damage, Damage{What: "mail", ID: a.ID, Code: MailFactMissing, Found: found})
			}
			continue
		}
		kept = append(kept, stored{"mail", a.ID, m.UnitCode(), a.SHA256})
		if found := verdicts[a.ID]; found != m.Verdict {
			v.Damage = append(v.Damage, Damage{What: "mail", ID: a.ID, Unit: m.UnitCode(), Code: MailVerdict, Recorded: m.Verdict, Found: found})
		}
		if m.SHA256 != "" && m.SHA256 != a.SHA256 {
			v.Damage = append(v.Damage, Damage{What: "mail", ID: a.ID, Unit: m.UnitCode(), Code: MailOtherBytes, Recorded: m.SHA256, Found: a.SHA256})
		}
	}
	return kept, nil
}

// first is the first of the units that a decision names.
func first(units []string) string {
	if len(units) == 0 {
		return ""
	}
	return units[0]
}
