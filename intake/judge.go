package intake

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"dondoc/config"
	"dondoc/intake/attribution"
	"dondoc/intake/command"
	"dondoc/intake/converter"
	"dondoc/intake/document"
	"dondoc/intake/finding"
	"dondoc/intake/form"
	"dondoc/intake/message"
	"dondoc/intake/reader"
	"dondoc/intake/saying"
	sheets "dondoc/intake/workbook"
)

// The operations of the reader child.
const (
	OpJudge = "judge" // a raw mail → finding.Reading, and its parts' bytes
	OpHead  = "head"  // the header of a mail → finding.Reading without parts
	OpCheck = "check" // a filled form → finding.Part
	OpPart  = "part"  // a file of a mail, converted → Converted
)

// Knowledge is what the child has to know of the campaign. It holds no secret.
type Knowledge struct {
	Campaign   string
	Facts      map[string]map[string]string // of each unit, for the form's rules
	Units      []config.Unit
	Noise      []string
	AuthServID string
	Form       []byte
	Outline    document.Outline // what its documents are known by
}

// KnowledgeOf is what the child is told before it is asked anything.
func KnowledgeOf(c *config.Campaign) ([]byte, error) {
	k := Knowledge{Campaign: c.ID, Units: c.Units, Noise: attribution.NoiseOf(c), AuthServID: c.Mailbox.AuthServID, Form: c.Form, Outline: OutlineOf(c),
		Facts: map[string]map[string]string{}}
	for _, u := range c.Units {
		k.Facts[u.Code] = c.FormFacts(u)
	}
	return json.Marshal(k)
}

// Judge reads mails for one campaign. It is what runs in the child: pure,
// without clock, files or network.
type Judge struct {
	know     Knowledge
	form     *form.Form
	names    *attribution.Matcher
	tables   []string  // of the form, by their headings
	figures  formWords // its words, where a mail's text may be one
	measures []measure // its totals, where a report may state them
}

// NewJudge makes the campaign's knowledge ready for use.
func NewJudge(k Knowledge) (*Judge, error) {
	f, err := form.Compile(k.Form)
	if err != nil {
		return nil, fmt.Errorf("form.xlsx: %w", err)
	}
	k.Outline = k.Outline.Prepare()
	j := &Judge{know: k, form: f, names: attribution.NewMatcher(k.Units, k.Noise), figures: figuresOf(f.Description()), measures: measuresOf(f)}
	for _, in := range f.Description().Inputs {
		if in.Table != "" && !slices.Contains(j.tables, in.Table) {
			j.tables = append(j.tables, in.Table)
		}
	}
	return j, nil
}

// Handler answers the daemon's requests in the child (`dondoc reader`).
func Handler() func(op string, payload []byte) ([]byte, map[string][]byte, error) {
	var judge *Judge
	return func(op string, payload []byte) ([]byte, map[string][]byte, error) {
		if op == reader.OpInit {
			var k Knowledge
			if err := json.Unmarshal(payload, &k); err != nil {
				return nil, nil, err
			}
			var err error
			judge, err = NewJudge(k)
			return nil, nil, err
		}
		if judge == nil {
			return nil, nil, fmt.Errorf("%q asked before %q", op, reader.OpInit)
		}
		var answer any
		blobs := map[string][]byte{}
		switch op {
		case OpJudge:
			answer = judge.Judge(payload, func(sha string, b []byte) { blobs[sha] = b })
		case OpHead:
			answer = judge.Head(payload)
		case OpCheck:
			answer = judge.filled(payload)
		case OpQuote:
			var err error
			if answer, err = judge.quote(payload); err != nil {
				return nil, nil, err
			}
		case OpPart:
			var err error
			if answer, err = judge.converted(payload); err != nil {
				return nil, nil, err
			}
		default:
			return nil, nil, fmt.Errorf("unknown operation %q", op)
		}
		reply, err := json.Marshal(answer)
		return reply, blobs, err
	}
}

