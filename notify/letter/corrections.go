package letter

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"dondoc/intake/finding"
	"dondoc/schedule/standing"
)

// problems are what the unit is asked to mend, as numbered paragraphs.
type problems struct {
	Items     []item
	Fixes     []item // of Items, E
	Explains  []item // of Items, X
	Rest      string // cells of what did not fit into the letter
	RestCount string
	// How many there are to fix, to explain, and both, the rest included.
	FixCount, ExplainCount, ItemCount string
	Part                              string // the part that they are in: "Phụ lục số liệu"
	PartFile                          string // its file, quoted
	PartReceipt, PartDay              string // the mail it came in
	Cells                             bool   // they are about cells
	FilesOnly                         bool   // they are about files as a whole
	SomeFiles                         bool   // one of them is about a file as a whole
	FileCount                         string // how many files those are about
	// Unusable is the one file that cannot be used, if that is all there is
	// to say.
	Unusable     *unusable
	unusableFile map[string]string // by kind: a file that cannot be used
	broken       map[string]bool   // kinds with something to mend
	all          []open            // in the order of their numbers
}

type item struct {
	N    int
	Text string
}

// unusable is a file that could not be read, or a mail without one.
type unusable struct {
	Code  string
	File  string
	Pages string
	Text  string
	// Sheet is true if it is a spreadsheet, of which we know the menus.
	Sheet bool
	// Sealed is true of a whole mail under a key that is not ours.
	Sealed bool
	// SaysForm is true if the text itself speaks of the attached form.
	SaysForm bool
}

// maxItems is how many problems a letter spells out; the cells of the others
// are listed, so that the unit still learns of all of them at once. A letter
// that has much else to say spells out fewer, but no fewer than minItems, and
// minNotes of what was understood.
const (
	maxItems = 15
	minItems = 4
	minNotes = 3
)

// open is a problem with the file that it is about.
type open struct {
	finding.Problem
	part    finding.Part
	kind    string
	arrival string
	file    bool // the file as a whole is unusable
}

// readProblems collects what the unit has to act on: the problems of the parts
// that count, as the standing knows them, and the files of the answered mails
// that could not be used at all.
func (v *view) readProblems(missing map[string]bool) problems {
	ps := problems{unusableFile: map[string]string{}, broken: map[string]bool{}}
	all := v.openProblems()
	files := v.unusableFiles(missing)
	for _, o := range files {
		if name := clean(o.part.Name); name != "" {
			ps.unusableFile[o.kind] = name
		}
	}
	if len(all) == 0 && len(files) == 1 && v.f.Kind != Remind {
		o := files[0]
		ps.Unusable = &unusable{Code: o.Code, File: clean(o.part.Name), Text: v.say(o)}
		ps.Unusable.Sheet, ps.Unusable.Sealed = spreadsheet(o.part.Name), o.Args["ma_hoa"] != ""
		ps.Unusable.SaysForm = strings.Contains(ps.Unusable.Text, attachedHere[v.Lang])
		if o.part.Pages > 0 {
			ps.Unusable.Pages = count(v.Lang, o.part.Pages)
		}
		return ps
	}
	if v.f.Kind != Remind {
		all = append(files, all...)
	}
	all = group(all)
	slices.SortStableFunc(all, func(a, b open) int { return rank(a) - rank(b) })
	v.fillItems(&ps, all)
	return ps
}

// rank puts what must be fixed before what may be explained.
func rank(o open) int {
	if o.Severity == finding.FixOrExplain {
		return 1
	}
	return 0
}

