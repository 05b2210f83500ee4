package main

import (
	"fmt"
	"path"
	"regexp"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

// TestTheReadmeNamesTheTopicsOfHelp: the words stand in help/ and nowhere else;
// README's section 8 lists the same topics in the same order, and leads there.
func TestTheReadmeNamesTheTopicsOfHelp(t *testing.T) {
	_, section, found := strings.Cut(read(t, "README.md"), "\n## 8. Làm gì khi…\n")
	if !found {
		t.Fatal("README.md has no section 8")
	}
	section, _, _ = strings.Cut(section, "\n## ")
	var want []string
	for _, topic := range helpTopics() {
		want = append(want, fmt.Sprintf("| %s | [`dondoc help %s`](cmd/dondoc/help/vi/%02d-%[2]s.txt) |", topic.vi.title, topic.vi.name, topic.number))
	}
	_, table, _ := strings.Cut(section, "|---|---|\n")
	if got := strings.TrimSpace(table); got != strings.Join(want, "\n") {
		t.Errorf("README's section 8 has\n%s\nhelp/ has\n%s", got, strings.Join(want, "\n"))
	}
}

// TestTheTopicsOfHelp: each is there in both languages, under names that nobody
// takes for a command's, and every command line in it can be typed.
func TestTheTopicsOfHelp(t *testing.T) {
	if vi, en := topicTexts("vi"), topicTexts("en"); len(vi) != len(en) || len(vi) < 7 {
		t.Fatalf("%d topics in Vietnamese, %d in English", len(vi), len(en))
	}
	commands := map[string]bool{}
	for _, n := range newParser(t).Model.Children {
		commands[n.Name] = true
	}
	// A command is typed on a line of its own, or named after a colon.
	typed := regexp.MustCompile(`(?m)^    (.*)$|: (dondoc .*)$`)
	for _, topic := range helpTopics() {
		lines := map[string]string{}
		for _, lang := range []string{"vi", "en"} {
			text := topic.in(lang)
			t.Run(path.Join(lang, text.name), func(t *testing.T) {
				if commands[text.name] || !regexp.MustCompile(`^[a-z-]+$`).MatchString(text.name) {
					t.Error("this is a command's name, or hard to type")
				}
				if title, body, _ := strings.Cut(text.text, "\n"); title == "" || !strings.HasPrefix(body, "\n") {
					t.Error("it does not begin with a title and an empty line")
				}
				for line := range strings.Lines(text.text) {
					if n := len([]rune(strings.TrimSuffix(line, "\n"))); n > 102 {
						t.Errorf("%d characters do not fit a window: %s", n, line)
					}
				}
				for _, m := range typed.FindAllStringSubmatch(text.text, -1) {
					line := m[1] + m[2]
					words := shellWords(line)
					lines[lang] += words[0] + " "
					if words[0] != "dondoc" {
						continue
					}
					lines[lang] += words[1] + " "
					if _, err := newParser(t).Parse(words[1:]); err != nil {
						t.Errorf("%s: %v", line, err)
					}
					if words[1] == "help" && len(words) > 2 && !knownTopic(words[2]) {
						t.Errorf("%s: there is no such topic", line)
					}
				}
			})
		}
		if lines["vi"] != lines["en"] {
			t.Errorf("%d: the commands differ:\nvi %s\nen %s", topic.number, lines["vi"], lines["en"])
		}
	}
}

func knownTopic(word string) bool {
	for _, t := range helpTopics() {
		if t.is(word) {
			return true
		}
	}
	return false
}

func newParser(t *testing.T) *kong.Kong {
	t.Helper()
	parser, err := kong.New(&cli{}, help("en"), kong.Name("dondoc"))
	if err != nil {
		t.Fatal(err)
	}
	return parser
}
