package archive

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"dondoc/config"
	"dondoc/intake/finding"
	"dondoc/schedule/standing"
)

// Copy is one file of the people's tree.
type Copy struct {
	Path   string // below the tree's root, with slashes
	SHA256 string
	// Gone: the mail has been given to another unit since, or set aside. The
	// name stays taken, the file goes.
	Gone bool
}

// Undecided is the folder of the tree for mail that waits for a person.
const Undecided = "_cho-xu-ly"

// Layout says what the tree holds, from the facts alone: for each unit its
// parts under one kind of name, HU-BINHSON_bao-cao_lan1_20221017.docx, in the
// order they came; for mail that waits for a person, its files as the sender
// named them.
func Layout(c *config.Campaign, f standing.Facts) []Copy {
	return LayoutFilings(c, standing.Filings(c, f))
}

// LayoutOf is what of the layout the concern names: the files of its units, and
// of those of its mails that wait.
func LayoutOf(c *config.Campaign, f standing.Facts, of standing.Concern) []Copy {
	units, mails := map[string]bool{}, map[string]bool{}
	for _, code := range of.Units {
		units[code] = true
	}
	for _, id := range of.Mails {
		mails[id] = true
	}
	return LayoutFilings(c, slices.DeleteFunc(standing.Filings(c, f.About(c, of)), func(x standing.Filing) bool {
		return !units[x.Unit] && (x.Unit != "" || !mails[x.Arrival])
	}))
}

// LayoutFilings is that of filings, which are all of each unit's that is among
// them.
func LayoutFilings(c *config.Campaign, filings []standing.Filing) []Copy {
	var all []Copy
	taken := map[string]bool{}
	turn := map[string]int{} // unit and kind → how many came
	put := func(p string, copy Copy) {
		ext := path.Ext(p)
		copy.Path = p
		for n := 2; taken[strings.ToLower(copy.Path)]; n++ {
			copy.Path = fmt.Sprintf("%s-%d%s", strings.TrimSuffix(p, ext), n, ext)
		}
		taken[strings.ToLower(copy.Path)] = true
		all = append(all, copy)
	}
	dirs := map[string]string{} // of units; "" where there is none
	file := func(x standing.Filing, day string) {
		dir, known := dirs[x.Unit]
		if !known {
			dir, _ = folder(c, x.Unit)
			dirs[x.Unit] = dir
		}
		if dir == "" {
			return
		}
		seen := map[string]bool{}
		for _, p := range x.Parts {
			if p.Kind == finding.Decoration || p.SHA256 == "" {
				continue
			}
			key := x.Unit + "/" + p.Kind
			// Several files of one kind in one mail are one turn.
			if !seen[key] {
				seen[key] = true
				turn[key]++
			}
			put(path.Join(dir, fmt.Sprintf("%s_%s_lan%d_%s%s", x.Unit, slug[p.Kind], turn[key], day, extension(p))), Copy{SHA256: p.SHA256, Gone: x.Past})
		}
	}
	for _, x := range filings {
		switch {
		case x.Unit != "":
			file(x, x.At.In(c.Location).Format("20060102"))
		case x.Undecided && !x.Past:
			for _, p := range x.Parts {
				if p.Kind != finding.Decoration && p.SHA256 != "" {
					put(path.Join(Undecided, x.Arrival, safe(p.Name)), Copy{SHA256: p.SHA256})
				}
			}
		}
	}
	return all
}

// slug is the kind of a part in file names.
var slug = map[string]string{
	finding.Report:   "bao-cao",
	finding.Appendix: "phu-luc",
	finding.Model:    "mo-hinh",
	finding.Other:    "tai-lieu",
}

// folder is a unit's place in the tree: its category's, then its own.
func folder(c *config.Campaign, code string) (string, bool) {
	u, ok := c.Unit(code)
	if !ok {
		return "", false
	}
	group := u.Category
	if k, ok := c.Category(u.Category); ok && k.Folder != "" {
		group = k.Folder
	}
	return path.Join(safe(group), safe(u.Code+" "+u.Name)), true
}