func (v *view) fillItems(ps *problems, all []open) {
	ps.all = all
	fix, explain := 0, 0
	var rest []open
	parts, files := map[string]bool{}, map[string]bool{}
	ps.FilesOnly = len(all) > 0
	for i, o := range all {
		ps.FilesOnly, ps.SomeFiles = ps.FilesOnly && o.file, ps.SomeFiles || o.file
		if o.file {
			files[o.arrival+"\x00"+o.part.SHA256+o.part.Path] = true
		}
		ps.broken[o.kind] = true
		parts[o.kind] = true
		ps.Cells = ps.Cells || o.Cell != ""
		if rank(o) == 0 {
			fix++
		} else {
			explain++
		}
		if i >= v.f.room {
			rest = append(rest, o)
			continue
		}
		it := item{N: i + 1, Text: v.say(o)}
		ps.Items = append(ps.Items, it)
		if rank(o) == 0 {
			ps.Fixes = append(ps.Fixes, it)
		} else {
			ps.Explains = append(ps.Explains, it)
		}
	}
	if len(all) == 0 {
		return
	}
	if fix > 0 {
		ps.FixCount = count(v.Lang, fix)
	}
	if explain > 0 {
		ps.ExplainCount = count(v.Lang, explain)
	}
	ps.ItemCount, ps.FileCount = count(v.Lang, fix+explain), count(v.Lang, len(files))
	ps.Rest, ps.RestCount = tableName(v.Lang, cellsOf(rest)), count(v.Lang, len(rest))
	if len(rest) == 0 {
		ps.RestCount = ""
	}
	if len(parts) == 1 {
		ps.Part = v.word(v.part(all[0].kind).Name)
		if name := clean(all[0].part.Name); name != "" && !ps.SomeFiles && (!v.Claimed || v.answered(all[0].arrival)) {
			ps.PartFile = quote(name)
		}
	}
	ps.PartReceipt = receiptNumber(all[0].arrival)
	for _, c := range v.f.Standing.Counted {
		if c.Arrival != "" && c.Arrival == all[0].arrival {
			ps.PartDay = day(v.Lang, c.Received.In(v.now.Location()))
		}
	}
}

// openProblems are those of the parts that count, each once. Files that could
// not be read count for nothing: Standing.Open has their problems as well, but
// letters say of them that the part is missing, and unusableFiles why.
func (v *view) openProblems() []open {
	var all []open
	seen := map[string]bool{}
	for i := range v.f.Standing.Counted {
		c := &v.f.Standing.Counted[i]
		for _, p := range c.Open() {
			key := fmt.Sprintf("%q", []any{c.Arrival, c.Decision, c.Part.SHA256, c.Part.Path, p.Code, p.Sheet, p.Cell, p.Cells, p.Found, p.Args, p.Words})
			if !seen[key] {
				seen[key] = true
				all = append(all, open{Problem: p, part: c.Part, kind: c.Kind, arrival: c.Arrival})
			}
		}
	}
	return all
}

// unusableFiles are the files of the answered mails that no part counts from.
// A later file of the same kind that does count makes them beside the point.
func (v *view) unusableFiles(missing map[string]bool) []open {
	var all []open
	seen := map[string]bool{}
	for _, m := range v.f.Mails {
		for _, p := range m.Parts {
			if p.Readable() && p.Verdict != finding.NeedsFix || v.counted(m, p) || v.superseded(m, p) {
				continue
			}
			for _, q := range p.Problems {
				file := p.SHA256
				if file == "" {
					file = p.Path // it could not be taken out of its container
				}
				if !q.Open() || !forUnit(q) || seen[q.Code+file] {
					continue
				}
				seen[q.Code+file] = true
				kind := p.Kind
				if kind == finding.Other || kind == finding.Decoration || kind == "" {
					// What could not be opened is most likely what is missing.
					kind = finding.Appendix
					if !missing[kind] {
						kind = finding.Other
					}
				}
				all = append(all, open{Problem: q, part: p, kind: kind, arrival: m.ID, file: true})
			}
		}
	}
	return all
}

// superseded reports whether a part of the kind counts from a mail at least as
// new.
func (v *view) superseded(m *finding.Verdict, p finding.Part) bool {
	return slices.ContainsFunc(v.f.Standing.Counted, func(c standing.Counted) bool {
		return c.Kind == p.Kind && c.Arrival != "" && !c.Received.Before(m.Received)
	})
}

