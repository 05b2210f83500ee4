// Package attribution tells whose mail it is. Matcher finds names of units in
// what a mail says of itself; Decide weighs all evidence and answers with a
// unit, or with a question and its candidates. Both are pure.
//
// The one figure that matters is the number of wrong attributions, which is
// to be zero: what could be two units, an office of a lower level, a person's
// name or another province's office is given as a doubt, never as a name.
// Everything about units comes from the roster, everything about the campaign
// from the noise; vietnam.go holds what is true of every Vietnamese committee.
//
// A text that stands alone, as a subject or a file name does, may be written for
// a font from before Unicode and is decoded here; what has a font or a document
// around it has been decoded by its reader.
package attribution

import (
	"cmp"
	"slices"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"dondoc/config"
	"dondoc/intake/finding"
)

// Matcher finds units by their names. It is safe for concurrent use.
type Matcher struct {
	units []config.Unit
	names [2]*index // as written; and with y read as i, for a second look
	noise *index
	marks *index    // words that say how a name near them is meant
	aside *index    // beginnings of lines that name others than the author
	verbs *index    // what stands after the author
	typos []*phrase // names in which one letter may be wrong
	near  []*phrase // those, and the shorter ones
	home  [][]word  // the province of the roster
}

// Why a name is in doubt (finding.Evidence).
const (
	LowerLevel      = "lower_level"     // an office below the unit
	SharedWord      = "shared_word"     // a word that several units share
	PersonOrPlace   = "person_or_place" // the bare name of a district
	Receiver        = "receiver"        // whom it is for, or whom it refers to
	SendsForAnother = "sends_for_another"
	Overlap         = "overlap"    // two names in the same letters: TU NGHIA HANH
	Misspelled      = "misspelled" // nearly a unit's name
	MaybeCount      = "maybe_count"
	ByMistake       = "by_mistake"
	Elsewhere       = "elsewhere"     // another province or an association is named as well
	SeveralUnits    = "several_units" // are named
)

// The classes of m.marks.
const (
	towards class = iota + 100 // what follows receives, or is referred to
	notTowards
	instead // what stands before sends for another
	wrongly // something was sent by mistake
	person  // a surname or a title
	office  // what follows is a place
	leads   // what follows may send
	aware   // everyday words that contain one of lowers
)

// NewMatcher makes a Matcher for the units of a roster. noise are phrases
// that nearly every mail contains (NoiseOf).
func NewMatcher(units []config.Unit, noise []string) *Matcher {
	m := &Matcher{
		units: units,
		names: [2]*index{newIndex(false), newIndex(true)},
		noise: newIndex(false), marks: newIndex(false), aside: newIndex(false), verbs: newIndex(false),
	}
	r := &roster{units: units}
	for _, n := range noise {
		w := wordsOf(norm.NFC.String(n))
		if len(compact(w)) < 3 {
			continue
		}
		r.noise = append(r.noise, w)
		m.noise.add(&phrase{class: noisy, words: w, compact: compact(w)})
	}
	slices.SortStableFunc(r.noise, func(a, b []word) int { return len(b) - len(a) })
	r.build()
	m.home = r.home
	for _, p := range r.order {
		m.names[0].add(p)
		m.names[1].add(p)
		if p.class == full && mayBeMistyped(p) {
			m.near = append(m.near, p)
			if len(p.compact) >= shortestTyped {
				m.typos = append(m.typos, p)
			}
		}
	}
	for _, list := range []struct {
		into  *index
		names string
		class class
	}{
		{m.marks, receiving, towards}, {m.marks, notReceiving, notTowards}, {m.marks, onBehalf, instead},
		{m.marks, mistaken, wrongly}, {m.marks, surnames, person}, {m.marks, offices, office}, {m.marks, leading, leads},
		{m.marks, notLower, aware}, {m.aside, asideLines, towards}, {m.verbs, sending, towards},
	} {
		for _, n := range strings.Split(list.names, "|") {
			w := wordsOf(n)
			list.into.add(&phrase{class: list.class, words: w, compact: compact(w)})
		}
	}
	return m
}