// extension is that of the part's name if it is a plain one.
func extension(p finding.Part) string {
	ext := strings.ToLower(path.Ext(p.Name))
	if len(ext) < 2 || len(ext) > 6 || strings.Trim(ext[1:], "abcdefghijklmnopqrstuvwxyz0123456789") != "" {
		return ".bin"
	}
	return ext
}

// maxElement bounds one element of a path, in bytes: file systems take 255, and
// whoever copies the tree elsewhere needs room before it.
const maxElement = 120

// safe makes a name that is one path element on every system, its extension
// kept. Windows knows devices by these names, whatever extension follows.
func safe(name string) string {
	name = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r == '\uFFFD' || strings.ContainsRune(`<>:"/\|?*`, r) {
			return '_'
		}
		return r
	}, strings.ToValidUTF8(name, "_"))
	name = strings.Trim(name, " .")
	if ext := path.Ext(name); len(name) > maxElement {
		if len(ext) > 12 {
			ext = ""
		}
		cut := name[:maxElement-len(ext)]
		for !utf8.ValidString(cut) {
			cut = cut[:len(cut)-1]
		}
		name = strings.TrimRight(cut, " .") + ext
	}
	base, _, _ := strings.Cut(name, ".")
	if name == "" || devices.MatchString(base) {
		name = "_" + name
	}
	return name
}

var devices = regexp.MustCompile(`(?i)^(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³]) *$`)

// Tree is the people's tree. What it holds are copies: a person may save over
// one, and nothing is lost.
type Tree struct {
	root    *os.Root
	archive *Archive
	done    map[string]string // path → what is known to be done there
}

// OpenTree makes dir if it is missing. Everything is written through os.Root,
// so that no name can lead out of it.
func OpenTree(dir string, a *Archive) (*Tree, error) {
	if err := os.MkdirAll(dir, config.SharedDir); err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	return &Tree{root: root, archive: a, done: map[string]string{}}, nil
}

// Close releases the tree.
func (t *Tree) Close() error { return t.root.Close() }

// Update writes the copies that are missing, and takes away those that are
// gone and folders of mail that no longer waits. A file that a person has
// saved over stays as it is, and stays where it is.
func (t *Tree) Update(layout []Copy) error {
	folders, err := t.list(Undecided)
	return errors.Join(err, t.update(layout, folders))
}

// UpdateOf is Update for what LayoutOf says of the concern.
func (t *Tree) UpdateOf(layout []Copy, of standing.Concern) error {
	return t.update(layout, of.Mails)
}

// update does so with the folders of mails that waited.
func (t *Tree) update(layout []Copy, folders []string) error {
	waiting := map[string]bool{}
	var absent []Copy
	var errs []error
	for _, c := range layout {
		if dir, ok := strings.CutPrefix(c.Path, Undecided+"/"); ok {
			waiting[strings.SplitN(dir, "/", 2)[0]] = true
		}
		if done, ok := t.done[c.Path]; ok && done == c.state() {
			continue
		}
		if c.Gone {
			if err := t.remove(c); err != nil {
				errs = append(errs, err)
				continue
			}
			t.done[c.Path] = c.state()
			continue
		}
		if _, err := t.root.Stat(filepath.FromSlash(c.Path)); err != nil {
			absent = append(absent, c)
			continue
		}
		t.done[c.Path] = c.state()
	}
	written, err := t.write(absent)
	for _, c := range written {
		t.done[c.Path] = c.state()
	}
	return errors.Join(append(errs, err, t.clear(folders, waiting))...)
}

// state is what has to be done about the copy.
func (c Copy) state() string {
	if c.Gone {
		return ""
	}
	return c.SHA256
}

// remove takes the copy away unless somebody has saved over it.
func (t *Tree) remove(c Copy) error {
	sha, err := t.hash(c.Path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil || sha != c.SHA256:
		return err
	}
	return t.root.Remove(filepath.FromSlash(c.Path))
}

// Compare returns the copies that are not there, and those that somebody has
// saved over.
func (t *Tree) Compare(layout []Copy) (missing, changed []Copy) {
	for _, c := range layout {
		if c.Gone {
			continue
		}
		sha, err := t.hash(c.Path)
		switch {
		case err != nil:
			missing = append(missing, c)
		case sha != c.SHA256:
			changed = append(changed, c)
		}
	}
	return missing, changed
}

