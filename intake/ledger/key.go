package ledger

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"dondoc/intake/durable"
)

// Key is the secret by which the program knows its own letters and forms
// again. It never leaves the daemon: the reader child does not have it.
type Key []byte

var base32Lower = base32.StdEncoding.WithPadding(base32.NoPadding)

// LetterToken is the T of a letter's Message-ID <dd.UNIT.T@domain>.
func (k Key) LetterToken(campaign, key string) string { return k.token("letter", campaign, key) }

// FormToken is what _meta of a unit's own form carries: evidence of identity,
// not proof.
func (k Key) FormToken(campaign, version, unit string) string {
	return k.token("form", campaign, version, unit)
}

// DigestCode is the code at the end of a digest. An answer that quotes it
// answers that digest, whatever a mail program did to its header.
func (k Key) DigestCode(campaign, key string) string {
	t := strings.ToUpper(k.token("digest-code", campaign, key))
	return t[:5] + "-" + t[5:10]
}

// Keyword marks in the mailbox what this ledger has dealt with. Another
// campaign's, or the rehearsal's, is another: each has a key of its own.
func (k Key) Keyword(campaign string) string { return "$Dondoc-" + k.token("keyword", campaign)[:8] }

func (k Key) token(words ...string) string {
	mac := hmac.New(sha256.New, k)
	mac.Write([]byte(strings.Join(words, "|")))
	return strings.ToLower(base32Lower.EncodeToString(mac.Sum(nil))[:20])
}

// Same compares two tokens without telling by its duration how much was right.
func Same(a, b string) bool {
	return hmac.Equal([]byte(strings.ToLower(a)), []byte(strings.ToLower(b)))
}

// openKey reads the key in dir, or makes it on first use. The file is made
// under another name and linked into place, so that two processes starting at
// once agree on one key. A ledger without its key is refused: a new one would
// recognise no reply to the letters already sent, and nobody would notice.
func openKey(dir string) (Key, error) {
	path := filepath.Join(dir, "key")
	for {
		key, err := readKey(path)
		if !errors.Is(err, fs.ErrNotExist) {
			return key, err
		}
		// The key is durable before there is a ledger; so one that has none
		// has lost it, unless it was made since this process looked.
		if _, err := os.Stat(filepath.Join(dir, "ledger.db")); err == nil {
			if _, err := os.Stat(path); err == nil {
				continue
			}
			return nil, fmt.Errorf("%s is gone, but there is a ledger.db: put the key back from your backup; without it replies to letters already sent are not recognised", path)
		}
		key = make([]byte, 32)
		rand.Read(key)
		if err := keepKey(dir, path, key); err != nil {
			return nil, err
		}
	}
}

// sweepKeys removes what was left by processes that were killed while they made
// a key; none was ever used. alone is asked after they were listed: a process
// that makes one has said before that it is there.
func sweepKeys(dir string, alone func() (bool, error)) error {
	left, err := fs.Glob(os.DirFS(dir), "key-*")
	if err != nil || len(left) == 0 {
		return err
	}
	if ok, err := alone(); !ok || err != nil {
		return err
	}
	for _, name := range left {
		if err := os.Remove(filepath.Join(dir, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// readKey reads the file that a key is in; fs.ErrNotExist where there is none.
func readKey(path string) (Key, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	key, err := hex.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(key) != 32 {
		return nil, fmt.Errorf("%s is damaged (64 hexadecimal digits expected): put back the one from your backup; without it replies to letters already sent are not recognised", path)
	}
	return key, nil
}

// keepKey puts a key under path in dir (0600), unless there is one.
func keepKey(dir, path string, key Key) error {
	tmp, err := os.CreateTemp(dir, "key-*")
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name())
	_, err = tmp.WriteString(hex.EncodeToString(key) + "\n")
	if err = errors.Join(err, tmp.Sync(), tmp.Close()); err != nil {
		return err
	}
	// The directories are new with the key, as a rule: data/, and the
	// campaign's, or data/rehearsal/ and data/.
	for _, above := range []string{filepath.Dir(dir), filepath.Dir(filepath.Dir(dir))} {
		if err := durable.Dir(above); err != nil && !errors.Is(err, fs.ErrPermission) { // not ours then, and not new
			return err
		}
	}
	if err := os.Link(tmp.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return durable.Dir(dir)
}

// ArrivalID is the name of a mail: the first 10 base32 characters of the
// sha256 of its bytes, printed 7K3M5-QXA2P. sha is hexadecimal.
func ArrivalID(sha string) string {
	sum, _ := hex.DecodeString(sha)
	s := base32Lower.EncodeToString(sum)
	return s[:5] + "-" + s[5:10]
}
