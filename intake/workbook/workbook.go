// Package workbook turns the bytes of a spreadsheet that a stranger sent into
// cells with positions, fonts and cached values.
//
// What a file is, its content decides, never its name. Reading is bounded in
// memory and time (limits.go), streams over the parts it needs and inflates no
// others. All formats end in the same cells. It is strict where leniency would lose figures: a shared string out
// of range, a missing sheet, a document type declaration or broken XML are a
// damaged file and never an empty one. Nothing is executed, fetched or
// computed here: of a formula only its cached value is seen.
//
// A stranger controls names, cells, formulas and the compression around them. He
// may want memory and time (bombs, a million styled rows, a cell in the last
// column), a figure that we read and he does not show, or a formula that runs on
// the committee's machine. Limits on bytes, rows and columns are absolute, and a
// cut is said (TestASheetOfDataIsCut, TestFilesThatAreRefused, FuzzOpen, FuzzXLS,
// FuzzODS); what is hidden is marked (TestHiddenRowsAndColumns), macros are seen
// and never run (TestMacrosAreSeen); cells that begin like a formula come out as
// text (TestStrangersTextStaysInert).
package workbook

import (
	"sort"
	"strings"
)

// The kinds of Error: what a sender has to be told.
const (
	Empty        = "empty"          // no bytes at all
	Encrypted    = "encrypted"      // opens with a password only
	Damaged      = "damaged"        // a spreadsheet, cut off or broken
	NotAWorkbook = "not_a_workbook" // something else: text, a picture, a letter
	Unsupported  = "unsupported"    // a spreadsheet of a format not read: Format says which
	TooLarge     = "too_large"      // beyond the limits
)

// Error says why a file gave no cells. It describes the sender's file; it is
// no failure of the program.
type Error struct {
	Kind   string // one of the constants above
	Format string // "xlsx", "xls", "xlsb", "ods", "html", …; empty when unknown
	Detail string // for the log, in English
}

func (e *Error) Error() string {
	s := "workbook: " + e.Kind
	if e.Format != "" {
		s += " (" + e.Format + ")"
	}
	if e.Detail != "" {
		s += ": " + e.Detail
	}
	return s
}

// Book is a workbook as its sender last saved it.
type Book struct {
	Format string // by its content: "xlsx", "xls", "ods", "csv", "html", "xml" (SpreadsheetML 2003)
	Guess  *Guess // of formats that do not say how they are to be read; else nil
	Sheets []*Sheet
	Tables []Table
	Macros bool // carries VBA or Excel 4 macros; they were not looked into
	names  map[string]Ref
}

// Guess is what was taken for granted of a file that says nothing about
// itself, so that a person can be told.
type Guess struct {
	Encoding  string // "UTF-8", "UTF-16", "windows-1258", "windows-1252"
	Separator rune   // between the fields of a line; 0 if there are no lines of fields
	Decimal   rune   // '.' or ','; 0 if no number of the file tells. Then what could be read either way stays Text
}

// Sheet is one worksheet. Hidden sheets, rows and columns are read like others.
type Sheet struct {
	Name     string
	Hidden   bool // hidden or very hidden
	Cut      bool // holds more than a form ever does: only its first cells were read, and what comes behind them in the file was not
	Merges   []Ref
	cells    []Cell // in order of rows, then columns
	unsorted bool   // not yet in that order
}

// Type says what a Cell holds.
type Type byte

const (
	Blank  Type = iota
	Number      // Number holds the value
	Text        // Raw holds the text
	Bool        // Raw is "TRUE" or "FALSE"
	Fault       // Raw is "#REF!", "#VALUE!", …
	Date        // Number holds days of the 1900 calendar, see Day
)

// Cell is one cell that holds something. The zero Cell is a blank one.
type Cell struct {
	Col, Row int // from 1
	Type     Type
	Raw      string  // text as stored; for numbers the stored digits
	Number   float64 // of Number and Date; dates of the 1904 calendar are already shifted
	Formula  bool    // the value is the cached result of a formula
	HasCache bool    // a formula's result was stored; else Type is Blank
	Percent  bool    // shown as a percentage
	Hidden   bool    // its row or its column is hidden
	Format   string  // number format, "" for General
	Font     string  // of the text, or of its first run in an old Vietnamese font
	Runs     []Run   // of a text in several fonts; nil if all of it is in Font
	shared   int32   // a shared text that is yet to be looked up, from 1; 0 once it was
}

// Run is a piece of a text in one font. The pieces of a cell, put together,
// are its Raw.
type Run struct{ Text, Font string }

// Address returns "D11".
func (c Cell) Address() string { return Address(c.Col, c.Row) }

// Table is an Excel table.
type Table struct {
	Name    string
	Ref     Ref // heads included
	Columns []string
}

// Sheet returns the sheet of that name; case does not matter, as in Excel.
func (b *Book) Sheet(name string) *Sheet {
	for _, s := range b.Sheets {
		if strings.EqualFold(s.Name, name) {
			return s
		}
	}
	return nil
}

// Name returns where a defined name points, if it points at one cell or one
// area of a sheet that exists.
func (b *Book) Name(name string) (Ref, bool) {
	r, ok := b.names[strings.ToLower(name)]
	return r, ok
}

// Table returns the Excel table of that name.
func (b *Book) Table(name string) (Table, bool) {
	for _, t := range b.Tables {
		if strings.EqualFold(t.Name, name) {
			return t, true
		}
	}
	return Table{}, false
}

// Cell returns what stands at a position; the zero Cell with that position if
// nothing does.
func (s *Sheet) Cell(col, row int) Cell {
	i := sort.Search(len(s.cells), func(i int) bool {
		c := &s.cells[i]
		return c.Row > row || c.Row == row && c.Col >= col
	})
	if i < len(s.cells) && s.cells[i].Row == row && s.cells[i].Col == col {
		return s.cells[i]
	}
	return Cell{Col: col, Row: row}
}

// Cells returns every cell that holds something, row by row. The slice is the
// sheet's own.
func (s *Sheet) Cells() []Cell { return s.cells }

// Row returns the cells of one row that hold something, from left to right.
func (s *Sheet) Row(row int) []Cell {
	lo := sort.Search(len(s.cells), func(i int) bool { return s.cells[i].Row >= row })
	hi := lo
	for hi < len(s.cells) && s.cells[hi].Row == row {
		hi++
	}
	return s.cells[lo:hi]
}

// LastRow returns the last row that holds something, 0 for an empty sheet.
func (s *Sheet) LastRow() int {
	if len(s.cells) == 0 {
		return 0
	}
	return s.cells[len(s.cells)-1].Row
}

// Merge returns the merged area that covers a position. Its value stands in
// the top left cell.
func (s *Sheet) Merge(col, row int) (Ref, bool) {
	for _, m := range s.Merges {
		if m.Contains(col, row) {
			return m, true
		}
	}
	return Ref{}, false
}
