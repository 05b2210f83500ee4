package letter

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"text/template"
	tree "text/template/parse"

	"dondoc/config"
)

// A campaign's own texts, in templates/ of its directory, take the place of
// the built-in ones file by file. One that cannot be used leaves the built-in
// one working: a letter that is owed goes out, and Letter.Fault says what is
// wrong. CheckTemplates finds it before.

// CheckTemplates says what is wrong with the campaign's own texts, by file and
// line: what cannot be read, a name that no letter has, a text that does not
// parse, a word that no letter knows, and what a trial in every state that a
// letter can meet comes upon.
func CheckTemplates(c *config.Campaign) config.Mistakes {
	found := slices.Clone(c.BadTemplates)
	tries := map[string][]*view{}
	for _, name := range slices.Sorted(maps.Keys(c.Templates)) {
		lang := langOf(name)
		if tries[lang] == nil {
			tries[lang] = trials(c, lang)
		}
		found = append(found, checkTemplate(c, name, tries[lang])...)
	}
	return found
}

func checkTemplate(c *config.Campaign, name string, tries []*view) config.Mistakes {
	lang := langOf(name)
	builtin, err := texts(lang)
	if err != nil || builtin.Lookup(name) == nil || !strings.HasSuffix(name, ".txt") {
		return config.Mistakes{{File: ownDir + name,
			VI: "không thư nào dùng tệp tên này. Đặt lại tên, hoặc xóa tệp; các tên dùng được: " + strings.Join(templateNames("vi"), ", ") + " (tiếng Anh: .en.txt).",
			EN: "no letter has this name. Rename the file, or delete it; the names are: " + strings.Join(templateNames("en"), ", ") + " (Vietnamese: .vi.txt)."}}
	}
	own, err := withOwn(builtin, name, c.Templates[name])
	if err != nil {
		return config.Mistakes{mistakeIn(name, err)}
	}
	if found := unknownWords(own, name); len(found) > 0 {
		return found
	}
	word, _, _ := strings.Cut(name, ".")
	for _, v := range tries {
		if word != "common" && word != "foot" && word != v.template() {
			continue
		}
		text, err := v.fill(own, v.template())
		if err == nil {
			_, _, err = split(text)
		}
		if err != nil {
			return config.Mistakes{mistakeIn(name, err)}
		}
	}
	return nil
}

const ownDir = "templates/"

// langOf is the language of a text by its file's name: "receipt.vi.txt".
func langOf(name string) string {
	_, lang, _ := strings.Cut(strings.TrimSuffix(name, ".txt"), ".")
	return lang
}

func templateNames(lang string) (names []string) {
	t, err := texts(lang)
	if err != nil {
		return nil
	}
	for _, t := range t.Templates() {
		if strings.HasSuffix(t.Name(), ".txt") {
			names = append(names, t.Name())
		}
	}
	slices.Sort(names)
	return names
}

// withOwn is the texts of a language with one of them in another's words. What
// it defines besides (sentences that several letters share) is replaced too.
func withOwn(t *template.Template, name, text string) (*template.Template, error) {
	t, err := t.Clone()
	if err == nil {
		_, err = t.New(name).Parse(text)
	}
	return t, err
}

var (
	errSubject = errors.New(`does not begin with a line "Subject: …" that says something`)
	where      = regexp.MustCompile(`^template: [^:]*:(\d+):(?:\d+:)? ?(.*)$`)
	trailing   = regexp.MustCompile(`^executing "[^"]*" at (<.*>): (.*)$`)
)

// mistakeIn says where a text is wrong and what to do. What text/template says
// of it stands in it as it is.
func mistakeIn(name string, err error) config.Mistake {
	m := config.Mistake{File: ownDir + name}
	why := err.Error()
	if at := where.FindStringSubmatch(strings.ReplaceAll(why, "\n", " ")); at != nil {
		m.Line, _ = strconv.Atoi(at[1])
		why = at[2]
		if what := trailing.FindStringSubmatch(why); what != nil {
			why = what[1] + " " + what[2]
		}
	}
	vi, en := why, why
	if errors.Is(err, errSubject) {
		m.Line, vi, en = 1, `dòng đầu phải là "Subject: …" và có lời`, `the first line has to be "Subject: …" and say something`
	}
	m.VI = "không dùng được làm lời thư (" + vi + "), đang dùng lời thư có sẵn. Sửa theo bản gốc trong templates/" + Originals + ", hoặc xóa tệp."
	m.EN = "cannot be used as the text of a letter (" + en + "); the built-in text is used. Mend it after the original in templates/" + Originals + ", or delete it."
	return m
}

