package intake

import (
	"context"
	"fmt"

	"dondoc/intake/archive"
	"dondoc/intake/finding"
	"dondoc/intake/ledger"
)

// Damage is something that is not as it was recorded.
type Damage struct {
	What   string `json:"what"` // fact, mail, file, letter
	ID     string `json:"id"`
	SHA256 string `json:"sha256,omitempty"`
	Detail string `json:"detail"`
}

// Verified is what verify found.
type Verified struct {
	Facts   int64    `json:"facts"`
	Mails   int      `json:"mails"`
	Files   int      `json:"files"`
	Letters int      `json:"letters"`
	Damage  []Damage `json:"damage"`
	// Tree: copies for people that are gone or were saved over. That is no
	// damage: the archive has them.
	TreeMissing []string `json:"tree_missing"`
	TreeChanged []string `json:"tree_changed"`
	Repaired    int      `json:"repaired"`
}

// Verify compares archive and ledger, hash by hash, and the chain of facts
// link by link. With repair it puts the people's tree right.
func (in *Intake) Verify(ctx context.Context, repair bool) (v Verified, err error) {
	v.Damage, v.TreeMissing, v.TreeChanged = []Damage{}, []string{}, []string{}
	var layout []archive.Copy
	// Hashing takes long, and a transaction would keep the daemon waiting:
	// what is to be hashed is collected first.
	type bytes struct{ what, id, sha string }
	var kept []bytes
	err = in.Ledger.Read(ctx, func(tx *ledger.Tx) error {
		count, breaks, err := tx.VerifyChain()
		if err != nil {
			return err
		}
		v.Facts = count
		for _, b := range breaks {
			v.Damage = append(v.Damage, Damage{What: "fact", ID: fmt.Sprint(b.Seq), Detail: b.Detail})
		}
		arrivals, err := tx.Arrivals()
		if err != nil {
			return err
		}
		v.Mails = len(arrivals)
		for _, a := range arrivals {
			kept = append(kept, bytes{"mail", a.ID, a.SHA256})
		}
		letters, err := tx.Letters("")
		if err != nil {
			return err
		}
		for _, l := range letters {
			if l.SHA256 != "" {
				v.Letters++
				kept = append(kept, bytes{"letter", l.Key, l.SHA256})
			}
		}
		facts, err := tx.Facts()
		if err != nil {
			// A fact that was tampered with may not even be readable; the
			// breaks above name it.
			if len(breaks) > 0 {
				return nil
			}
			return err
		}
		judged := map[string]*finding.Verdict{}
		for _, m := range facts.Mails {
			if judged[m.ID] != nil {
				v.Damage = append(v.Damage, Damage{What: "mail", ID: m.ID, Detail: "has two verdicts"})
			}
			judged[m.ID] = m
			for _, p := range m.Parts {
				if p.SHA256 != "" {
					kept = append(kept, bytes{"file", m.ID + " " + p.Path, p.SHA256})
				}
			}
		}
		for _, d := range facts.Decisions {
			if d.File != nil {
				kept = append(kept, bytes{"file", d.ID + " " + d.File.Name, d.File.SHA256})
			}
		}
		for _, a := range arrivals {
			if m := judged[a.ID]; m != nil && m.SHA256 != "" && m.SHA256 != a.SHA256 {
				v.Damage = append(v.Damage, Damage{What: "mail", ID: a.ID, Detail: "its verdict is about other bytes"})
			}
		}
		layout = archive.Layout(in.Campaign, facts)
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
			v.Damage = append(v.Damage, Damage{What: b.what, ID: b.id, SHA256: b.sha, Detail: result.Error()})
		}
		if len(checked)%64 == 0 && in.Progress != nil {
			in.Progress(len(checked), len(kept))
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
