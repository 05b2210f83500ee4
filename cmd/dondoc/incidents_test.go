//go:build unix

package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"dondoc/notify/courier/couriertest"
)

// woe is one thing that can go wrong with machine or servers.
type woe struct {
	what      string
	unletterd bool // nobody can be told by letter before it is over
	seldom    bool // nobody looks at it in every round
	lasting   bool // the program does not start while it lasts
	prepare   func(*ill)
	breaks    func(*ill)
	mends     func(*ill)
}

// ill is a world in which things go wrong, and the program in it.
type ill struct {
	*world
	free     uint64
	line     *shaky
	password string
	quota    int // hundredths; 0: the embedded server, which does not say
	said     bytes.Buffer
	o        *office
	reader   []string
	ahead    time.Duration // of the mail server's clock
	sources  int
}

var woes = []woe{
	{what: "mailbox", prepare: (*ill).shaky, breaks: func(w *ill) { w.line.refuse(true) }, mends: func(w *ill) { w.line.refuse(false) }},
	{what: "mailbox", prepare: (*ill).shaky, breaks: func(w *ill) { w.password = "da-doi"; w.line.drop() }, mends: func(w *ill) { w.password = "mat-khau" }},
	{what: "smtp", unletterd: true, breaks: func(w *ill) { w.smtp.Close() }, mends: func(w *ill) { w.sink(couriertest.Options{Take: w.take}) }},
	{what: "smtp", unletterd: true, prepare: func(w *ill) {
		w.edit("campaign.yaml", `smtp\+plain://`, "smtp+plain://dvk@")
		w.smtp.Close()
		w.sink(couriertest.Options{Take: w.take, User: "dvk", Password: "mat-khau"})
	}, breaks: func(w *ill) {
		w.smtp.Close()
		w.sink(couriertest.Options{Take: w.take, User: "dvk", Password: "da-doi"})
	}, mends: func(w *ill) {
		w.smtp.Close()
		w.sink(couriertest.Options{Take: w.take, User: "dvk", Password: "mat-khau"})
	}},
	{what: "smtp", unletterd: true, breaks: func(w *ill) {
		w.smtp.Close()
		w.sink(couriertest.Options{Take: func(string, string, []byte) error {
			return couriertest.Reply{Code: 550, Status: "5.4.5", Text: "Daily user sending quota exceeded"}
		}})
	}, mends: func(w *ill) { w.smtp.Close(); w.sink(couriertest.Options{Take: w.take}) }},
	{what: "disk", breaks: func(w *ill) { w.free = 300 << 20 }, mends: func(w *ill) { w.free = 9 << 30 }},
	{what: "storage", breaks: func(w *ill) { w.swap("ho-so", "away") }, mends: func(w *ill) { w.swap("away", "ho-so") }},
	{what: "quota", seldom: true, prepare: func(w *ill) {
		w.quota = 50
		w.edit("campaign.yaml", `imap\+plain://tiepnhan@127\.0\.0\.1:\d+`, "imap+plain://tiepnhan@"+imapScript(w.t, "IMAP4rev1 QUOTA", func(command string) string {
			if strings.HasPrefix(command, "GETQUOTAROOT") {
				return fmt.Sprintf("* QUOTAROOT INBOX mail\r\n* QUOTA mail (STORAGE %d 102400)\r\n{tag} OK done\r\n", w.quota*1024)
			}
			return ""
		}))
	}, breaks: func(w *ill) { w.quota = 95 }, mends: func(w *ill) { w.quota = 50 }},
	{what: "reader", breaks: func(w *ill) { w.reader = []string{filepath.Join(w.dir, "none")} }, mends: func(w *ill) { w.reader = nil }},
	{what: "office", lasting: true, prepare: func(w *ill) {
		w.edit("campaign.yaml", `(?m)^libreoffice: .*`, "libreoffice: "+w.script("soffice", ""))
	}, breaks: func(w *ill) { os.Rename(filepath.Join(w.dir, "soffice"), filepath.Join(w.dir, "away")) }, mends: func(w *ill) { os.Rename(filepath.Join(w.dir, "away"), filepath.Join(w.dir, "soffice")) }},
	{what: "clock", breaks: func(w *ill) { w.ahead = 3 * time.Hour }, mends: func(w *ill) { w.ahead = 0 }},
}

// swap takes the folders of the people's tree away, and puts files in their
// place, as little to be written into; or brings them back.
func (w *ill) swap(from, to string) {
	w.t.Helper()
	folders, err := os.ReadDir(filepath.Join(w.dir, from))
	if err != nil || len(folders) == 0 {
		w.t.Fatalf("%d folders: %v", len(folders), err)
	}
	os.Mkdir(filepath.Join(w.dir, to), 0o700)
	for _, f := range folders {
		is, moved := filepath.Join(w.dir, from, f.Name()), filepath.Join(w.dir, to, f.Name())
		if from == "away" {
			os.Remove(moved)
		}
		if err := os.Rename(is, moved); err != nil {
			w.t.Fatal(err)
		}
		if to == "away" {
			os.WriteFile(is, nil, 0o600)
		}
	}
	if from == "away" {
		os.Remove(filepath.Join(w.dir, from))
	}
}