// say puts a problem into words for the unit.
func (v *view) say(o open) string {
	p := o.Problem
	args := map[string]string{}
	for k, x := range p.Args {
		args[k] = x
	}
	if args["tep"] == "" {
		args["tep"] = o.part.Name
	}
	if v.f.FormFile != "" {
		args["kem"] = attachedHere[v.Lang]
	}
	p.Args = args
	return Problem(v.c, v.Lang, p)
}

// attachedHere is how a problem speaks of the form that goes with the letter.
var attachedHere = map[string]string{"vi": "gửi kèm thư này", "en": "attached to this message"}

func forUnit(p finding.Problem) bool {
	return p.Audience == "" || p.Audience == finding.ToUnit
}

// group makes one problem of the same mistake repeated down a column: three or
// more cells of one code. One cell with its own sentence says more.
func group(all []open) []open {
	const enough = 3
	column := func(o open) string {
		letters := strings.TrimRight(o.Cell, "0123456789")
		if !perCell[o.Code] || letters == o.Cell || strings.ContainsAny(o.Cell, ":,") {
			return ""
		}
		return strings.Join([]string{o.Code, string(o.Severity), o.part.SHA256, o.Sheet, o.Args["bieu"], letters}, "\x00")
	}
	members := map[string][]open{}
	for _, o := range all {
		if key := column(o); key != "" {
			members[key] = append(members[key], o)
		}
	}
	var out []open
	for _, o := range all {
		key := column(o)
		switch m := members[key]; {
		case key == "" || len(m) < enough && m != nil:
			out = append(out, o)
		case m != nil:
			out = append(out, together(m))
			members[key] = nil
		}
	}
	return out
}

// perCell are the checks that speak of one cell at a time.
var perCell = map[string]bool{
	"N02": true, "N03": true, "N04": true, "N06": true, "N07": true, "N08": true, "N10": true, "S18": true,
}

// together makes one problem of several that differ in their cell only.
func together(m []open) open {
	o := m[0]
	args := map[string]string{}
	for k, x := range o.Args {
		args[k] = x
	}
	var cells, labels, found []string
	for _, p := range m {
		cells = append(cells, p.Cell)
		labels = append(labels, p.Args["nhan"])
		value := p.Args["gia_tri"]
		if value == "" {
			value = p.Found
		}
		if value != "" && !slices.Contains(found, value) {
			found = append(found, value)
		}
	}
	args["o"] = strings.Join(cells, ", ")
	if args["nhan"] = commonTail(labels); args["nhan"] == "" {
		delete(args, "nhan")
	}
	if len(found) > 3 {
		found = append(found[:3], "…")
	}
	args["gia_tri"] = strings.Join(found, "”, “")
	o.Args, o.Cells, o.Found = args, cells, ""
	return o
}

// commonTail is what the labels of one column share: of "Cấp tỉnh - Tập thể"
// and "Cấp huyện - Tập thể" it is "Tập thể".
func commonTail(labels []string) string {
	_, tail, ok := strings.Cut(labels[0], " - ")
	for _, l := range labels {
		if !ok || !strings.HasSuffix(l, " - "+tail) {
			return ""
		}
	}
	return tail
}

// cellsOf lists cells by table: "Biểu 1: D11, E12; Biểu 2: D20".
func cellsOf(all []open) string {
	var order []string
	cells := map[string][]string{}
	for _, o := range all {
		table := clean(o.Args["bieu"])
		if table == "" {
			table = clean(o.Sheet)
		}
		if _, ok := cells[table]; !ok {
			order = append(order, table)
		}
		for _, c := range append([]string{o.Cell}, o.Cells...) {
			if c = clean(c); c != "" && !slices.Contains(cells[table], c) {
				cells[table] = append(cells[table], c)
			}
		}
	}
	var out []string
	for _, table := range order {
		switch list := strings.Join(cells[table], ", "); {
		case list == "":
		case table == "":
			out = append(out, list)
		default:
			out = append(out, table+": "+list)
		}
	}
	return strings.Join(out, "; ")
}