// Find returns the units that text speaks of. field says where the text
// stands: subject, filename, from_name, cell, letterhead or body; it becomes
// the Kind of the evidence. Evidence in doubt is a suggestion; with an empty
// Unit it says that some unit is meant which cannot be told. A name is never
// in doubt for two different dossiers at once: then all of it is.
func (m *Matcher) Find(text, field string) []finding.Evidence {
	text = tidy(text, field)
	atoms := cut(text)
	s := &search{m: m, text: text, field: field, atoms: atoms}
	s.tokens()
	m.set(text, atoms, field)
	for _, look := range m.names {
		if s.names(look); s.blocked || s.better() || field == "body" {
			break
		}
		soft := slices.Clone(atoms)
		for i := range soft {
			soft[i] = soft[i].softenY()
		}
		s.atoms = soft
	}
	s.atoms = atoms
	if !s.blocked && !s.settled() {
		s.mistyped()
	}
	return s.evidence()
}

// IsToken reports whether the detail of a subject's evidence is only the token
// of one of our own subjects, "[HU-BINHSON]", copied by an answer.
func IsToken(detail string) bool { return strings.HasPrefix(detail, "[") }

// search is one Find under way.
type search struct {
	m       *Matcher
	text    string
	field   string
	atoms   []atom
	marks   []hit
	lowers  []hit
	found   []found
	blocked bool // another province, an association: nobody of ours is meant
}

// found is a sign of units, and what it is worth.
type found struct {
	units  []int
	from   int // bytes of text
	to     int
	weight weight
	class  class
	why    string // it is in doubt; "" if only because of others
}

type weight int

const (
	alone   weight = iota // counts only if nothing better is found
	aside                 // in doubt, and no doubt upon others: a recipient, a person
	doubted               // in doubt, and so is what else is named
	sure
)

// better reports whether something was found that counts beside others.
func (s *search) better() bool {
	return slices.ContainsFunc(s.found, func(f found) bool { return f.weight > alone })
}

// settled reports whether more was found than a bare place, of which a word
// mistyped before it may say more: "Huyn uy Mo Duc".
func (s *search) settled() bool {
	return slices.ContainsFunc(s.found, func(f found) bool { return f.weight > alone && (f.class != bare || f.weight == sure) })
}

// tokens finds unit codes as our subjects and file names write them.
func (s *search) tokens() {
	if s.field != "subject" && s.field != "filename" {
		return
	}
	for i, u := range s.m.units {
		for _, t := range []string{"[" + u.Code + "]", u.Code + "_"} {
			at := strings.Index(s.text, t)
			if at < 0 || u.Code == "" || t[0] != '[' && (at > 0 || s.field != "filename") {
				continue
			}
			s.found = append(s.found, found{units: []int{i}, from: at, to: at + len(t), weight: sure, class: full})
			for k := range s.atoms {
				if s.atoms[k].start >= at && s.atoms[k].end <= at+len(t) {
					s.atoms[k].out = true
				}
			}
		}
	}
}

// names finds the names of the roster, longest first, and judges each by what
// stands around it.
func (s *search) names(look *index) {
	s.marks = s.m.marks.find(s.atoms)
	hits := look.find(s.atoms)
	hits = slices.DeleteFunc(hits, func(h hit) bool { return !s.admits(h) })
	kept := longest(hits)
	s.lowers = nil
	for _, h := range kept {
		if (h.class == lower || h.class == generic || h.class == company || h.class == mass) && !s.everyday(h) {
			s.lowers = append(s.lowers, h)
		}
	}
	strong := slices.ContainsFunc(kept, func(h hit) bool { return h.class == full })
	for _, h := range kept {
		clash := false
		for _, o := range hits {
			if clashes(h, o) && !s.endsInProvince(o) {
				clash = true
				s.found = append(s.found, found{o.units, s.atoms[o.from].start, s.atoms[o.to-1].end, doubted, o.class, Overlap})
			}
		}
		s.judge(h, clash, strong)
	}
}

