package attribution

import (
	"slices"
	"strings"
	"sync"

	"golang.org/x/text/unicode/norm"

	"dondoc/config"
)

// roster turns units into phrases. What it knows of a unit it has from its
// row: names, aliases, district, parent; what it knows of names in general,
// from vietnam.go.
type roster struct {
	units    []config.Unit
	noise    [][]word
	home     [][]word // the province of the roster, as words; usually one
	phrases  map[string]*phrase
	order    []*phrase // in the order they were made, for steady results
	places   map[int]place
	named    [][][]word          // the spellings of each unit, the official first
	official []string            // its first spelling, folded
	varied   map[string][][]word // variants, by the words varied
}

// place is the territory of a unit that is its committee: not every unit that
// lies in a district.
type place struct {
	words []word // "Bình Sơn"
	level int    // index into levels
	party bool   // its name begins with a head of a party committee
	home  bool   // also the name of the province
}

func (r *roster) build() {
	r.phrases = map[string]*phrase{}
	r.places = map[int]place{}
	r.varied = map[string][][]word{}
	for _, u := range r.units {
		var all [][]word
		for _, n := range names(u) {
			all = append(all, wordsOf(n))
		}
		r.named = append(r.named, all)
		official := ""
		if len(all) > 0 {
			official = folded(all[0])
		}
		r.official = append(r.official, official)
	}
	r.findHome()
	for _, f := range strings.Split(provinces, "|") {
		w := wordsOf(f)
		if !r.isHome(w) {
			r.add(&phrase{class: foreign, words: w})
		}
	}
	for _, list := range []struct {
		names string
		class class
	}{{companies, company}, {masses, mass}} {
		for _, n := range strings.Split(list.names, "|") {
			r.add(&phrase{class: list.class, words: wordsOf(n)})
		}
	}
	for i, u := range r.units {
		r.findPlace(i, u)
	}
	// The operator's own spellings first: what is derived from them never
	// takes the place of one.
	for i := range r.units {
		for _, w := range r.named[i] {
			r.addName(i, w, false)
		}
		if p, ok := r.places[i]; ok {
			r.addPlaceNames(i, p)
		}
	}
	for i := range r.units {
		for _, w := range r.named[i] {
			for _, v := range r.variants(w) {
				r.addName(i, v, true)
			}
		}
		r.addReversed(i)
	}
	for i := range r.units {
		if p, ok := r.places[i]; ok {
			r.addWrongLevels(i, p)
		}
	}
	for i := range r.units {
		r.addStems(i)
	}
	r.addShared()
	r.addFormer()
	for _, n := range strings.Split(lowers, "|") {
		w := wordsOf(n)
		if p := r.phrases[folded(w)]; p != nil {
			continue // a stem already: it blocks and suggests
		}
		r.add(&phrase{class: lower, words: w, units: r.youth(w)})
	}
}

// names are the spellings that the roster gives of a unit, the official first.
func names(u config.Unit) []string {
	out := append([]string{u.Name, u.ShortName, u.Salutation}, u.Aliases...)
	for i, n := range out {
		out[i] = norm.NFC.String(n)
	}
	return slices.DeleteFunc(out, func(n string) bool { return n == "" })
}

// findHome takes for the roster's province the one that its rows name most.
func (r *roster) findHome() {
	parents := make([]string, len(r.units))
	for i, u := range r.units {
		parents[i] = folded(wordsOf(norm.NFC.String(u.Parent)))
	}
	best := 0
	for _, f := range strings.Split(provinces, "|") {
		w := wordsOf(f)
		key := folded(w)
		count := 0
		for i := range r.units {
			if ends(parents[i], key) || ends(r.name(i), key) {
				count++
			}
		}
		if count > best {
			best, r.home = count, [][]word{w}
		}
	}
}

func (r *roster) isHome(w []word) bool {
	return slices.ContainsFunc(r.home, func(h []word) bool { return folded(h) == folded(w) })
}

func ends(s, suffix string) bool { return s == suffix || strings.HasSuffix(s, " "+suffix) }

func begins(s, prefix string) bool { return s == prefix || strings.HasPrefix(s, prefix+" ") }

// findPlace recognises the committee of a district: its name ends with the
// place that its row gives as district.
func (r *roster) findPlace(i int, u config.Unit) {
	district := wordsOf(norm.NFC.String(u.District))
	if len(r.named[i]) == 0 {
		return
	}
	name := r.named[i][0]
	for level, l := range levels {
		for _, w := range l.words {
			lead := wordsOf(w)
			if !begins(folded(district), folded(lead)) || len(district) == len(lead) {
				continue
			}
			words := district[len(lead):]
			if !ends(folded(name), folded(words)) || len(name) == len(words) {
				return
			}
			p := place{words: words, level: level, home: r.isHome(words)}
			for _, h := range allHeads() {
				if begins(folded(name), folded(wordsOf(h))) {
					p.party = true
				}
			}
			r.places[i] = p
			return
		}
	}
}

