package main

import (
	"context"
	"errors"
	"fmt"
)

type verifyCmd struct {
	Repair bool `help:"${o_repair}"`
}

// errDamage makes the exit status 1; what is damaged has been said.
var errDamage = errors.New("damage was found")

func (c *verifyCmd) Run(ctx context.Context, p *Program) error {
	o, err := p.open()
	if err != nil {
		return err
	}
	defer o.Close()
	o.intake.Progress = p.progress("đã đối chiếu %d/%d tệp", "%d of %d files checked")
	v, err := o.intake.Verify(ctx, c.Repair)
	if err != nil {
		return err
	}
	if err := o.print(v, func() {
		for _, d := range v.Damage {
			fmt.Fprintf(p.Stdout, "%s %s: %s\n", d.What, d.ID, d.Detail)
		}
		if n := len(v.TreeMissing) + len(v.TreeChanged); n > 0 && !c.Repair {
			p.say("%d tệp trong ho-so bị mất hoặc đã được sửa tay; kho lưu vẫn còn bản gốc. Ghi lại: dondoc verify --repair",
				"%d files of ho-so are gone or were changed by hand; the archive has the originals. To put them back: dondoc verify --repair", n)
		}
		if v.Repaired > 0 {
			p.say("Đã ghi lại %d tệp trong ho-so.", "Put back %d files of ho-so.", v.Repaired)
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
