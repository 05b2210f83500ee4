package main

import (
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// top is the top of the repository, as seen from this package.
const top = "../.."

// TestTimeIsAnArgument holds the seventh promise: only the three packages that
// touch the world ask a clock. The simulator, though part of one, lives in
// virtual time.
func TestTimeIsAnArgument(t *testing.T) {
	asks := regexp.MustCompile(`time\.(Now|Since|After|Tick|NewTimer)`)
	may := []string{"cmd/dondoc", "intake/mailbox", "notify/courier"}
	seen := map[string]bool{}
	for _, file := range sources(t) {
		dir := filepath.ToSlash(filepath.Dir(file))
		if strings.HasSuffix(file, "_test.go") || !strings.HasSuffix(file, ".go") || !asks.MatchString(read(t, file)) {
			continue
		}
		allowed := false
		for _, tree := range may {
			if under(dir, tree) {
				allowed, seen[tree] = true, true
			}
		}
		if !allowed || under(dir, "cmd/dondoc/simulator") {
			t.Errorf("%s asks a clock; pass the time in", file)
		}
	}
	for _, dir := range may {
		if !seen[dir] {
			t.Errorf("no file of %s asks a clock: this test looks in the wrong place", dir)
		}
	}
}

// TestTheTopLevelIsFixed holds the list of names at the top of the repository.
func TestTheTopLevelIsFixed(t *testing.T) {
	want := []string{"LICENSE", "README.md", "cmd", "config", "go.mod", "go.sum", "intake", "notify", "schedule"}
	entries, err := os.ReadDir(top)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		// What .gitignore names is made by building and trying, not kept.
		if name := e.Name(); !strings.HasPrefix(name, ".") && !ignored(t, name) {
			got = append(got, name)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("the top level holds %v, want %v", got, want)
	}
}

func ignored(t *testing.T, name string) bool {
	for line := range strings.Lines(read(t, ".gitignore")) {
		pattern := strings.Trim(strings.TrimSpace(line), "/")
		if ok, _ := filepath.Match(pattern, name); ok && pattern != "" {
			return true
		}
	}
	return false
}

// pkg is a package of the project as the go command sees it, tests left out.
type pkg struct {
	ImportPath    string
	Imports, Deps []string
}

func packages(t *testing.T) []pkg {
	t.Helper()
	list := exec.Command("go", "list", "-json=ImportPath,Imports,Deps", "./...")
	list.Dir = top
	out, err := list.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []pkg
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p pkg
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
	if len(all) < 20 {
		t.Fatalf("go list names only %d packages", len(all))
	}
	return all
}

// under reports whether path is tree or below it.
func under(path, tree string) bool { return path == tree || strings.HasPrefix(path, tree+"/") }

// TestPackagesPointOneWay holds the directions between the packages.
func TestPackagesPointOneWay(t *testing.T) {
	all := packages(t)
	for _, rule := range []struct {
		sentence string
		of       string   // the packages that the rule binds, with those below
		far      bool     // through others too, not only directly
		not      string   // must not import this, nor what is below
		but      []string // except these
	}{
		{"intake and notify meet in the ledger, so intake knows nothing of notify", "dondoc/intake", true, "dondoc/notify", nil},
		{"notify takes from intake what the ledger holds, and the words for it", "dondoc/notify", false, "dondoc/intake", []string{"dondoc/intake/ledger", "dondoc/intake/finding"}},
		{"nothing of notify opens a stranger's bytes", "dondoc/notify", true, "dondoc/intake/reader", nil},
		{"the words of the trade rest on nothing", "dondoc/intake/finding", true, "dondoc", []string{"dondoc/intake/finding"}},
		{"the built-in campaign rests on nothing", "dondoc/config/builtin", true, "dondoc", []string{"dondoc/config/builtin"}},
		{"a declaration needs no more than words", "dondoc/config", true, "dondoc", []string{"dondoc/config", "dondoc/config/builtin", "dondoc/intake/finding"}},
		{"who owes what follows from declarations and findings", "dondoc/schedule/standing", true, "dondoc", []string{"dondoc/schedule/standing", "dondoc/config", "dondoc/config/builtin", "dondoc/intake/finding"}},
		{"the ladder is pure: it reads neither ledger nor mail", "dondoc/schedule", true, "dondoc", []string{"dondoc/schedule", "dondoc/schedule/standing", "dondoc/config", "dondoc/config/builtin", "dondoc/intake/finding"}},
		{"the simulator is a second opinion: it shares no code with what it judges", "dondoc/cmd/dondoc/simulator", true, "dondoc", []string{"dondoc/cmd/dondoc/simulator"}},
		{"the witness knows only the promises: it shares no code with what it judges", "dondoc/cmd/dondoc/witness", true, "dondoc", []string{"dondoc/cmd/dondoc/witness"}},
		{"only the wiring knows the whole: nothing imports cmd", "dondoc/intake", true, "dondoc/cmd", nil},
		{"only the wiring knows the whole: nothing imports cmd", "dondoc/notify", true, "dondoc/cmd", nil},
		{"no other package knows anything of the built-in campaign", "dondoc/intake", false, "dondoc/config/builtin", nil},
		{"no other package knows anything of the built-in campaign", "dondoc/notify", false, "dondoc/config/builtin", nil},
		{"no other package knows anything of the built-in campaign", "dondoc/schedule", false, "dondoc/config/builtin", nil},
		{"no other package knows anything of the built-in campaign", "dondoc/cmd", false, "dondoc/config/builtin", nil},
	} {
		bound := 0
		for _, p := range all {
			if !under(p.ImportPath, rule.of) {
				continue
			}
			bound++
			imports := p.Imports
			if rule.far {
				imports = p.Deps
			}
			for _, i := range imports {
				if under(i, rule.not) && !slices.Contains(rule.but, i) {
					t.Errorf("%s: %s imports %s", rule.sentence, p.ImportPath, i)
				}
			}
		}
		if bound == 0 {
			t.Errorf("%s: there is no package %s", rule.sentence, rule.of)
		}
	}
}

// TestLibrariesHaveOneImporter holds that a protocol or a format is spoken in
// one place. What plays the other side of a protocol, for tests and the demo,
// stands outside.
func TestLibrariesHaveOneImporter(t *testing.T) {
	outside := []string{"dondoc/cmd/dondoc/simulator", "dondoc/cmd/dondoc/mailhost", "dondoc/cmd/dondoc/hosts", "dondoc/intake/mailbox/mailboxtest", "dondoc/notify/courier/couriertest"}
	all := packages(t)
	for _, rule := range []struct {
		library string // with what is below
		by      []string
	}{
		{"github.com/alecthomas/kong", []string{"dondoc/cmd/dondoc"}},
		{"github.com/bodgit/sevenzip", []string{"dondoc/intake/document"}},
		{"github.com/emersion/go-imap", []string{"dondoc/intake/mailbox"}},
		{"github.com/emersion/go-msgauth", []string{"dondoc/intake/message"}},
		{"github.com/emersion/go-smtp", nil},
		{"github.com/gabriel-vasile/mimetype", []string{"dondoc/intake/document"}},
		{"github.com/landlock-lsm/go-landlock", []string{"dondoc/intake/reader"}},
		{"github.com/nwaples/rardecode", []string{"dondoc/intake/document"}},
		{"github.com/richardlehane/mscfb", []string{"dondoc/intake/document", "dondoc/intake/workbook"}},
		{"github.com/robfig/cron", []string{"dondoc/schedule"}},
		{"github.com/ulikunitz/xz", []string{"dondoc/intake/document"}},
		{"github.com/wneessen/go-mail", []string{"dondoc/notify/courier", "dondoc/notify/letter"}},
		// Read in workbook, computed in form, written in notify; config reads the
		// roster and makes the built-in form; the demo adds invented units to one.
		{"github.com/xuri/excelize", []string{"dondoc/config", "dondoc/config/builtin", "dondoc/intake/workbook", "dondoc/intake/form", "dondoc/notify", "dondoc/notify/annotation", "dondoc/notify/blank", "dondoc/notify/consolidation", "dondoc/cmd/dondoc"}},
		{"github.com/arran4/golang-ical", []string{"dondoc/notify/letter"}},
		{"go.yaml.in/yaml", []string{"dondoc/config"}},
		{"modernc.org/sqlite", []string{"dondoc/intake/ledger"}},
		{"database/sql", []string{"dondoc/intake/ledger"}},
		{"net/smtp", nil},
		{"golang.org/x/oauth2", []string{"dondoc/cmd/dondoc/signin"}},
	} {
		used := false
		for _, p := range all {
			for _, i := range p.Imports {
				if !under(i, rule.library) {
					continue
				}
				used = true
				if !slices.Contains(rule.by, p.ImportPath) && !slices.Contains(outside, p.ImportPath) {
					t.Errorf("%s imports %s, which belongs to %v", p.ImportPath, i, rule.by)
				}
			}
		}
		if !used && rule.by != nil {
			t.Errorf("nothing imports %s: this rule binds nobody", rule.library)
		}
	}
	// go-mail is one package: letter writes with its Msg, courier sends with
	// its Client.
	for _, file := range sources(t) {
		if strings.HasPrefix(file, "notify/letter/") && strings.HasSuffix(file, ".go") && regexp.MustCompile(`mail\.(NewClient|Client)\b`).MatchString(read(t, file)) {
			t.Errorf("%s uses go-mail's client, which is the courier's", file)
		}
	}
}

// TestPackagesAreNamedAfterTheirJob refuses the names that say nothing.
func TestPackagesAreNamedAfterTheirJob(t *testing.T) {
	for _, p := range packages(t) {
		if name := p.ImportPath[strings.LastIndex(p.ImportPath, "/")+1:]; slices.Contains([]string{"util", "utils", "common", "models", "types", "service", "services", "helper", "helpers", "manager"}, name) {
			t.Errorf("%s is named after nothing that it does", p.ImportPath)
		}
	}
}

// TestAddressesAreExamples: whatever this repository makes a program write to,
// it must not reach anybody (RFC 2606 §2).
func TestAddressesAreExamples(t *testing.T) {
	address := regexp.MustCompile(`[\pL0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+`)
	version := regexp.MustCompile(`^v\d+\.\d+\.\d+$`)
	examples := 0
	for _, file := range sources(t) {
		if file == "go.sum" || file == "LICENSE" {
			continue
		}
		for _, a := range address.FindAllString(read(t, file), -1) {
			switch host := strings.ToLower(a[strings.LastIndex(a, "@")+1:]); {
			case strings.HasSuffix(host, ".example"):
				examples++
			case version.MatchString(host):
				// Of a module, as go install names it.
			case host == "127.0.0.1":
				// This machine, as mailbox.url and smtp.url name it.
			default:
				t.Errorf("%s: %s is not an address of .example", file, a)
			}
		}
	}
	if examples < 500 {
		t.Errorf("only %d addresses were seen: this test looks in the wrong place", examples)
	}
}

// TestThreatNotesNameTestsThatExist: at the boundary each package says what a
// stranger controls there, and by which tests what stops him is shown.
func TestThreatNotesNameTestsThatExist(t *testing.T) {
	note := regexp.MustCompile(`(?m)^// A stranger (?:.*\n//)*.*`)
	named := regexp.MustCompile(`\b(?:Test|Fuzz)[A-Z0-9]\w*`)
	for _, dir := range []string{
		"intake", "intake/reader", "intake/message", "intake/document", "intake/workbook", "intake/mailbox", "intake/command", "intake/archive",
		"notify/courier", "cmd/dondoc", "cmd/dondoc/signin",
	} {
		var notes, tests strings.Builder
		for _, file := range sources(t) {
			switch at := filepath.ToSlash(filepath.Dir(file)); {
			case !strings.HasSuffix(file, ".go"):
			case !strings.HasSuffix(file, "_test.go"):
				if at == dir {
					notes.WriteString(strings.Join(note.FindAllString(read(t, file), -1), "\n"))
				}
			case at == dir, at == "cmd/dondoc", at == "intake":
				tests.WriteString(read(t, file))
			}
		}
		found := named.FindAllString(notes.String(), -1)
		if len(found) == 0 {
			t.Errorf("%s has no note on what a stranger controls, or it names no test", dir)
		}
		for _, name := range found {
			if !strings.Contains(tests.String(), "func "+name+"(") {
				t.Errorf("%s: there is no %s", dir, name)
			}
		}
	}
}

// TestTheReadmesTestCommandIsTheOneThatRuns: the README tells people to test
// with the command by which the project is tested.
func TestTheReadmesTestCommandIsTheOneThatRuns(t *testing.T) {
	section := regexp.MustCompile("(?ms)^## Tests\n.*?^```sh\n(.*?)\n```").FindStringSubmatch(read(t, "README.md"))
	if section == nil {
		t.Fatal("README.md has no section Tests with a command")
	}
	var run []string
	for line := range strings.Lines(read(t, ".ci/run")) {
		if strings.HasPrefix(strings.TrimSpace(line), "go test") {
			run = append(run, strings.TrimSpace(line))
		}
	}
	if len(run) != 1 || run[0] != section[1] {
		t.Errorf("README.md says %q, .ci/run runs %q", section[1], run)
	}
}

// sources are the files of the repository, by their path from its top.
func sources(t *testing.T) []string {
	t.Helper()
	var all []string
	err := filepath.WalkDir(top, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(top, path)
		switch {
		case err != nil:
			return err
		case rel == ".":
		case d.IsDir() && (strings.HasPrefix(d.Name(), ".git") || filepath.Dir(rel) == "." && ignored(t, rel)):
			return fs.SkipDir
		case d.Type().IsRegular() && !(filepath.Dir(rel) == "." && ignored(t, rel)):
			all = append(all, filepath.ToSlash(rel))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func read(t *testing.T, file string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(top, file))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
