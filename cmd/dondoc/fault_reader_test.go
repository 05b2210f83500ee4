package main

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestFaultReader lets the confined child fail at each thing that it is asked
// in a morning's round, in each way in which a process can; and again while the
// program recovers. The program goes on, and every mail has its ordinary end,
// for it was no fault of the mails. One that defeats every reader is left to a
// person, and the others are filed as ever.
func TestFaultReader(t *testing.T) {
	f := newFaults(t)
	r := &readings{faults: f, now: at(t, "2022-10-12 10:00")}
	r.base, r.mails = newMorning(t)
	w, state := r.begin(t, r.mails)
	w.reader = brokenReader(state)
	w.must(r.now, "once")
	asked := askedOf(t, state)
	w.reader = nil
	w.must(r.now.Add(later), "once")
	r.want = w.everything()
	r.withoutLast = r.undisturbed(t, r.mails[:len(r.mails)-1])
	if len(asked) < 5 {
		t.Fatalf("the reader was asked only %q", asked)
	}

	var all, found []ordeal
	var singles []string
	for n := range asked {
		for _, does := range readerFaults {
			singles = append(singles, fmt.Sprintf("%d=%s", n+1, does))
		}
	}
	for n := range 2 {
		singles = append(singles, fmt.Sprintf("start%d=dies", n+1), fmt.Sprintf("start%d=has no memory", n+1), fmt.Sprintf("start%d=hangs", n+1))
	}
	for _, s := range singles {
		all = append(all, r.ordeal([]string{s}, nil))
	}
	all = append(all, ordeal{"it is not there", func(t *testing.T) {
		r.play(t, []string{filepath.Join(t.TempDir(), "khong-co")}, nil, nil)
	}}, ordeal{"it is no program", func(t *testing.T) {
		r.play(t, []string{filepath.Join(t.TempDir())}, nil, nil)
	}})
	for _, does := range readerFaults {
		all = append(all, ordeal{"a mail over which it always " + does, func(t *testing.T) { r.deadly(t, does) }})
	}
	for _, x := range foundReader {
		found = append(found, r.ordeal(x.first, x.then))
	}
	f.through(found, all, 10, func(rng *rand.Rand) ordeal {
		return r.ordeal([]string{singles[rng.IntN(len(singles))]}, []string{singles[rng.IntN(len(singles))]})
	})
}

// foundReader are faults of the reader in a round, and in the one after it, that
// once had consequences.
var foundReader = []struct {
	sentence    string
	first, then []string
}{}

// readerFaults are what the child can do instead of answering, or besides.
var readerFaults = []string{
	"crashes", "is killed", "runs out of memory", "hangs", "ends", "talks rubbish", "answers no JSON", "answers an error", "announces 4 GB", "never stops answering",
	"crashes in its answer", "hangs in its answer", "is killed in its answer", "answers twice", "answers and ends", "answers and is killed", "closes its mouth",
}

// readings are the same morning over and over.
type readings struct {
	*faults
	base        *world
	mails       [][]byte
	now         time.Time
	want        map[string]int
	withoutLast map[string]int // if the last mail had not come
}

// begin is the morning with the mails in its mailbox, and a directory for what
// the reader is asked. A person has answered a question from the mailbox.
func (r *readings) begin(t *testing.T, mails [][]byte) (w *world, state string) {
	t.Helper()
	w = r.base.copied(t)
	if err := w.imap.AddSentFolder("tiepnhan", sentFolder); err != nil {
		t.Fatal(err)
	}
	w.fillMailbox(mails)
	byHand := fmt.Appendf(nil, "From: <tiepnhan@bdvtu.quangngai.example>\r\nTo: <vanthu@hubato.quangngai.example>\r\nSubject: Re: x\r\nDate: Wed, 12 Oct 2022 09:40:00 +0700\r\nMessage-ID: <tay@bdvtu.quangngai.example>\r\n"+
		"In-Reply-To: %s\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nChào anh chị, ...\r\n", messageID(mails[2]))
	if _, err := w.imap.Server.Append("tiepnhan", sentFolder, byHand, at(t, "2022-10-12 09:40")); err != nil {
		t.Fatal(err)
	}
	w.account.Replied(byHand)
	return w, t.TempDir()
}