// Judge reads a mail. keep is given the bytes of each part.
func (j *Judge) Judge(raw []byte, keep func(sha string, b []byte)) finding.Reading {
	mail := message.Parse(raw, j.know.AuthServID, mailLimits)
	r := j.header(mail)
	sum := sha256.Sum256(raw)
	r.SHA256, r.Size = hex.EncodeToString(sum[:]), int64(len(raw))
	files, says := open(mail)
	r.Evidence = append(r.Evidence, j.containers(files)...)
	var papers []paper
	for _, f := range files {
		part, names, read := j.part(mail, f)
		if read != nil {
			read.at = len(r.Parts)
			papers = append(papers, *read)
		}
		r.Parts = append(r.Parts, part)
		for i := range names {
			names[i].File = part.Path
		}
		r.Evidence = append(r.Evidence, names...)
		if f.Data != nil {
			keep(part.SHA256, f.Data)
		}
	}
	j.letters(&r, says)
	told := command.Read(r.Text)
	r.Orders, r.Unclear = told.Orders, told.Unclear
	if r.Class == finding.ClassReport && !slices.ContainsFunc(r.Parts, func(p finding.Part) bool { return p.Kind != finding.Decoration }) {
		// What looked like a file was Outlook's wrapping, or a picture.
		mail.Text = r.Text
		r.Class = message.ByWords(mail)
	}
	j.strayWorkbooks(r.Parts)
	besideFilled(r.Parts)
	papers = j.formsInTexts(&r.Parts, papers, j.factsFor(mail.From.Address))
	j.papers(r.Parts, papers, mail.Subject)
	if parts := j.bodyParts(r, mail.Body); parts != nil {
		r.Parts = append(r.Parts, parts...)
		switch r.Class {
		case finding.ClassQuestion, finding.ClassPromise: // it was meant as a report
			r.Class = finding.ClassReport
		}
	}
	if r.Machine == "" && r.Bounce == nil && r.Limit == "" {
		r.Says = saying.Read(r.Subject, r.Text)
	}
	if bearsMark(mail.Subject, mail.Text) {
		if len(r.Parts) == 0 {
			r.Parts = []finding.Part{{Kind: finding.Other}} // the mail's own text
		}
		cordon(r.Parts, nil, true)
	}
	return r
}

// taken is a file of a mail, or of a container in it.
type taken struct {
	document.Member
	inline bool // the text of the mail shows it
	read   *int // how much text of the mail's files has been read, in bytes; nil where it is the only one
}

// look reads the file as a document.
func (f taken) look() document.Document {
	if f.read == nil {
		f.read = new(int)
	}
	if *f.read > maxTexts {
		return document.Look(f.Name, f.Data)
	}
	d := document.Read(f.Name, f.Data)
	*f.read += len(d.Text)
	return d
}

// open is all files of a mail, out of its containers, and what the mails say
// that were among them. One count is kept for all of them. What could not be
// taken out of a container stays within it, so that is kept as well.
func open(mail *message.Mail) (files []taken, says []document.Letter) {
	for _, l := range mail.Enclosed {
		says = append(says, document.Letter{Path: l.Path, From: l.From, Subject: l.Subject})
	}
	u := document.NewUnpacking(unpackLimits)
	u.Mail = func(data []byte) (members []document.Member, says document.Letter, problem string) {
		inner, of, limit := message.Files(data, mailLimits)
		if limit != "" {
			return nil, says, document.TooLarge
		}
		for _, a := range inner {
			members = append(members, document.Member{Name: a.Name, Path: a.Path, Data: a.Data})
		}
		return members, document.Letter{From: of.From, Subject: of.Subject}, ""
	}
	read := new(int)
	for _, a := range mail.Attachments {
		for _, m := range u.Open(a.Name, a.Path, a.Data) {
			files = append(files, taken{m, a.Inline && m.Path == a.Path, read})
		}
	}
	return files, append(says, u.Letters...)
}

