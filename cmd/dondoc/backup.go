package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"dondoc/config"
	"dondoc/intake/archive"
	"dondoc/intake/durable"
	"dondoc/intake/ledger"
)

type backupCmd struct {
	To string `arg:"" name:"dir" help:"${a_backup}"`
}

// backedUp is what a backup did.
type backedUp struct {
	Dir   string `json:"dir"`
	Files int    `json:"files"` // mails, files and letters that it holds now
	New   int    `json:"new"`   // of these, how many the one before did not
	Bytes int64  `json:"bytes"` // of the new ones
	// Damaged are those whose bytes are no longer what was kept; they are left
	// as an earlier backup has them.
	Damaged []string `json:"damaged"`
}

// Run copies the campaign while it runs: first what was declared, then the
// ledger as it is at one moment, then the bytes that it names. A backup into
// the directory of the one before copies only what is new.
func (c *backupCmd) Run(ctx context.Context, p *Program) error {
	o, err := p.open()
	if err != nil {
		return err
	}
	defer o.Close()
	to, err := c.sensible(o.campaign)
	if err != nil {
		return err
	}
	b := backedUp{Dir: to, Damaged: []string{}}
	if err := declared(o.campaign, to); err != nil {
		return err
	}
	rel, err := filepath.Rel(o.campaign.Dir, o.campaign.DataDir())
	if err != nil {
		return err
	}
	data := filepath.Join(to, rel)
	err = o.ledger.Snapshot(ctx, data)
	if errors.Is(err, ledger.ErrOtherLedger) {
		return wrong{VI: fmt.Sprintf("%s là bản sao lưu của một đợt khác: chọn thư mục khác", to), EN: fmt.Sprintf("%s is the backup of another campaign: choose another directory", to)}
	}
	if err != nil {
		return err
	}
	if err := o.bytesInto(ctx, filepath.Join(data, "archive"), &b); err != nil {
		return err
	}
	if err := o.print(b, func() {
		for _, sha := range b.Damaged {
			p.say("HƯ HỎNG: %s trong kho lưu không còn như khi lưu; bản sao lưu không chép tệp này. Xem: dondoc verify", "DAMAGED: %s of the archive is not what was kept; the backup leaves it out. See: dondoc verify", sha)
		}
		p.say("Đã sao lưu vào %s: %d tệp, trong đó %d tệp mới (%s). Mật khẩu không nằm trong bản sao lưu; tệp key thì có, nên cất giữ như khóa.",
			"Backed up into %s: %d files, %d of them new (%s). No password is in it; the file key is, so keep it like a key.", to, b.Files, b.New, megabytes(b.Bytes))
		p.say("Khôi phục: chép thư mục đó sang máy mới rồi chạy: dondoc verify --repair -C THƯ-MỤC", "To restore, copy that directory to the new machine and run: dondoc verify --repair -C DIR")
	}); err != nil {
		return err
	}
	if len(b.Damaged) > 0 {
		return errDamage
	}
	return nil
}

// sensible is the directory to write to, or why it cannot be it.
func (c *backupCmd) sensible(campaign *config.Campaign) (string, error) {
	to, err := filepath.Abs(c.To)
	if err != nil {
		return "", err
	}
	from, err := filepath.Abs(campaign.Dir)
	if err != nil {
		return "", err
	}
	if to == from || strings.HasPrefix(to, from+string(filepath.Separator)) {
		return "", wrong{VI: "thư mục sao lưu phải nằm ngoài thư mục của đợt, tốt nhất là ở ổ đĩa khác", EN: "the backup has to lie outside the campaign's directory, best on another disk"}
	}
	entries, err := os.ReadDir(to)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return to, os.MkdirAll(to, config.PrivateDir)
	case err != nil:
		return "", wrong{VI: fmt.Sprintf("%s: không ghi vào đây được (%v)", c.To, errors.Unwrap(err)), EN: fmt.Sprintf("%s: this cannot be written to (%v)", c.To, errors.Unwrap(err))}
	case len(entries) > 0 && !slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return e.Name() == "campaign.yaml" || e.Name() == begun+"campaign.yaml" }):
		return "", wrong{VI: fmt.Sprintf("%s không trống và không phải bản sao lưu trước: chọn thư mục khác", c.To), EN: fmt.Sprintf("%s is not empty, and no earlier backup: choose another directory", c.To)}
	}
	return to, nil
}

// declared copies what the operator declared: not the passwords and tokens,
// wherever they lie, and not ho-so, which follows from the rest. What a login
// was granted lies in data/login, which nothing copies.
func declared(c *config.Campaign, to string) error {
	secret := []string{c.Mailbox.PasswordFile, c.Mailbox.TokenFile, c.SMTP.PasswordFile, c.SMTP.TokenFile, c.OAuth.SecretFile}
	for _, name := range []string{"campaign.yaml", "units.xlsx", "units.csv", "form.xlsx", "enclosures", "templates"} {
		err := filepath.WalkDir(filepath.Join(c.Dir, name), func(path string, d fs.DirEntry, err error) error {
			if errors.Is(err, fs.ErrNotExist) {
				return nil
			}
			if err != nil || slices.Contains(secret, path) {
				return err
			}
			rel, err := filepath.Rel(c.Dir, path)
			if err != nil {
				return err
			}
			if d.IsDir() {
				if err := os.MkdirAll(filepath.Join(to, rel), config.PrivateDir); err != nil {
					return err
				}
				return durable.Dir(filepath.Dir(filepath.Join(to, rel)))
			}
			if !d.Type().IsRegular() {
				return nil
			}
			data, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			return replace(filepath.Join(to, rel), data)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// begun precedes the name of a file that is not whole yet. The name is the same
// each time, so a backup that was stopped is known as one, and what it left is
// written anew by the next.
const begun = ".new-"

// replace writes a file whole or not at all, durably.
func replace(path string, data []byte) error {
	dir, name := filepath.Split(path)
	tmp := filepath.Join(dir, begun+name)
	if err := os.Remove(tmp); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	f, err := os.OpenFile(tmp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, config.PrivateFile)
	if err != nil {
		return err
	}
	defer os.Remove(tmp)
	_, err = f.Write(data)
	if err = errors.Join(err, f.Chmod(config.PrivateFile), f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(tmp, path); err != nil {
		return err
	}
	return durable.Dir(dir)
}

// bytesInto copies the archive's files that are not there yet.
func (o *office) bytesInto(ctx context.Context, dir string, b *backedUp) error {
	to, err := archive.Open(dir)
	if err != nil {
		return err
	}
	all, err := o.archive.List()
	if err != nil {
		return err
	}
	progress := o.progress("đã chép %d/%d tệp", "%d of %d files copied")
	for i, sha := range all {
		if err := ctx.Err(); err != nil {
			return err
		}
		progress(i, len(all))
		n, err := o.archive.CopyTo(to, sha)
		switch {
		case errors.Is(err, archive.ErrChanged):
			b.Damaged = append(b.Damaged, sha)
			continue
		case err != nil:
			return err
		}
		if b.Files++; n > 0 {
			b.New++
			b.Bytes += n
		}
	}
	return nil
}