// admits tells where a phrase is looked for at all.
func (s *search) admits(h hit) bool {
	title := s.field == "subject" || s.field == "filename"
	switch {
	case s.withinWord(h) || s.parted(h) || s.byChance(h):
		return false
	case h.paper:
		// "bão Quảng Ngãi", "đồng bào Quảng Ngãi" fold to the same.
		return s.field != "body" && h.astray == 0
	case h.city:
		// The foot of every provincial office's letter ends with it.
		return title || s.field == "cell" && h.astray == 0
	case h.class == bare && slices.ContainsFunc(s.atoms[h.from+1:h.to], func(a atom) bool { return a.stop }):
		return false // "Bình Sơn - tỉnh Quảng Ngãi" is no Sơn Tịnh
	case h.class == bare && h.made:
		// Without its marks it would be another word.
		return h.astray == 0 && slices.ContainsFunc(s.atoms[h.from:h.to], func(a atom) bool { return !a.plain })
	case h.home:
		// "tỉnh Quảng Ngãi" is where everybody is.
		return (title || s.field == "from_name" || s.field == "cell") &&
			!(h.from > 0 && slices.Contains([]string{"tinh", "uy", "ui"}, s.atoms[h.from-1].folded))
	case h.class == generic && s.field == "body":
		return s.levelAfter(h)
	}
	return true
}

// withinWord reports whether h begins with the second syllable of another
// word: every write-up has a heading "Cơ sở xây dựng", "thông báo Quảng Ngãi"
// is no newspaper, a chi cục is not the cục.
func (s *search) withinWord(h hit) bool {
	first := s.atoms[h.from]
	return h.from > 0 && !first.stop && !s.atoms[h.from-1].out &&
		slices.Contains(before[first.folded], s.atoms[h.from-1].folded)
}

// byChance reports whether an abbreviation stands in running text as nobody
// writes one: "PtQ" of a line of base64.
func (s *search) byChance(h hit) bool {
	if s.field != "body" && s.field != "letterhead" || len(h.words) > 1 || !h.words[0].abbr {
		return false
	}
	spelled := s.text[s.atoms[h.from].start:s.atoms[h.to-1].end]
	small := strings.IndexFunc(spelled, unicode.IsLower)
	return small >= 0 && strings.IndexFunc(spelled, unicode.IsUpper) >= 0 && len(h.compact) < 4
}

// parted reports whether a bracket stands within h: "UBND tỉnh (Văn phòng" is
// not the Văn phòng UBND tỉnh in two lines.
func (s *search) parted(h hit) bool {
	return slices.ContainsFunc(s.atoms[h.from+1:h.to], func(a atom) bool { return a.bracket })
}

// longest keeps of overlapping hits the longest.
func longest(hits []hit) []hit {
	byLength := slices.Clone(hits)
	slices.SortStableFunc(byLength, func(a, b hit) int {
		if d := len(b.compact) - len(a.compact); d != 0 {
			return d
		}
		return cmp.Compare(a.class, b.class)
	})
	var kept []hit
	taken := map[int]bool{} // atoms
next:
	for _, h := range byLength {
		for i := h.from; i < h.to; i++ {
			if taken[i] {
				continue next
			}
		}
		for i := h.from; i < h.to; i++ {
			taken[i] = true
		}
		kept = append(kept, h)
	}
	slices.SortStableFunc(kept, func(a, b hit) int { return a.from - b.from })
	return kept
}

// clashes reports whether the names overlap without one holding the other:
// TU NGHIA HANH.
func clashes(h, o hit) bool {
	named := func(c class) bool { return c == full || c == land || c == bare || c == foreign }
	if !named(h.class) || !named(o.class) || o.astray > 0 || o.from >= h.to || h.from >= o.to {
		return false
	}
	if o.from >= h.from && o.to <= h.to || h.from >= o.from && h.to <= o.to {
		return false
	}
	return !slices.Equal(h.units, o.units)
}

// endsInProvince: in "BINH SON TINH QUANG NGAI" the third word belongs to the
// province.
func (s *search) endsInProvince(h hit) bool {
	if s.atoms[h.to-1].folded != "tinh" {
		return false
	}
	for _, home := range s.m.home {
		if h.to+len(home) <= len(s.atoms) && joined(s.atoms[h.to:h.to+len(home)]) == folded(home) {
			return true
		}
	}
	return false
}