// write copies files out of the archive and returns those that are there now.
// Several at a time: a disk syncs many files in the time of one.
func (t *Tree) write(copies []Copy) (written []Copy, err error) {
	errs := make([]error, len(copies))
	var all sync.WaitGroup
	turns := make(chan struct{}, 8)
	for i, c := range copies {
		turns <- struct{}{}
		all.Go(func() {
			errs[i] = t.writeOne(c)
			<-turns
		})
	}
	all.Wait()
	for i, c := range copies {
		if errs[i] == nil {
			written = append(written, c)
		}
	}
	return written, errors.Join(errs...)
}

// writeOne copies one file. Under its name it is whole, also when the power
// fails, for nobody looks again at what is there: it is synced before it is
// renamed. That the name is lost then is no harm; a copy that is not there is
// written again.
func (t *Tree) writeOne(c Copy) error {
	src, err := t.archive.Open(c.SHA256)
	if err != nil {
		return err
	}
	defer src.Close()
	name := filepath.FromSlash(c.Path)
	if err := t.root.MkdirAll(filepath.Dir(name), config.SharedDir); err != nil {
		return err
	}
	// Under a name of its own: another process may be writing the same copy. And
	// at the top, where Sweep finds it.
	part := "." + rand.Text()[:16] + partly
	dst, err := t.root.OpenFile(part, os.O_CREATE|os.O_EXCL|os.O_WRONLY, config.SharedFile)
	if err != nil {
		return err
	}
	_, err = io.Copy(dst, src)
	if err == nil {
		err = dst.Sync()
	}
	if err = errors.Join(err, dst.Close()); err == nil {
		err = t.root.Rename(part, name)
	}
	if err != nil {
		t.root.Remove(part)
	}
	return err
}

// partly ends the name of a copy that is being written.
const partly = ".part"

// Sweep removes what processes that were killed left half-written. alone is
// asked after the files were listed, so that none of them belongs to a process
// that has begun since: it says whether no other process works here.
func (t *Tree) Sweep(alone func() (bool, error)) error {
	names, err := t.list(".")
	if err != nil {
		return err
	}
	names = slices.DeleteFunc(names, func(name string) bool {
		return !strings.HasPrefix(name, ".") || !strings.HasSuffix(name, partly)
	})
	return sweep(names, alone, t.root.Remove)
}

// Rewrite puts back copies that are missing or changed.
func (t *Tree) Rewrite(copies []Copy) error {
	_, err := t.write(copies)
	return err
}

// clear takes the copies out of the folders of mail that no longer waits, and
// the folders that are empty then. What people put there, or saved over, stays:
// what a file holds tells whose it is.
func (t *Tree) clear(folders []string, waiting map[string]bool) error {
	var errs []error
	for _, folder := range folders {
		if waiting[folder] {
			continue
		}
		dir := path.Join(Undecided, folder)
		files, err := t.list(dir)
		errs = append(errs, err)
		for _, name := range files {
			copy := path.Join(dir, name)
			if sha, err := t.hash(copy); err == nil && t.archive.keeps(sha) {
				errs = append(errs, t.root.Remove(filepath.FromSlash(copy)))
			}
			delete(t.done, copy)
		}
		t.root.Remove(filepath.FromSlash(dir)) // fails unless it is empty, and that is right
	}
	return errors.Join(errs...)
}

// list returns the names in a folder, none if there is no such folder.
func (t *Tree) list(name string) ([]string, error) {
	dir, err := t.root.Open(filepath.FromSlash(name))
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			err = nil
		}
		return nil, err
	}
	defer dir.Close()
	if st, err := dir.Stat(); err != nil || !st.IsDir() {
		return nil, err
	}
	names, err := dir.Readdirnames(-1)
	slices.Sort(names)
	return names, err
}

func (t *Tree) hash(name string) (string, error) {
	f, err := t.root.Open(filepath.FromSlash(name))
	if err != nil {
		return "", err
	}
	defer f.Close()
	return hash(f)
}
