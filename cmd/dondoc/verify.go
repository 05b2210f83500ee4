package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"dondoc/intake"
	"dondoc/intake/ledger"
)

type verifyCmd struct {
	Repair  bool   `help:"${o_repair}"`
	Receipt string `placeholder:"ID" help:"${o_receipt}"`
}

// errDamage makes the exit status 1; what is damaged has been said.
var errDamage = errors.New("damage was found")

// verifyJSON is what was found, with every damage put into words.
type verifyJSON struct {
	intake.Verified
	Damage   []damageJSON  `json:"damage"`
	Restored *restoredJSON `json:"restored,omitempty"`
}

type damageJSON struct {
	intake.Damage
	Detail string `json:"detail"`
}

func (c *verifyCmd) Run(ctx context.Context, p *Program) error {
	o, err := p.open()
	if err != nil {
		return err
	}
	defer o.Close()
	if c.Receipt != "" {
		if c.Repair {
			return wrong{VI: "--receipt chỉ đối chiếu một thư, không ghi lại gì: bỏ --repair", EN: "--receipt looks at one mail and puts nothing back: leave out --repair"}
		}
		return c.proof(ctx, o)
	}
	o.intake.Progress = p.progress("đã đối chiếu %d/%d tệp", "%d of %d files checked")
	v, err := o.intake.Verify(ctx, c.Repair)
	if err != nil {
		return err
	}
	said := verifyJSON{Verified: v, Damage: make([]damageJSON, len(v.Damage))}
	if err := o.ledger.Read(ctx, func(tx *ledger.Tx) (err error) {
		said.Restored, err = o.restored(tx, p.now())
		return err
	}); err != nil {
		return err
	}
	for i, d := range v.Damage {
		said.Damage[i] = damageJSON{d, o.damage(d)}
	}
	if err := o.print(said, func() {
		for _, d := range said.Damage {
			fmt.Fprintln(p.Stdout, inert(o.damaged(d.Damage)+": "+d.Detail))
		}
		if n := len(v.TreeMissing) + len(v.TreeChanged); n > 0 && !c.Repair {
			for _, path := range v.TreeMissing {
				p.say("ho-so: mất %s", "ho-so: gone: %s", inert(path))
			}
			for _, path := range v.TreeChanged {
				p.say("ho-so: khác bản gốc: %s", "ho-so: not as it was received: %s", inert(path))
			}
			p.say("%d tệp trong ho-so bị mất hoặc đã được sửa tay; kho lưu vẫn còn bản gốc. Ghi lại: dondoc verify --repair",
				"%d files of ho-so are gone or were changed by hand; the archive has the originals. To put them back: dondoc verify --repair", n)
		}
		if v.Repaired > 0 {
			p.say("Đã ghi lại %d tệp trong ho-so.", "Put back %d files of ho-so.", v.Repaired)
		}
		if v.Mended > 0 {
			p.say("Đã lấy lại %d tệp đính kèm từ thư gốc.", "Took %d attached files out of their mails again.", v.Mended)
		}
		if v.Asked > 0 {
			p.say("%d thư không còn trong kho lưu sẽ được đọc lại từ hộp thư ở lượt tới (dondoc once, hoặc dịch vụ đang chạy); sau đó chạy lại lệnh này.",
				"Mails that are gone from the archive: %d. They are read again from the mailbox in the next round (dondoc once, or the service); then run this again.", v.Asked)
		}
		if said.Restored != nil {
			p.say("%s", "%s", said.Restored.Text)
		}
		if v.Unreferenced > 0 {
			p.say("Kho lưu có %d tệp mà sổ không nhắc đến (thường do chương trình bị dừng giữa chừng); không phải hư hỏng.",
				"The archive has %d files that the ledger does not name (left by a stop half-way, as a rule); that is no damage.", v.Unreferenced)
		}
		p.say("Đã đối chiếu %d mục sổ, %d thư đến, %d tệp, %d thư đi: %d hư hỏng.", "Checked %d facts, %d mails, %d files, %d letters: %d damaged.",
			v.Facts, v.Mails, v.Files, v.Letters, len(v.Damage))
	}); err != nil {
		return err
	}
	if len(v.Damage) > 0 {
		return errDamage
	}
	return nil
}

