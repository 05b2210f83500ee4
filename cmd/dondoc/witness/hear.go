package witness

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Ask carries out a command line of the program on a campaign directory and
// returns what it wrote to standard output, and its exit status.
type Ask func(dir string, args ...string) (stdout []byte, code int)

// testimony is what the program says in the end.
type testimony struct {
	now      time.Time
	units    map[string]standing
	past     map[time.Time]map[string]standing // where the units stood, by instant
	letters  map[string]listed
	twice    []string // keys that are listed more than once
	held     map[string]bool
	verdicts map[string][]verdict // by mail
	damage   []string
	tree     []copied
}

// standing is a unit of `status --json`.
type standing struct {
	Code      string   `json:"code"`
	State     string   `json:"state"`
	Missing   []string `json:"missing"`
	CoveredBy *string  `json:"covered_by"`
	Paused    bool     `json:"paused"`
	Held      []string `json:"held"`
}

// listed is a line of `letters --json`.
type listed struct {
	Key        string   `json:"key"`
	Kind       string   `json:"kind"`
	Unit       *string  `json:"unit"`
	MessageID  string   `json:"message_id"`
	Reason     string   `json:"reason"`
	Answers    []string `json:"answers"`
	Withdrawn  string   `json:"withdrawn"`
	Deliveries []struct {
		Address string `json:"address"`
		Outcome string `json:"outcome"`
	} `json:"deliveries"`
}

// verdict is a line of `ingest --json`.
type verdict struct {
	ID          string    `json:"id"`
	Verdict     string    `json:"verdict"`
	Reason      string    `json:"reason"`
	Class       string    `json:"class"`
	Unit        *string   `json:"unit"`
	Claimed     bool      `json:"claimed"`
	Decided     time.Time `json:"decided"`
	Reply       string    `json:"reply"`
	ReplyReason string    `json:"reply_reason"`
	DuplicateOf string    `json:"duplicate_of"`
	Parts       []struct {
		SHA256 string `json:"sha256"`
		Kind   string `json:"kind"`
	} `json:"parts"`
}

func (v verdict) unit() string {
	if v.Unit == nil {
		return ""
	}
	return *v.Unit
}

// copied is a file of the people's tree.
type copied struct {
	path, sha string
	unit      string // whose folder it lies in
	mail      string // whose folder it lies in, where it waits for a person
}

// Hear asks the program, when a story has come to its end, for all that its
// commands tell.
func (a *Account) Hear(dir string, now time.Time, ask Ask) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	s := testimony{now: now, past: map[time.Time]map[string]standing{}, letters: map[string]listed{}, held: map[string]bool{}, verdicts: map[string][]verdict{}}
	at := func(t time.Time) string { return t.Format(time.RFC3339Nano) }
	var err error
	if s.units, err = stand(dir, now, ask); err != nil {
		return err
	}
	for _, l := range a.letters {
		if l.kind() == "remind" {
			for _, t := range []time.Time{l.At.Add(-a.campaign.Poll), l.At} {
				if s.past[t] != nil {
					continue
				}
				if s.past[t], err = stand(dir, t, ask); err != nil {
					return err
				}
			}
		}
	}
	all, err := lines[listed](ask, dir, "letters", "--json", "--now", at(now))
	if err != nil {
		return err
	}
	for _, l := range all {
		if _, again := s.letters[l.Key]; again {
			s.twice = append(s.twice, l.Key)
		}
		s.letters[l.Key] = l
	}
	waiting, err := lines[verdict](ask, dir, "held", "list", "--json", "--now", at(now))
	if err != nil {
		return err
	}
	for _, v := range waiting {
		s.held[v.ID] = true
	}
	verified, err := lines[struct {
		Damage []struct {
			What, ID, Detail string
		} `json:"damage"`
		Missing []string `json:"tree_missing"`
		Changed []string `json:"tree_changed"`
	}](ask, dir, "verify", "--json", "--lang", "en")
	if err != nil {
		return err
	}
	for _, v := range verified {
		for _, d := range v.Damage {
			s.damage = append(s.damage, strings.TrimSpace(d.What+" "+d.ID+": "+d.Detail))
		}
		for _, path := range append(v.Missing, v.Changed...) {
			s.damage = append(s.damage, "ho-so/"+path+" is gone or is not as it was sent")
		}
	}
	if s.tree, err = tree(filepath.Join(dir, "ho-so")); err != nil {
		return err
	}
	if err := a.verdicts(&s, dir, ask); err != nil {
		return err
	}
	a.said = s
	return nil
}

// lines asks and decodes the answer, one object a line. A program that says 3
// means that somebody has to look, and verify says 1 where it found damage.
func lines[T any](ask Ask, dir string, args ...string) (all []T, err error) {
	out, code := ask(dir, args...)
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var v T
		if err := d.Decode(&v); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, fmt.Errorf("dondoc %s: exit %d, %w in\n%s", strings.Join(args, " "), code, err, out)
		}
		all = append(all, v)
	}
	if code != 0 && code != 3 && !(args[0] == "verify" && len(all) > 0) {
		return nil, fmt.Errorf("dondoc %s: exit %d\n%s", strings.Join(args, " "), code, out)
	}
	return all, nil
}

func stand(dir string, at time.Time, ask Ask) (map[string]standing, error) {
	all, err := lines[struct{ Units []standing }](ask, dir, "status", "--json", "--now", at.Format(time.RFC3339Nano))
	if err != nil {
		return nil, err
	}
	units := map[string]standing{}
	for _, s := range all {
		for _, u := range s.Units {
			units[u.Code] = u
		}
	}
	return units, nil
}

// verdicts asks what became of each mail. No command lists them all, but
// ingest tells again what became of a mail that it knows. It would also make
// up for one that was forgotten: so it is asked in a copy of the campaign, at
// an instant of its own by which verdicts that it has just given are known.
func (a *Account) verdicts(s *testimony, dir string, ask Ask) error {
	if len(a.mails) == 0 {
		return nil
	}
	scratch, err := os.MkdirTemp("", "dondoc-witness-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(scratch)
	campaign, mails := filepath.Join(scratch, "campaign"), filepath.Join(scratch, "mails")
	if err := os.CopyFS(campaign, os.DirFS(dir)); err != nil {
		return err
	}
	if err := os.Mkdir(mails, 0o700); err != nil {
		return err
	}
	for _, m := range a.mails {
		if err := os.WriteFile(filepath.Join(mails, m.id+".eml"), m.Raw, 0o600); err != nil {
			return err
		}
	}
	asked := s.now.Add(time.Minute + 123456*time.Microsecond)
	all, err := lines[verdict](ask, campaign, "ingest", "--json", "--now", asked.Format(time.RFC3339Nano), mails)
	if err != nil {
		return err
	}
	for _, v := range all {
		if !v.Decided.Equal(asked) {
			s.verdicts[v.ID] = append(s.verdicts[v.ID], v)
		}
	}
	return nil
}

// undecided is the folder for mail that waits for a person.
const undecided = "_cho-xu-ly"

// tree reads the people's tree: GROUP/CODE NAME/FILE and _cho-xu-ly/ID/FILE.
func tree(dir string) (all []copied, err error) {
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		c := copied{path: filepath.ToSlash(rel), sha: sum(data)}
		if elements := strings.Split(c.path, "/"); len(elements) > 2 && elements[0] == undecided {
			c.mail = elements[1]
		} else if len(elements) > 2 {
			c.unit, _, _ = strings.Cut(elements[1], " ")
		}
		all = append(all, c)
		return nil
	})
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return all, err
}
