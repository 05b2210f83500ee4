package letter

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"dondoc/config"
	"dondoc/intake/finding"
	"dondoc/schedule/standing"
)

// dossier is where a unit stands, in phrases.
type dossier struct {
	State        string
	Parts        []partLine
	Missing      []string // in running sentences: "báo cáo", "giới thiệu 02 mô hình"
	MissingBrief []string // in subjects: "Phụ lục số liệu", "01 mô hình"
	// Of Missing and MissingBrief, those of which no file came at all: where a
	// letter lists the files to send again, the others are said there.
	NotSent, NotSentBrief []string
	More                  []string // "Phụ lục số liệu: tệp Excel theo mẫu (gửi lại kèm thư này)"
	MoreAsked             []string // "01 mô hình, điển hình"
	MissingCount          string
	NotSentCount          string
	Here                  []string // what is there: "báo cáo", "01/02 mô hình"
	Sound                 []string // what is there and needs nothing: "báo cáo", "02 mô hình"
	NoReport              bool     // the report in words is missing
	NoAppendix            bool

	problems

	Figures    []string
	Notes      []string
	Checks     []string // what waits for a person and the unit is to look at as well
	Resent     *resent
	Correction bool   // all that came takes figures back (R06), and no workbook brings others
	Waiting    string // files of these mails that are kept and wait for a person
	Others     string // files of these mails that belong to no part
	Held       bool
	// InTime is "on_time" if what this letter answers came before the
	// deadline, "grace" on the day of grace, "" later: then nothing is said.
	InTime string
	// Recorded is true when the dossier as a whole counts as on time.
	Recorded bool
}

// partLine is one line of the list of parts.
type partLine struct {
	N     int
	Name  string
	State string // got, held, some, missing, unusable, outside, exempt
	Ratio string // "01/02"
	Left  string // "01"
	Files string // names, or "" where they are not this reader's to see
	Via   string // of a part received outside: lien-thong, giay, zalo, dien-thoai, or ""
	Ref   string
	Day   string
}

var kinds = []string{finding.Report, finding.Appendix, finding.Model}

func (v *view) readDossier() dossier {
	s := v.f.Standing
	d := dossier{State: string(s.State), Held: s.Held}
	missing, left := missingParts(s.Missing)
	d.problems = v.readProblems(missing)
	for _, kind := range kinds {
		v.readPart(&d, kind, missing[kind], left)
	}
	d.MissingCount, d.NotSentCount = count(v.Lang, len(d.Missing)), count(v.Lang, len(d.NotSent))
	d.Waiting, d.Others = v.leftovers()
	d.Recorded = s.Timeliness == standing.OnTime
	if n := len(v.f.Mails); n > 0 {
		at := v.f.Mails[n-1].Received
		grace := v.c.Deadline.GraceUntil
		switch {
		case at.Before(v.f.Deadline.At):
			d.InTime = string(standing.OnTime)
		case !v.f.Deadline.Extended && at.Before(grace):
			d.InTime = string(standing.Grace)
		}
		d.Correction = !v.Claimed && v.onlyTakesBack()
		d.Notes, d.Checks = v.notes(len(d.Items)), v.checks()
		if a := v.appendix(); a != nil && a.Part.Verdict != finding.NeedsFix && a.Part.Verdict != finding.Held {
			d.Figures = v.figures(addends(a.Part))
		}
		d.Resent = v.resent()
	}
	return d
}

// onlyTakesBack reports whether all files of the answered mails are a letter
// that takes figures back.
func (v *view) onlyTakesBack() bool {
	found := false
	for _, m := range v.f.Mails {
		for _, p := range m.Parts {
			switch {
			case slices.ContainsFunc(p.Problems, func(q finding.Problem) bool { return q.Code == "R06" }):
				found = true
			case p.Kind != finding.Decoration && p.Verdict != finding.Ignored:
				return false
			}
		}
	}
	return found
}

