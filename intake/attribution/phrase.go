package attribution

import "strings"

// class says what a phrase is and so what it is worth.
type class int

const (
	noisy    class = iota // of the issuer or the campaign: removed before anything else
	full                  // a name that is no one else's: "Huyện ủy Bình Sơn", "Sở Y tế"
	land                  // a territory: "huyện Bình Sơn", "TP Quảng Ngãi"
	bare                  // the place alone: "Bình Sơn", also a person's name
	doubtful              // concerns its units, names none: "Sở KH", "Thị ủy Sơn Tây"
	generic               // a word that many share: "văn phòng", "LĐLĐ"; counts if it stands alone
	lower                 // an office of a lower level: "công an", "UBND", "phòng Nội vụ"
	company               // a firm: its name says nothing of a district
	mass                  // an association outside the political system: never a unit
	foreign               // another province
)

// phrase is a sequence of words to be found.
type phrase struct {
	class   class
	units   []int // indexes into the roster
	words   []word
	city    bool // land whose place is also the province's: "TP Quảng Ngãi"
	home    bool // generic: the province alone
	short   bool // doubtful: a name cut short, "Huyện ủy Sơn"
	paper   bool // the newspaper: folds like "thông báo …"
	made    bool // not the operator's spelling but derived from it
	office  bool // begins with "Sở", which folds like "số"
	compact string
}

// word of a phrase.
type word struct {
	folded, toned string
	plain         bool // the roster spells it without marks
	abbr          bool // an abbreviation: a text that has marks must have these
}

// wordsOf takes a name apart as cut does a text, joined words left whole.
func wordsOf(name string) []word {
	var words []word
	for _, a := range cut(name) {
		spelled := name[a.start:a.end]
		if a.glued && len(words) > 0 {
			w := &words[len(words)-1]
			w.folded, w.toned, w.plain, w.abbr = w.folded+a.folded, w.toned+a.toned, w.plain && a.plain, true
			continue
		}
		upper := 0
		for _, r := range spelled {
			if strings.ToLower(string(r)) != string(r) {
				upper++
			}
		}
		words = append(words, word{a.folded, a.toned, a.plain, upper >= 2 || len(a.folded) == 1})
	}
	return words
}

func folded(words []word) string {
	var b strings.Builder
	for i, w := range words {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(w.folded)
	}
	return b.String()
}

func compact(words []word) string { return strings.ReplaceAll(folded(words), " ", "") }

// index finds phrases by their letters, word boundaries aside.
type index struct {
	next map[edge]int32 // a number as key: a look for a name asks it for every letter
	at   map[int32][]*phrase
	soft bool // y is read as i
}

// edge is a letter behind a node.
type edge uint32

func edgeOf(node int32, char byte) edge { return edge(node)<<8 | edge(char) }

func newIndex(soft bool) *index {
	return &index{next: map[edge]int32{}, at: map[int32][]*phrase{}, soft: soft}
}

func (x *index) add(p *phrase) {
	node := int32(0)
	key := p.compact
	if x.soft {
		key = strings.ReplaceAll(key, "y", "i")
	}
	for i := range len(key) {
		e := edgeOf(node, key[i])
		to, ok := x.next[e]
		if !ok {
			to = int32(len(x.next) + 1)
			x.next[e] = to
		}
		node = to
	}
	x.at[node] = append(x.at[node], p)
}

// hit is a phrase found: atoms[from:to].
type hit struct {
	*phrase
	from, to int
	astray   int // words whose marks are not those of the phrase
}

// find returns every phrase in the atoms that are not out.
func (x *index) find(atoms []atom) []hit {
	var hits []hit
	for i := range atoms {
		if atoms[i].out {
			continue
		}
		node := int32(0)
	walk:
		// What is out does not part what stands around it: a name may have the
		// campaign's words in its midst.
		for j := i; j < len(atoms); j++ {
			if atoms[j].out {
				continue
			}
			for k := range len(atoms[j].folded) {
				to, ok := x.next[edgeOf(node, atoms[j].folded[k])]
				if !ok {
					break walk
				}
				node = to
			}
			for _, p := range x.at[node] {
				if astray, ok := x.agree(p, atoms[i:j+1]); ok && x.bounded(p, atoms, i, j+1) {
					hits = append(hits, hit{p, i, j + 1, astray})
				}
			}
		}
	}
	return hits
}

// shortest is the least length of a name that is recognised although its
// words are joined or parted otherwise than in the roster.
const shortest = 6

// bounded reports whether the atoms are the words of p, or, for a longer
// name, its letters differently joined.
func (x *index) bounded(p *phrase, atoms []atom, from, to int) bool {
	if len(p.compact) >= shortest {
		return true
	}
	if atoms[from].glued || to < len(atoms) && atoms[to].glued {
		return false
	}
	return to-from == len(p.words) || len(whole(atoms[from:to])) == len(p.words)
}

// whole joins what was cut out of one word.
func whole(atoms []atom) []atom {
	var out []atom
	for i, a := range atoms {
		if a.out {
			continue
		}
		if a.glued && i > 0 && len(out) > 0 {
			last := &out[len(out)-1]
			last.folded, last.toned, last.plain = last.folded+a.folded, joinTones(last.toned, a.toned), last.plain && a.plain
			continue
		}
		out = append(out, a)
	}
	return out
}

// joinTones joins the halves of a word that was cut, its tone at the end again:
// "HUYệN ủY", from a font that shows small letters as capitals.
func joinTones(a, b string) string {
	if n := len(a) - 1; n > 0 && a[n] >= '1' && a[n] <= '5' {
		return a[:n] + b + a[n:]
	}
	return a + b
}

// agree compares the marks: "số" is not "sở", but who writes "so" has said
// neither. It returns how many words are written with other marks, and false
// if p may not be read with other marks at all.
func (x *index) agree(p *phrase, atoms []atom) (astray int, ok bool) {
	written := whole(atoms)
	if len(written) != len(p.words) {
		return 0, true
	}
	for i, w := range p.words {
		a := written[i]
		toned := w.toned
		if x.soft {
			toned = strings.ReplaceAll(toned, "y", "i")
		}
		if a.plain || a.toned == toned {
			continue
		}
		switch p.class {
		case noisy:
			continue
		case full, land, bare, doubtful:
			// In this part of the country hỏi and ngã are often exchanged, so
			// "sỡ" is "sở"; every other mark makes it another word.
			switch {
			case i == 0 && p.office && a.toned == soWithTilde:
			case w.abbr || i == 0 && p.office:
				return 0, false
			default:
				astray++
			}
		default:
			return 0, false
		}
	}
	return astray, true
}

var _, soWithTilde, _ = fold("sỡ")
