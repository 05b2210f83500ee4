package saying

import (
	"regexp"
	"regexp/syntax"
	"strings"
)

// gated is an expression with a gate before it: pieces of text one of which
// stands in whatever it finds. Nearly every sentence bears none of them, and to
// see that costs a tenth of what the expression costs.
type gated struct {
	*regexp.Regexp
	pieces []string // nil: anything may pass
}

func gate(expr string) *gated {
	parsed, err := syntax.Parse(expr, syntax.Perl)
	if err != nil {
		panic(err)
	}
	return &gated{regexp.MustCompile(expr), pieces(parsed)}
}

// passes reports whether the expression may find something.
func (g *gated) passes(s string) bool {
	for _, p := range g.pieces {
		if strings.Contains(s, p) {
			return true
		}
	}
	return g.pieces == nil
}

func (g *gated) MatchString(s string) bool { return g.passes(s) && g.Regexp.MatchString(s) }

func (g *gated) FindStringIndex(s string) []int {
	if !g.passes(s) {
		return nil
	}
	return g.Regexp.FindStringIndex(s)
}

// shortest is the length below which a piece stands in every other sentence,
// mostPieces how many are looked for.
const (
	shortest   = 3
	mostPieces = 80
)

// pieces returns texts one of which is in all that re matches, nil if there are
// none that are worth looking for.
func pieces(re *syntax.Regexp) []string {
	best := worth(whole(re))
	switch re.Op {
	case syntax.OpCapture, syntax.OpPlus:
		return pieces(re.Sub[0])
	case syntax.OpRepeat:
		if re.Min > 0 {
			return pieces(re.Sub[0])
		}
	case syntax.OpAlternate:
		var all []string
		for _, sub := range re.Sub {
			some := pieces(sub)
			if some == nil {
				return best
			}
			all = append(all, some...)
		}
		return better(best, worth(all))
	case syntax.OpConcat:
		run := []string{""}
		for _, sub := range re.Sub {
			next := crossed(run, whole(sub))
			if next == nil {
				best = better(best, worth(run))
				if run = whole(sub); run == nil {
					run = []string{""}
				}
			} else {
				run = next
			}
			best = better(best, pieces(sub))
		}
		best = better(best, worth(run))
	}
	return best
}

// whole returns all that re can match, nil if that is much.
func whole(re *syntax.Regexp) []string {
	switch re.Op {
	case syntax.OpEmptyMatch, syntax.OpBeginLine, syntax.OpEndLine, syntax.OpBeginText, syntax.OpEndText, syntax.OpWordBoundary, syntax.OpNoWordBoundary:
		return []string{""}
	case syntax.OpLiteral:
		if re.Flags&syntax.FoldCase == 0 {
			return []string{string(re.Rune)}
		}
	case syntax.OpCharClass:
		var all []string
		for i := 0; i < len(re.Rune); i += 2 {
			for r := re.Rune[i]; r <= re.Rune[i+1]; r++ {
				if all = append(all, string(r)); len(all) > 4 {
					return nil
				}
			}
		}
		return all
	case syntax.OpCapture:
		return whole(re.Sub[0])
	case syntax.OpQuest:
		if all := whole(re.Sub[0]); all != nil {
			return append([]string{""}, all...)
		}
	case syntax.OpAlternate:
		var all []string
		for _, sub := range re.Sub {
			some := whole(sub)
			if some == nil {
				return nil
			}
			all = append(all, some...)
		}
		return few(all)
	case syntax.OpConcat:
		all := []string{""}
		for _, sub := range re.Sub {
			if all = crossed(all, whole(sub)); all == nil {
				return nil
			}
		}
		return all
	}
	return nil
}

func crossed(a, b []string) []string {
	if a == nil || b == nil || len(a)*len(b) > mostPieces {
		return nil
	}
	var all []string
	for _, x := range a {
		for _, y := range b {
			all = append(all, x+y)
		}
	}
	return all
}

func few(all []string) []string {
	if len(all) > mostPieces {
		return nil
	}
	return all
}

// worth returns the pieces without those that others contain, nil if one of
// them is too short or there are too many.
func worth(all []string) []string {
	var kept []string
	for i, p := range all {
		if len(p) < shortest {
			return nil
		}
		contained := false
		for j, o := range all {
			contained = contained || i != j && strings.Contains(p, o) && (p != o || j < i)
		}
		if !contained {
			kept = append(kept, p)
		}
	}
	return few(kept)
}

// better returns those pieces that are rarer: the longer ones, else the fewer.
func better(a, b []string) []string {
	least := func(list []string) int {
		n := 1 << 10
		for _, s := range list {
			n = min(n, len(s))
		}
		return n
	}
	switch {
	case a == nil:
		return b
	case b == nil, least(a) > least(b), least(a) == least(b) && len(a) <= len(b):
		return a
	}
	return b
}
