package ledger

import (
	"maps"
	"slices"
	"unique"

	"dondoc/intake/finding"
)

// mostPlaces is how many layouts of returned forms are kept to be shared.
const mostPlaces = 32

// share has facts hold between them what they have in common: the cells in
// which figures stand, which are the same in nearly all forms, and the words of
// the trade. What a year of mails takes in memory is little else. Nobody
// changes what was read.
func (p *past) share(v *finding.Verdict) {
	words(&v.Source, &v.From, &v.FromName, &v.Verdict, &v.Reason, &v.Class, &v.Reply, &v.ReplyReason)
	if v.Unit != nil {
		v.Unit = p.code(*v.Unit)
	}
	exact(&v.Candidates)
	exact(&v.Missing)
	exact(&v.References)
	exact(&v.Says)
	exact(&v.Evidence)
	exact(&v.Parts)
	for _, list := range [][]string{v.Candidates, v.Missing} {
		for i := range list {
			words(&list[i])
		}
	}
	for i := range v.Evidence {
		e := &v.Evidence[i]
		words(&e.Kind, &e.Unit, &e.Detail, &e.Why, &e.File)
	}
	for i := range v.Parts {
		p.sharePart(&v.Parts[i])
	}
}

func (p *past) sharePart(part *finding.Part) {
	words(&part.Name, &part.Path, &part.SHA256, &part.MediaType, &part.Kind, &part.Verdict, &part.Title, &part.Unit, &part.Unread)
	part.Pack()
	exact(&part.Problems)
	for i := range part.Problems {
		q := &part.Problems[i]
		words(&q.Code, &q.Sheet, &q.Cell, &q.Found, &q.Message)
		q.Severity, q.Audience = unique.Make(q.Severity).Value(), unique.Make(q.Audience).Value()
		q.Args, q.Words = named(q.Args), named(q.Words)
		exact(&q.Cells)
		exact(&q.Inputs)
		for i := range q.Inputs {
			words(&q.Inputs[i])
		}
	}
	for _, places := range []*map[string]string{&part.Places, &part.Located} {
		if len(*places) == 0 {
			continue
		}
		k := slices.IndexFunc(p.places, func(known map[string]string) bool { return maps.Equal(known, *places) })
		switch {
		case k >= 0:
			*places = p.places[k]
		case len(p.places) < mostPlaces:
			p.places = append(p.places, *places)
		}
	}
}

// code is one pointer for each unit.
func (p *past) code(unit string) *string {
	if p.codes == nil {
		p.codes = map[string]*string{}
	}
	if p.codes[unit] == nil {
		p.codes[unit] = &unit
	}
	return p.codes[unit]
}

// words are kept once each, however many facts say them.
func words(all ...*string) {
	for _, s := range all {
		*s = unique.Make(*s).Value()
	}
}

// exact gives back the room that a decoder left for more.
func exact[T any](list *[]T) {
	if len(*list) < cap(*list) {
		*list = append(make([]T, 0, len(*list)), *list...)
	}
}

// named is the map with keys that are kept once.
func named[V any](m map[string]V) map[string]V {
	if len(m) == 0 {
		return m
	}
	shared := make(map[string]V, len(m))
	for k, v := range m {
		shared[unique.Make(k).Value()] = v
	}
	return shared
}