// judge adds what one hit is worth.
func (s *search) judge(h hit, clash, strong bool) {
	f := found{units: h.units, from: s.atoms[h.from].start, to: s.atoms[h.to-1].end, weight: sure, class: h.class}
	title := s.field == "subject" || s.field == "filename"
	switch h.class {
	case mass:
		s.blocked = true
		return
	case foreign:
		if s.field == "from_name" && s.has(h, person, true) {
			return // "Nguyễn Hòa Bình"
		}
		if s.field != "body" && s.field != "letterhead" {
			s.blocked = true
		}
		return
	case lower, company:
		if len(h.units) > 0 {
			f.doubt(doubted, LowerLevel)
			s.found = append(s.found, f)
		}
		return
	case generic:
		f.doubt(alone, SharedWord)
		if s.levelAfter(h) {
			f.doubt(doubted, LowerLevel)
		}
		if !s.everyday(h) && s.text[f.from:f.to] != mailWord {
			s.found = append(s.found, f)
		}
		return
	}
	if s.foreignAfter(h) {
		s.blocked = true
		return
	}
	if s.everyday(h) {
		return
	}
	under := s.under(h)
	switch {
	case under == company && h.class == bare:
		return
	case under == mass:
		return
	case s.has(h, person, true):
		f.doubt(aside, PersonOrPlace)
		if h.class != bare || !title {
			return
		}
	case s.received(h):
		f.doubt(aside, Receiver)
	case s.sendsForAnother(h):
		f.doubt(aside, SendsForAnother)
	case h.class == doubtful && h.short:
		f.doubt(alone, SharedWord)
	case clash:
		f.doubt(doubted, Overlap)
	case under != 0 || s.overruled(h):
		f.doubt(doubted, LowerLevel)
	case h.class == doubtful:
		f.doubt(doubted, SharedWord)
	case s.mistake():
		f.doubt(doubted, ByMistake)
	case (h.class == land || h.class == bare) && !s.led(h):
		f.doubt(doubted, PersonOrPlace)
	case h.astray > 1 && !(h.class == full && h.astray == 2 && len(h.words) >= 4) || h.astray == 1 && (h.class == bare || len(h.compact) < 8):
		f.doubt(doubted, Misspelled)
	case h.office && s.plainOffice(h):
		f.doubt(doubted, MaybeCount)
	case h.class == full && h.astray > 0 && len(h.words) <= 3 && !h.office && s.m.units[h.units[0]].District == "":
		f.doubt(doubted, Misspelled) // "bản dân tộc" is a village, "tình đoàn kết" a feeling
	case h.class == full && s.ofOther(h):
		f.doubt(doubted, LowerLevel)
	}
	if !title && f.weight >= doubted {
		switch {
		case h.class == bare && (s.alone(h) || s.field == "cell" || under != 0 || s.has(h, office, true)):
			f.doubt(doubted, cmp.Or(f.why, PersonOrPlace))
		case h.class == bare:
			return
		case h.city:
			f.doubt(aside, PersonOrPlace)
		case h.class == land && strong:
			return
		}
	}
	s.found = append(s.found, f)
}

func (f *found) doubt(w weight, why string) { f.weight, f.why = w, why }

// led reports whether what stands right before the place lets it be the
// sender itself.
func (s *search) led(h hit) bool {
	if h.from == 0 {
		return true
	}
	before := s.atoms[h.from-1]
	return s.atoms[h.from].stop || before.out || before.folded[0] < 'a' ||
		slices.ContainsFunc(s.marks, func(m hit) bool { return m.class == leads && m.to == h.from })
}

// overruled: in a letterhead the line below a committee may name the office
// under it that really writes: "HUYỆN ỦY TƯ NGHĨA / ĐẢNG ỦY XÃ NGHĨA LÂM".
func (s *search) overruled(h hit) bool {
	const reach = 20
	return s.field == "letterhead" && slices.ContainsFunc(s.lowers, func(l hit) bool {
		if l.from < h.to || l.from > h.to+reach {
			return false
		}
		if !s.atoms[l.from].line {
			// "BAN CHẤP HÀNH ĐOÀN HUYỆN SƠN TỊNH"
			return s.levelAfter(l) && slices.ContainsFunc(s.atoms[h.to:l.from], func(a atom) bool { return a.line })
		}
		first := s.atoms[l.from].folded
		return first != "van" && first != "vp"
	})
}

// alone reports whether nothing else is said.
func (s *search) alone(h hit) bool {
	for i, a := range s.atoms {
		if (i < h.from || i >= h.to) && !a.out {
			return false
		}
	}
	return true
}

