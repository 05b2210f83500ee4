package config

import (
	"net/mail"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"
)

// section is one mapping of campaign.yaml. A key is known because it was asked
// for: there is no second list of keys that could disagree, and close names
// the keys nobody asked for. Values are taken as they were typed, so that a
// telephone number keeps its zeros.
type section struct {
	found  *Mistakes
	path   string // "mailbox": how messages call it; empty at the top
	at     Mistake
	values map[string]*yaml.Node
	heads  []*yaml.Node          // of the keys, in their order
	known  map[string]*yaml.Node // the same by name
	asked  []string
}

// open makes a section of a node; a nil node is a section without keys.
func open(found *Mistakes, at Mistake, path string, n *yaml.Node) *section {
	s := &section{found: found, path: path, at: at, values: map[string]*yaml.Node{}, known: map[string]*yaml.Node{}}
	if n == nil {
		return s
	}
	s.at = s.place(n)
	if n.Kind != yaml.MappingNode {
		s.found.say(s.at, `%s phải gồm các khóa thụt vào bên dưới ("khóa: giá trị").`,
			`%s must consist of keys indented below it ("key: value").`, s.name(""))
		return s
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		head, value := n.Content[i], n.Content[i+1]
		if first := s.head(head.Value); first != nil && head.Kind == yaml.ScalarNode {
			s.found.say(s.place(head), `khóa %s đã có ở dòng %d. Xóa một trong hai.`,
				`the key %s is already on line %d. Delete one of them.`, show(head.Value), first.Line)
			continue
		}
		s.heads = append(s.heads, head)
		s.known[head.Value] = head
		if value.Kind == yaml.AliasNode {
			s.found.say(s.place(value), `không dùng dấu * để tham chiếu. Ghi lại giá trị của %s.`,
				`references with * are not used here. Write out the value of %s.`, s.name(head.Value))
			value = nil
		}
		s.values[head.Value] = value
	}
	return s
}

func (s *section) place(n *yaml.Node) Mistake {
	return Mistake{File: s.at.File, Line: n.Line, Column: n.Column}
}

func (s *section) head(key string) *yaml.Node { return s.known[key] }

// name is how messages call a key: "mailbox.url".
func (s *section) name(key string) string {
	return strings.Trim(s.path+"."+key, ".")
}

// node returns the value of a key, nil if it is not there or left empty.
func (s *section) node(key string) *yaml.Node {
	if !slices.Contains(s.asked, key) {
		s.asked = append(s.asked, key)
	}
	n := s.values[key]
	if n == nil || n.Kind == yaml.ScalarNode && n.Tag == "!!null" {
		return nil
	}
	return n
}

// bad reports the value of a key, or the section where it is missing.
func (s *section) bad(key, vi, en string, args ...any) {
	at := s.at
	if n := s.values[key]; n != nil {
		at = s.place(n)
	} else if n := s.head(key); n != nil {
		at = s.place(n)
	}
	s.found.say(at, s.name(key)+": "+vi, s.name(key)+": "+en, args...)
}

// scalar returns a single value as typed, and whether there is one.
func (s *section) scalar(key string) (string, bool) {
	n := s.node(key)
	if n == nil {
		return "", false
	}
	return s.plain(key, n)
}

func (s *section) plain(key string, n *yaml.Node) (string, bool) {
	if n.Kind != yaml.ScalarNode {
		s.found.say(s.place(n), `%s: cần một giá trị đơn, không phải danh sách hay nhóm khóa. Ghi trên một dòng.`,
			`%s: a single value is expected, not a list or a group of keys. Write it on one line.`, s.name(key))
		return "", false
	}
	text := strings.Join(strings.Fields(n.Value), " ")
	if n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) == 0 && strings.ContainsRune(curlies, first(text)) {
		sayCurly(s.found, s.place(n))
		return "", false
	}
	return text, text != ""
}

func first(s string) rune {
	for _, r := range s {
		return r
	}
	return ' '
}

// text returns a value, or otherwise where there is none.
func (s *section) text(key, otherwise string) string {
	if v, ok := s.scalar(key); ok {
		return v
	}
	return otherwise
}

// must reports a key that is missing or empty, with what to write there.
func (s *section) must(key, vi, en string) {
	if n := s.values[key]; n == nil || n.Tag == "!!null" {
		s.bad(key, "thiếu. "+vi, "missing. "+en)
	} else if n.Kind == yaml.ScalarNode && strings.TrimSpace(n.Value) == "" {
		s.bad(key, "để trống. "+vi, "empty. "+en)
	}
}

// need returns a text that must be there.
func (s *section) need(key, vi, en string) string {
	s.must(key, vi, en)
	return s.text(key, "")
}

