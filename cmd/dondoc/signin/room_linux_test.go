package signin

import (
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// Where there is no room for what would come, the provider is not asked: the
// token that is good for once stays good.
func TestWithoutRoomNothingIsExchanged(t *testing.T) {
	p, s, clock := loggedIn(t)
	dir := filepath.Dir(s.path)
	for parent := filepath.Dir(dir); parent != os.TempDir() && len(parent) > 1; parent = filepath.Dir(parent) {
		os.Chmod(parent, 0o755)
	}
	for _, path := range []string{s.path, s.path + ".lock"} {
		if err := os.Chmod(path, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	shut := func(mode os.FileMode) (token string, err error) {
		if err := os.Chmod(dir, mode); err != nil {
			t.Fatal(err)
		}
		var done sync.WaitGroup
		done.Go(func() {
			if os.Getuid() == 0 {
				// root may write everywhere; this thread is somebody else, and
				// ends with the goroutine, because it is never unlocked.
				runtime.LockOSThread()
				unix.Setfsuid(65534)
			}
			token, err = s.Token()
		})
		done.Wait()
		return token, err
	}
	*clock = noon.Add(time.Minute)
	if _, err := shut(0o555); err != nil {
		t.Fatalf("what is there can be read: %v", err)
	}
	*clock = noon.Add(2 * time.Hour)
	_, err := shut(0o555)
	if f := said(t, p, err, "data/login", "data/login"); !f.Passing || p.Refreshes() != 0 {
		t.Errorf("%+v, %d refreshes", f, p.Refreshes())
	}
	if _, err := shut(0o777); err != nil || p.Refreshes() != 1 {
		t.Errorf("with room again: %v, %d refreshes", err, p.Refreshes())
	}
}
