package config

import "io/fs"

// Who may read what the program writes. Two rules and no third: what is the
// program's own (data/ and all below it, backups) is for its user alone; what
// people work with (ho-so, exports, previews, the campaign's files) is also for
// his group, which the directory on a share gives. Nothing is for everybody. A
// umask may take away from that, and adds nothing.
const (
	PrivateDir  fs.FileMode = 0o700
	PrivateFile fs.FileMode = 0o600
	SharedDir   fs.FileMode = 0o750
	SharedFile  fs.FileMode = 0o640
)
