// Package document says what a file is, by its content and never by its name,
// and gives the text of what it can read.
//
// Nothing of a sender's is an error here: a file that cannot be read is a
// Document with a Problem. Every reading is bounded in absolute numbers of
// bytes, never by a ratio, because honest style sheets compress better than
// some bombs.
//
// A stranger controls the file, what it is called and what it holds in turn. He
// may want memory and time (bombs, files within files, loops of references), a
// file that is read as what it is not, an entity or link that is fetched, or
// words that only the program sees. All containers of a mail share one budget
// (TestTheContainersOfAMailShareItsLimits); chains and depths are bounded
// (TestAHostileDocumentCostsLittle, TestAHostilePDFCostsLittle, FuzzContainer,
// FuzzPDF, FuzzDOC); the content decides (TestAFileIsWhatItsContentIs); nothing
// is fetched or run, because the child that reads could not.
package document

import (
	"bytes"
	"image"
	_ "image/gif" // the formats in which pages are photographed and scanned
	_ "image/jpeg"
	_ "image/png"
	"path"
	"strings"
)

// The kinds of a Document.
const (
	XLSX      = "xlsx"
	XLSM      = "xlsm" // a workbook with macros
	XLSB      = "xlsb"
	XLS       = "xls"
	ODS       = "ods"
	DOCX      = "docx"
	DOC       = "doc"
	ODT       = "odt"
	RTF       = "rtf"
	PDF       = "pdf"
	PPTX      = "pptx"
	ZIP       = "zip"
	RAR       = "rar"
	SevenZip  = "7z"
	TNEF      = "tnef" // winmail.dat
	Image     = "image"
	Text      = "text"
	CSV       = "csv"
	HTML      = "html"
	EML       = "eml"
	ICS       = "ics"
	VCF       = "vcf"
	Signature = "signature" // of a mail or a document, detached
	Encrypted = "encrypted" // an office document under a password
	Unknown   = "unknown"
)

// The problems of a Document or a Member.
const (
	Damaged  = "damaged"   // empty, cut short, or not what it says it is
	Locked   = "encrypted" // under a password
	TooLarge = "too_large" // beyond what is opened
	Unopened = "unopened"  // a container of a format that is not opened
	Empty    = "empty"     // a document without a word and without a picture
)

// Document is what a file is, and its text where the format is read: of .docx,
// .doc, .rtf, .pdf, .odt and plain text. Of other formats only the kind is
// known.
type Document struct {
	Kind      string
	MediaType string
	Text      string   // paragraphs by lines, cells by tabs, NFC, at most MaxText bytes
	Headings  []string // in order: by style, outline level, or all in bold and short
	Title     string   // of style "Title", where there is one
	Tables    []Table  // in the order in which they end
	Margins   []string // headers and footers of the pages
	Pages     int      // 0 when the file does not say
	Width     int      // of a picture, in pixels; 0 when it does not say
	Height    int
	Encodings []string // from before Unicode that were found and decoded: "TCVN3", "VNI", …
	Cut       bool     // there is more text than was read
	Scan      bool     // hardly a word on its pages, which are pictures
	Problem   string

	lines []string // every paragraph, of cells and boxes too, but none of the margins
	boxes []string // those that stand in boxes
}

// MaxText is the size in bytes beyond which the text of a document is cut.
const MaxText = 2 << 20

// Read looks at data. The name only decides what data was meant to be where
// the content says nothing: an empty file, a truncated container.
func Read(name string, data []byte) (d Document) {
	defer func() {
		// A parser that broke on a stranger's file has said enough of it.
		if r := recover(); r != nil {
			d = Document{Kind: d.Kind, MediaType: d.MediaType, Problem: Damaged}
		}
	}()
	d = sniff(name, data)
	if d.Problem != "" {
		return d
	}
	switch d.Kind {
	case DOCX:
		d.readDOCX(data)
	case DOC:
		d.readDOC(data)
	case RTF:
		d.readRTF(data)
	case ODT:
		d.readODT(data)
	case PDF:
		d.readPDF(data)
	case Text, CSV:
		d.Text = plainText(data)
	case Image:
		if c, _, err := image.DecodeConfig(bytes.NewReader(data)); err == nil {
			d.Width, d.Height = c.Width, c.Height
		}
	}
	return d
}

// Look says what a file is without reading its text.
func Look(name string, data []byte) (d Document) {
	defer func() {
		if r := recover(); r != nil {
			d = Document{Kind: Unknown, MediaType: mediaTypes[Unknown], Problem: Damaged}
		}
	}()
	return sniff(name, data)
}

// paragraphs are the lines of the document that say something, each cell's and
// box's by itself.
func (d Document) paragraphs() []string {
	if d.lines != nil {
		return d.lines
	}
	var lines []string
	for line := range strings.Lines(d.Text) {
		if line = strings.Join(strings.Fields(line), " "); line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}

// suffix is the extension of a name in lower case, without the dot.
func suffix(name string) string {
	return strings.TrimPrefix(strings.ToLower(path.Ext(strings.TrimSpace(name))), ".")
}