// word returns a value that matches the pattern, or otherwise.
func (s *section) word(key, otherwise string, pattern *regexp.Regexp, vi, en string) string {
	v, ok := s.scalar(key)
	if !ok {
		return otherwise
	}
	if !pattern.MatchString(v) {
		s.bad(key, "%s "+vi, "%s "+en, show(v))
		return otherwise
	}
	return v
}

// phrase returns a text in both languages: either one text, or {vi: …, en: …}.
func (s *section) phrase(key string, otherwise Text) Text {
	n := s.node(key)
	if n == nil {
		return otherwise
	}
	if n.Kind == yaml.ScalarNode {
		if v, ok := s.plain(key, n); ok {
			return Text{VI: v}
		}
		return otherwise
	}
	both := open(s.found, s.at, s.name(key), n)
	t := Text{VI: both.text("vi", ""), EN: both.text("en", "")}
	both.close()
	if t.VI == "" {
		t.VI = t.EN
	}
	if t.VI == "" {
		s.bad(key, `để trống. Ghi {vi: …, en: …}, hoặc bỏ khóa này.`, `empty. Write {vi: …, en: …}, or leave the key out.`)
		return otherwise
	}
	return t
}

// yes reads yes or no.
func (s *section) yes(key string, otherwise bool) bool {
	v, ok := s.scalar(key)
	if !ok {
		return otherwise
	}
	b, ok := yesNo(v)
	if !ok {
		s.bad(key, `%s không phải yes hoặc no. Ghi yes (có) hoặc no (không).`,
			`%s is neither yes nor no. Write yes or no.`, show(v))
		return otherwise
	}
	return b
}

// yesNo understands what people write for yes and no.
func yesNo(v string) (yes, ok bool) {
	switch strings.ToLower(v) {
	case "yes", "true", "on", "có", "co", "1", "x":
		return true, true
	case "no", "false", "off", "không", "khong", "0":
		return false, true
	}
	return false, false
}

// whole reads a number from least to most.
func (s *section) whole(key string, otherwise, least, most int) int {
	v, ok := s.scalar(key)
	if !ok {
		return otherwise
	}
	n, err := strconv.Atoi(v)
	if err != nil || n < least || n > most {
		s.bad(key, `%s không phải số nguyên từ %d đến %d. Ghi một số như %d.`,
			`%s is no whole number from %d to %d. Write a number such as %d.`, show(v), least, most, max(least, min(most, otherwise)))
		return otherwise
	}
	return n
}

// date reads YYYY-MM-DD as midnight in loc; zero where there is none.
func (s *section) date(key string, loc *time.Location) time.Time {
	v, ok := s.scalar(key)
	if !ok {
		return time.Time{}
	}
	t, err := time.ParseInLocation(time.DateOnly, v, loc)
	if err == nil && t.Year() >= 1900 {
		return t
	}
	for _, layout := range []string{"2/1/2006", "2-1-2006", "2.1.2006"} {
		if t, err := time.Parse(layout, v); err == nil {
			s.bad(key, `%s chưa đúng dạng năm-tháng-ngày. Ghi %s.`, `%s is not year-month-day. Write %s.`, show(v), t.Format(time.DateOnly))
			return time.Time{}
		}
	}
	s.bad(key, `%s không phải một ngày có thật, dạng năm-tháng-ngày. Ghi như 2022-10-20.`,
		`%s is no real day in the form year-month-day. Write it like 2022-10-20.`, show(v))
	return time.Time{}
}

// clock reads a time of day, "07:30".
func (s *section) clock(key, otherwise string) string {
	v, ok := s.scalar(key)
	if !ok {
		return otherwise
	}
	t, err := time.Parse("15:04", v)
	if err != nil {
		s.bad(key, `%s không phải giờ trong ngày. Ghi trong dấu nháy như "07:30" hoặc "16:30".`,
			`%s is no time of day. Write it in quotes like "07:30" or "16:30".`, show(v))
		return otherwise
	}
	return t.Format("15:04")
}

// delay reads a stretch of time: 10m, 1h, 0.
func (s *section) delay(key string, otherwise, most time.Duration) time.Duration {
	v, ok := s.scalar(key)
	if !ok {
		return otherwise
	}
	d, err := time.ParseDuration(v)
	if err != nil || d < 0 || d > most {
		s.bad(key, `%s không phải khoảng thời gian từ 0 đến %s. Ghi như 10m (10 phút), 1h (1 giờ) hoặc 0.`,
			`%s is no stretch of time from 0 to %s. Write it like 10m (ten minutes), 1h (an hour) or 0.`, show(v), strings.TrimSuffix(most.String(), "0m0s"))
		return otherwise
	}
	return d
}

// items returns the elements of a list.
func (s *section) items(key string) []*yaml.Node {
	n := s.node(key)
	if n == nil {
		return nil
	}
	if n.Kind != yaml.SequenceNode {
		s.bad(key, `cần một danh sách. Ghi trong ngoặc vuông [ ], hoặc mỗi mục một dòng bắt đầu bằng "- ".`,
			`a list is expected. Write it in brackets [ ], or one item a line, each beginning with "- ".`)
		return nil
	}
	return n.Content
}

