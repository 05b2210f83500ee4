package ledger

import (
	"database/sql"
	"fmt"
)

// migrations are appended to, never edited: a ledger of any earlier version
// is brought up to date by running those it has not seen.
var migrations = []string{`
CREATE TABLE fact (
	seq     INTEGER PRIMARY KEY,
	at      INTEGER NOT NULL,
	kind    TEXT NOT NULL,
	subject TEXT NOT NULL,
	body    TEXT NOT NULL,
	prev    TEXT NOT NULL,
	hash    TEXT NOT NULL
);
CREATE TABLE arrival (
	id         TEXT PRIMARY KEY,
	sha256     TEXT NOT NULL UNIQUE,
	size       INTEGER NOT NULL,
	received   INTEGER NOT NULL,
	source     TEXT NOT NULL,
	spam       INTEGER NOT NULL,
	message_id TEXT NOT NULL,
	digest     TEXT NOT NULL,
	verdict    TEXT NOT NULL,
	tries      INTEGER NOT NULL,
	owner      TEXT NOT NULL,
	lease      INTEGER NOT NULL
);
CREATE INDEX arrival_waiting ON arrival (received) WHERE verdict = '';
CREATE INDEX arrival_message ON arrival (message_id, digest);
CREATE TABLE location (
	account     TEXT NOT NULL,
	folder      TEXT NOT NULL,
	uidvalidity INTEGER NOT NULL,
	uid         INTEGER NOT NULL,
	arrival     TEXT NOT NULL,
	told        INTEGER NOT NULL,
	PRIMARY KEY (account, folder, uidvalidity, uid)
);
CREATE INDEX location_untold ON location (arrival) WHERE told = 0;
CREATE TABLE letter (
	key        TEXT PRIMARY KEY,
	kind       TEXT NOT NULL,
	unit       TEXT NOT NULL,
	token      TEXT NOT NULL UNIQUE,
	message_id TEXT NOT NULL,
	reason     TEXT NOT NULL,
	posted     INTEGER NOT NULL,
	due        INTEGER NOT NULL,
	rendered   INTEGER NOT NULL,
	sha256     TEXT NOT NULL,
	subject    TEXT NOT NULL,
	withdrawn  TEXT NOT NULL,
	body       TEXT NOT NULL
);
CREATE INDEX letter_unit ON letter (unit);
CREATE TABLE delivery (
	key     TEXT NOT NULL REFERENCES letter (key),
	address TEXT NOT NULL,
	outcome TEXT NOT NULL,
	at      INTEGER NOT NULL,
	detail  TEXT NOT NULL,
	tries   INTEGER NOT NULL,
	next    INTEGER NOT NULL,
	owner   TEXT NOT NULL,
	lease   INTEGER NOT NULL,
	PRIMARY KEY (key, address)
);
CREATE INDEX delivery_open ON delivery (next) WHERE outcome IN ('waiting', 'trouble', 'unknown');
CREATE TABLE answer (
	arrival TEXT PRIMARY KEY,
	key     TEXT NOT NULL
);
CREATE TABLE mark (
	name  TEXT PRIMARY KEY,
	value TEXT NOT NULL
);
`, `
ALTER TABLE arrival ADD COLUMN turn INTEGER NOT NULL DEFAULT 0;
CREATE INDEX arrival_turn ON arrival (turn);
`, `
CREATE INDEX answer_key ON answer (key);
`, `
ALTER TABLE letter ADD COLUMN copied INTEGER NOT NULL DEFAULT 0;
CREATE INDEX letter_uncopied ON letter (key) WHERE copied = 0 AND sha256 <> '';
CREATE TABLE copy (
	key    TEXT PRIMARY KEY REFERENCES letter (key),
	tries  INTEGER NOT NULL,
	next   INTEGER NOT NULL,
	detail TEXT NOT NULL,
	owner  TEXT NOT NULL,
	lease  INTEGER NOT NULL
);
CREATE TABLE byhand (
	ref  TEXT NOT NULL,
	name TEXT NOT NULL,
	seen INTEGER NOT NULL,
	body TEXT NOT NULL,
	PRIMARY KEY (ref, name)
);
`, `
ALTER TABLE arrival ADD COLUMN marked INTEGER NOT NULL DEFAULT 0;
CREATE TABLE heard (
	token TEXT PRIMARY KEY,
	seen  INTEGER NOT NULL
);
`, `
CREATE INDEX delivery_tried ON delivery (at) WHERE tries > 0;
CREATE INDEX delivery_untaken ON delivery (key) WHERE outcome <> 'accepted';
CREATE INDEX letter_kind ON letter (kind, posted);
DROP INDEX location_untold;
CREATE INDEX location_untold ON location (account, folder, uidvalidity, uid) WHERE told = 0;
`}

// NewerError is that a ledger was written by a newer program. Nothing in it is
// touched.
type NewerError struct{ Schema, Known int }

func (e *NewerError) Error() string { return e.In("en") }

// In says it in the reader's language.
func (e *NewerError) In(lang string) string {
	if lang == "en" {
		return fmt.Sprintf("ledger.db was written by a newer dondoc (schema %d, this program knows %d): nothing was done. Install that version again; do not delete the ledger.", e.Schema, e.Known)
	}
	return fmt.Sprintf("Sổ (ledger.db) do bản dondoc mới hơn ghi (phiên bản sổ %d, bản này biết đến %d): chưa làm gì. Cài lại bản mới đó; đừng xóa sổ.", e.Schema, e.Known)
}

func migrate(db *sql.DB) error {
	// Looking takes no lock: a ledger that is up to date opens while another
	// process is writing.
	var now int
	if err := db.QueryRow(`PRAGMA user_version`).Scan(&now); err != nil {
		return fmt.Errorf("ledger: %w", err)
	}
	if now == len(migrations) {
		return nil
	}
	tx, err := db.Begin()
	if err != nil {
		return fmt.Errorf("ledger: %w", err)
	}
	defer tx.Rollback()
	var version int
	if err := tx.QueryRow(`PRAGMA user_version`).Scan(&version); err != nil {
		return fmt.Errorf("ledger: %w", err)
	}
	if version > len(migrations) {
		return &NewerError{version, len(migrations)}
	}
	for _, m := range migrations[version:] {
		if _, err := tx.Exec(m); err != nil {
			return fmt.Errorf("ledger: bringing the schema up to date: %w", err)
		}
	}
	if _, err := tx.Exec(fmt.Sprintf(`PRAGMA user_version = %d`, len(migrations))); err != nil {
		return fmt.Errorf("ledger: %w", err)
	}
	return tx.Commit()
}
