package main

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/alecthomas/kong"
)

type helpCmd struct {
	Words []string `arg:"" optional:"" name:"topic" help:"${a_topic}"`
}

// Run tells what to do when something is not as it should be, for somebody who
// has never seen the program: the list of topics, one of them, or, for the
// name of a command, what that command's --help says.
func (c *helpCmd) Run(ctx context.Context, p *Program, k *kong.Kong) error {
	if len(c.Words) == 0 {
		p.topics()
		return nil
	}
	for _, t := range helpTopics() {
		if len(c.Words) == 1 && t.is(c.Words[0]) {
			fmt.Fprint(p.Stdout, t.in(p.cli.Lang).text)
			return nil
		}
	}
	if slices.ContainsFunc(k.Model.Children, func(n *kong.Node) bool { return n.Name == c.Words[0] && !n.Hidden }) {
		p.Run(ctx, append(slices.Clone(c.Words), "--help", "--lang="+p.cli.Lang))
		return nil
	}
	asked := strings.Join(c.Words, " ")
	return wrong{VI: fmt.Sprintf("không có mục hướng dẫn hay lệnh nào tên %q; xem các mục: dondoc help", asked),
		EN: fmt.Sprintf("there is no topic and no command %q; the topics: dondoc help", asked)}
}

func (p *Program) topics() {
	p.say("LÀM GÌ KHI…  Gõ dondoc help và số hoặc tên của mục:\n", "WHAT TO DO WHEN…  Type dondoc help and a topic's number or name:\n")
	for _, t := range helpTopics() {
		x := t.in(p.cli.Lang)
		fmt.Fprintf(p.Stdout, "  %2d  %-24s %s\n", t.number, x.name, x.title)
	}
	p.say("\nCác lệnh dondoc gõ trong thư mục của đợt (ví dụ: cd /srv/dvk-2022) hoặc thêm -C và tên thư mục đó, bằng\ntài khoản chạy dịch vụ (ví dụ: sudo -u dondoc dondoc status -C /srv/dvk-2022).\nMọi lệnh: dondoc --help. Một lệnh: dondoc help status",
		"\nType the commands in the campaign directory (cd /srv/dvk-2022, say) or add -C and its name, as the user that\nthe service runs as (sudo -u dondoc dondoc status -C /srv/dvk-2022, say).\nAll commands: dondoc --help. One command: dondoc help status")
}

// helpTopic is one thing that may happen, and what to do then.
type helpTopic struct {
	number int
	vi, en topicText
}

// topicText is a topic in one language. The first line of the text is the
// title; commands to type stand on lines of their own, indented by four.
type topicText struct{ name, title, text string }

func (t helpTopic) in(lang string) topicText {
	if lang == "en" {
		return t.en
	}
	return t.vi
}

func (t helpTopic) is(word string) bool {
	return word == strconv.Itoa(t.number) || strings.EqualFold(word, t.vi.name) || strings.EqualFold(word, t.en.name)
}

// The files are the only place in which these words stand; README's section 8
// names the topics and points here.
//
//go:embed help
var helpFiles embed.FS

// helpTopics are all topics, by number: help/LANG/NUMBER-NAME.txt. That every one
// is there in both languages a test holds.
func helpTopics() (all []helpTopic) {
	english := topicTexts("en")
	for i, vi := range topicTexts("vi") {
		all = append(all, helpTopic{number: i + 1, vi: vi, en: english[i]})
	}
	return all
}

func topicTexts(lang string) (all []topicText) {
	names, _ := fs.Glob(helpFiles, path.Join("help", lang, "*.txt")) // in order of the number
	for _, file := range names {
		text, _ := helpFiles.ReadFile(file)
		title, _, _ := strings.Cut(string(text), "\n")
		_, name, _ := strings.Cut(strings.TrimSuffix(path.Base(file), ".txt"), "-")
		all = append(all, topicText{name: name, title: title, text: string(text)})
	}
	return all
}