func (r *readings) undisturbed(t *testing.T, mails [][]byte) map[string]int {
	w, _ := r.begin(t, mails)
	w.must(r.now, "once")
	w.must(r.now.Add(later), "once")
	return w.everything()
}

func (r *readings) ordeal(first, then []string) ordeal {
	name := strings.Join(first, ", ")
	if then != nil {
		name += ", then " + strings.Join(then, ", ")
	}
	return ordeal{name, func(t *testing.T) { r.play(t, nil, first, then) }}
}

// play is an ordeal with the faults, or with another command in the reader's
// place.
func (r *readings) play(t *testing.T, command, first, then []string) {
	w, state := r.begin(t, r.mails)
	if command == nil {
		command = brokenReader(state, first...)
	}
	r.disturbed(w, r.now, command, state)
	if then != nil {
		state := t.TempDir()
		r.disturbed(w, r.now.Add(3*time.Minute), brokenReader(state, then...), state)
	}
	w.settled(r.faults, r.now.Add(later), r.want)
}

// deadly is a morning with one mail over which every reader fails.
func (r *readings) deadly(t *testing.T, does string) {
	if strings.HasPrefix(does, "answers and") {
		return // it has answered
	}
	poison := mail("nguoila@mail.example", "Chào hàng", "Mua nữa đi")
	w, state := r.begin(t, append(r.mails[:len(r.mails)-1:len(r.mails)-1], poison))
	sum := sha256.Sum256(poison)
	command := brokenReader(state, fmt.Sprintf("%x=%s", sum[:4], does))
	r.disturbed(w, r.now, command, state)
	v := lines[struct{ Verdict string }](t, w.must(r.now, "held", "list", "--json"))
	if len(v) != 1 || v[0].Verdict != "quarantined" {
		t.Errorf("of the mail that %s is said %+v", does, v)
	}
	w.settled(r.faults, r.now.Add(later), r.withoutLast)
}

// disturbed is a round with another reader.
func (r *readings) disturbed(w *world, now time.Time, command []string, state string) {
	w.t.Helper()
	w.reader = command
	w.patience.Reader = 0
	if regexp.MustCompile(`hangs|closes`).MatchString(strings.Join(command, " ")) {
		w.patience.Reader = 5 * time.Second
	}
	out, code := w.run(now, "once")
	w.reader, w.patience.Reader = nil, 0
	if code == exitUsage {
		w.t.Errorf("exit status %d\n%s", code, out)
	}
	met, _ := os.ReadFile(filepath.Join(state, "met"))
	for line := range strings.Lines(string(met)) {
		w.t.Log(strings.TrimSpace(line))
		r.count(func(n *tally) { n.point("reader", strings.TrimSpace(line)) })
	}
	if len(met) == 0 && command[0] != os.Args[0] {
		r.count(func(n *tally) { n.point("reader", "not started: "+w.t.Name()) })
	}
	if testing.Verbose() {
		w.t.Logf("exit status %d\n%s", code, out)
	}
}

// brokenReader is the command line of a reader with faults: N=FAULT at the n-th
// thing that it and those before it are asked, startN=FAULT, or SHA=FAULT
// whenever it is asked about bytes whose hash begins so.
func brokenReader(state string, faults ...string) []string {
	return append([]string{os.Args[0], "broken-reader", state}, faults...)
}

// askedOf is what readers with a state were asked.
func askedOf(t *testing.T, state string) (all []string) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(state, "asked"))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(b)) {
		all = append(all, strings.TrimSpace(line))
	}
	return all
}

