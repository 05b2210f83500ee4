package attribution

import (
	"slices"
	"strings"
)

// shortestTyped is the least length of a name that is recognised with one
// letter wrong: in shorter ones a letter makes another name.
const shortestTyped = 8

// longTyped is the length from which one letter cannot make another office.
const longTyped = 14

// mayBeMistyped: names in full words only; in an abbreviation every letter
// tells.
func mayBeMistyped(p *phrase) bool {
	return !p.made && len(p.words) > 1 &&
		!slices.ContainsFunc(p.words, func(w word) bool { return w.abbr })
}

// mistyped looks for a name with one letter missing, wrong or too many. In
// running text nothing is guessed.
func (s *search) mistyped() {
	const most = 200
	if s.field == "body" || s.field == "letterhead" || len(s.atoms) > most {
		return
	}
	var guesses []found
	for from := range s.atoms {
		if s.atoms[from].out {
			continue
		}
		typed := ""
		for to := from; to < len(s.atoms) && len(typed) < 80; to++ {
			if s.atoms[to].out || to > from && s.atoms[to].stop {
				break
			}
			typed += s.atoms[to].folded
			if len(typed) < shortestTyped-1 {
				continue
			}
			for _, p := range s.m.typos {
				if !oneEdit(typed, p.compact) || s.tooShort(p, typed) {
					continue
				}
				h := hit{phrase: p, from: from, to: to + 1}
				if p.office && !s.startsWithOffice(from) || s.foreignAfter(h) {
					continue
				}
				f := found{units: p.units, from: s.atoms[from].start, to: s.atoms[to].end, weight: doubted, class: full, why: Misspelled}
				s.lowers = slices.DeleteFunc(s.lowers, func(l hit) bool { return l.from >= from })
				if s.under(h) == 0 && !s.received(h) && s.certain(h) && !s.nearOther(typed, p) {
					f.doubt(sure, "")
				}
				guesses = append(guesses, f)
			}
		}
	}
	if len(guesses) == 0 {
		return
	}
	units := []int{}
	for _, g := range guesses {
		units = append(units, g.units...)
	}
	for _, g := range guesses {
		if !s.sameDossier(units) {
			g.doubt(doubted, Misspelled)
		}
		s.found = append(s.found, g)
	}
}

// nearOther reports whether another unit's name is as near, which may be too
// short to be guessed itself: "Sở Ngội vụ".
func (s *search) nearOther(typed string, p *phrase) bool {
	return slices.ContainsFunc(s.m.near, func(o *phrase) bool {
		return oneEdit(typed, o.compact) && !s.sameDossier(append(slices.Clone(o.units), p.units...))
	})
}

// tooShort: of a district's name only the place tells it from others, and in
// a short one a letter makes another ("Ba Tơ", "báo"), unless the letter is in
// the word before: "Huyn uy Mo Duc".
func (s *search) tooShort(p *phrase, typed string) bool {
	const least = 6
	district := wordsOf(s.m.units[p.units[0]].District)
	if len(district) <= 2 {
		return false
	}
	place := compact(district[len(district)-2:])
	return len(place) < least && !strings.HasSuffix(typed, place)
}

func (s *search) startsWithOffice(at int) bool {
	a := s.atoms[at]
	return a.folded == "so" && a.toned == soWithHook
}

// certain reports whether the slip of the finger can be told from another
// name. Of a district's that is so unless districts of the roster begin alike
// (Sơn Hà, Sơn Tây, Sơn Tịnh), or the place as it is written exists elsewhere
// (Mỹ Đức is no Mộ Đức). There is no Sở but those of the roster. Of others
// either the name is so long that nothing else comes near it, or the wrong word
// is no syllable of the language.
func (s *search) certain(h hit) bool {
	u := s.m.units[h.units[0]]
	district := wordsOf(u.District)
	if u.District != "" && len(district) > 1 {
		for _, o := range s.m.units {
			other := wordsOf(o.District)
			if o.Code != u.Code && len(other) == len(district) && len(other) > 1 &&
				other[len(other)-2].folded == district[len(district)-2].folded && o.District != u.District {
				return false
			}
		}
		typed := joined(s.atoms[h.from:h.to])
		return !slices.ContainsFunc(strings.Split(namesakes, "|"), func(n string) bool { return ends(typed, folded(wordsOf(n))) })
	}
	if len(h.compact) >= longTyped || h.office {
		return true
	}
	// The words that are written otherwise must not be words.
	for _, a := range s.atoms[h.from:h.to] {
		known := slices.ContainsFunc(h.words, func(w word) bool { return w.folded == a.folded })
		if !known && syllable(a.folded) {
			return false
		}
	}
	return true
}

// oneEdit reports whether one letter inserted, removed or replaced makes b of
// a. Equal strings are not one edit apart.
func oneEdit(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > 1 {
		return false
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	if len(a) == len(b) {
		return i < len(a) && a[i+1:] == b[i+1:]
	}
	return a[i:] == b[i+1:]
}

// syllable reports whether the folded word is spelled as a Vietnamese
// syllable can be: an initial, a vowel group, a final.
func syllable(w string) bool {
	for _, initial := range initials {
		if len(w) < len(initial) || w[:len(initial)] != initial {
			continue
		}
		rest := w[len(initial):]
		for _, final := range finals {
			if len(rest) <= len(final) || rest[len(rest)-len(final):] != final {
				continue
			}
			vowel := rest[:len(rest)-len(final)]
			if !slices.Contains(vowels, vowel) {
				continue
			}
			front := vowel[0] == 'e' || vowel[0] == 'i' || vowel[0] == 'y'
			switch initial {
			case "ng", "g", "c":
				if front && !(initial == "g" && vowel[0] == 'i') {
					continue
				}
			case "ngh", "gh", "k":
				if !front {
					continue
				}
			}
			return true
		}
	}
	return false
}

var (
	initials = []string{"ngh", "ch", "gh", "gi", "kh", "ng", "nh", "ph", "qu", "th", "tr", "b", "c", "d", "g", "h", "k", "l", "m", "n", "p", "r", "s", "t", "v", "x", ""}
	finals   = []string{"ch", "ng", "nh", "c", "m", "n", "p", "t", ""}
	vowels   = []string{"a", "e", "i", "o", "u", "y", "ai", "ao", "au", "ay", "eo", "eu", "ia", "ie", "ieu", "iu", "oa", "oai", "oao", "oay", "oe", "oeo", "oi", "oo", "ua", "uai", "uao", "uay", "uau", "ue", "ueu", "ui", "uo", "uoi", "uou", "uu", "uy", "uya", "uye", "uyu", "ye", "yeu"}
)