// missingParts reads Standing.Missing: "report", "appendix", "model:1".
func missingParts(list []string) (missing map[string]bool, models int) {
	missing = map[string]bool{}
	for _, m := range list {
		kind, n, _ := strings.Cut(m, ":")
		missing[kind] = true
		if kind == finding.Model {
			if models, _ = strconv.Atoi(n); models < 1 {
				models = 1
			}
		}
	}
	return missing, models
}

// readPart adds what is to be said of one kind of part.
func (v *view) readPart(d *dossier, kind string, missing bool, left int) {
	w, obliged := v.part(kind), v.obliged()
	var here []standing.Counted
	for _, c := range v.f.Standing.Counted {
		if c.Kind == kind {
			here = append(here, c)
		}
	}
	owed := missing || slices.Contains(obliged.Parts(), kind)
	if !owed && len(here) == 0 {
		return
	}
	line := partLine{N: len(d.Parts) + 1, Name: v.word(w.Name), State: "got", Files: v.fileNames(kind, here)}
	for _, c := range here {
		if c.Decision != "" {
			line.State = "outside"
			line.Via, line.Ref, line.Day = v.outside(c.Decision)
		}
	}
	held := slices.ContainsFunc(here, func(c standing.Counted) bool { return c.Held })
	got := v.f.Standing.Models
	phrase, sound := v.word(w.Short), v.word(w.Short)
	switch {
	case kind == finding.Model:
		// What was exempted is not asked for: the number wanted is what is
		// there and what is still missing.
		want := obliged.Models
		if missing {
			want = got + left
		}
		line.Left = count(v.Lang, left)
		noun := v.word(w.Brief)
		if missing || got == want {
			line.Ratio = count(v.Lang, got) + "/" + count(v.Lang, want)
			phrase = line.Ratio + " " + plural(v.Lang, noun, want)
		} else {
			line.Ratio = count(v.Lang, got)
			phrase = line.Ratio + " " + plural(v.Lang, noun, got)
		}
		sound = count(v.Lang, got) + " " + plural(v.Lang, noun, got)
		switch {
		case missing && got > 0:
			line.State = "some"
		case missing:
			line.State = "missing"
		case got == 0:
			line.State = "exempt"
		}
	case missing:
		line.State = "missing"
	case len(here) == 0:
		line.State = "exempt"
	case line.State == "got" && held:
		line.State = "held"
	}
	if line.State == "missing" {
		if name := d.unusableFile[kind]; name != "" {
			line.State, line.Files = "unusable", quote(name)
		}
	}
	if line.State == "exempt" {
		return
	}
	d.Parts = append(d.Parts, line)
	if len(here) > 0 || got > 0 && kind == finding.Model {
		d.Here = append(d.Here, phrase)
		if !d.broken[kind] && !held && line.State != "missing" {
			d.Sound = append(d.Sound, sound)
		}
	}
	if missing {
		v.ask(d, kind, left)
	}
}

// ask adds the phrases by which a missing part is asked for.
func (v *view) ask(d *dossier, kind string, left int) {
	w := v.part(kind)
	short := fillCount(v.Lang, v.word(w.Short), left)
	d.Missing = append(d.Missing, short)
	d.NoReport = d.NoReport || kind == finding.Report
	d.NoAppendix = d.NoAppendix || kind == finding.Appendix
	brief, asked := short, short
	more := v.word(w.More)
	switch {
	case kind == finding.Appendix && v.Lang != "en":
		brief = upper(short) // the name of a document
	case kind == finding.Model:
		brief = count(v.Lang, left) + " " + plural(v.Lang, v.word(w.Brief), left)
		asked = brief
		if noun := v.word(w.Noun); noun != "" {
			asked = count(v.Lang, left) + " " + plural(v.Lang, noun, left)
		}
	}
	d.MissingBrief = append(d.MissingBrief, brief)
	d.MoreAsked = append(d.MoreAsked, asked)
	if d.unusableFile[kind] == "" {
		d.NotSent, d.NotSentBrief = append(d.NotSent, short), append(d.NotSentBrief, brief)
	} else {
		return // the problem itself says what to send
	}
	if u := d.Unusable; u != nil && u.Code == "L03" && kind == finding.Appendix {
		return // so does this one, of which there is no file
	}
	if more == "" {
		more = upper(short)
	}
	more = strings.TrimSuffix(fillCount(v.Lang, more, left), ".")
	if kind == finding.Appendix {
		// Whether the form is attached is known here, not in the campaign.
		for _, again := range formAgain {
			more = strings.TrimSuffix(more, again)
		}
		if v.f.FormFile != "" {
			more += formAgain[v.Lang]
		}
	}
	if kind == finding.Model && v.WriteUp != "" {
		more += writeUpAgain[v.Lang]
	}
	d.More = append(d.More, more)
}

