// Package docx writes documents that Word and LibreOffice open: headings, text,
// lists, tables, a table of contents (ECMA-376 Part 1 §17, packed as Part 2
// says).
//
// A document is a value, and its bytes follow from it alone: the same document
// has the same bytes, whenever and wherever it is written. Whatever text comes
// in, the XML is well-formed: text is NFC, and what no page shows is left out:
// control characters, and those that turn the direction of text around.
package docx

import "time"

// Document is an A4 page after the other, with the margins of Party and state
// documents (20 mm above and below, 30 mm left, 15 mm right), in Times New
// Roman 14.
type Document struct {
	Title   string // of the file, not on its pages: that takes a paragraph of style Title
	Lang    string // as BCP 47 says: "vi-VN", "en-GB"; "" is Vietnamese
	Made    time.Time
	Footer  string // stands before the number of each page
	Unpaged bool   // without footer and numbers: a letter of one page
	Blocks  []Block
}

// TextWidth is what the margins leave of a page, in millimetres.
const TextWidth = 165

// Block is a Paragraph, a List, a Table or a Contents.
type Block interface{ write(*body) }

// Style is the look of a paragraph, by the names that Word's own styles have,
// so that a reader finds them translated in his menus.
type Style string

const (
	Normal   Style = ""
	Title    Style = "Title"
	Heading1 Style = "Heading1" // outline level 1, in the table of contents
	Heading2 Style = "Heading2"
	Heading3 Style = "Heading3"
	Text     Style = "BodyText" // first line indented, both edges straight
	Quote    Style = "Quote"    // indented, with a line at its left
	Source   Style = "Source"   // where a quotation is from: small, before it
	Small    Style = "Small"    // a note, and text in tables
)

// Align is where the lines of a paragraph stand. The zero value is what its
// style says.
type Align string

const (
	Left   Align = "left"
	Center Align = "center"
	Right  Align = "right"
	Both   Align = "both"
)

// Paragraph is a paragraph. A line break within one is "\n" in a Run, a tab
// "\t".
type Paragraph struct {
	Style     Style
	Align     Align
	Before    *float64 // points above and below, where they are not the style's
	After     *float64
	KeepNext  bool // on one page with the next block
	PageBreak bool // begins a page
	Runs      []Run
}

// Run is text of one look.
type Run struct {
	Text                    string
	Bold, Italic, Underline bool
	Size                    float64 // points; 0 is that of the style
	Color                   string  // "C00000"; "" is black
	Link                    string  // a file, by its path from the document's own directory, with "/"
}

// List has an item a paragraph, with dashes, or numbered from 1.
type List struct {
	Numbered bool
	Items    []Paragraph
}

// Table is a table. A row that has fewer cells than the table has columns is
// filled with empty ones.
type Table struct {
	Widths  []float64 // of the columns, in millimetres; none: all the same
	Borders bool
	Head    int // rows that are shaded and repeated on each page
	Rows    [][]Cell
}

// Cell is a field of a Table.
type Cell struct {
	Blocks []Paragraph
	Span   int   // columns that it takes, at least 1
	Up     bool  // continues the cell above, and shows nothing of its own
	Align  Align // of its paragraphs that say nothing themselves
}

// Contents is a table of contents, of the headings of the whole document. Its
// entries are filled in, without the numbers of pages, which only the program
// that lays them out knows: Word adds them with F9.
type Contents struct{ Title string }

// P is a paragraph of one run.
func P(style Style, text string) Paragraph { return Paragraph{Style: style, Runs: []Run{{Text: text}}} }

// C is a cell of one run.
func C(align Align, text string) Cell { return Cell{Align: align, Blocks: []Paragraph{P(Small, text)}} }

// Points is a distance for Paragraph.Before and After.
func Points(p float64) *float64 { return &p }