// notes are what was understood and needs no answer if it is right: the W of
// the parts that the answered mails brought. Blanks taken as 0, and words read
// as numbers, become one line each for the whole file. items is how many
// problems stand in the letter.
func (v *view) notes(items int) []string {
	var out []string
	for _, c := range v.f.Standing.Counted {
		if !v.answered(c.Arrival) {
			continue
		}
		merged := map[string][]finding.Problem{}
		for _, p := range c.Part.Problems {
			if p.Severity != finding.Noted || !forUnit(p) {
				continue
			}
			if p.Code == "N01" || p.Code == "N11" {
				merged[p.Code] = append(merged[p.Code], p)
				continue
			}
			out = append(out, v.say(open{Problem: p, part: c.Part, kind: c.Kind}))
		}
		for _, code := range []string{"N11", "N01"} {
			if m := merged[code]; len(m) > 0 {
				out = append(out, v.say(open{Problem: mergeNotes(m), part: c.Part, kind: c.Kind}))
			}
		}
	}
	out = slices.Compact(out)
	if most := max(minNotes, v.f.room-items); len(out) > most {
		rest := count(v.Lang, len(out)-most+1)
		out = append(out[:most-1], map[string]string{"vi": "Và " + rest + " lưu ý khác.", "en": "And " + rest + " more."}[v.Lang])
	}
	return out
}

// checks are what a person has to decide about the files of these mails and
// the unit had better look at too: a file that is another unit's as well (D02).
// A sender who is not known to be the unit is not told what others sent.
func (v *view) checks() []string {
	var out []string
	for _, m := range v.f.Mails {
		for _, p := range m.Parts {
			for _, q := range p.Problems {
				if q.Code == "P03" && forUnit(q) && len(out) < minNotes { // the blank form for models
					out = append(out, v.say(open{Problem: q, part: p, kind: p.Kind}))
				}
			}
		}
	}
	if v.Claimed {
		return out
	}
	parts := slices.Concat(v.f.Standing.Counted, v.f.Standing.Waiting)
	for _, m := range v.f.Mails {
		for _, p := range m.Parts {
			// A letter that corrects figures is no part of what is owed.
			if p.Kind == finding.Other && p.Verdict == finding.Held {
				parts = append(parts, standing.Counted{Arrival: m.ID, Kind: p.Kind, Part: p, Held: true})
			}
		}
	}
	for _, c := range parts {
		if !c.Held || !v.answered(c.Arrival) {
			continue
		}
		for _, p := range c.Part.Problems {
			// S08 is asked in a letter of its own, R07 is not repeated.
			if p.Severity != finding.ForPerson || p.Open() || !forUnit(p) || p.Code == "S08" || p.Code == "R07" {
				continue
			}
			if text := v.say(open{Problem: p, part: c.Part, kind: c.Kind}); !slices.Contains(out, text) && len(out) < maxItems {
				out = append(out, text)
			}
		}
	}
	return out
}

// mergeNotes makes one note of several of the same code.
func mergeNotes(m []finding.Problem) finding.Problem {
	if len(m) == 1 {
		return m[0]
	}
	p := finding.Problem{Code: m[0].Code, Severity: m[0].Severity, Args: map[string]string{}}
	var list []string
	for _, q := range m {
		cells := q.Cells
		if len(cells) == 0 && q.Cell != "" {
			cells = []string{q.Cell}
		}
		p.Cells = append(p.Cells, cells...)
		found, read := q.Args["gia_tri"], q.Args["so"]
		if found == "" {
			found = q.Found
		}
		if len(list) < 5 && q.Cell != "" && read != "" {
			list = append(list, clean(q.Cell)+" “"+shorten(clean(found), 30)+"” = "+clean(read))
		}
	}
	if len(list) > 0 {
		if len(list) < len(p.Cells) {
			list = append(list, "…")
		}
		p.Args["danh_sach"] = strings.Join(list, "; ")
	}
	p.Args["n"] = strconv.Itoa(len(p.Cells))
	return p
}