// unknownWords finds fields and sentences that no letter has, on every branch,
// whether or not a trial takes it.
func unknownWords(t *template.Template, name string) (found config.Mistakes) {
	for _, one := range t.Templates() {
		if one.Tree == nil || one.Tree.ParseName != name {
			continue // not of this file
		}
		walk(one.Tree.Root, func(n tree.Node, word string) {
			at := config.Mistake{File: ownDir + name}
			location, _ := one.Tree.ErrorContext(n)
			if parts := strings.Split(location, ":"); len(parts) > 1 {
				at.Line, _ = strconv.Atoi(parts[1])
			}
			if strings.HasPrefix(word, ".") && known[word[1:]] || !strings.HasPrefix(word, ".") && t.Lookup(word) != nil {
				return
			}
			if !strings.HasPrefix(word, ".") {
				word = `template "` + word + `"`
			}
			at.VI = fmt.Sprintf("không có %s. Xem tên đúng trong bản gốc ở templates/%s; đang dùng lời thư có sẵn.", word, Originals)
			at.EN = fmt.Sprintf("there is no %s. For the right name see the original in templates/%s; the built-in text is used.", word, Originals)
			if !slices.Contains(found, at) {
				found = append(found, at)
			}
		})
	}
	return found
}

// walk calls saw with every field (".Unit") and every template's name.
func walk(n tree.Node, saw func(tree.Node, string)) {
	fields := func(n tree.Node, names []string) {
		for _, name := range names {
			saw(n, "."+name)
		}
	}
	switch n := n.(type) {
	case *tree.ListNode:
		if n == nil {
			return
		}
		for _, m := range n.Nodes {
			walk(m, saw)
		}
	case *tree.ActionNode:
		walk(n.Pipe, saw)
	case *tree.IfNode:
		branch(&n.BranchNode, saw)
	case *tree.RangeNode:
		branch(&n.BranchNode, saw)
	case *tree.WithNode:
		branch(&n.BranchNode, saw)
	case *tree.TemplateNode:
		saw(n, n.Name)
		if n.Pipe != nil {
			walk(n.Pipe, saw)
		}
	case *tree.PipeNode:
		for _, c := range n.Cmds {
			for _, a := range c.Args {
				walk(a, saw)
			}
		}
	case *tree.FieldNode:
		fields(n, n.Ident)
	case *tree.ChainNode:
		walk(n.Node, saw)
		fields(n, n.Field)
	case *tree.VariableNode:
		fields(n, n.Ident[1:])
	}
}

func branch(b *tree.BranchNode, saw func(tree.Node, string)) {
	walk(b.Pipe, saw)
	walk(b.List, saw)
	walk(b.ElseList, saw)
}

// known are the names of all that a text may speak of: the fields and methods
// of a view and of what it holds.
var known = func() map[string]bool {
	names, seen := map[string]bool{}, map[reflect.Type]bool{}
	var look func(reflect.Type)
	look = func(t reflect.Type) {
		if seen[t] {
			return
		}
		seen[t] = true
		for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
			t = t.Elem()
		}
		for _, t := range []reflect.Type{t, reflect.PointerTo(t)} {
			for i := range t.NumMethod() {
				names[t.Method(i).Name] = true
			}
		}
		if t.Kind() != reflect.Struct || t.PkgPath() != reflect.TypeFor[view]().PkgPath() {
			return
		}
		for i := range t.NumField() {
			if f := t.Field(i); f.IsExported() || f.Anonymous {
				names[f.Name] = names[f.Name] || f.IsExported()
				look(f.Type)
			}
		}
	}
	look(reflect.TypeFor[*view]())
	return names
}()

// Originals is the directory within templates/ that init puts the built-in
// texts into, to be copied and changed; nothing in it is read.
const Originals = "_goc"

// Texts are the built-in texts by file name, as they are written.
func Texts() (map[string]string, error) {
	all := map[string]string{}
	for _, lang := range []string{"vi", "en"} {
		for _, name := range templateNames(lang) {
			text, err := files.ReadFile("templates/" + name)
			if err != nil {
				return nil, err
			}
			all[name] = string(text)
		}
	}
	return all, nil
}