func allHeads() []string {
	var out []string
	for _, l := range levels {
		out = append(out, l.heads...)
	}
	return out
}

// add puts p into the phrases unless one with the same words is there, and
// returns the one that is.
func (r *roster) add(p *phrase) *phrase {
	p.words = r.quiet(p.words)
	p.compact = compact(p.words)
	if p.compact == "" {
		return p
	}
	p.office = p.words[0].toned == soWithHook || p.words[0].folded == "so" && p.words[0].plain
	p.paper = p.words[0].folded == "bao" && len(p.words) <= 3
	key := folded(p.words)
	have := r.phrases[key]
	if have == nil {
		r.phrases[key] = p
		r.order = append(r.order, p)
		return p
	}
	for _, u := range p.units {
		if slices.Contains(have.units, u) {
			continue
		}
		switch {
		case have.class == generic || have.class == doubtful && have.made:
			have.units = append(have.units, u)
		case have.made && p.made:
			// Derived from the names of two units: it tells neither.
			have.class = doubtful
			have.units = append(have.units, u)
		}
	}
	return have
}

var _, soWithHook, _ = fold("sở")

// quiet takes the noise out of a name, as it is taken out of every text.
func (r *roster) quiet(words []word) []word {
	for _, home := range r.home {
		tinh := append([]word{{folded: "tinh"}}, home...)
		if at := within(words, tinh); at >= 0 {
			words = splice(words, at+1, len(home), nil)
		}
	}
	for _, n := range r.noise {
		if at := within(words, n); at >= 0 && len(n) < len(words) {
			words = splice(words, at, len(n), nil)
		}
	}
	return words
}

// name is the official name of the unit, folded.
func (r *roster) name(i int) string { return r.official[i] }

func (r *roster) addName(i int, words []word, made bool) {
	if len(words) == 0 {
		return
	}
	p := &phrase{class: full, units: []int{i}, words: words, made: made}
	key := folded(words)
	name := r.name(i)
	if at, ok := r.places[i]; ok {
		place := folded(at.words)
		switch {
		case key == place:
			p.class = bare
		case r.isLand(key, at):
			p.class, p.city = land, at.home
		}
	} else if key != name && ends(name, key) && len(words) <= 3 {
		p.class = bare
		if begins(name, "so") {
			// "xây dựng", "tài chính", "tư pháp" are everyday words.
			return
		}
	}
	if len(p.words) == 1 && len(p.words[0].folded) < 3 {
		return // two letters name nobody
	}
	r.add(p)
}

// isLand reports whether key is a level's word and the place, or the initials
// of both ("TPQN").
func (r *roster) isLand(key string, at place) bool {
	initials := ""
	for _, w := range at.words {
		initials += w.folded[:1]
	}
	for _, w := range levels[at.level].words {
		lead := folded(wordsOf(w))
		if key == lead+" "+folded(at.words) || key == lead+initials || key == lead+" "+initials {
			return true
		}
	}
	return false
}

// addPlaceNames adds what a district committee is called besides what the
// roster lists.
func (r *roster) addPlaceNames(i int, at place) {
	l := levels[at.level]
	for _, w := range l.words {
		r.add(&phrase{class: land, city: at.home, units: []int{i}, words: append(wordsOf(w), at.words...), made: true})
	}
	if at.party {
		for _, h := range l.heads {
			p := &phrase{class: full, units: []int{i}, words: append(wordsOf(h), at.words...), made: true}
			if at.home && h == "TU" {
				// Of the province or of the city?
				p.class = doubtful
				for k := range r.units {
					if n := r.name(k); k != i && begins(n, "van phong") && ends(n, "tinh uy") {
						p.units = append(p.units, k)
					}
				}
			}
			r.add(p)
		}
	}
	if !at.home {
		// Where the roster does not list the place alone (because without
		// marks it is another word: "ba to"), it counts with its marks.
		r.add(&phrase{class: bare, units: []int{i}, words: at.words, made: true})
	}
}