// under returns the class of the office of a lower level, or the like, that
// stands before h in its phrase: "phòng Nội vụ huyện Sơn Tây".
func (s *search) under(h hit) class {
	const reach = 9
	begin := h.from
	for begin > 0 && h.from-begin < reach {
		// In a letterhead the office and its district stand in two lines.
		// So do a commune and its district about a comma.
		first := begin == h.from && h.class != full
		if s.atoms[begin].stop && !(h.class != full && s.field == "letterhead" && s.atoms[begin].line) && !(first && !s.atoms[begin].line) {
			break
		}
		begin--
	}
	result := class(0)
	for _, l := range s.lowers {
		if l.from < begin || l.to > h.from {
			continue
		}
		// A head office's own words before a name are no lower level: "Văn
		// phòng Sở Nội vụ", "HU - Bình Sơn".
		if (l.class == generic || l.class == lower) && !s.lowering(l, h) {
			continue
		}
		switch {
		case l.class == mass || l.class == company:
			return l.class
		default:
			result = lower
		}
	}
	return result
}

// lowering reports whether the word that many share makes what follows it a
// lower level: "Công an huyện Ba Tơ", not "Văn phòng Sở Nội vụ".
func (s *search) lowering(l, h hit) bool {
	first := s.atoms[l.from].folded
	switch {
	case first != "xa" && first != "phuong" && first != "thi" && (s.atoms[l.to-1].folded == "tinh" || s.atoms[l.to].folded == "tinh"):
		return false // the province's own, above what follows
	case first == "van" || first == "vp" || first == "hu" || first == "thu" || first == "txu":
		return false
	case h.class == full && l.to < h.from && s.atoms[l.to].stop:
		return false
	}
	return true
}

// levelAfter reports whether a level's word follows: "Hội LHPN huyện".
func (s *search) levelAfter(h hit) bool {
	for i := h.to; i < len(s.atoms) && i < h.to+3; i++ {
		if s.atoms[i].stop {
			return false
		}
		for _, lead := range levelWords() {
			if i+len(lead) <= len(s.atoms) && joined(s.atoms[i:i+len(lead)]) == folded(lead) {
				return true
			}
		}
	}
	return false
}

// levelWords are the words of levels that are more than a letter.
var levelWords = sync.OnceValue(func() [][]word {
	var out [][]word
	for _, l := range levels {
		for _, w := range l.words {
			if lead := wordsOf(w); len(lead[0].folded) > 1 {
				out = append(out, lead)
			}
		}
	}
	return out
})

// ofOther reports whether what follows makes h an office of somebody else:
// "Ban Dân tộc HĐND tỉnh", "Cục Thuế huyện".
func (s *search) ofOther(h hit) bool {
	if h.to == len(s.atoms) || s.atoms[h.to].line || s.atoms[h.to].out {
		return false
	}
	rest := joined(s.atoms[h.to:min(h.to+4, len(s.atoms))])
	if s.atoms[h.to-1].isTinh() && begins(rest, "thanh pho") {
		return true // "các Cục Thuế tỉnh, thành phố"
	}
	return begins(rest, "hdnd") || begins(rest, "hoi dong nhan dan") || s.m.units[h.units[0]].District == "" && s.levelAfter(h)
}

// foreignAfter reports whether another province follows: "Sở Nội vụ tỉnh
// Quảng Nam".
func (s *search) foreignAfter(h hit) bool {
	end := h.to
	for end < len(s.atoms) && end < h.to+3 && slices.Contains([]string{"tinh", "tp", "thanh", "pho"}, s.atoms[end].folded) {
		end++
	}
	for _, f := range s.m.names[0].find(s.atoms[h.to:min(end+4, len(s.atoms))]) {
		if f.class == foreign && h.to+f.from <= end {
			return true
		}
	}
	return false
}

// everyday reports whether the word only seems to stand there: "xã" in "xã hội".
func (s *search) everyday(h hit) bool {
	return slices.ContainsFunc(s.marks, func(m hit) bool {
		return m.class == aware && m.from <= h.from && h.to <= m.to && m.to-m.from > h.to-h.from
	})
}

// has reports whether a mark of the class stands right before h.
func (s *search) has(h hit, c class, adjacent bool) bool {
	if h.class == full && c == person {
		return false
	}
	return slices.ContainsFunc(s.marks, func(m hit) bool {
		if m.class != c || m.to > h.from || h.from-m.to > 1 && adjacent || h.from > 0 && s.atoms[h.from].stop {
			return false
		}
		if c != person {
			return m.to == h.from
		}
		if slices.ContainsFunc(s.lowers, func(l hit) bool { return l.from <= m.from && m.to <= l.to }) {
			return false // "Huyện đoàn" is no Mr Đoàn
		}
		written := s.atoms[m.from]
		if written.plain && !slices.Contains(strings.Split(plainSurnames, "|"), written.folded) && len(s.atoms[m.from:m.to]) == 1 {
			return false
		}
		// One name may stand between: "Nguyễn Văn Minh Long".
		return m.to == h.from || !s.atoms[m.to].stop
	})
}

