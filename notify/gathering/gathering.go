// Package gathering puts together what the units wrote: one document in which
// everything that they say of one point of the letter's outline stands under
// that point, each passage with its unit and its file, the sums in their place,
// and the models that they introduce in an appendix.
//
// It has no words of its own on the matter: it quotes, names where each passage
// is from, and says what is not there. Nothing is left out in silence: what
// stands under no head of the outline, what is a picture, what could not be
// opened and what must not be quoted has a section or a line of its own.
package gathering

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"dondoc/config"
	"dondoc/intake/finding"
	"dondoc/notify/consolidation"
	"dondoc/notify/docx"
	"dondoc/schedule/standing"
)

// Input is all that a gathering is made from.
type Input struct {
	consolidation.Input
	// Copies are the parts of a mail, of which one may be the readable copy of
	// another that is a scan.
	Copies func(arrival string) []finding.Part
	// Quote reads a file that a unit sent, in the child. Its error is ours; that
	// the file cannot be read is in the Quotation.
	Quote func(finding.Part) (finding.Quotation, error)
}

// Gathered is what a document holds, for whoever made it.
type Gathered struct {
	Reports  int      // units whose report is quoted; those that share one count each
	Of       int      // units of which a report is asked or came
	Models   int      // write-ups quoted
	Missing  []string // units whose report is missing
	Unquoted int      // files of reports and models that are only named
}

// Document returns the gathered document (.docx).
func Document(in Input) ([]byte, Gathered, error) {
	w := &writer{Input: in}
	if err := w.read(); err != nil {
		return nil, Gathered{}, fmt.Errorf("gathering: %w", err)
	}
	w.front()
	w.scope()
	w.narrative()
	w.outside()
	w.models()
	w.unquoted()
	lang := w.say("vi-VN", "en-GB")
	d := docx.Document{Title: w.title(), Lang: lang, Made: in.Now, Footer: in.Campaign.ID, Blocks: w.blocks}
	return d.Bytes(), w.counts(), nil
}

// writer is one document being made.
type writer struct {
	Input
	sources []*source // in the order of the roster
	blocks  []docx.Block
}

// source is a file that counts for a unit, as a report or as write-ups.
type source struct {
	unit    config.Unit
	at      *standing.Unit
	part    *standing.Counted
	shares  []config.Unit // whose dossier it is besides
	file    finding.Part  // that is quoted: the part, or its readable copy
	quote   finding.Quotation
	why     string // it is only named, and why
	kind    string // finding.Report or Model
	written int    // write-ups quoted
}

// read quotes the reports and write-ups that count, each once.
func (w *writer) read() error {
	for _, u := range w.Campaign.Units {
		at := w.Table.Units[u.Code]
		if at == nil {
			continue
		}
		for i := range at.Counted {
			c := &at.Counted[i]
			if c.Unit != u.Code || c.Kind != finding.Report && c.Kind != finding.Model {
				continue
			}
			// A report with write-ups in it counts as both, and is one file.
			if c.Kind == finding.Model && c.Part.Kind == finding.Report {
				continue
			}
			s := &source{unit: u, at: at, part: c, kind: c.Kind}
			for _, other := range w.Campaign.Units {
				if t := w.Table.Units[other.Code]; t != nil && other.Code != u.Code && t.CoveredBy == u.Code {
					s.shares = append(s.shares, other)
				}
			}
			if err := w.quoteOf(s); err != nil {
				return err
			}
			w.sources = append(w.sources, s)
		}
	}
	return nil
}

