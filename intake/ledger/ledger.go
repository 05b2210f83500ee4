// Package ledger is the program's memory, and all of its SQL.
//
// What happened is a chain of facts: a mail got its verdict, a person decided,
// a letter was posted, delivered, skipped. Facts are only ever added, each in
// the transaction of what it causes, and each carries the hash of the one
// before, so that nobody can change the past without `verify` noticing. Where
// a unit stands is a pure fold over them (schedule/standing).
//
// Beside the chain stand the working tables, which say what is still to be
// done: arrivals without a verdict, letters without an outcome. Work is
// claimed by a conditional UPDATE under a lease, never by the belief that this
// process is alone.
//
// The SQL keeps to what PostgreSQL understands too: $n parameters in order,
// TEXT ids, INTEGER UTC milliseconds, JSON as TEXT.
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
	"sync"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"dondoc/config"
	"dondoc/schedule/standing"
)

// Ledger is one open ledger. It is safe for use by several goroutines.
type Ledger struct {
	Key Key // of this campaign's tokens

	db    *sql.DB // one connection: SQLite has one writer
	look  *sql.DB // for reading: beside a writer, of this process or another
	owner *owner

	mu    sync.Mutex
	past  past           // what has been read of the chain so far
	index standing.Index // of its facts

	queue queue // what has been read of the letters; of write transactions alone
}

// past is the decoded chain up to seq. Its slices only grow.
type past struct {
	seq    int64
	facts  standing.Facts
	places []map[string]string // of forms that came back, each once
	codes  map[string]*string  // of units
}

// Open opens the ledger in dir (data/ or data/rehearsal/), makes what is
// missing, and brings an older schema up to date. A ledger written by a newer
// program is refused.
func Open(dir string) (*Ledger, error) {
	if err := os.MkdirAll(dir, config.PrivateDir); err != nil {
		return nil, err
	}
	// An older program let the group in. Where the file system knows no modes
	// there is nothing to be done about it.
	if info, err := os.Stat(dir); err == nil && info.Mode().Perm()&^config.PrivateDir != 0 {
		os.Chmod(dir, config.PrivateDir)
	}
	own, err := newOwner(filepath.Join(dir, "run"))
	if err != nil {
		return nil, err
	}
	if err := sweepKeys(dir, own.alone); err != nil {
		return nil, errors.Join(err, own.close())
	}
	key, err := openKey(dir)
	if err != nil {
		return nil, errors.Join(err, own.close())
	}
	// SQLite gives its other files the mode of this one.
	if err := private(filepath.Join(dir, "ledger.db")); err != nil {
		return nil, errors.Join(err, own.close())
	}
	// synchronous=FULL: a commit that was reported is on the disk. Everything
	// that says "durable" elsewhere relies on this line.
	file := "file:" + (&url.URL{Path: filepath.ToSlash(filepath.Join(dir, "ledger.db"))}).EscapedPath() + "?_pragma=busy_timeout(20000)"
	l := &Ledger{Key: key, owner: own}
	l.db, err = sql.Open("sqlite", file+"&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=foreign_keys(ON)&_txlock=immediate")
	if err == nil {
		l.db.SetMaxOpenConns(1)
		err = patiently(func() error {
			if err := l.rewrite(); err != nil {
				return err
			}
			return migrate(l.db)
		})
	}
	if err == nil {
		l.look, err = sql.Open("sqlite", file+"&_pragma=query_only(ON)")
	}
	if err != nil {
		l.Close()
		return nil, err
	}
	return l, nil
}

// patiently tries again what met another process that opens the same ledger:
// SQLite does not wait by itself for the one that turns a new database to
// write-ahead logging, busy_timeout or not.
func patiently(open func() error) (err error) {
	for range 100 {
		var busy *sqlite.Error
		if err = open(); !errors.As(err, &busy) || busy.Code()&0xff != sqlite3.SQLITE_BUSY {
			return err
		}
		time.Sleep(50 * time.Millisecond)
	}
	return err
}

// private makes an empty file that only we may read, where there is none: to
// SQLite that is a new database. One that is there is not opened: closing it
// would take away the locks that this process has on it by other handles
// (POSIX, close(2)).
func private(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, config.PrivateFile)
	switch {
	case errors.Is(err, fs.ErrExist):
		return nil
	case err != nil:
		return err
	}
	return f.Close()
}

// rewrite brings what is in the write-ahead log into the database, durably,
// where no other process is at work. A process that died after an fsync of the
// log had failed leaves pages in it that are in the kernel's memory only, and
// clean to the kernel: no later fsync writes them, and all that is appended
// behind them would be lost with them (FAILURES 68).
func (l *Ledger) rewrite() error {
	alone, err := l.owner.alone()
	if !alone || err != nil {
		return err
	}
	_, err = l.db.Exec(`PRAGMA wal_checkpoint(TRUNCATE)`)
	return err
}

// Close releases the ledger and every lease this process holds.
func (l *Ledger) Close() error {
	var errs []error
	for _, db := range []*sql.DB{l.look, l.db} {
		if db != nil {
			errs = append(errs, db.Close())
		}
	}
	return errors.Join(append(errs, l.owner.close())...)
}

// Alone reports whether no other process has this ledger open. One that opens
// it later is not seen.
func (l *Ledger) Alone() (bool, error) { return l.owner.alone() }

// Write runs fn in one transaction that sees everything committed before and
// commits durably. now is the time of the facts that fn appends.
func (l *Ledger) Write(ctx context.Context, now time.Time, fn func(*Tx) error) error {
	// A stop is honoured between transactions, never inside one: what has
	// begun is committed whole or not at all.
	if err := ctx.Err(); err != nil {
		return err
	}
	sqltx, err := l.db.BeginTx(context.WithoutCancel(ctx), nil)
	if err != nil {
		return fmt.Errorf("ledger: %w", err)
	}
	defer sqltx.Rollback()
	tx := &Tx{tx: sqltx, ledger: l, now: now, writes: true}
	if err := fn(tx); err != nil {
		return err
	}
	if err := sqltx.Commit(); err != nil {
		return fmt.Errorf("ledger: %w", err)
	}
	return nil
}

// Read runs fn on what is committed, all of it at one moment. It waits for no
// writer and keeps none waiting; fn can change nothing.
func (l *Ledger) Read(ctx context.Context, fn func(*Tx) error) error {
	sqltx, err := l.look.BeginTx(context.WithoutCancel(ctx), nil)
	if err != nil {
		return fmt.Errorf("ledger: %w", err)
	}
	defer sqltx.Rollback()
	return fn(&Tx{tx: sqltx, ledger: l})
}

// Facts returns the chain as standing.Fold wants it. The slices are shared:
// read them only.
func (l *Ledger) Facts(ctx context.Context) (standing.Facts, error) {
	var f standing.Facts
	err := l.Read(ctx, func(tx *Tx) (err error) {
		f, err = tx.Facts()
		return err
	})
	return f, err
}

// Tx is one transaction.
type Tx struct {
	tx      *sql.Tx
	ledger  *Ledger
	now     time.Time
	writes  bool // it is the one write transaction of this process
	added   bool // facts were appended in this transaction
	touched bool // letters were changed in this transaction
	seen    past // the chain with what was added, as it was last looked at
}

func ms(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func at(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}