// texts reads a list of values.
func (s *section) texts(key string, otherwise []string) []string {
	if s.node(key) == nil {
		return otherwise
	}
	var list []string
	for _, n := range s.items(key) {
		if v, ok := s.plain(key, n); ok {
			list = append(list, v)
		} else if n.Kind == yaml.ScalarNode && strings.TrimSpace(n.Value) == "" {
			s.found.say(s.place(n), `%s: có một mục để trống. Xóa mục đó.`, `%s: an item is empty. Delete it.`, s.name(key))
		}
	}
	return list
}

// address reads one e-mail address, in lower case.
func (s *section) address(key, otherwise string) string {
	v, ok := s.scalar(key)
	if !ok {
		return otherwise
	}
	return s.mailbox(key, s.values[key], v)
}

// addresses reads a list of e-mail addresses, in lower case, each once.
func (s *section) addresses(key string) []string {
	var list []string
	for _, n := range s.items(key) {
		if v, ok := s.plain(key, n); ok {
			if a := s.mailbox(key, n, v); a != "" && !slices.Contains(list, a) {
				list = append(list, a)
			}
		}
	}
	return list
}

func (s *section) mailbox(key string, n *yaml.Node, v string) string {
	if a := strings.ToLower(v); isAddress(a) {
		return a
	}
	s.found.say(s.place(n), `%s: %s không phải địa chỉ thư điện tử. Ghi như vanthu@don-vi.example, không có tên và dấu < >.`,
		`%s: %s is no e-mail address. Write it like vanthu@don-vi.example, without a name and < >.`, s.name(key), show(v))
	return ""
}

var addressShape = regexp.MustCompile(`^[a-z0-9.!#$%&'*+/=?^_{|}~-]+@[a-z0-9-]+(\.[a-z0-9-]+)+$`)

// isAddress accepts plain addresses in lower case, as mail servers take them
// without SMTPUTF8 (RFC 5321 §4.1.2), and no quoted local parts.
func isAddress(a string) bool {
	if len(a) > 254 || !addressShape.MatchString(a) {
		return false
	}
	_, err := mail.ParseAddress(a)
	return err == nil
}

// section opens the mapping under a key.
func (s *section) section(key string) *section {
	return open(s.found, s.at, s.name(key), s.node(key))
}

// sections opens the mappings of a list.
func (s *section) sections(key string) []*section {
	var list []*section
	for i, n := range s.items(key) {
		list = append(list, open(s.found, s.at, s.name(key)+"["+strconv.Itoa(i+1)+"]", n))
	}
	return list
}

// close reports the keys that nobody asked for.
func (s *section) close() {
	for _, h := range s.heads {
		if slices.Contains(s.asked, h.Value) && h.Kind == yaml.ScalarNode {
			continue
		}
		at, key := s.place(h), show(h.Value)
		switch near := nearest(h.Value, s.asked); {
		case h.Kind != yaml.ScalarNode:
			s.found.say(at, `khóa phải là một từ. Ghi "khóa: giá trị".`, `a key must be a word. Write "key: value".`)
		case secretWord.MatchString(h.Value):
			s.found.say(at, `mật khẩu không được ghi trong tệp này. Xóa dòng, đổi mật khẩu đã lộ, rồi ghi tên biến môi trường vào password_env hoặc tên tệp vào password_file.`,
				`secrets must not stand in this file. Delete the line, change the password, and name an environment variable in password_env or a file in password_file.`)
		case strings.ContainsAny(h.Value, curlies):
			sayCurly(s.found, at)
		case near != "":
			s.found.say(at, `không có khóa %s. Có phải %s?`, `there is no key %s. Is it %s?`, key, near)
		default:
			s.found.say(at, `không có khóa %s ở đây. Xóa đi, hoặc dùng một trong các khóa: %s.`,
				`there is no key %s here. Delete it, or use one of: %s.`, key, strings.Join(s.asked, ", "))
		}
	}
}

var secretWord = regexp.MustCompile(`(?i)pass|secret|token|mat_?khau|mật`)

// nearest returns the word within two changes of w, "" if there is none.
func nearest(w string, words []string) string {
	best, at := "", 3
	for _, candidate := range words {
		if d := distance(strings.ToLower(w), candidate); d < at && d < len(candidate) {
			best, at = candidate, d
		}
	}
	return best
}

// distance is the number of single changes (insert, delete, replace) between
// two words; words longer than a key can be are far.
func distance(a, b string) int {
	if len(a) > 40 || len(b) > 40 {
		return 80
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(row[j]+1, row[j+1]+1, diagonal+cost)
		}
	}
	return row[len(b)]
}