var writeUpAgain = map[string]string{"vi": "; mẫu Word gửi lại kèm thư này", "en": "; the Word form is attached again"}

var formAgain = map[string]string{"vi": " (gửi lại kèm thư này)", "en": " (attached again)"}

// obliged is what the dossier owes: of several members, the highest; without
// what the committee has waived.
func (v *view) obliged() config.Obligation {
	if s := v.f.Standing; s != nil && s.Owes != (config.Obligation{}) {
		return s.Owes
	}
	o := v.f.Unit.Obligation
	for _, m := range v.f.Group {
		if m.Obligation.Weight() > o.Weight() {
			o = m.Obligation
		}
	}
	return o
}

// fileNames lists the files of one part. Someone whose address is not known
// to be the unit's sees only the names of files that he sent himself.
func (v *view) fileNames(kind string, here []standing.Counted) string {
	var names, signed []string
	word := false
	for _, c := range here {
		if c.Part.Name != "" && !isPDF(c.Part) {
			word = true
		}
	}
	seen, instead := map[string]bool{}, v.instead(kind, here)
	add := func(p finding.Part) {
		if p.Name == "" || seen[p.SHA256+p.Name] {
			return
		}
		seen[p.SHA256+p.Name] = true
		// The invitation asks for the Word file and the signed copy; a PDF
		// beside a Word file is the latter.
		if kind == finding.Report && word && isPDF(p) {
			signed = append(signed, quote(clean(p.Name)))
		} else {
			names = append(names, quote(clean(p.Name))+instead[p.SHA256])
		}
	}
	for _, c := range here {
		if v.Claimed && !v.answered(c.Arrival) {
			continue
		}
		add(c.Part)
	}
	// The same report as Word, signed PDF and scan is one part, all kept (D04).
	if kind == finding.Report && len(here) > 0 {
		for _, m := range v.f.Mails {
			for _, p := range m.Parts {
				if p.Kind == kind && p.Readable() && p.Verdict != finding.Held && v.answersCounted(m.ID, here) {
					add(p)
				}
			}
		}
	}
	list := strings.Join(names, ", ")
	if len(signed) > 0 {
		list = and(v.Lang, []string{list, v.signedCopy() + strings.Join(signed, ", ")})
	}
	return list
}

// instead says, by the hash of each write-up that these mails brought, which
// earlier one it replaces: ` (thay cho "Mo hinh 1.docx")`. The fold keeps the
// place of what was replaced, which is how the two find each other.
func (v *view) instead(kind string, here []standing.Counted) map[string]string {
	out := map[string]string{}
	if kind != finding.Model || v.Claimed {
		return out
	}
	i := 0
	for _, old := range v.f.Previous {
		if old.Kind != kind || i >= len(here) {
			continue
		}
		now := here[i]
		i++
		if !v.answered(now.Arrival) || now.Version != old.Version+1 || old.Part.Name == "" {
			continue
		}
		name := quote(clean(old.Part.Name))
		if old.Part.Name == now.Part.Name {
			name = map[string]string{"vi": "bản trước", "en": "the earlier copy"}[v.Lang]
		}
		out[now.Part.SHA256] = map[string]string{"vi": " (thay cho ", "en": " (replaces "}[v.Lang] + name + ")"
	}
	return out
}