// shaky puts a line between the program and the mailbox that can be cut.
func (w *ill) shaky() {
	w.line = newShaky(w.t, w.imap.Addr())
	w.edit("campaign.yaml", regexp.QuoteMeta(w.imap.Addr()), w.line.Addr().String())
}

// sink is the mail server started anew, where it was.
func (w *ill) sink(o couriertest.Options) {
	w.t.Helper()
	at := regexp.MustCompile(`smtp\+plain://(?:dvk@)?([0-9.:]+)`).FindStringSubmatch(w.text("campaign.yaml"))[1]
	s, err := couriertest.StartAt(at, o)
	if err != nil {
		w.t.Fatal(err)
	}
	w.smtp = s
	w.t.Cleanup(func() { s.Close() })
}

func (w *world) text(name string) string {
	w.t.Helper()
	b, err := os.ReadFile(filepath.Join(w.dir, name))
	if err != nil {
		w.t.Fatal(err)
	}
	return string(b)
}

// script is a program of the campaign directory.
func (w *world) script(name, text string) string {
	w.t.Helper()
	path := filepath.Join(w.dir, name)
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+text+"\n"), 0o700); err != nil {
		w.t.Fatal(err)
	}
	return path
}

// start is the program anew, as after a restart.
func (w *ill) start(now time.Time) {
	w.t.Helper()
	w.stop()
	p, _ := w.program(now)
	p.cli, p.log = &cli{Dir: w.dir, Lang: "en"}, newLog(&w.said, false, 0, "en")
	p.Free = func(string) (uint64, error) { return w.free, nil }
	p.WatchClock = true
	getenv := p.Getenv
	p.Getenv = func(name string) string {
		if name == "DONDOC_IMAP_PASSWORD" && w.password != "" {
			return w.password
		}
		return getenv(name)
	}
	if w.reader != nil {
		p.Reader = w.reader
	}
	o, err := p.open()
	if err != nil {
		w.t.Fatal(err)
	}
	if err := o.connect(); err != nil {
		w.t.Fatal(err)
	}
	w.o = o
}

func (w *ill) stop() {
	if w.o != nil {
		w.o.Close()
		w.o = nil
	}
}

// alarms are the desk's letters about incidents, by what and whether over.
func (w *ill) alarms() (all []string) {
	for _, l := range w.got("phongth@bdvtu.quangngai.example", "2022-10-12") {
		_, key, _ := strings.Cut(l, " ")
		if what, ok := strings.CutPrefix(key, "alarm/"); ok {
			name, _, _ := strings.Cut(what, "-")
			if strings.HasSuffix(key, "-over") {
				name += " over"
			}
			all = append(all, name)
		}
	}
	return all
}

