package signin

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/oauth2"

	"dondoc/config"
)

// Grant is what a login has brought, as it is kept: a file that its owner alone
// can read, and that is in no backup.
type Grant struct {
	Provider string    `json:"provider"`
	ClientID string    `json:"client_id"`
	Account  string    `json:"account"` // whose mailbox
	TokenURL string    `json:"token_url"`
	Refresh  string    `json:"refresh_token"`
	Access   string    `json:"access_token,omitempty"`
	Obtained time.Time `json:"obtained"` // when Access came
	Expires  time.Time `json:"expires"`
}

// early is how long before its end an access token is replaced; a login and the
// work that follows must not meet it.
const early = 5 * time.Minute

// fresh reports whether the access token can be used at now. One that came in
// the future came before the clock was set back, and nobody knows its end.
func (g *Grant) fresh(now time.Time) bool {
	return g.Access != "" && !now.Before(g.Obtained) && now.Before(g.Expires.Add(-early))
}

// alive reports whether it could still be used, were there nothing better.
func (g *Grant) alive(now time.Time) bool {
	return g.Access != "" && !now.Before(g.Obtained) && now.Before(g.Expires)
}

// take puts a new answer of the provider into the grant. A refresh token that
// it does not repeat stays (RFC 6749 §6).
func (g *Grant) take(t *oauth2.Token, now time.Time) error {
	if !config.IsToken(t.AccessToken) {
		return fault(nil, true, `máy chủ cấp phép trả về một token không dùng được.`, `the server that grants access gave a token that cannot be used.`)
	}
	// By our clock, which is the one that is asked later; without a word of the
	// provider a token is trusted for no longer than it takes to be replaced.
	life := min(time.Duration(t.ExpiresIn)*time.Second, 24*time.Hour)
	if life <= 0 {
		life = early
	}
	if t.RefreshToken != "" {
		g.Refresh = t.RefreshToken
	}
	g.Access, g.Obtained, g.Expires = t.AccessToken, now.UTC(), now.Add(life).UTC()
	return nil
}

// read returns the grant kept under path; fs.ErrNotExist where there is none.
func read(path string) (*Grant, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	g := &Grant{}
	if err := json.Unmarshal(b, g); err != nil || g.Refresh == "" {
		return nil, errDamaged
	}
	return g, nil
}

var errDamaged = errors.New("signin: the kept login is damaged")

// place is the room for a grant: the file that will take the other's place.
type place struct {
	path string
	tmp  *os.File
}

// reserve takes the room before it is needed: a token that was changed for a
// new one, which then finds the disk full, is lost.
func reserve(path string) (*place, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	tmp, err := os.CreateTemp(filepath.Dir(path), ".new-*") // 0600
	if err != nil {
		return nil, err
	}
	p := &place{path, tmp}
	if _, err = tmp.Write(make([]byte, 64<<10)); err == nil {
		err = tmp.Sync()
	}
	if err != nil {
		p.close()
		return nil, err
	}
	return p, nil
}

// fill puts the grant in its place, durably and whole.
func (p *place) fill(g *Grant) error {
	b, err := json.MarshalIndent(g, "", " ")
	if err != nil {
		return err
	}
	if _, err := p.tmp.WriteAt(append(b, '\n'), 0); err != nil {
		return err
	}
	if err := errors.Join(p.tmp.Truncate(int64(len(b)+1)), p.tmp.Sync(), p.tmp.Close()); err != nil {
		return err
	}
	if err := os.Rename(p.tmp.Name(), p.path); err != nil {
		return err
	}
	return syncDir(filepath.Dir(p.path))
}

func (p *place) close() {
	p.tmp.Close()
	os.Remove(p.tmp.Name())
}

func keep(path string, g *Grant) error {
	p, err := reserve(path)
	if err != nil {
		return err
	}
	defer p.close()
	return p.fill(g)
}

// exclusively does something while no other process does. The lock is the
// kernel's, on a file that stays: it ends with the process, however that ends.
func exclusively(path string, do func() error) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(path+".lock", os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := lock(f); err != nil {
		return err
	}
	return do()
}

// unkept is the fault of a grant that cannot be kept or read on this machine.
func unkept(err error) error {
	var known *Fault
	if err == nil || errors.As(err, &known) {
		return err
	}
	if p := (*fs.PathError)(nil); errors.As(err, &p) {
		err = p.Err
	}
	return fault(err, true, `không ghi hay đọc được tệp đăng nhập trong data/login (%s). Xem quyền của thư mục và chỗ trống trên ổ đĩa.`,
		`the file of the login in data/login can not be written or read (%s). Look at the directory's permissions and at the room on the disk.`, err.Error())
}
