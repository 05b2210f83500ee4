package main

import (
	"archive/zip"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/xuri/excelize/v2"

	"dondoc/intake/mailbox/mailboxtest"
	"dondoc/notify/courier/couriertest"
)

// TestStories runs the program as its operator does: each file of
// testdata/script starts the binary, reads what it says, and looks at its exit
// status and at the files it leaves.
func TestStories(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                filepath.Join("testdata", "script"),
		RequireUniqueNames: true,
		Setup: func(e *testscript.Env) error {
			e.Setenv("DONDOC_BY", "phong-th")
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": exits, "capture": capture, "json": jsonOutput, "edit": edit, "cell": cell, "await": await, "flip": flip, "forge": forge, "copytree": copyTree,
			"roster": shortRoster, "fill": fill, "report": writeUp(report), "model": writeUp(model), "mail": writeMail,
			"reply": reply, "servers": servers, "deliver": deliver, "count": count, "held-in": heldIn, "provider": provider, "granting": granting, "unseen": unseen, "unpack": unpackPart,
		},
	})
}

// exits STATUS COMMAND... runs a command that has to end with the status.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	want, err := strconv.Atoi(at0(args))
	if neg || err != nil || len(args) < 2 {
		ts.Fatalf("usage: exits STATUS COMMAND...")
	}
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			ts.Fatalf("%v", err)
		}
		got = exit.ExitCode()
	}
	if got != want {
		ts.Fatalf("exit status %d, want %d", got, want)
	}
}

func at0(args []string) string {
	if len(args) == 0 {
		return ""
	}
	return args[0]
}

// await PATTERN COMMAND... runs a command again and again until its standard
// output is like the pattern, for three minutes at most.
func await(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) < 2 {
		ts.Fatalf("usage: await PATTERN COMMAND...")
	}
	re := regexp.MustCompile("(?m)" + args[0])
	for end := time.Now().Add(3 * time.Minute); ; time.Sleep(100 * time.Millisecond) {
		ts.Check(ts.Exec(args[1], args[2:]...))
		if re.MatchString(ts.ReadFile("stdout")) {
			return
		}
		if time.Now().After(end) {
			ts.Fatalf("it never said %s", args[0])
		}
	}
}

// capture NAME PATTERN sets a variable to the pattern's first group, as the
// last command's standard output has it.
func capture(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: capture NAME PATTERN")
	}
	m := regexp.MustCompile("(?m)" + args[1]).FindStringSubmatch(ts.ReadFile("stdout"))
	if len(m) < 2 {
		ts.Fatalf("nothing on standard output is like %s", args[1])
	}
	ts.Setenv(args[0], m[1])
}

// json [N] checks that every line of the last standard output is one JSON
// object, and that there are N of them.
func jsonOutput(ts *testscript.TestScript, _ bool, args []string) {
	n := 0
	for line := range strings.Lines(ts.ReadFile("stdout")) {
		var v map[string]any
		if err := json.Unmarshal([]byte(line), &v); err != nil {
			ts.Fatalf("line %d is no JSON object: %v", n+1, err)
		}
		n++
	}
	if want := at0(args); want != "" && want != strconv.Itoa(n) || n == 0 {
		ts.Fatalf("%d objects, want %s", n, want)
	}
}

// edit FILE PATTERN TEXT replaces what is like PATTERN; \t, \n and \r in TEXT are a
// tab, a new line and a return.
func edit(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 3 {
		ts.Fatalf("usage: edit FILE PATTERN TEXT")
	}
	text := []byte(ts.ReadFile(args[0]))
	re := regexp.MustCompile("(?m)" + args[1])
	if !re.Match(text) {
		ts.Fatalf("%s has nothing like %s", args[0], args[1])
	}
	with := strings.NewReplacer(`\t`, "\t", `\n`, "\n", `\r`, "\r").Replace(args[2])
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), re.ReplaceAllLiteral(text, []byte(with)), 0o600))
}

// cell FILE SHEET CELL VALUE writes one cell of a workbook; a VALUE that
// begins with = is a formula, and one of digits a number. SHEET may be the
// number of a sheet, from 0.
func cell(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 4 {
		ts.Fatalf("usage: cell FILE SHEET CELL VALUE")
	}
	book, err := excelize.OpenFile(ts.MkAbs(args[0]))
	ts.Check(err)
	defer book.Close()
	sheet := args[1]
	if i, err := strconv.Atoi(sheet); err == nil {
		sheet = book.GetSheetName(i)
	}
	ts.Check(setCell(book, sheet, args[2], args[3]))
	ts.Check(book.Save())
}

