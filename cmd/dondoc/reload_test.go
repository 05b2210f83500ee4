package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// TestReloadRefusesAWorseConfiguration asks the daemon to read its directory
// again after each change: what is worse leaves the one before at work and is
// said; what is better takes its place.
func TestReloadRefusesAWorseConfiguration(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "HU-BINHSON", "HU-BATO")
	p, _ := w.program(at(t, "2022-10-05 08:00"))
	var said syncBuffer
	hup := make(chan os.Signal)
	p.Stdout, p.Stderr, p.Reload = &said, &said, hup
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	ended := make(chan int, 1)
	go func() { ended <- p.Run(ctx, []string{"run", "-C", w.dir}) }()
	said.await(t, "dondoc đang chạy")
	for _, row := range []struct {
		sentence string
		file     string
		change   func(t *testing.T, path string)
		want     string
		accepted bool
	}{
		{"nothing was changed", "campaign.yaml", func(*testing.T, string) {}, "không có gì thay đổi", false},
		{"a roster of no unit, as somebody's slip leaves it, makes no unit missing", "units.csv", emptyRoster, "danh sách không có đơn vị nào tham gia", false},
		{"a form that does not compile", "form.xlsx", rewritten("no workbook"), "vẫn chạy theo cấu hình cũ", false},
		{"a key that nobody knows", "campaign.yaml", replaced("\npoll:", "\npol:"), "vẫn chạy theo cấu hình cũ", false},
		{"another campaign", "campaign.yaml", replaced("campaign: DVK-2022", "campaign: DVK-2023"), "vẫn chạy theo cấu hình cũ", false},
		{"rehearsal, while letters go out for real", "campaign.yaml", replaced("mode: live", "mode: rehearsal"), "mode đổi từ live sang rehearsal", false},
		{"another pace", "campaign.yaml", replaced("\npoll: ", "\npoll: \"@every 2m\" #"), "thay đổi: poll", true},
		{"a unit less", "units.csv", withoutLastUnit, "thay đổi: -HU-BATO", true},
		{"and nothing more", "campaign.yaml", func(*testing.T, string) {}, "không có gì thay đổi", false},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			path := filepath.Join(w.dir, row.file)
			before, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			row.change(t, path)
			said.Reset()
			hup <- syscall.SIGHUP
			said.await(t, row.want)
			if row.accepted {
				said.await(t, "dondoc đang chạy")
			} else if err := os.WriteFile(path, before, 0o600); err != nil {
				t.Fatal(err)
			}
		})
	}
	stop()
	if code := <-ended; code != exitDone {
		t.Errorf("exit status %d", code)
	}
}

func rewritten(text string) func(*testing.T, string) {
	return func(t *testing.T, path string) {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func replaced(old, text string) func(*testing.T, string) {
	return func(t *testing.T, path string) {
		b, err := os.ReadFile(path)
		if err != nil || !bytes.Contains(b, []byte(old)) {
			t.Fatalf("nothing like %q in %s (%v)", old, path, err)
		}
		rewritten(strings.Replace(string(b), old, text, 1))(t, path)
	}
}

func emptyRoster(t *testing.T, path string) {
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	heads, _, _ := strings.Cut(string(b), "\n")
	rewritten(heads+"\n")(t, path)
}

func withoutLastUnit(t *testing.T, path string) {
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	all := strings.SplitAfter(strings.TrimSpace(string(b)), "\n")
	rewritten(strings.Join(all[:len(all)-1], ""))(t, path)
}

// syncBuffer is what a running program has said so far.
type syncBuffer struct {
	mu   sync.Mutex
	text strings.Builder
}

func (b *syncBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *syncBuffer) Reset() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.text.Reset()
}

func (b *syncBuffer) await(t *testing.T, part string) {
	t.Helper()
	text := ""
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		b.mu.Lock()
		text = b.text.String()
		b.mu.Unlock()
		if strings.Contains(text, part) {
			return
		}
	}
	t.Fatalf("it never said %q, but\n%s", part, text)
}