// addWrongLevels: "Thị ủy Sơn Tây" is of Hà Nội, Sơn Tây here is a district.
func (r *roster) addWrongLevels(i int, at place) {
	for level, l := range levels {
		if level == at.level {
			continue
		}
		for _, h := range l.heads {
			if h != "TU" { // TU NGHIA HANH is another matter
				r.add(&phrase{class: doubtful, units: []int{i}, words: append(wordsOf(h), at.words...), made: true})
			}
		}
		for _, w := range l.words {
			if !at.home {
				r.add(&phrase{class: doubtful, units: []int{i}, words: append(wordsOf(w), at.words...), made: true})
			}
		}
	}
}

// variants are the same name with abbreviations for long forms and the other
// way round, and with the province for "tỉnh".
func (r *roster) variants(words []word) [][]word {
	const most = 40
	if have, ok := r.varied[folded(words)]; ok {
		return have
	}
	seen := map[string]bool{folded(words): true}
	all := [][]word{words}
	try := func(w []word) {
		if k := folded(w); !seen[k] && len(all) < most && len(w) > 0 {
			seen[k] = true
			all = append(all, w)
		}
	}
	for k := 0; k < len(all); k++ {
		w := all[k]
		for _, s := range pairs() {
			long := s.long
			for _, abbr := range s.shorts {
				if at := within(w, long); at >= 0 {
					try(splice(w, at, len(long), abbr))
				}
				if len(abbr) > 0 {
					if at := within(w, abbr); at >= 0 {
						try(splice(w, at, len(abbr), long))
					}
				}
			}
		}
		if n := len(w); n > 1 && (w[n-1].toned == tinh || w[n-1].plain && w[n-1].folded == "tinh") {
			for _, h := range r.home {
				try(splice(w, n-1, 1, h))
			}
		}
	}
	r.varied[folded(words)] = all[1:]
	return all[1:]
}

// pairs is shortened as words.
var pairs = sync.OnceValue(func() []pair {
	var out []pair
	for _, s := range shortened {
		p := pair{long: wordsOf(s.long)}
		for _, short := range s.shorts {
			p.shorts = append(p.shorts, wordsOf(short))
		}
		out = append(out, p)
	}
	return out
})

type pair struct {
	long   []word
	shorts [][]word
}

func within(words, part []word) int {
	for i := 0; i+len(part) <= len(words); i++ {
		if slices.EqualFunc(words[i:i+len(part)], part, func(a, b word) bool { return a.folded == b.folded }) {
			return i
		}
	}
	return -1
}

func splice(words []word, at, n int, by []word) []word {
	out := append([]word{}, words[:at]...)
	return append(append(out, by...), words[at+n:]...)
}

// addReversed adds the two lines of a letterhead: "TỈNH ỦY QUẢNG NGÃI" over
// "BAN TỔ CHỨC" is the Ban Tổ chức Tỉnh ủy.
func (r *roster) addReversed(i int) {
	if len(r.named[i]) == 0 {
		return
	}
	all := append([][]word{r.named[i][0]}, r.variants(r.named[i][0])...)
	for _, w := range all {
		n := len(w)
		for _, t := range tops() {
			head := n - len(t)
			if head < 1 || !ends(folded(w), folded(t)) || head == 1 && !w[0].abbr {
				continue
			}
			r.add(&phrase{class: full, units: []int{i}, words: append(slices.Clone(t), w[:head]...), made: true})
			for _, h := range r.home {
				r.add(&phrase{class: full, units: []int{i}, words: append(append(slices.Clone(t), h...), w[:head]...), made: true})
			}
		}
	}
}

// tops are the upper lines of letterheads, at the end of the names of the
// offices below them.
var tops = sync.OnceValue(func() [][]word {
	var out [][]word
	for _, t := range strings.Split(uppers, "|") {
		out = append(out, wordsOf(t))
	}
	return out
})

// addStems adds the names without what tells the province's office from the
// districts': "Công an", "LĐLĐ", "Ban Tổ chức".
func (r *roster) addStems(i int) {
	if _, ok := r.places[i]; ok {
		return
	}
	tails := []string{"tinh uy", "tu", "tinh"}
	for _, h := range r.home {
		tails = append(tails, "tinh "+folded(h), folded(h))
	}
	var all [][]word
	for _, w := range r.named[i] {
		all = append(append(all, w), r.variants(w)...)
	}
	for _, w := range all {
		spelled := folded(w)
		for _, t := range tails {
			n := len(w) - strings.Count(t, " ") - 1
			if n < 1 || !ends(spelled, t) || folded(w[n:]) != t || n == 1 && (!w[0].abbr || len(w[0].folded) < 3) {
				continue
			}
			stem := &phrase{class: generic, words: w[:n], units: []int{i}, made: true}
			key := folded(stem.words)
			if begins(key, "tinh") {
				continue
			}
			for k := range r.units {
				if _, ok := r.places[k]; !ok && n > 1 && begins(r.name(k), key) && k != i {
					stem.units = append(stem.units, k)
				}
			}
			r.add(stem)
		}
	}
}

