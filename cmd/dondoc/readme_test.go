package main

import (
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

// TestTheReadmesCommandsExist puts every command line that the README shows
// before the parser: the commands are there, and so are their flags.
func TestTheReadmesCommandsExist(t *testing.T) {
	text := read(t, "README.md")
	var shown []string
	for _, block := range regexp.MustCompile("(?ms)^```sh\n(.*?)^```").FindAllStringSubmatch(text, -1) {
		for line := range strings.Lines(block[1]) {
			line, _, _ = strings.Cut(line, " #")
			shown = append(shown, strings.Split(line, "&&")...)
		}
	}
	for _, span := range regexp.MustCompile("`([^`\n]+)`").FindAllStringSubmatch(text, -1) {
		shown = append(shown, span[1])
	}
	tried := 0
	for _, line := range shown {
		line, _, _ = strings.Cut(strings.TrimSpace(line), " | ")
		line = strings.TrimPrefix(line, "./")
		if !strings.HasPrefix(line, "dondoc ") || strings.ContainsAny(line, "…[") {
			continue // another program's, or one with something left out
		}
		tried++
		parser, err := kong.New(&cli{}, help("en"), kong.Name("dondoc"))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := parser.Parse(shellWords(line)[1:]); err != nil {
			t.Errorf("%s: %v", line, err)
		}
	}
	if tried < 30 {
		t.Errorf("only %d command lines were found", tried)
	}
}

// shellWords splits a command line where a shell would; double quotes hold words
// together.
func shellWords(line string) (all []string) {
	for _, w := range regexp.MustCompile(`(?:[^\s"]|"[^"]*")+`).FindAllString(line, -1) {
		all = append(all, strings.ReplaceAll(w, `"`, ""))
	}
	return all
}

// TestTheReadmeNamesEveryCommand: what can be done stands in the table.
func TestTheReadmeNamesEveryCommand(t *testing.T) {
	_, table, found := strings.Cut(read(t, "README.md"), "\n## Commands\n")
	if !found {
		t.Fatal("README.md has no section Commands")
	}
	table, _, _ = strings.Cut(table, "\n## ")
	c := reflect.TypeFor[cli]()
	for i := range c.NumField() {
		tag := c.Field(i).Tag
		if _, isCommand := tag.Lookup("cmd"); !isCommand || strings.Contains(string(tag), "hidden") || c.Field(i).Name == "Version" {
			continue
		}
		if name := strings.ToLower(c.Field(i).Name); !regexp.MustCompile("`" + name + "\\b").MatchString(table) {
			t.Errorf("README.md says nothing of %s", name)
		}
	}
}