// containers is whom the names of opened containers speak of: a unit packs its
// "PL.xlsx" into "BC HU Binh Son.zip".
func (j *Judge) containers(files []taken) []finding.Evidence {
	var evidence []finding.Evidence
	seen := map[string]bool{}
	for _, f := range files {
		for at, r := range f.Path {
			if r == '/' && !seen[f.Path[:at]] {
				seen[f.Path[:at]] = true
				for _, e := range j.names.Find(path.Base(f.Path[:at]), "filename") {
					e.File = f.Path[:at]
					evidence = append(evidence, e)
				}
			}
		}
	}
	return evidence
}

// letters adds what the mails say that came within the mail: whose they are
// is a sign of whose the files are. The text of a winmail.dat is the mail's
// own, where that has none.
func (j *Judge) letters(r *finding.Reading, says []document.Letter) {
	for _, l := range says {
		if strings.EqualFold(l.Path, "winmail.dat") {
			if strings.TrimSpace(r.Text) == "" {
				r.Text = message.Newly(l.Text)
				r.Evidence = append(r.Evidence, j.names.Find(r.Text, "body")...)
			}
			continue
		}
		r.Forwarded = true
		r.Evidence = append(r.Evidence, j.names.Find(l.Subject, "subject")...)
		for _, u := range j.know.Units {
			if l.From.Address != "" && (slices.Contains(u.Emails, l.From.Address) || u.BackupEmail == l.From.Address) {
				r.Evidence = append(r.Evidence, finding.Evidence{Kind: "from_name", Unit: u.Code, Detail: l.From.Address})
			}
		}
	}
}

// Head reads what the top of a mail says, of a mail too large to be read whole.
func (j *Judge) Head(top []byte) finding.Reading {
	return j.header(message.Parse(top, j.know.AuthServID, mailLimits))
}

// header is the reading of everything but the parts.
func (j *Judge) header(m *message.Mail) finding.Reading {
	r := finding.Reading{
		MessageID: m.MessageID, Digest: m.Digest, Subject: m.Subject, Date: m.Date, From: m.From, ReplyTo: m.ReplyTo,
		To: m.To, Cc: m.Cc, Delivered: m.Delivered, Threads: m.Threads, Machine: m.Machine, Bounce: m.Bounce, Auth: m.Auth,
		Forwarded: m.Forwarded, Text: m.Text, Links: m.Links, Limit: m.Limit, Class: message.Classify(m),
	}
	r.Evidence = append(r.Evidence, j.names.Find(m.Subject, "subject")...)
	r.Evidence = append(r.Evidence, j.names.Find(m.From.Name, "from_name")...)
	r.Evidence = append(r.Evidence, j.names.Find(m.Text, "body")...)
	if m.Forwarded {
		r.Evidence = append(r.Evidence, j.passedOn(m)...)
	}
	return r
}