// serveBroken is a reader with faults: it passes what it is asked to a real
// one, and passes the answers back, until it is to fail.
func serveBroken(state string, faults []string) int {
	note := func(file, text string) (n int) {
		f, err := os.OpenFile(filepath.Join(state, file), os.O_CREATE|os.O_APPEND|os.O_RDWR, 0o600)
		if err != nil {
			panic(err)
		}
		defer f.Close()
		fmt.Fprintln(f, text)
		b, _ := os.ReadFile(f.Name())
		return bytes.Count(b, []byte("\n"))
	}
	does := func(name string) string {
		for _, f := range faults {
			if at, does, _ := strings.Cut(f, "="); at == name {
				return does
			}
		}
		return ""
	}
	end := func(way string) int {
		switch way {
		case "is killed", "is killed in its answer", "answers and is killed":
			self, _ := os.FindProcess(os.Getpid())
			self.Kill()
			select {}
		case "hangs", "hangs in its answer":
			select {}
		case "closes its mouth":
			os.Stdout.Close()
			time.Sleep(time.Hour)
		case "runs out of memory", "has no memory":
			fmt.Fprintln(os.Stderr, "fatal error: runtime: out of memory")
			return 2
		case "ends", "answers and ends":
			return 0
		}
		fmt.Fprintln(os.Stderr, "panic: index out of range [5] with length 3")
		return 2
	}
	start := "start" + strconv.Itoa(note("starts", "x"))
	if way := does(start); way != "" {
		note("met", start+" "+way)
		return end(way)
	}
	c := exec.Command(os.Args[0], "reader")
	c.Env = []string{}
	to, _ := c.StdinPipe()
	from, _ := c.StdoutPipe()
	if err := c.Start(); err != nil {
		panic(err)
	}
	defer c.Process.Kill()
	in, answers := bufio.NewReader(os.Stdin), bufio.NewReader(from)
	for {
		op, err := frame(in)
		if err != nil {
			return 0
		}
		payload, err := frame(in)
		if err != nil {
			return 0
		}
		sum := sha256.Sum256(payload[5:])
		what := fmt.Sprintf("%s %x", op[5:], sum[:4])
		n := strconv.Itoa(note("asked", what))
		way := does(n)
		if way == "" {
			way = does(fmt.Sprintf("%x", sum[:4]))
		}
		if way != "" {
			note("met", fmt.Sprintf("%s %s: %s", n, op[5:], way))
		}
		say := func(kind byte, data string) {
			os.Stdout.Write(append(binary.BigEndian.AppendUint32([]byte{kind}, uint32(len(data))), data...))
		}
		switch way {
		case "talks rubbish":
			io.WriteString(os.Stdout, "what is this?\n")
			select {}
		case "answers an error":
			say('e', "no")
			continue
		case "announces 4 GB":
			io.WriteString(os.Stdout, "r\xff\xff\xff\xff")
			select {}
		case "never stops answering":
			for some := strings.Repeat("x", 1<<20); ; {
				say('n', "x")
				say('b', some)
			}
		}
		if way != "" && !strings.Contains(way, "answer") { // it says no more
			return end(way)
		}
		to.Write(op)
		to.Write(payload)
		var answer []byte
		for kind := byte(0); kind != 'r' && kind != 'e'; {
			f, err := frame(answers)
			if err != nil {
				return 1
			}
			kind = f[0]
			answer = append(answer, f...)
		}
		switch way {
		case "":
			os.Stdout.Write(answer)
		case "answers no JSON":
			say('r', "{{{")
		case "answers twice":
			os.Stdout.Write(append(answer, answer...))
		case "answers and ends", "answers and is killed":
			os.Stdout.Write(answer)
			return end(way)
		default:
			os.Stdout.Write(answer[:len(answer)/2])
			return end(way)
		}
	}
}

// frame reads one frame of the pipe, head and all (intake/reader/frame.go).
func frame(r io.Reader) ([]byte, error) {
	head := make([]byte, 5)
	if _, err := io.ReadFull(r, head); err != nil {
		return nil, err
	}
	all := append(head, make([]byte, binary.BigEndian.Uint32(head[1:]))...)
	_, err := io.ReadFull(r, all[5:])
	return all, err
}