// quoteOf reads the source, or where its pages are pictures the copy of it that
// came in the same mail.
func (w *writer) quoteOf(s *source) error {
	s.file = s.part.Part
	s.file.Kind = s.kind
	switch {
	case classified(s.file):
		s.why = w.say("có dấu hiệu tài liệu mật: không trích", "bears a mark of classified content: not quoted")
		return nil
	case s.file.SHA256 == "" && s.part.Decision != "":
		s.why = w.say("nhận ngoài hộp thư, không có tệp", "received outside the mailbox, without a file")
		return nil
	case s.file.SHA256 == "":
		s.why = w.say("không có tệp", "there is no file")
		return nil
	}
	files := []finding.Part{s.file}
	if s.part.Arrival != "" && w.Copies != nil {
		for _, p := range w.Copies(s.part.Arrival) {
			if copyOf(p, s.file) && !classified(p) {
				files = append(files, p)
			}
		}
	}
	for i, file := range files {
		q, err := w.Quote(file)
		if err != nil {
			return err
		}
		if i == 0 || len(q.Passages) > 0 {
			s.quote = q
		}
		if len(q.Passages) > 0 {
			s.file = file
			break
		}
	}
	switch q := s.quote; {
	case len(q.Passages) > 0:
		for _, p := range q.Passages {
			s.written = max(s.written, p.Model)
		}
	case q.Scan:
		s.why = w.say("bản quét hoặc ảnh, không có chữ để trích", "a scan or a picture, without text to quote")
	case q.Problem != "":
		s.why = w.say("không mở được để trích", "could not be opened to be quoted")
	default:
		s.why = w.say("không có chữ", "has no text")
	}
	return nil
}

// copyOf reports whether p is a copy of the file in the same mail: one of its
// kind that was found to be one document with another (D04).
func copyOf(p, file finding.Part) bool {
	one := func(p finding.Part) bool {
		return slices.ContainsFunc(p.Problems, func(q finding.Problem) bool { return q.Code == "D04" && q.Args["tep"] != "" })
	}
	names := func(p, other finding.Part) bool {
		return slices.ContainsFunc(p.Problems, func(q finding.Problem) bool { return q.Code == "D04" && q.Args["tep"] == other.Name })
	}
	return p.SHA256 != file.SHA256 && p.SHA256 != "" && p.Kind == file.Kind && (one(p) || one(file)) && (names(p, file) || names(file, p))
}

// classified: nothing of it is repeated anywhere.
func classified(p finding.Part) bool {
	return slices.ContainsFunc(p.Problems, func(q finding.Problem) bool { return q.Code == "R07" })
}

// flags are what a reader has to know of a source before he relies on it.
func (w *writer) flags(s *source) []string {
	var flags []string
	if s.part.Claimed {
		flags = append(flags, w.say("chưa xác nhận là của đơn vị", "not confirmed as the unit's"))
	}
	if s.part.Held {
		flags = append(flags, w.say("chờ người xem", "waits for the desk"))
	}
	if len(s.part.Open()) > 0 {
		flags = append(flags, w.say("chờ sửa", "to be mended"))
	}
	if slices.ContainsFunc(s.at.Waiting, func(c standing.Counted) bool { return c.Kind == s.part.Kind }) {
		flags = append(flags, w.say("có bản mới hơn đang chờ", "a newer one is waiting"))
	}
	return flags
}

func (w *writer) counts() Gathered {
	var g Gathered
	for _, u := range w.Campaign.Units {
		switch at := w.Table.Units[u.Code]; {
		case at == nil:
		case slices.Contains(at.Missing, finding.Report):
			g.Of++
			g.Missing = append(g.Missing, u.Code)
		case at.Owes.Report || slices.ContainsFunc(at.Counted, func(c standing.Counted) bool { return c.Kind == finding.Report }):
			g.Of++
		}
	}
	for _, s := range w.sources {
		g.Models += s.written
		switch {
		case s.why != "":
			g.Unquoted++
		case s.kind == finding.Report:
			g.Reports += 1 + len(s.shares)
		}
	}
	return g
}

// say picks the phrase in the reader's language.
func (w *writer) say(vi, en string) string {
	if w.Lang == "en" {
		return en
	}
	return vi
}

