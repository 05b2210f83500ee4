-- A ledger as the first version of the schema left it: one mail judged, one
-- waiting, one letter. Later versions have to read it for ever.
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
INSERT INTO fact VALUES (1, 1665550800000, 'mail', 'YGUWU-JWBPH', '{"id":"YGUWU-JWBPH","source":"INBOX","sha256":"c1a96a26c179d5adace33a4a8e4e1a9cb7f8821a7e4d5b7b6286f82f6021ba90","message_id":"m@a.example","received":"2022-10-12T05:00:00Z","decided":"2022-10-12T05:00:01Z","from":"vanthu@a.example","subject":"Bao cao","verdict":"filed","reason":"sender","class":"report","unit":"HU-A","claimed":false,"candidates":[],"evidence":[],"parts":[],"missing":[],"reply":"receipt","reply_reason":"received"}', '', 'cb0150a12c33d0b9ec8785464b13f4e785621b3e85f5a3f3d429a335af63a520');
INSERT INTO arrival VALUES ('YGUWU-JWBPH', 'c1a96a26c179d5adace33a4a8e4e1a9cb7f8821a7e4d5b7b6286f82f6021ba90', 8, 1665550800000, 'INBOX', 0, 'm@a.example', 'd', 'filed', 0, '', 0);
INSERT INTO arrival VALUES ('BCSFX-YWYQ2', '08a45be2d886a9d215827513352a7b34fa2bbd6ffcf39a6be7b57bdb7db4f6f3', 21, 1665550800000, 'old.eml', 0, '', '', '', 1, 'ABCDEFGHIJKLMNOP', 1665551700000);
INSERT INTO location VALUES ('x', 'INBOX', 1, 7, 'YGUWU-JWBPH', 1);
INSERT INTO letter VALUES ('receipt/YGUWU-JWBPH', 'receipt', 'HU-A', 'aaaaaaaaaaaaaaaaaaaa', 'dd.hu-a.aaaaaaaaaaaaaaaaaaaa@bdv.example', 'received', 1665550800000, 1665550800000, 0, '', '', '', '{"to":["vanthu@a.example"],"answers":["YGUWU-JWBPH"]}');
INSERT INTO delivery VALUES ('receipt/YGUWU-JWBPH', 'vanthu@a.example', 'waiting', 0, '', 0, 0, '', 0);
INSERT INTO answer VALUES ('YGUWU-JWBPH', 'receipt/YGUWU-JWBPH');
INSERT INTO mark VALUES ('mailbox_read', '2022-10-12T05:00:00Z');
PRAGMA user_version = 1;