func (v *view) signedCopy() string {
	if v.Lang == "en" {
		return "the signed copy "
	}
	return "bản ký "
}

func isPDF(p finding.Part) bool {
	return strings.HasPrefix(p.MediaType, "application/pdf") ||
		p.MediaType == "" && strings.EqualFold(path.Ext(p.Name), ".pdf")
}

func (v *view) answered(arrival string) bool {
	return arrival != "" && slices.ContainsFunc(v.f.Mails, func(m *finding.Verdict) bool { return m.ID == arrival })
}

func (v *view) answersCounted(arrival string, here []standing.Counted) bool {
	return slices.ContainsFunc(here, func(c standing.Counted) bool { return c.Arrival == arrival })
}

// outside says how a part came that did not come by mail.
func (v *view) outside(decision string) (via, ref, on string) {
	for _, d := range v.f.Decisions {
		if d.ID == decision {
			if !d.Date.IsZero() {
				on = day(v.Lang, d.Date.In(v.now.Location()))
			}
			return d.Via, clean(d.Ref), on
		}
	}
	return "", "", ""
}

// appendix is the counted appendix if one of the answered mails brought it.
func (v *view) appendix() *standing.Counted {
	for i, c := range v.f.Standing.Counted {
		if c.Kind == finding.Appendix && v.answered(c.Arrival) {
			return &v.f.Standing.Counted[i]
		}
	}
	return nil
}

// leftovers names the files of the answered mails that no line of the list
// speaks of: those that wait for a person, and those that are no part.
func (v *view) leftovers() (waiting, others string) {
	var wait, other []string
	for _, m := range v.f.Mails {
		for _, p := range m.Parts {
			name := quote(clean(p.Name))
			switch {
			case p.Name == "" || p.Kind == finding.Decoration || v.counted(m, p):
			case p.Verdict == finding.Held || v.waits(m, p) || v.aside(m, p):
				wait = append(wait, name)
			case p.Kind == finding.Other && len(p.Problems) == 0:
				other = append(other, name)
			}
		}
	}
	return v.atMost(wait, 10), v.atMost(other, 10)
}

// counted reports whether p counts, by itself or as a copy of what counts.
func (v *view) counted(m *finding.Verdict, p finding.Part) bool {
	return slices.ContainsFunc(v.f.Standing.Counted, func(c standing.Counted) bool {
		return c.Arrival == m.ID && c.Kind == p.Kind && c.Part.SHA256 == p.SHA256
	})
}

// waits reports whether p came after one that counts and does not replace it
// yet: it is only claimed, or waits for a person.
func (v *view) waits(m *finding.Verdict, p finding.Part) bool {
	return slices.ContainsFunc(v.f.Standing.Waiting, func(c standing.Counted) bool {
		return c.Arrival == m.ID && c.Part.SHA256 == p.SHA256
	})
}

// aside reports whether p came from somebody unconfirmed and does nothing:
// another file of its kind counts, and none of its own mail.
func (v *view) aside(m *finding.Verdict, p finding.Part) bool {
	return v.Claimed && p.Readable() && slices.Contains(kinds, p.Kind) &&
		!slices.ContainsFunc(v.f.Standing.Counted, func(c standing.Counted) bool { return c.Kind == p.Kind && c.Arrival == m.ID })
}

// atMost joins names, the rest counted.
func (v *view) atMost(names []string, n int) string {
	if len(names) <= n {
		return strings.Join(names, ", ")
	}
	rest := count(v.Lang, len(names)-n)
	if v.Lang == "en" {
		return strings.Join(names[:n], ", ") + " and " + rest + " more"
	}
	return strings.Join(names[:n], ", ") + " và " + rest + " tệp khác"
}
