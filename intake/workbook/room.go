package workbook

import (
	"errors"
	"slices"
	"sort"
)

// room is how much of the limits a workbook has used up, whatever its format.
type room struct {
	format                    string
	cells, merges, runs, text int
}

// errCut ends the reading of a sheet that holds more than a form does.
var errCut = errors.New("sheet cut off")

func (m *room) damaged(detail string) *Error {
	return &Error{Kind: Damaged, Format: m.format, Detail: detail}
}

func (m *room) tooLarge(detail string) *Error {
	return &Error{Kind: TooLarge, Format: m.format, Detail: detail}
}

// add keeps a cell if it holds something.
func (m *room) add(s *Sheet, c Cell) error {
	if c.Type == Blank && !c.Formula && c.shared == 0 {
		return nil
	}
	if len(s.cells) >= maxSheetCells {
		s.Cut = true
		return errCut
	}
	if m.cells++; m.cells > maxCells {
		return m.tooLarge("cells")
	}
	if err := m.say(rich{text: c.Raw}); err != nil {
		return err
	}
	if n := len(s.cells); n > 0 {
		last := &s.cells[n-1]
		s.unsorted = s.unsorted || last.Row > c.Row || last.Row == c.Row && last.Col >= c.Col
	}
	s.cells = append(s.cells, c)
	return nil
}

// say accounts for a text that is kept.
func (m *room) say(t rich) error {
	if m.text += len(t.text); m.text > maxText {
		return m.tooLarge("text")
	}
	if m.runs += max(0, len(t.pieces)-1); m.runs > maxRuns {
		return m.tooLarge("pieces of text")
	}
	return nil
}

func (m *room) merge(s *Sheet, r Ref) error {
	if m.merges++; m.merges > maxMerges {
		return m.tooLarge("merged cells")
	}
	s.Merges = append(s.Merges, r)
	return nil
}

// settle puts the cells of a finished sheet in order. Two values in one place
// are damage: nobody knows which one counts.
func (m *room) settle(s *Sheet) error {
	if !s.unsorted {
		return nil
	}
	s.unsorted = false
	sort.SliceStable(s.cells, func(i, j int) bool {
		a, b := &s.cells[i], &s.cells[j]
		return a.Row < b.Row || a.Row == b.Row && a.Col < b.Col
	})
	for i := 1; i < len(s.cells); i++ {
		if s.cells[i].Row == s.cells[i-1].Row && s.cells[i].Col == s.cells[i-1].Col {
			return m.damaged("cell " + s.cells[i].Address() + " stands there twice")
		}
	}
	return nil
}

// names collects where defined names point. A name known to one sheet only
// counts where the workbook knows none: so it is after a sheet was moved to a
// new file. Two of them name nothing.
type names struct {
	global, local map[string]Ref
	twice         map[string]bool
}

func (n *names) add(name string, ref Ref, scoped bool) {
	if n.global == nil {
		n.global, n.local, n.twice = map[string]Ref{}, map[string]Ref{}, map[string]bool{}
	}
	if len(n.global) >= maxNames || len(n.local) >= maxNames {
		return
	}
	if !scoped {
		n.global[name] = ref
		return
	}
	if _, ok := n.local[name]; ok {
		n.twice[name] = true
	}
	n.local[name] = ref
}

// of is what the names mean in a book: those that point at a sheet it has.
func (n *names) of(b *Book) map[string]Ref {
	out := map[string]Ref{}
	keep := func(name string, ref Ref) {
		if b.Sheet(ref.Sheet) != nil {
			out[name] = ref
		}
	}
	for name, ref := range n.local {
		if !n.twice[name] {
			keep(name, ref)
		}
	}
	for name, ref := range n.global {
		keep(name, ref)
	}
	return out
}

// drop takes away the cells in which only an empty text stood.
func (s *Sheet) drop() {
	kept := s.cells[:0]
	for _, c := range s.cells {
		if c.Type != Blank || c.Formula {
			kept = append(kept, c)
		}
	}
	s.cells = kept
}

// spans are ranges of columns, from 1, in any order.
type spans struct {
	all  []span
	tidy bool // in order and apart from each other
}

type span struct{ from, to int }

func (s *spans) add(from, to int) {
	if len(s.all) < maxColumns && from <= to {
		s.all, s.tidy = append(s.all, span{from, to}), false
	}
}

func (s *spans) has(n int) bool {
	if !s.tidy {
		slices.SortFunc(s.all, func(a, b span) int { return a.from - b.from })
		apart := s.all[:0]
		for _, r := range s.all {
			if n := len(apart); n > 0 && r.from <= apart[n-1].to+1 {
				apart[n-1].to = max(apart[n-1].to, r.to)
			} else {
				apart = append(apart, r)
			}
		}
		s.all, s.tidy = apart, true
	}
	i := sort.Search(len(s.all), func(i int) bool { return s.all[i].to >= n })
	return i < len(s.all) && s.all[i].from <= n
}
