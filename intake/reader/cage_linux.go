package reader

import (
	"fmt"
	"os"

	"github.com/landlock-lsm/go-landlock/landlock"
	"golang.org/x/sys/unix"
)

// Cage confines the calling process, for good, to one directory for writing
// and to the programs and settings of the system for reading; it takes the
// network and privileges away and bounds memory, processor time and the size
// of files. What it executes then, LibreOffice with a stranger's file, inherits
// all of it. Unlike Confine it insists on Landlock: a large program that may
// read every file is not run on a stranger's bytes.
func Cage(dir string) error {
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return fmt.Errorf("reader: no_new_privs: %w", err)
	}
	err := landlock.V10.BestEffort().Restrict(
		landlock.RODirs("/usr", "/lib", "/lib64", "/bin", "/etc", "/opt", "/proc", "/sys", "/var/lib", "/var/spool/libreoffice", "/var/cache/fontconfig").IgnoreIfMissing(),
		landlock.RWDirs(dir),
		// LibreOffice's own socket, for which it knows no other place.
		landlock.PathAccess(landlock.AccessFSSet(unix.LANDLOCK_ACCESS_FS_MAKE_SOCK), "/tmp").IgnoreIfMissing(),
		landlock.RWFiles("/dev/null", "/dev/zero", "/dev/urandom", "/dev/random").IgnoreIfMissing(),
	)
	if err != nil {
		return fmt.Errorf("reader: landlock: %w", err)
	}
	if f, err := os.Open("/"); err == nil {
		f.Close()
		return fmt.Errorf("reader: this kernel has no Landlock, which keeps LibreOffice from the other files")
	}
	for _, l := range []struct {
		resource int
		value    uint64
	}{
		{unix.RLIMIT_DATA, 1 << 30}, {unix.RLIMIT_CPU, 60}, {unix.RLIMIT_FSIZE, 256 << 20}, {unix.RLIMIT_CORE, 0},
	} {
		if err := limit(l.resource, l.value); err != nil {
			return fmt.Errorf("reader: a limit: %w", err)
		}
	}
	return nil
}