// received reports whether what stands before makes h the one who receives,
// or is referred to.
func (s *search) received(h hit) bool {
	not := slices.ContainsFunc(s.marks, func(m hit) bool { return m.class == notTowards && m.to == h.from })
	return !not && !(h.from < len(s.atoms) && s.atoms[h.from].stop) &&
		slices.ContainsFunc(s.marks, func(m hit) bool { return m.class == towards && m.to == h.from })
}

// sendsForAnother: "(Văn phòng UBND tỉnh gửi thay)".
func (s *search) sendsForAnother(h hit) bool {
	return slices.ContainsFunc(s.marks, func(m hit) bool {
		return m.class == instead && m.from >= h.to && m.from-h.to <= 2 && !s.atoms[m.from].stop
	})
}

// mistake reports that the writer speaks of something sent by mistake.
func (s *search) mistake() bool {
	return slices.ContainsFunc(s.marks, func(m hit) bool { return m.class == wrongly })
}

// plainOffice reports whether a Sở written without marks may be a number:
// "so xay dung", "so TC".
func (s *search) plainOffice(h hit) bool {
	if !s.atoms[h.from].plain || s.atoms[h.from].folded != "so" {
		return false
	}
	rest := folded(h.words[1:])
	return s.field == "body" && len(h.words) < 4 || len(rest) <= 2 || rest == "tt tt" || slices.Contains(countable, rest)
}

// evidence weighs what was found against each other.
func (s *search) evidence() []finding.Evidence {
	best := alone
	var sureUnits []int
	for _, f := range s.found {
		best = max(best, f.weight)
		if f.weight == sure {
			sureUnits = append(sureUnits, f.units...)
		}
	}
	one := len(sureUnits) > 0 && s.sameDossier(sureUnits)
	if len(sureUnits) > 0 && (!one || s.mistake()) {
		best = doubted
	}
	for _, f := range s.found {
		// A lower level or another doubtful name beside a sure one takes its
		// sureness, unless it is about the same unit. In running text others
		// are mentioned all the time.
		if f.weight == doubted && one && s.field != "body" && s.field != "letterhead" &&
			!slices.ContainsFunc(f.units, func(u int) bool { return s.sameDossier(append([]int{u}, sureUnits...)) }) {
			best = doubted
		}
	}
	others := SeveralUnits // why a sure name is in doubt
	switch {
	case s.blocked:
		others = Elsewhere
		best = min(best, doubted)
	case s.mistake():
		others = ByMistake
	}
	if s.blocked && best == alone {
		return nil
	}
	var out []finding.Evidence
	add := func(unit, detail string, f found) {
		e := finding.Evidence{Kind: s.field, Unit: unit, Detail: detail}
		if unit == "" || best < sure {
			e.Doubt, e.Why = true, cmp.Or(f.why, others)
		}
		same := func(o finding.Evidence) bool { return o.Unit == e.Unit }
		if !slices.ContainsFunc(out, same) {
			out = append(out, e)
		}
	}
	slices.SortStableFunc(s.found, func(a, b found) int { return a.from - b.from })
	for _, f := range s.found {
		detail := s.text[f.from:f.to]
		switch {
		case best == sure && f.weight < sure, f.weight == alone && best > alone, f.weight == aside && best > aside:
			continue
		case s.field == "body" && f.weight == alone:
			continue
		}
		const most = 4
		if len(f.units) > most || len(f.units) == 0 {
			add("", detail, f)
			continue
		}
		for _, u := range f.units {
			add(s.m.units[u].Code, detail, f)
		}
	}
	return out
}

// sameDossier reports whether the units share one report.
func (s *search) sameDossier(units []int) bool {
	first := s.m.units[units[0]]
	for _, i := range units[1:] {
		u := s.m.units[i]
		if u.Code != first.Code && (u.DupGroup == "" || u.DupGroup != first.DupGroup) {
			return false
		}
	}
	return true
}
