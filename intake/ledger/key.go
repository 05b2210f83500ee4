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

func (k Key) token(words ...string) string {
	mac := hmac.New(sha256.New, k)
	mac.Write([]byte(strings.Join(words, "|")))
	return strings.ToLower(base32Lower.EncodeToString(mac.Sum(nil))[:20])
}

// Same compares two tokens without telling by its duration how much was right.
func Same(a, b string) bool {
	return hmac.Equal([]byte(strings.ToLower(a)), []byte(strings.ToLower(b)))
}

// openKey reads the key, or makes it on first use. The file is made under
// another name and linked into place, so that two processes starting at once
// agree on one key.
func openKey(path string) (Key, error) {
	for {
		text, err := os.ReadFile(path)
		if err == nil {
			key, err := hex.DecodeString(strings.TrimSpace(string(text)))
			if err != nil || len(key) != 32 {
				return nil, fmt.Errorf("%s is damaged (64 hexadecimal digits expected): put back the one from your backup; without it replies to letters already sent are not recognised", path)
			}
			return key, nil
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		key := make([]byte, 32)
		rand.Read(key)
		tmp, err := os.CreateTemp(filepath.Dir(path), "key-*")
		if err != nil {
			return nil, err
		}
		_, err = tmp.WriteString(hex.EncodeToString(key) + "\n")
		err = errors.Join(err, tmp.Sync(), tmp.Close())
		if err == nil {
			if err = os.Link(tmp.Name(), path); errors.Is(err, fs.ErrExist) {
				err = nil // another process was first; its key counts
			}
		}
		os.Remove(tmp.Name())
		if err != nil {
			return nil, err
		}
	}
}

// ArrivalID is the name of a mail: the first 10 base32 characters of the
// sha256 of its bytes, printed 7K3M5-QXA2P. sha is hexadecimal.
func ArrivalID(sha string) string {
	sum, _ := hex.DecodeString(sha)
	s := base32Lower.EncodeToString(sum)
	return s[:5] + "-" + s[5:10]
}
