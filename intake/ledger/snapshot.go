package ledger

import (
	"context"
	"crypto/hmac"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"dondoc/config"
	"dondoc/intake/durable"
)

// ErrOtherLedger is that a directory holds the snapshot of another ledger.
var ErrOtherLedger = errors.New("holds the backup of another campaign")

// Snapshot writes the ledger as it is at one moment, and its key, into dir,
// while this process and others go on. What it names was in the archive before
// it was named: bytes copied after this call cover all of it. The snapshot
// takes the place of an earlier one in one step; an interrupted call leaves
// that one whole.
func (l *Ledger) Snapshot(ctx context.Context, dir string) error {
	if err := os.MkdirAll(dir, config.PrivateDir); err != nil {
		return err
	}
	key := filepath.Join(dir, "key")
	switch have, err := readKey(key); {
	case err == nil && !hmac.Equal(have, l.Key):
		return fmt.Errorf("%s: %w", dir, ErrOtherLedger)
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return err
	}
	tmp := filepath.Join(dir, "ledger.new")
	if err := os.Remove(tmp); err != nil && !os.IsNotExist(err) {
		return err
	}
	if err := private(tmp); err != nil {
		return err
	}
	if _, err := l.db.ExecContext(ctx, `VACUUM INTO $1`, tmp); err != nil {
		return fmt.Errorf("ledger: %w", err)
	}
	defer os.Remove(tmp)
	if err := synced(tmp); err != nil {
		return err
	}
	if err := keepKey(dir, key, l.Key); err != nil {
		return err
	}
	for _, beside := range []string{"ledger.db-wal", "ledger.db-shm"} {
		// Of a snapshot that somebody opened: they belong to the one before.
		if err := os.Remove(filepath.Join(dir, beside)); err != nil && !os.IsNotExist(err) {
			return err
		}
	}
	if err := os.Rename(tmp, filepath.Join(dir, "ledger.db")); err != nil {
		return err
	}
	return durable.Dir(dir)
}

// synced makes the bytes of a file durable that something else wrote. Windows
// wants it open for writing.
func synced(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	return f.Sync()
}