// damageWhat names what is damaged.
var damageWhat = map[string][2]string{
	"fact": {"mục sổ", "fact"}, "mail": {"thư đến", "mail"}, "file": {"tệp", "file"}, "letter": {"thư đi", "letter"}, "delivery": {"lần gửi thư", "delivery of"},
}

// damageWords say what is wrong with it.
var damageWords = map[string][2]string{
	ledger.FactsMissing: {"bị mất khỏi giữa sổ", "gone from the middle of the ledger"},
	ledger.FactsCut:     {"bị mất khỏi cuối sổ", "cut off from the end of the ledger"},
	ledger.FactsAdded:   {"được thêm vào cuối sổ không phải do dondoc ghi", "added to the end of the ledger by something other than dondoc"},
	ledger.FactDetached: {"không nối tiếp mục ngay trước nó{about}", "does not follow on the fact before it{about}"},
	ledger.FactChanged:  {"bị sửa sau khi ghi{about}", "was changed after it was written{about}"},

	intake.BytesMissing:    {"không còn trong kho lưu", "is gone from the archive"},
	intake.BytesChanged:    {"nội dung trong kho lưu đã bị thay đổi", "its bytes in the archive were changed"},
	intake.BytesUnreadable: {"không đọc được trong kho lưu ({found})", "cannot be read in the archive ({found})"},

	intake.MailRowMissing:  {"sổ có kết quả xét ({recorded}) nhưng dòng ghi thư đến đã mất", "has a verdict ({recorded}), but the row of its arrival is gone"},
	intake.MailFactMissing: {"dòng ghi thư đến nói đã xét ({found}) nhưng mục sổ ghi kết quả đã mất", "its row says that it was judged ({found}), but the fact of that is gone"},
	intake.MailTwice:       {"có hai kết quả xét", "has two verdicts"},
	intake.MailVerdict:     {"mục sổ ghi kết quả «{recorded}», dòng ghi thư đến lại là «{found}»", `its fact says "{recorded}", its row "{found}"`},
	intake.MailOtherBytes:  {"kết quả xét là của một nội dung khác", "its verdict is about other bytes"},

	intake.LetterRowMissing: {"sổ có ghi thư này nhưng dòng ghi thư đi đã mất; thư có thể bị gửi lại", "facts name it, but its row is gone; it may be sent again"},
	intake.LetterNoFact:     {"có dòng ghi thư đi nhưng không có mục sổ nào nói thư được xếp gửi hay bỏ", "has a row, but no fact says that it was posted or skipped"},
	intake.LetterWithdrawn:  {"mục sổ và dòng ghi thư đi không khớp về việc thôi gửi (mục sổ: «{recorded}», dòng: «{found}»)", `its facts and its row differ on whether it was withdrawn (facts: "{recorded}", row: "{found}")`},

	intake.DeliveryMissing: {"đến {address}: dòng ghi lần gửi đã mất", "to {address}: its row is gone"},
	intake.DeliveryNoFact:  {"đến {address}: ghi là «{found}» nhưng không có mục sổ nào nói như vậy", `to {address}: it says "{found}", and no fact does`},
	intake.DeliveryOutcome: {"đến {address}: mục sổ ghi «{recorded}», dòng ghi lần gửi lại là «{found}»", `to {address}: its fact says "{recorded}", its row "{found}"`},
}

// damaged names what is damaged, and whose it is.
func (o *office) damaged(d intake.Damage) string {
	words := damageWhat[d.What]
	s := o.either(words[0], words[1]) + " " + d.ID
	if d.Unit != "" {
		s += " (" + d.Unit + ")"
	}
	return s
}

// damage says what is wrong, in the operator's language.
func (o *office) damage(d intake.Damage) string {
	words := damageWords[d.Code]
	about := ""
	if d.Found != "" {
		about = o.either(" (về ", " (about ") + d.Found + ")"
	}
	word := func(s string) string {
		if s == "" {
			return "–"
		}
		return o.word(s)
	}
	return strings.NewReplacer("{about}", about, "{address}", d.Address, "{recorded}", word(d.Recorded), "{found}", word(d.Found)).
		Replace(o.either(words[0], words[1]))
}
