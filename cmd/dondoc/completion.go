package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"dondoc/config"
	"dondoc/intake/ledger"
)

type completionCmd struct {
	Shell string `arg:"" enum:"bash,zsh,fish" help:"${a_shell}"`
}

// Run prints what a shell is to be told. The scripts hold no knowledge of their
// own: they ask `dondoc complete` what may stand at the cursor.
func (c *completionCmd) Run(p *Program) error {
	fmt.Fprint(p.Stdout, completionScripts[c.Shell])
	return nil
}

// Where nothing is offered a file may be meant, so the shells offer files then.
var completionScripts = map[string]string{
	"bash": `# In ~/.bashrc:  . <(dondoc completion bash)
_dondoc() {
	local found
	COMPREPLY=()
	while IFS= read -r found; do
		COMPREPLY+=("$(printf %q "$found")")
	done < <(dondoc complete -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o default -F _dondoc dondoc
`,
	"zsh": `#compdef dondoc
# In ~/.zshrc, after compinit:  . <(dondoc completion zsh)
_dondoc() {
	local -a found
	found=(${(f)"$(dondoc complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)"})
	if (( $#found )); then compadd -a found; else _files; fi
}
compdef _dondoc dondoc
`,
	"fish": `# In ~/.config/fish/config.fish:  dondoc completion fish | source
function __dondoc_complete
	set -l words (commandline -opc) "$(commandline -ct)"
	dondoc complete -- $words[2..-1] 2>/dev/null
end
complete -c dondoc -a '(__dondoc_complete)'
`,
}

type completeCmd struct {
	Words []string `arg:"" optional:""`
}

// Run prints what may stand in place of the last word, one candidate a line.
// It only looks: what cannot be told, or not at once, is not offered.
func (c *completeCmd) Run(ctx context.Context, p *Program, k *kong.Kong) error {
	// Some shells take --unit=HU for three words.
	words := slices.DeleteFunc(slices.Clone(c.Words), func(w string) bool { return w == "=" })
	if n := len(c.Words); n == 0 || c.Words[n-1] == "=" {
		words = append(words, "")
	}
	for i := range words {
		words[i] = strings.ReplaceAll(words[i], `\ `, " ") // as it was typed
	}
	last := len(words) - 1
	at := k.Model.Node
	given := 0         // positional words before the cursor
	var of *kong.Value // the flag whose value the cursor is on
	for _, w := range words[:last] {
		name, value, both := strings.Cut(w, "=")
		switch flag := flagNamed(at, name); {
		case of != nil:
			c.took(p, of, w)
			of = nil
		case flag != nil && both:
			c.took(p, flag.Value, value)
		case flag != nil && !flag.IsBool():
			of = flag.Value
		case strings.HasPrefix(w, "-"):
		case childNamed(at, w) != nil:
			at = childNamed(at, w)
		default:
			given++
		}
	}
	cur, before := words[last], ""
	if name, value, both := strings.Cut(cur, "="); both && flagNamed(at, name) != nil {
		of, cur, before = flagNamed(at, name).Value, value, name+"="
	}
	var all []string
	switch {
	case of != nil:
		all = p.values(ctx, at, of)
	case strings.HasPrefix(cur, "-"):
		for _, group := range at.AllFlags(true) {
			for _, f := range group {
				all = append(all, "--"+f.Name)
			}
		}
	case len(at.Children) > 0 && given == 0:
		for _, n := range at.Children {
			if !n.Hidden {
				all = append(all, n.Name)
			}
		}
	case len(at.Positional) > 0:
		arg := at.Positional[min(given, len(at.Positional)-1)]
		if given < len(at.Positional) || arg.IsCumulative() {
			all = p.values(ctx, at, arg)
		}
		if arg.Name == "topic" && given == 0 {
			for _, n := range k.Model.Children {
				if !n.Hidden {
					all = append(all, n.Name)
				}
			}
		}
	}
	for _, s := range all {
		if strings.HasPrefix(strings.ToUpper(s), strings.ToUpper(cur)) {
			fmt.Fprintln(p.Stdout, before+s)
		}
	}
	return nil
}

// took notes the campaign directory, in which the other words are looked up.
func (c *completeCmd) took(p *Program, of *kong.Value, value string) {
	if of.Name == "campaign-dir" {
		p.cli.Dir = value
	}
}

func childNamed(at *kong.Node, name string) *kong.Node {
	for _, n := range at.Children {
		if n.Name == name {
			return n
		}
	}
	return nil
}

// flagNamed is the flag that is written so, of the command or of all; nil if
// there is none.
func flagNamed(at *kong.Node, written string) *kong.Flag {
	for _, group := range at.AllFlags(false) {
		for _, f := range group {
			if written == "--"+f.Name || f.Short != 0 && written == "-"+string(f.Short) {
				return f
			}
		}
	}
	return nil
}

// values are what may be given for an argument or the value of a flag.
func (p *Program) values(ctx context.Context, at *kong.Node, of *kong.Value) (all []string) {
	if of.Enum != "" {
		return slices.DeleteFunc(of.EnumSlice(), func(s string) bool { return s == "" })
	}
	switch of.Name {
	case "part":
		return []string{"report", "appendix", "model"}
	case "topic":
		for _, t := range helpTopics() {
			all = append(all, t.in(p.cli.Lang).name)
		}
		return all
	}
	if !slices.Contains([]string{"unit", "unit-date", "district", "key", "id", "receipt"}, of.Name) {
		return nil
	}
	campaign, err := p.load()
	if err != nil {
		return nil
	}
	switch of.Name {
	case "unit", "unit-date":
		for _, u := range campaign.Units {
			all = append(all, u.Code)
		}
	case "district":
		all = (&office{campaign: campaign}).districts()
	case "key":
		all = append(all, "thanks", "escalate")
		for _, u := range campaign.Units {
			all = append(all, "escalate/"+u.Code)
		}
	default:
		all = p.ids(ctx, campaign, at, of)
	}
	return all
}

// ids are those of the mails that wait for a person, of the decisions that can
// be undone, or of all mails. A campaign that has no ledger gets none by being
// asked, and one of an older program stays as it is.
func (p *Program) ids(ctx context.Context, campaign *config.Campaign, at *kong.Node, of *kong.Value) (all []string) {
	if peek, err := ledger.LookAt(ctx, campaign.DataDir()); err != nil || peek.Schema != peek.Known {
		return nil
	}
	l, err := ledger.Open(campaign.DataDir())
	if err != nil {
		return nil
	}
	defer l.Close()
	o := &office{Program: p, campaign: campaign, ledger: l}
	facts, err := l.Facts(ctx)
	if err != nil {
		return nil
	}
	switch {
	case of.Name == "receipt":
		for _, m := range facts.Mails {
			all = append(all, m.ID)
		}
	case at.Name == "undo":
		for _, d := range facts.Decisions {
			if o.holds(facts.Present(o.now()).Decisions, d.ID) {
				all = append(all, d.ID)
			}
		}
	default:
		for _, m := range o.waiting(facts) {
			all = append(all, m.ID)
		}
	}
	return all
}
