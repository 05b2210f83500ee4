package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	netmail "net/mail"
	"net/smtp"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"dondoc/cmd/dondoc/simulator"
	"dondoc/cmd/dondoc/witness"
)

// asDemo is a program that can play, and what it prints.
func asDemo() (*Program, *bytes.Buffer) {
	var out bytes.Buffer
	return &Program{
		Stdin: strings.NewReader(""), Stdout: &out, Stderr: &out, Getenv: func(string) string { return "" },
		Clock: wall{}, Reader: []string{os.Args[0], "reader"},
	}, &out
}

func TestDemo(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "dvk")
	p, out := asDemo()
	if code := p.Run(context.Background(), []string{"demo", "--dir", dir, "--seed", "3", "--units", "24", "--outage", "2022-10-15..2022-10-16"}); code != exitDone {
		t.Fatalf("exit %d\n%s", code, out)
	}
	if !strings.Contains(out.String(), "khớp hết") || !strings.Contains(out.String(), "không lời hứa nào bị vi phạm") {
		t.Errorf("the summary does not say that all agrees:\n%s", out)
	}
	p, out = asDemo()
	if code := p.Run(context.Background(), []string{"verify", "-C", dir}); code != exitDone {
		t.Errorf("verify: exit %d\n%s", code, out)
	}
	p, out = asDemo()
	if code := p.Run(context.Background(), []string{"letters", "-C", dir, "--json"}); code != exitDone {
		t.Fatalf("letters: exit %d\n%s", code, out)
	}
	known, keys := map[string]string{}, map[string]bool{}
	for _, l := range lines[letterJSON](t, out.String()) {
		if keys[l.Key] {
			t.Errorf("%s is twice in letters", l.Key)
		}
		keys[l.Key] = true
		known[strings.Trim(l.MessageID, "<>")] = l.Reason
	}
	written, err := filepath.Glob(filepath.Join(dir, lettersDir, "*.eml"))
	if err != nil || len(written) < 50 {
		t.Fatalf("%d letters were written (%v)", len(written), err)
	}
	for _, path := range written {
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		m, err := netmail.ReadMessage(bytes.NewReader(raw))
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		if known[strings.Trim(m.Header.Get("Message-Id"), "<>")] == "" {
			t.Errorf("%s: its Message-ID is not in letters, or has no reason", filepath.Base(path))
		}
		if _, err := os.Stat(strings.TrimSuffix(path, ".eml") + ".html"); err != nil {
			t.Errorf("%s has no page beside it", filepath.Base(path))
		}
	}
	if in, _ := filepath.Glob(filepath.Join(dir, mailsDir, "*.eml")); len(in) < 20 {
		t.Errorf("%d mails of units were written", len(in))
	}
}

// TestDemoGoesOnIntoTheNextYear plays the months after the story, with the
// machine off over two of its reminders and the program started anew time and
// again: no step comes twice, and each new date is reminded of.
func TestDemoGoesOnIntoTheNextYear(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "dvk")
	p, out := asDemo()
	if code := p.Run(context.Background(), []string{"demo", "--dir", dir, "--seed", "2", "--units", "14", "--to", "2023-02-03", "--restarts", "12",
		"--outage", "2022-10-17..2022-10-18", "--outage", "2022-12-16T03:00:00+07:00..2022-12-16T10:00:00+07:00"}); code != exitDone {
		t.Fatalf("exit %d\n%s", code, out)
	}
	if !strings.Contains(out.String(), "khớp hết") || !strings.Contains(out.String(), "không lời hứa nào bị vi phạm") {
		t.Errorf("the summary does not say that all agrees:\n%s", out)
	}
	p, out = asDemo()
	if code := p.Run(context.Background(), []string{"letters", "-C", dir, "--json"}); code != exitDone {
		t.Fatalf("letters: exit %d\n%s", code, out)
	}
	steps, anew := map[string]bool{}, 0
	for _, l := range lines[letterJSON](t, out.String()) {
		if l.Kind != "remind" {
			continue
		}
		if steps[l.Key] {
			t.Errorf("%s is twice in letters", l.Key)
		}
		steps[l.Key] = true
		if strings.Contains(l.Key, "@2023-01-31") {
			anew++
		}
	}
	if anew == 0 {
		t.Errorf("nobody was reminded of the date given in January: %v", steps)
	}
}