func setCell(book *excelize.File, sheet, cell, value string) error {
	if formula, ok := strings.CutPrefix(value, "="); ok {
		return book.SetCellFormula(sheet, cell, formula)
	}
	if n, err := strconv.Atoi(value); err == nil {
		return book.SetCellValue(sheet, cell, n)
	}
	return book.SetCellValue(sheet, cell, value)
}

// flip GLOB... changes one byte in the middle of each file.
func flip(ts *testscript.TestScript, _ bool, args []string) {
	for _, glob := range args {
		files, err := filepath.Glob(ts.MkAbs(glob))
		ts.Check(err)
		if len(files) == 0 {
			ts.Fatalf("there is nothing like %s", glob)
		}
		for _, name := range files {
			data, err := os.ReadFile(name)
			ts.Check(err)
			data[len(data)/2] ^= 1
			ts.Check(os.Chmod(name, 0o600))
			ts.Check(os.WriteFile(name, data, 0o600))
		}
	}
}

// forge LEDGER [SQL] changes a fact behind the program's back, or what SQL says.
func forge(ts *testscript.TestScript, _ bool, args []string) {
	db, err := sql.Open("sqlite", ts.MkAbs(at0(args)))
	ts.Check(err)
	defer db.Close()
	script := `UPDATE fact SET body = replace(body, 'HU-BINHSON', 'HU-BATO') WHERE body LIKE '%HU-BINHSON%'`
	if len(args) > 1 {
		script = args[1]
	}
	r, err := db.Exec(script)
	ts.Check(err)
	if n, err := r.RowsAffected(); n == 0 {
		ts.Fatalf("nothing was changed: %v", err)
	}
}

// copytree FROM TO copies a directory with what is below it.
func copyTree(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: copytree FROM TO")
	}
	ts.Check(os.CopyFS(ts.MkAbs(args[1]), os.DirFS(ts.MkAbs(args[0]))))
}

// count N DIR checks how many files are below a directory; one that does not
// exist has none.
func count(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: count N DIR")
	}
	var names []string
	filepath.WalkDir(ts.MkAbs(args[1]), func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			names = append(names, path)
		}
		return nil
	})
	if strconv.Itoa(len(names)) != args[0] {
		ts.Fatalf("%d files, want %s:\n%s", len(names), args[0], strings.Join(names, "\n"))
	}
}

// inScript lets the helpers of the other tests fail the story that uses them.
type inScript struct {
	testing.TB
	ts *testscript.TestScript
}

func (s inScript) Helper()                      {}
func (s inScript) Fatal(args ...any)            { s.ts.Fatalf("%s", fmt.Sprint(args...)) }
func (s inScript) Fatalf(f string, args ...any) { s.ts.Fatalf(f, args...) }

func worldOf(ts *testscript.TestScript, dir string) *world {
	return &world{t: inScript{ts: ts}, dir: ts.MkAbs(dir)}
}

// roster DIR CODE... leaves only the named units in a campaign.
func shortRoster(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) < 2 {
		ts.Fatalf("usage: roster DIR CODE...")
	}
	worldOf(ts, args[0]).roster(args[1:]...)
}

// fill FILE DIR UNIT N [CELL=VALUE...] writes the form of a campaign as the
// unit fills it in, with figures that agree unless cells are given.
func fill(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) < 4 {
		ts.Fatalf("usage: fill FILE DIR UNIT N [CELL=VALUE...]")
	}
	n, err := strconv.Atoi(args[3])
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), worldOf(ts, args[1]).filled(args[2], n), 0o600))
	if len(args) == 4 {
		return
	}
	book, err := excelize.OpenFile(ts.MkAbs(args[0]))
	ts.Check(err)
	defer book.Close()
	for _, set := range args[4:] {
		where, value, _ := strings.Cut(set, "=")
		ts.Check(setCell(book, book.GetSheetName(0), where, value))
	}
	ts.Check(book.Save())
}