// part reads one file, and whom its name and its words speak of. read is the
// document that it is, nil for a workbook.
func (j *Judge) part(m *message.Mail, f taken) (p finding.Part, evidence []finding.Evidence, read *paper) {
	evidence = j.names.Find(f.Name, "filename")
	doc := f.look()
	if f.Problem != "" {
		doc.Problem = f.Problem // it could not be taken out of its container
	}
	if doc.Kind == document.Encrypted && !spreadsheet(f.Name) {
		// Under a password every office document looks the same: the name says
		// what it was.
		doc.Kind = document.DOC
	}
	if j.table(doc.Kind, f.Data) {
		doc = document.Document{Kind: document.XLS, MediaType: doc.MediaType}
	}
	switch doc.Kind {
	case document.XLSX, document.XLSM, document.XLS, document.ODS, document.Encrypted:
		if f.Problem != "" {
			p = finding.Part{Kind: finding.Appendix}
			break
		}
		var cells []finding.Evidence
		p, cells = j.workbook(f.Name, f.Data, j.factsFor(m.From.Address))
		evidence = append(evidence, cells...)
		if p.Kind == finding.Other && doc.Problem != "" {
			p.Kind = finding.Appendix // it was to be a workbook, and is nothing
		} else {
			doc.Problem = "" // the form has said it
		}
		if p.Form != nil && p.Form.Unit != "" {
			evidence = append(evidence, finding.Evidence{Kind: "form", Unit: p.Form.Unit, Detail: f.Name})
		}
	default:
		if doc.Kind == document.HTML && doc.Problem == "" {
			if doc.Text = message.PageText(f.Data); strings.TrimSpace(doc.Text) == "" {
				doc.Problem = document.Empty
			}
		}
		known := document.Recognise(doc, document.File{Name: f.Name, Subject: m.Subject, Said: m.Text, Inline: f.inline, Size: len(f.Data)}, j.know.Outline)
		p.Kind, p.Title, p.Models, p.Pages, p.Problems = known.Kind, known.Title, known.Models, doc.Pages, known.Problems
		p.Nothing = document.SaysNothing(doc.Text)
		whose := j.names.Find(letterhead(doc), "letterhead")
		evidence = append(evidence, whose...)
		read = &paper{doc: doc, known: known, named: slices.ContainsFunc(whose, func(e finding.Evidence) bool { return !e.Doubt })}
		if (doc.Scan || doc.Kind == document.Image) && doc.Problem == "" && (p.Kind == finding.Report || p.Kind == finding.Model) {
			args := map[string]string{"tep": f.Name}
			if doc.Pages > 0 {
				args["trang"] = strconv.Itoa(doc.Pages)
			}
			p.Problems = append(p.Problems, finding.Problem{Code: scanned, Severity: finding.Recorded, Audience: finding.ToDesk, Args: args})
		}
	}
	if target := converter.Target(f.Name); target != "" && doc.Problem == "" && f.Data != nil && noReader[doc.Kind] {
		p.Unread = strings.TrimPrefix(strings.ToLower(path.Ext(f.Name)), ".")
		if target == "xlsx" {
			p.Kind, doc.Problem = finding.Appendix, document.Damaged // saved anew as .xlsx it can be read
		}
	}
	code := unreadable[doc.Problem]
	if code == "S01" && packed[doc.Kind] {
		code = "L02" // it was no workbook that somebody could save anew
	}
	if code != "" && p.Kind != finding.Decoration {
		args := map[string]string{"tep": f.Name, "gioi_han": "20 MB"}
		if len(f.Data) > 0 {
			args["kich_thuoc"] = megabytes(len(f.Data))
		}
		if doc.Kind == document.Sealed {
			args["ma_hoa"] = doc.MediaType
		}
		p.Problems = append(p.Problems, finding.Problem{Code: code, Severity: finding.MustFix, Args: args})
	}
	p.Name, p.Path, p.MediaType, p.Size = f.Name, f.Path, doc.MediaType, int64(len(f.Data))
	if f.Data != nil {
		sum := sha256.Sum256(f.Data)
		p.SHA256 = hex.EncodeToString(sum[:])
	}
	if p.Problems == nil {
		p.Problems = []finding.Problem{}
	}
	return p, evidence, read
}

// spreadsheet reports whether a name is not that of a text: what cannot be told
// is taken for the form, which is sent under a password most often.
func spreadsheet(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".doc", ".docx", ".docm", ".dotx", ".odt", ".rtf", ".ppt", ".pptx", ".pdf":
		return false
	}
	return true
}

// factsFor are the facts by which the form's rules judge what an address
// sends: its unit's, from the roster. Of a stranger's file those count that
// were put into it when it was sent out.
func (j *Judge) factsFor(address string) map[string]string {
	var facts map[string]string
	for _, u := range j.know.Units {
		if slices.Contains(u.Emails, address) || address != "" && u.BackupEmail == address {
			if facts != nil {
				return nil // two units share the address
			}
			facts = j.know.Facts[u.Code]
		}
	}
	return facts
}