// addShared adds the words that stand for no unit when they stand alone, and
// the names that were cut short: "Huyện ủy Sơn", "Sở KH".
func (r *roster) addShared() {
	for _, s := range strings.Split(shared, "|") {
		w := wordsOf(s)
		key := folded(w)
		p := &phrase{class: generic, words: w, made: true}
		for i := range r.units {
			name := r.name(i)
			if begins(name, key) || ends(name, key) ||
				slices.ContainsFunc(r.shorter(i), func(v []word) bool { return within(v[:min(len(w), len(v))], w) == 0 }) {
				p.units = append(p.units, i)
			}
		}
		r.add(p)
	}
	for i := range r.units {
		if at, ok := r.places[i]; ok && at.home {
			r.add(&phrase{class: generic, home: true, words: at.words, units: []int{i}, made: true})
		}
	}
	for i := range r.units {
		at, ok := r.places[i]
		if !ok || len(at.words) < 2 {
			continue
		}
		for _, h := range append(slices.Clone(levels[at.level].heads), levels[at.level].words...) {
			p := &phrase{class: doubtful, short: true, words: append(wordsOf(h), at.words[0]), units: []int{i}, made: true}
			if len(p.words[0].folded) > 1 && !at.home {
				r.add(p)
			}
		}
	}
	// "Sở KH": every beginning of the abbreviation of a Sở.
	for i := range r.units {
		for _, w := range r.named[i] {
			if len(w) < 2 || w[0].toned != soWithHook || !w[1].abbr {
				continue
			}
			for cut := 2; cut < len(w[1].folded) || len(w) > 2 && cut == len(w[1].folded); cut++ {
				part := w[1]
				part.folded, part.toned = part.folded[:cut], firstLetters(part.toned, cut)
				r.add(&phrase{class: doubtful, short: true, words: []word{w[0], part}, units: []int{i}, made: true})
			}
		}
	}
	// A firm's party committee is under the committee of the agencies and
	// enterprises.
	for _, w := range []string{"đảng ủy công ty", "ĐU công ty", "đảng ủy cty", "đảng ủy tổng công ty", "đảng ủy doanh nghiệp"} {
		p := &phrase{class: doubtful, words: wordsOf(w), made: true}
		for i := range r.units {
			if begins(r.name(i), "dang uy khoi") {
				p.units = append(p.units, i)
			}
		}
		r.add(p)
	}
}

// shorter are the variants of a unit's first two spellings: its official and
// its short name.
func (r *roster) shorter(i int) [][]word {
	var out [][]word
	for _, w := range r.named[i][:min(2, len(r.named[i]))] {
		out = append(out, r.variants(w)...)
	}
	return out
}

func firstLetters(s string, n int) string {
	runes := []rune(s)
	return string(runes[:min(n, len(runes))])
}

// addFormer reads of a unit's note which districts were merged into it:
// "Sáp nhập huyện Tây Trà từ 01/02/2020".
func (r *roster) addFormer() {
	for i, u := range r.units {
		if _, ok := r.places[i]; !ok {
			continue
		}
		note := norm.NFC.String(u.Note)
		atoms := cut(note)
		for k := 0; k+4 < len(atoms)+1; k++ {
			if k+5 > len(atoms) || atoms[k].folded != "sap" || atoms[k+1].folded != "nhap" {
				continue
			}
			for _, l := range levels {
				for _, lw := range l.words {
					lead := wordsOf(lw)
					from := k + 2 + len(lead)
					if from+2 > len(atoms) || joined(atoms[k+2:from]) != folded(lead) {
						continue
					}
					former := wordsOf(note[atoms[from].start:atoms[from+1].end])
					for _, h := range append(append([]string{}, l.heads...), l.words...) {
						r.add(&phrase{class: doubtful, words: append(wordsOf(h), former...), units: []int{i}, made: true})
					}
				}
			}
		}
	}
}

func joined(atoms []atom) string {
	parts := make([]string, len(atoms))
	for i, a := range atoms {
		parts[i] = a.folded
	}
	return strings.Join(parts, " ")
}

// youth: "Huyện đoàn" is the district level of the unit that is "Tỉnh đoàn".
func (r *roster) youth(w []word) []int {
	if len(w) != 2 || w[1].folded != "doan" {
		return nil
	}
	if p := r.phrases["tinh doan"]; p != nil {
		return p.units
	}
	return nil
}
