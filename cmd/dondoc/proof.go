package main

import (
	"context"
	"fmt"
	"strings"

	"dondoc/intake"
)

// proofJSON is `verify --receipt ID --json`.
type proofJSON struct {
	ID       string        `json:"id"`
	Number   string        `json:"number"` // that letters name: "7K3M5"
	Received *string       `json:"received"`
	Source   string        `json:"source"`
	From     string        `json:"from"`
	Subject  string        `json:"subject"`
	Unit     *string       `json:"unit"`
	Claimed  bool          `json:"claimed"`
	Size     int64         `json:"size"`
	SHA256   string        `json:"sha256"` // of the mail as it came
	Verdict  string        `json:"verdict"`
	Reason   string        `json:"reason"`
	Class    string        `json:"class"`
	Decided  *string       `json:"decided"`
	Kept     []intake.Kept `json:"kept"`
	Chain    *chainJSON    `json:"chain"` // null while it has no verdict
	Letters  []letterJSON  `json:"letters"`
	Holds    bool          `json:"holds"`
	Damage   []damageJSON  `json:"damage"`
}

// chainJSON is where the verdict stands in the chain of facts.
type chainJSON struct {
	Seq      int64   `json:"seq"`
	Recorded *string `json:"recorded"`
	Before   string  `json:"hash_before"`
	Hash     string  `json:"hash"`
	HeadSeq  int64   `json:"head_seq"`
	Head     string  `json:"head"`
}

// proof shows what is known of one mail, and that it still is what came.
func (c *verifyCmd) proof(ctx context.Context, o *office) error {
	ids, err := o.intake.Mails(ctx, c.Receipt)
	if err != nil {
		return err
	}
	switch len(ids) {
	case 0:
		return wrong{
			VI: fmt.Sprintf("không có thư nào mã tiếp nhận %q. Mã gồm 5 chữ và số, ghi trong thư báo nhận (7K3M5) hoặc đầu tên trong dondoc held list, dondoc why ĐƠN-VỊ", c.Receipt),
			EN: fmt.Sprintf("no mail has the receipt number %q. It is the five letters and digits that a receipt names (7K3M5); dondoc held list and dondoc why UNIT show ids too", c.Receipt),
		}
	case 1:
	default:
		return wrong{VI: fmt.Sprintf("%q hợp với nhiều thư: %s; ghi mã dài hơn", c.Receipt, strings.Join(ids, ", ")),
			EN: fmt.Sprintf("%q fits several mails: %s; write more of the id", c.Receipt, strings.Join(ids, ", "))}
	}
	p, err := o.intake.Prove(ctx, ids[0])
	if err != nil {
		return err
	}
	j := o.proofJSON(ids[0], p)
	if err := o.print(j, func() { o.printProof(j, p) }); err != nil {
		return err
	}
	if !j.Holds {
		return errDamage
	}
	return nil
}

func (o *office) proofJSON(id string, p intake.Proof) proofJSON {
	number, _, _ := strings.Cut(id, "-")
	j := proofJSON{ID: id, Number: number, Received: o.stamp(ms(p.Arrival.Received)), Source: p.Arrival.Source, Size: p.Arrival.Size, SHA256: p.Arrival.SHA256,
		Kept: p.Files, Letters: []letterJSON{}, Damage: []damageJSON{}, Holds: len(p.Damage) == 0}
	if m := p.Verdict; m != nil {
		j.Received = o.stamp(ms(m.Received))
		j.From, j.Subject, j.Unit, j.Claimed = m.From, m.Subject, m.Unit, m.Claimed
		j.Verdict, j.Reason, j.Class, j.Decided = m.Verdict, m.Reason, m.Class, o.stamp(ms(m.Decided))
	}
	for _, l := range p.Links {
		j.Chain = &chainJSON{Seq: l.Seq, Recorded: o.stamp(ms(l.At)), Before: l.Prev, Hash: l.Hash, HeadSeq: p.End.Seq, Head: p.End.Hash}
	}
	for _, l := range p.Letters {
		j.Letters = append(j.Letters, o.letterJSON(l))
	}
	for _, d := range p.Damage {
		j.Damage = append(j.Damage, damageJSON{d, o.damage(d)})
	}
	return j
}

func (o *office) printProof(j proofJSON, p intake.Proof) {
	line := func(vi, en string, args ...any) {
		fmt.Fprintln(o.Stdout, inert(fmt.Sprintf(o.either(vi, en), args...)))
	}
	line("Mã tiếp nhận %s (%s)", "Receipt %s (%s)", j.Number, j.ID)
	line("Nhận lúc %s theo giờ máy chủ thư, từ %s, %d byte", "Received at %s by the mail server's clock, from %s, %d bytes", o.when(p.Arrival.Received), j.Source, j.Size)
	if m := p.Verdict; m == nil {
		line("Chưa xét xong: chưa có kết quả trong sổ.", "Not judged yet: the ledger has no verdict.")
	} else {
		line("Người gửi: %s", "From: %s", m.From)
		line("Tiêu đề: %s", "Subject: %s", m.Subject)
		whose := o.either("chưa ghi cho đơn vị nào", "of no unit")
		if u, ok := o.campaign.Unit(m.UnitCode()); ok {
			whose = u.Name + " (" + u.Code + ")"
		}
		if m.Claimed {
			whose += o.either(", chưa xác nhận là của đơn vị", ", not confirmed as the unit's")
		}
		line("Kết quả xét: %s (%s), %s, lúc %s", "Verdict: %s (%s), %s, at %s", o.word(m.Verdict), m.Reason, whose, o.when(m.Decided))
	}
	for _, k := range j.Kept {
		state := o.either("ĐÚNG như khi nhận", "as it came")
		if k.What == "letter" {
			state = o.either("ĐÚNG như khi gửi", "as it was sent")
		}
		if !k.Holds {
			state = o.either("KHÔNG KHỚP", "DOES NOT MATCH")
		}
		line("    %-9s %s  sha256 %s  %s", "    %-9s %s  sha256 %s  %s", o.either(damageWhat[k.What][0], damageWhat[k.What][1]), k.Name, k.SHA256, state)
	}
	if c := j.Chain; c != nil {
		line("Trong sổ: mục %d, ghi lúc %s", "In the ledger: fact %d, recorded at %s", c.Seq, o.when(p.Links[len(p.Links)-1].At))
		line("    mã băm mục trước %s", "    hash of the fact before  %s", c.Before)
		line("    mã băm mục này   %s", "    hash of this fact        %s", c.Hash)
		line("    cuối sổ hiện nay: mục %d, mã băm %s", "    end of the ledger now: fact %d, hash %s", c.HeadSeq, c.Head)
	}
	if len(p.Letters) == 0 {
		line("Chưa có thư trả lời.", "No letter has answered it.")
	}
	for _, l := range p.Letters {
		line("Thư trả lời: %s, xếp gửi lúc %s: %s", "Answered by: %s, posted at %s: %s", l.Key, o.when(l.Posted), inert(o.outcomes(l, nil)))
	}
	for _, d := range j.Damage {
		line("%s: %s", "%s: %s", o.damaged(d.Damage), d.Detail)
	}
	if j.Holds {
		line("Đã băm lại %d mục và tính lại cả sổ: tất cả khớp.", "%d items were hashed again, and the whole ledger recomputed: all of it matches.", len(j.Kept))
	} else {
		line("KHÔNG KHỚP: %d chỗ, ghi ở trên.", "DOES NOT MATCH: %d places, named above.", len(j.Damage))
	}
}