// playedDemo is a demo that has been played up to its judgement.
func playedDemo(t *testing.T, c *demoCmd) (*demo, simulator.Found) {
	t.Helper()
	p, out := asDemo()
	p.cli = &cli{}
	d := &demo{demoCmd: c, out: p, dir: filepath.Join(t.TempDir(), "dvk")}
	if err := d.prepare(context.Background(), t.TempDir()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.host.Close() })
	if err := d.live(context.Background()); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	found, err := d.gather(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return d, found
}

// TestDemoSeesWhatIsWrong proves that the self-check can fail: each row makes
// the program say, or do, one thing that is not so.
func TestDemoSeesWhatIsWrong(t *testing.T) {
	t.Parallel()
	d, found := playedDemo(t, &demoCmd{Units: 20, Seed: 5, From: day{2022, 10, 3}, To: day{2022, 10, 21}})
	honest, err := d.world.Check(found)
	if err != nil || len(honest.Differences) > 0 {
		t.Fatalf("%v %v", err, honest.Differences)
	}
	edit := func(data []byte, change func(units []any)) []byte {
		var s map[string]any
		if err := json.Unmarshal(data, &s); err != nil {
			t.Fatal(err)
		}
		change(s["units"].([]any))
		out, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	set := func(key string, from, to any) func(*simulator.Found) {
		return func(f *simulator.Found) {
			f.Status = edit(f.Status, func(units []any) {
				for _, u := range units {
					if u := u.(map[string]any); from == nil || u[key] == from {
						u[key] = to
						return
					}
				}
				t.Fatalf("no unit has %s %v", key, from)
			})
		}
	}
	var complete, machine string // mailbox of a unit that has given all; an automatic answer
	var s statusJSON
	if err := json.Unmarshal(found.Status, &s); err != nil {
		t.Fatal(err)
	}
	units := map[string]string{}
	for _, u := range d.campaign.Units {
		units[u.Code] = u.Emails[0]
	}
	for _, u := range s.Units {
		if u.State == "complete" && u.CoveredBy == nil && u.Reachable {
			complete = u.Code
		}
	}
	all, err := filepath.Glob(filepath.Join(d.dir, mailsDir, "*.eml"))
	if err != nil {
		t.Fatal(err)
	}
	var absent string
	for _, path := range all {
		raw, _ := os.ReadFile(path)
		if m, err := netmail.ReadMessage(bytes.NewReader(raw)); err == nil && m.Header.Get("Auto-Submitted") == "auto-replied" && !strings.Contains(m.Header.Get("From"), "MAILER-DAEMON") {
			machine = m.Header.Get("Message-Id")
			from, _ := netmail.ParseAddress(m.Header.Get("From"))
			absent = from.Address
		}
	}
	if complete == "" || machine == "" {
		t.Fatal("this seed plays no complete unit or no automatic answer")
	}
	office := d.letters.office
	write := func(to, key, inReplyTo string) func(*simulator.Found) {
		return func(*simulator.Found) {
			raw := fmt.Sprintf("From: <%s>\r\nTo: <%s>\r\nSubject: thử\r\nMessage-ID: <%s@bdvtu.example>\r\nX-Dondoc-Key: %s\r\nIn-Reply-To: %s\r\nContent-Type: text/plain\r\n\r\n.\r\n",
				office, to, strings.ReplaceAll(key, "/", "."), key, inReplyTo)
			if err := smtp.SendMail(d.host.SMTP(), smtp.PlainAuth("", office, demoPassword, "127.0.0.1"), office, []string{to}, []byte(raw)); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, row := range []struct {
		sentence string
		lie      func(*simulator.Found)
		says     string
	}{
		{"a unit that gave all is said to have given nothing", set("state", "complete", "none"), "status says none"},
		{"a unit that was on time is said to be late", set("timeliness", "on_time", "late"), `says "late"`},
		{"a part that came is said to be missing", set("missing", nil, []string{"report", "appendix"}), "status says [report appendix]"},
		{"a deadline is said to be another", set("deadline", nil, "2022-10-30T00:00:00+07:00"), "its deadline really is"},
		{"a unit is said to be merely claimed", set("claimed", false, true), "claimed is really false"},
		{"a working mailbox is said to be dead", set("reachable", true, false), "whether mail arrives"},
		{"a unit is left out", func(f *simulator.Found) {
			f.Status = edit(f.Status, func(units []any) { units[0].(map[string]any)["code"] = "X" })
		}, "is not in status"},
		{"a past moment is told otherwise than it was", func(f *simulator.Found) {
			f.Past = map[time.Time][]byte{october(7, 16, 0): f.Status}
		}, "at 16:00 07/10"},
		{"one sum is one too high", func(f *simulator.Found) {
			f.Sums = map[string]float64{}
			for name, n := range found.Sums {
				f.Sums[name] = n
			}
			f.Sums["DVK_B3_33_CNH"]++
		}, "the sum of DVK_B3_33_CNH"},
		{"a unit has a figure that it did not give", func(f *simulator.Found) {
			f.Values = map[string]map[string]float64{complete: {"DVK_B1_11_TT": 4711}}
		}, "the record says 4711"},
		{"a unit that owes nothing is reminded", write(units[complete], "remind/"+complete+"/T+1", ""), "when it owed nothing"},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			f := found
			row.lie(&f)
			result, err := d.world.Check(f)
			if err != nil {
				t.Fatal(err)
			}
			for _, x := range result.Differences {
				if strings.Contains(x.In("en"), row.says) {
					return
				}
			}
			t.Errorf("none of the differences says %q: %v", row.says, result.Differences)
		})
	}
	// The witness, who finds nothing wrong with the play itself, sees the
	// letters that these rows have slipped in.
	write(units[complete], "invite/"+complete, "")(nil)
	write(absent, "receipt/AAAAA-BBBBB", machine)(nil)
	account, err := d.witnessed(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[witness.Kind]bool{}
	for _, f := range account.Check() {
		kinds[f.Kind] = true
		if !strings.Contains(f.EN, complete) && !strings.Contains(f.EN, "AAAAA-BBBBB") {
			t.Errorf("the witness finds what nobody did: %s", f)
		}
	}
	for _, want := range []witness.Kind{witness.LetterTwice, witness.Nagged, witness.MachineAnswered, witness.Misrecorded} {
		if !kinds[want] {
			t.Errorf("the witness does not find %s", want)
		}
	}
}

func TestDemoRefuses(t *testing.T) {
	used := t.TempDir()
	if err := os.WriteFile(filepath.Join(used, "campaign.yaml"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		sentence string
		args     []string
	}{
		{"a directory that holds a campaign is left alone", []string{"--dir", used}},
		{"the play is of October 2022", []string{"--from", "2022-09-01"}},
		{"it cannot end before it begins", []string{"--from", "2022-10-10", "--to", "2022-10-09"}},
		{"there is no campaign without units", []string{"--units", "0"}},
		{"an outage has two ends", []string{"--outage", "2022-10-10"}},
		{"an outage ends before the play does", []string{"--outage", "2022-10-20..2022-10-26"}},
		{"an outage does not end before it begins", []string{"--outage", "2022-10-10..2022-10-08"}},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			p, out := asDemo()
			if code := p.Run(context.Background(), append([]string{"demo"}, row.args...)); code != exitUsage {
				t.Errorf("exit %d, want %d\n%s", code, exitUsage, out)
			}
			if out.Len() == 0 {
				t.Error("it does not say why")
			}
		})
	}
}

// TestDemoStops interrupts the play: it ends at once, and cleanly.
func TestDemoStops(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	p, out := asDemo()
	d := &demo{demoCmd: &demoCmd{Units: 3, Seed: 1, From: day{2022, 10, 3}, To: day{2022, 10, 26}}, out: p, dir: filepath.Join(t.TempDir(), "dvk")}
	p.cli = &cli{}
	if err := d.prepare(ctx, t.TempDir()); err != nil {
		t.Fatal(err)
	}
	defer d.host.Close()
	told := d.clock.told
	d.clock.told = func(now time.Time) {
		told(now)
		if now.After(october(4, 12, 0)) {
			stop()
		}
	}
	if err := d.live(ctx); err == nil || ctx.Err() == nil || d.clock.Now().After(october(4, 13, 0)) {
		t.Errorf("it went on until %s: %v\n%s", d.clock.Now(), err, out)
	}
}