func (w *writer) when(t time.Time) string {
	zone := w.Campaign.Location
	if zone == nil {
		zone = time.UTC
	}
	return t.In(zone).Format("02/01/2006 15:04")
}

func (w *writer) add(blocks ...docx.Block) { w.blocks = append(w.blocks, blocks...) }

// name is a unit as the document calls it.
func name(u config.Unit) string {
	if u.Name == "" || u.Name == u.Code {
		return u.Code
	}
	return u.Name + " (" + u.Code + ")"
}

// link is a run that leads to a file in ho-so, where it is kept there.
func (w *writer) link(s *source) docx.Run {
	r := docx.Run{Text: cmp.Or(s.file.Path, s.file.Name)}
	if w.Path != nil {
		r.Link = w.Path(s.part.Arrival, s.part.Decision, s.file)
	}
	return r
}

// from is the line before a quotation: whose it is, and of which file.
func (w *writer) from(s *source) docx.Paragraph {
	runs := []docx.Run{{Text: name(s.unit), Bold: true}, {Text: ": "}, w.link(s)}
	tail := ""
	if s.part.Version > 1 {
		tail += fmt.Sprintf(w.say(", lần %d", ", version %d"), s.part.Version)
	}
	if !s.part.Received.IsZero() {
		tail += w.say(", nhận ", ", received ") + w.when(s.part.Received)
	}
	if s.quote.Cut {
		tail += w.say(", chỉ trích phần đầu của tệp", ", only the first part of the file is quoted")
	}
	runs = append(runs, docx.Run{Text: tail})
	if flags := w.flags(s); flags != nil {
		runs = append(runs, docx.Run{Text: " [" + strings.Join(flags, "; ") + "]", Bold: true, Color: "B45309"})
	}
	return docx.Paragraph{Style: docx.Source, KeepNext: true, Runs: runs}
}

// quoted writes lines as they were sent. Lines of cells are a table.
func (w *writer) quoted(lines []string) {
	for i := 0; i < len(lines); {
		end := i
		for end < len(lines) && strings.Contains(lines[end], "\t") {
			end++
		}
		if end == i {
			w.add(docx.P(docx.Quote, lines[i]))
			i++
			continue
		}
		var rows [][]docx.Cell
		for _, line := range lines[i:end] {
			var row []docx.Cell
			for c := range strings.SplitSeq(line, "\t") {
				row = append(row, docx.C(docx.Left, c))
			}
			rows = append(rows, row)
		}
		// One row is two columns of a letterhead or of signatures.
		w.add(docx.Table{Borders: len(rows) > 1, Rows: rows})
		i = end
	}
}

// passages writes passages of one source, each with its own heading.
func (w *writer) passages(s *source, list []finding.Passage) {
	w.add(w.from(s))
	if !slices.ContainsFunc(list, func(p finding.Passage) bool { return !w.bare(p) }) {
		w.add(docx.Paragraph{Style: docx.Quote, Runs: []docx.Run{{Text: w.say("Chỉ có đề mục, bên dưới không ghi gì.", "A heading, and nothing below it."), Italic: true}}})
	}
	for _, p := range list {
		if p.Title != "" && !w.asked(p) {
			w.add(docx.Paragraph{Style: docx.Quote, KeepNext: len(p.Lines) > 0, Runs: []docx.Run{{Text: p.Title, Bold: true}}})
		}
		w.quoted(p.Lines)
	}
}

// asked reports whether the passage has the letter's own words as its heading,
// which stands above all that is quoted under it already.
func (w *writer) asked(p finding.Passage) bool {
	outline := w.Campaign.Letter.Outline
	return p.Head >= 0 && p.Head < len(outline) && plain(p.Title) == plain(outline[p.Head].Name)
}

// bare is a passage of which nothing is left but that heading.
func (w *writer) bare(p finding.Passage) bool {
	return len(p.Lines) == 0 && (p.Title == "" || w.asked(p))
}