// table reports whether a text is the form all the same: saved as .csv, or
// the page that some system sends under the name of .xls.
func (j *Judge) table(kind string, data []byte) bool {
	switch kind {
	case document.CSV, document.HTML, document.Text, document.Unknown:
		if len(data) > maxTable {
			return false
		}
		b, err := sheets.Open(data)
		if err != nil {
			return false
		}
		_, ours, err := j.form.CheckBook(b, form.Options{})
		return ours && err == nil
	}
	return false
}

// workbook reads a workbook by the form. That the form cannot be computed is
// our failure and never the sender's: a person looks at the file. cells are
// whom it says it is of.
func (j *Judge) workbook(name string, data []byte, facts map[string]string) (p finding.Part, cells []finding.Evidence) {
	b, err := sheets.Open(data)
	if err != nil {
		p, _, err = j.form.Unopened(err, form.Options{Name: name})
	} else {
		p, _, err = j.form.CheckBook(b, form.Options{Name: name, Facts: facts})
		cells = j.cells(b)
	}
	if err != nil {
		p = finding.Part{Kind: finding.Appendix, Problems: []finding.Problem{failed(name, err)}}
	}
	return p, cells
}

// failed is a form that we could not compute.
func failed(name string, err error) finding.Problem {
	return finding.Problem{Code: "P01", Severity: finding.ForPerson, Audience: finding.ToDesk, Found: err.Error(), Args: map[string]string{"tep": name}}
}

// unreadable are the problems of files that could not be opened.
var unreadable = map[string]string{
	document.Damaged:  "S01",
	document.Empty:    "S01",
	document.Locked:   "S02",
	document.TooLarge: "L02",
	document.Unopened: "L02",
}

// noReader are what a file of a format is taken for that only LibreOffice reads.
var noReader = map[string]bool{document.XLSB: true, document.Unknown: true, document.Text: true, document.HTML: true}

// packed are the containers that a unit is asked to send without.
var packed = map[string]bool{document.RAR: true, document.SevenZip: true, document.GZIP: true, document.TAR: true}

// megabytes writes a size; what would round to nothing is in KB.
func megabytes(n int) string {
	if n < 1<<20/10 {
		return strconv.Itoa((n+1023)/1024) + " KB"
	}
	return strings.Replace(strconv.FormatFloat(float64(n)/(1<<20), 'f', 1, 64), ".", ",", 1) + " MB"
}

// strayWorkbooks settles what a workbook is that does not look like the form:
// beside the appendix just a file; alone, an appendix in which the tables are
// not to be found (S10).
func (j *Judge) strayWorkbooks(parts []finding.Part) {
	if slices.ContainsFunc(parts, func(p finding.Part) bool { return p.Kind == finding.Appendix && workbookPart(p) }) {
		return
	}
	for i := range parts {
		p := &parts[i]
		if p.Kind == finding.Other && (strings.Contains(p.MediaType, "spreadsheet") || strings.Contains(p.MediaType, "ms-excel")) {
			p.Kind = finding.Appendix
			p.Problems = append(p.Problems, finding.Problem{Code: "S10", Severity: finding.MustFix,
				Args: map[string]string{"tep": p.Name, "bieu_thieu": strings.Join(j.tables, ", ")}})
		}
	}
}

// besideFilled settles what a blank form is beside a filled one, as where our
// letter comes back with the answer: a file, and nothing to mend.
func besideFilled(parts []finding.Part) {
	blank := func(q finding.Problem) bool { return q.Code == "S15" }
	if !slices.ContainsFunc(parts, func(p finding.Part) bool { return p.Kind == finding.Appendix && p.Readable() }) {
		return
	}
	for i := range parts {
		if p := &parts[i]; slices.ContainsFunc(p.Problems, blank) {
			p.Kind, p.Problems, p.Values, p.Places = finding.Other, slices.DeleteFunc(p.Problems, blank), nil, nil
		}
	}
}

// Unfetched begins what is kept in the place of a message that the server
// announced and never gave. No mail can begin so: the first line of one is a
// field of its header (RFC 5322 §2.2).
var Unfetched = []byte("dondoc could not fetch this message\n")

func unfetched(raw []byte) bool { return bytes.HasPrefix(raw, Unfetched) }
