package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"time"
)

// Peek is what can be known of a ledger without touching it.
type Peek struct {
	Schema, Known int       // of the ledger, and the newest that this program knows
	Changed       time.Time // when it was last written, by the file's own date
}

// LookAt looks at the ledger in dir and changes nothing: no file is made, no
// schema brought up to date. fs.ErrNotExist: there is none yet. Whether the
// facts are sound is for Verify.
func LookAt(ctx context.Context, dir string) (Peek, error) {
	p := Peek{Known: len(migrations)}
	path := filepath.Join(dir, "ledger.db")
	info, err := os.Stat(path)
	if err != nil {
		return p, err
	}
	p.Changed = info.ModTime()
	if wal, err := os.Stat(path + "-wal"); err == nil && wal.ModTime().After(p.Changed) {
		p.Changed = wal.ModTime()
	}
	if _, err := os.Stat(filepath.Join(dir, "key")); errors.Is(err, fs.ErrNotExist) {
		return p, fmt.Errorf("%s is gone, but there is a ledger.db: put the key back from your backup", filepath.Join(dir, "key"))
	}
	// A reader of a WAL database makes files beside it, unless it is told that
	// nobody will write; which is so while there is no WAL.
	mode := "mode=ro"
	if _, err := os.Stat(path + "-wal"); errors.Is(err, fs.ErrNotExist) {
		mode += "&immutable=1"
	}
	db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: filepath.ToSlash(path)}).EscapedPath()+"?"+mode+"&_pragma=busy_timeout(2000)")
	if err != nil {
		return p, fmt.Errorf("ledger: %w", err)
	}
	defer db.Close()
	if err := db.QueryRowContext(ctx, `PRAGMA user_version`).Scan(&p.Schema); err != nil {
		return p, fmt.Errorf("ledger: %w", err)
	}
	var facts int
	if p.Schema > 0 && p.Schema <= p.Known {
		if err := db.QueryRowContext(ctx, `SELECT count(*) FROM fact`).Scan(&facts); err != nil {
			return p, fmt.Errorf("ledger: %w", err)
		}
	}
	return p, nil
}