// report FILE UNIT-NAME and model FILE NAME write what the letter asks for in
// words.
func writeUp(of func(string) []byte) func(*testscript.TestScript, bool, []string) {
	return func(ts *testscript.TestScript, _ bool, args []string) {
		if len(args) != 2 {
			ts.Fatalf("usage: report|model FILE NAME")
		}
		ts.Check(os.WriteFile(ts.MkAbs(args[0]), of(args[1]), 0o600))
	}
}

// mail FILE FROM SUBJECT TEXT [ATTACHMENT...] writes a mail as a unit's
// webmail would.
func writeMail(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) < 4 {
		ts.Fatalf("usage: mail FILE FROM SUBJECT TEXT [ATTACHMENT...]")
	}
	var files []file
	for _, name := range args[4:] {
		files = append(files, file{filepath.Base(name), []byte(ts.ReadFile(name))})
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), mail(args[1], args[2], args[3], files...), 0o600))
}

// unpack FILE PART writes a part of a .docx or .xlsx beside it, as "part".
func unpackPart(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: unpack FILE PART")
	}
	z, err := zip.OpenReader(ts.MkAbs(args[0]))
	ts.Check(err)
	defer z.Close()
	data, err := fs.ReadFile(z, args[1])
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs("part"), data, 0o600))
}

// servers DIR starts a mailbox and a mail server on loopback, and makes the
// campaign a live one between them. What it sends lands in sent/N.eml.
func servers(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 1 && len(args) != 2 {
		ts.Fatalf("usage: servers DIR [FOLDER FOR SENT MAIL]")
	}
	box, err := mailboxtest.Start(mailboxtest.Plain)
	ts.Check(err)
	ts.Defer(func() { box.Close() })
	box.AddUser("tiepnhan", "mat-khau")
	if len(args) == 2 {
		ts.Check(box.AddSentFolder("tiepnhan", args[1]))
	}
	sent := ts.MkAbs("sent")
	ts.Check(os.MkdirAll(sent, 0o700))
	var mu sync.Mutex
	n := 0
	out, err := couriertest.Start(couriertest.Options{Take: func(_, _ string, raw []byte) error {
		mu.Lock()
		defer mu.Unlock()
		n++
		return os.WriteFile(filepath.Join(sent, fmt.Sprintf("%d.eml", n)), raw, 0o600)
	}})
	ts.Check(err)
	ts.Defer(func() { out.Close() })
	worldOf(ts, args[0]).edit("campaign.yaml",
		`(?m)^mode: .*`, "mode: live",
		`url: "imaps[^"]*"`, fmt.Sprintf(`url: %q`, box.URL("tiepnhan")),
		`url: "smtp[^"]*"`, fmt.Sprintf(`url: "smtp+plain://%s"`, out.Addr()),
		`(?m)^receipt_delay: .*`, "receipt_delay: 0",
		`(?m)^  pace: .*`, "  pace: 0s",
	)
	ts.Setenv("DONDOC_IMAP_PASSWORD", "mat-khau")
	ts.Setenv("DONDOC_SMTP_PASSWORD", "mat-khau")
	boxes.Store(ts.Name(), box)
}

// held-in DIR TEXT… checks that one file of a directory has all of the texts.
func heldIn(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) < 2 {
		ts.Fatalf("usage: held-in DIR TEXT...")
	}
	files, err := filepath.Glob(filepath.Join(ts.MkAbs(args[0]), "*"))
	ts.Check(err)
	for _, f := range files {
		data, err := os.ReadFile(f)
		ts.Check(err)
		if !slices.ContainsFunc(args[1:], func(text string) bool { return !strings.Contains(string(data), text) }) {
			return
		}
	}
	ts.Fatalf("none of the %d files of %s has all of %q", len(files), args[0], args[1:])
}

// boxes are the mailboxes of the stories that started one.
var boxes sync.Map

// deliver FILE TIME puts a mail into the mailbox, received at TIME.
func deliver(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: deliver FILE TIME")
	}
	received, err := time.Parse(time.RFC3339, args[1])
	ts.Check(err)
	box, ok := boxes.Load(ts.Name())
	if !ok {
		ts.Fatalf("no servers were started")
	}
	_, err = box.(*mailboxtest.Server).Append("tiepnhan", "INBOX", []byte(ts.ReadFile(args[0])), received)
	ts.Check(err)
}