// TestEachIncidentIsToldOnce: whatever goes wrong, however it comes and goes,
// and whether or not the program is started anew for each round: one letter
// when it begins (where one can go), one when it is over, one line of the log
// each, and alarm_command the same.
func TestEachIncidentIsToldOnce(t *testing.T) {
	for i, x := range woes {
		for _, how := range []struct {
			sentence         string
			restarts, wavers bool
		}{
			{"for an hour", false, false},
			{"with a restart for each round", true, false},
			{"every other round", false, true},
		} {
			if x.seldom && how.wavers || x.lasting && how.restarts {
				continue
			}
			t.Run(fmt.Sprintf("%s %d %s", x.what, i, how.sentence), func(t *testing.T) {
				t.Parallel()
				w := &ill{world: newWorld(t, "HU-BINHSON", "HU-BATO", "S-YT"), free: 9 << 30}
				told := filepath.Join(t.TempDir(), "told")
				w.edit("campaign.yaml", `(?m)^alarm_command: .*`, "alarm_command: ["+w.script("bao-tin", `{ echo "$DONDOC_INCIDENT $DONDOC_STATE"; cat; } >>`+told)+"]",
					`(?m)^  answers_per_hour: .*`, "  answers_per_hour: 50")
				w.must(at(t, "2022-10-04 07:30"), "invite", "--yes")
				w.must(at(t, "2022-10-04 07:45"), "once")
				w.must(at(t, "2022-10-12 07:45"), "once")
				if x.prepare != nil {
					x.prepare(w)
				}
				defer w.stop()
				now := at(t, "2022-10-12 08:00")
				broken, senders := false, []string{bato, binhson, "vanthu@syt.quangngai.example"}
				if x.what == "clock" {
					senders = []string{"nguoila@mail.example", "mua@mail.example"} // who are not answered
				}
				if x.what == "storage" {
					senders = []string{bato} // whose folder is there
				}
				// Three rounds well, twelve ill, then well for an hour and a half:
				// so long may a server that refused a login be left alone.
				for n := range 3 + 12 + 18 {
					ill := n >= 3 && n < 15 && !(how.wavers && n%2 == 0)
					if ill != broken {
						if broken = ill; ill {
							x.breaks(w)
						} else {
							x.mends(w)
						}
						if x.what == "reader" && !how.restarts {
							w.start(now) // the command line is its own
						}
					}
					if x.what != "quota" && (n == 1 || n == 4 || n == 16 || how.wavers && n < 16) {
						w.sources++
						var files []file
						if x.what == "storage" {
							files = []file{{fmt.Sprintf("Bao cao %d.docx", w.sources), report(fmt.Sprintf("LẦN %d", w.sources))}}
						}
						w.put(now.Add(w.ahead-time.Minute).Format("2006-01-02 15:04"), mail(senders[w.sources%len(senders)], fmt.Sprintf("Hỏi về mẫu %d", w.sources), "Xin hỏi cách ghi cấp cơ sở.", files...))
					}
					if w.o == nil || how.restarts {
						w.start(now)
					}
					w.at(now)
					at := now
					w.o.Clock = stopped{at}
					d, err := w.o.round(context.Background(), func() time.Time { return at })
					w.o.minute(d)
					w.o.grumble(err)
					now = now.Add(5 * time.Minute)
				}
				begin, over := x.what, x.what+" over"
				want := []string{begin, over}
				if x.unletterd {
					want = want[1:]
				}
				if got := w.alarms(); !slices.Equal(got, want) {
					t.Errorf("letters %q, want %q", got, want)
				}
				var lines []string
				for l := range strings.Lines(w.said.String()) {
					if strings.Contains(l, "level=ERROR") || strings.Contains(l, "incident=") {
						lines = append(lines, l)
					}
				}
				if len(lines) != 2 || !strings.Contains(lines[0], "level=ERROR") || !strings.Contains(lines[0], "incident="+x.what) || !strings.Contains(lines[1], "until=") {
					t.Errorf("the log:\n%s", strings.Join(lines, ""))
				}
				b, _ := os.ReadFile(told)
				var commanded []string
				for l := range strings.Lines(string(b)) {
					if strings.HasPrefix(l, x.what+" ") {
						commanded = append(commanded, strings.TrimSpace(l))
					}
				}
				if want := []string{x.what + " begin", x.what + " over"}; !slices.Equal(commanded, want) || !strings.Contains(string(b), "[DVK-2022]") {
					t.Errorf("alarm_command was run %q, want %q:\n%s", commanded, want, b)
				}
			})
		}
	}
}

// TestAnAlarmCommandHoldsNothingUp: whatever the operator's program does, the
// round goes on, the log says what became of it, and it is run once.
func TestAnAlarmCommandHoldsNothingUp(t *testing.T) {
	patience := alarmPatience
	alarmPatience = time.Second
	t.Cleanup(func() { alarmPatience = patience })
	for _, c := range []struct {
		sentence, does string
		says           string // of the log; "": nothing
	}{
		{"one that does its work is not spoken of", "cat >/dev/null", ""},
		{"one that reads nothing is well too", "exit 0", ""},
		{"what it leaves running behind it may go on", "sleep 5 &", ""},
		{"one that fails is logged with its code", "exit 3", "exit status 3"},
		{"one that dies is logged with its signal", "kill -9 $$", "killed"},
		{"one without end is stopped", "while :; do sleep 1; done", "deadline exceeded"},
		{"one that ignores being asked to end is stopped", "trap '' TERM INT; while :; do sleep 1; done", "deadline exceeded"},
		{"one that has gone since the configuration was read is logged", "", "no such file"},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			w := &ill{world: newWorld(t, "HU-BATO"), free: 300 << 20}
			runs := filepath.Join(t.TempDir(), "runs")
			path := w.script("bao-tin", "echo x >>"+runs+"\n"+c.does)
			w.edit("campaign.yaml", `(?m)^alarm_command: .*`, "alarm_command: ["+path+"]")
			w.must(at(t, "2022-10-04 07:30"), "invite", "--yes")
			w.start(at(t, "2022-10-12 08:00"))
			defer w.stop()
			if c.does == "" {
				if err := os.Remove(path); err != nil {
					t.Fatal(err)
				}
			}
			for n := range 3 {
				now := at(t, "2022-10-12 08:00").Add(time.Duration(n) * 5 * time.Minute)
				w.o.Clock = stopped{now}
				d, err := w.o.round(context.Background(), func() time.Time { return now })
				w.o.minute(d)
				w.o.grumble(err)
			}
			var lines []string
			for l := range strings.Lines(w.said.String()) {
				if strings.Contains(l, "alarm_command") {
					lines = append(lines, l)
				}
			}
			if c.says == "" && len(lines) > 0 || c.says != "" && (len(lines) != 1 || !strings.Contains(lines[0], c.says) || !strings.Contains(lines[0], "incident=disk")) {
				t.Errorf("the log: %q, want one line of %q", lines, c.says)
			}
			if ran, _ := os.ReadFile(runs); c.does != "" && string(ran) != "x\n" {
				t.Errorf("it was run %d times", len(ran)/2)
			}
		})
	}
}
