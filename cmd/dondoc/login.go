package main

import (
	"context"
	"errors"
	"io"

	"dondoc/cmd/dondoc/signin"
	"dondoc/config"
	"dondoc/intake/ledger"
)

type loginCmd struct {
	Server  string `arg:"" optional:"" enum:"mailbox,smtp," default:"" help:"${a_server}"`
	Browser bool   `help:"${o_browser}"`
}

// Run has the mailbox's owner agree, in a browser, that the program reads and
// sends his mail, and keeps what the provider grants. The mailbox and the mail
// server of one user need it once.
func (c *loginCmd) Run(ctx context.Context, p *Program) error {
	campaign, err := p.load()
	if err != nil {
		return err
	}
	due, err := c.due(p, campaign)
	if err != nil {
		return err
	}
	app, err := p.app(campaign)
	if err != nil {
		return err
	}
	if err := app.Discover(ctx); err != nil {
		return err
	}
	for _, d := range due {
		grant, err := c.ask(ctx, p, app, d.user)
		if err != nil {
			return err
		}
		if err := d.source.Keep(grant); err != nil {
			return err
		}
		p.say("Đã đăng nhập: %s. Quyền vào hộp thư được giữ trong %s, chỉ tài khoản này của máy đọc được; không nằm trong bản sao lưu.",
			"Logged in: %s. The access is kept in %s, which only this user of the machine can read; it is in no backup.", d.user, d.source.Path())
	}
	p.knockAgain(ctx)
	p.say("Thử ngay: dondoc doctor", "To try it: dondoc doctor")
	return nil
}

// due are the logins that were asked for.
type dueLogin struct {
	user   string
	source *signin.Source
}

func (c *loginCmd) due(p *Program, campaign *config.Campaign) (due []dueLogin, err error) {
	in, out := p.mailboxEntry(campaign).source, p.smtpEntry(campaign).source
	if in != nil && c.Server != "smtp" || in != nil && out != nil && in.Path() == out.Path() {
		due = append(due, dueLogin{userOf(campaign.Mailbox.URL), in})
	}
	if out != nil && c.Server != "mailbox" && (in == nil || in.Path() != out.Path()) {
		due = append(due, dueLogin{userOf(campaign.SMTP.URL), out})
	}
	if len(due) > 0 {
		return due, nil
	}
	if !campaign.OAuth.Known() {
		return nil, wrong{VI: "campaign.yaml: chưa có khóa oauth, nên đăng nhập bằng mật khẩu, không cần lệnh này. Hộp thư Google, Microsoft 365: ghi oauth, và auth: xoauth2 ở mailbox, smtp.",
			EN: "campaign.yaml: there is no key oauth, so passwords are used and this command is not needed. For a mailbox of Google or Microsoft 365 write oauth, and auth: xoauth2 under mailbox and smtp."}
	}
	return nil, wrong{VI: "campaign.yaml: " + c.Server + " không đăng nhập bằng quyền được cấp (auth: xoauth2 hoặc oauthbearer, không kèm token_…).",
		EN: "campaign.yaml: " + c.Server + " does not log in by what is granted (auth: xoauth2 or oauthbearer, without token_…)."}
}

// ask asks in the way that the provider has: a code to type anywhere, or a
// browser that comes back.
func (c *loginCmd) ask(ctx context.Context, p *Program, app *signin.App, user string) (*signin.Grant, error) {
	if app.Device() && !c.Browser {
		return app.ByCode(ctx, user, p.Clock.Now, func(code signin.Code) {
			p.say("1. Mở địa chỉ này bằng trình duyệt trên máy hay điện thoại bất kỳ:\n\n    %s\n\n2. Nhập mã:\n\n    %s\n\n3. Đăng nhập bằng tài khoản %s và đồng ý cho phép.\n\nMã dùng được đến %s. Đang chờ…",
				"1. Open this address in a browser of any computer or telephone:\n\n    %s\n\n2. Type the code:\n\n    %s\n\n3. Log in as %s and allow it.\n\nThe code is good until %s. Waiting…",
				code.Address, code.Code, inert(user), code.Until.Local().Format("15:04"))
		})
	}
	var pasted io.Reader
	if p.Stdin != nil {
		pasted = p.Stdin
	}
	return app.ByBrowser(ctx, user, p.Clock.Now, pasted, func(address string) {
		p.say("1. Mở địa chỉ này bằng trình duyệt:\n\n%s\n\n2. Đăng nhập bằng tài khoản %s và đồng ý cho phép (trang cảnh báo \"chưa xác minh\": chọn Nâng cao, rồi tiếp tục).\n\n3. Trình duyệt ở máy khác thì cuối cùng báo không mở được trang: chép cả địa chỉ đang hiện trên thanh địa chỉ, dán vào đây rồi bấm Enter.\n\nĐang chờ…",
			"1. Open this address in a browser:\n\n%s\n\n2. Log in as %s and allow it (where a page warns of an unverified application: Advanced, then go on).\n\n3. A browser of another machine says at the end that it cannot open the page: copy the whole address that it shows, paste it here and press Enter.\n\nWaiting…",
			address, inert(user))
	})
}

// knockAgain lets the next look at the servers be at once, however often they
// have refused the access that was. Where there is no ledger yet, nobody was
// refused.
func (p *Program) knockAgain(ctx context.Context) {
	o, err := p.open()
	if err != nil {
		return
	}
	defer o.Close()
	err = o.ledger.Write(ctx, o.now(), func(tx *ledger.Tx) error {
		return errors.Join(tx.LetIn(ledger.KnockMailbox), tx.LetIn(ledger.KnockSMTP))
	})
	if err != nil {
		o.log.Warn("the servers are left alone for some minutes still", "err", err)
	}
}
