package blank

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"slices"
	"strconv"

	"github.com/xuri/excelize/v2"
)

// sheet is the XML of a worksheet, taken apart at its cells and no finer:
// what is not a cell is kept as the bytes that stood there.
type sheet struct {
	path       string
	head, tail []byte // up to the first row, and from the last row on
	prefix     string // of the element names: "" or "x:"
	rows       []row
}

type row struct {
	number int
	open   []byte // its start tag, never self-closing
	cells  []cell
	rest   []byte // what follows the cells
}

type cell struct {
	ref     string
	column  int
	attrs   []byte // of its start tag, with the space before each, without t
	formula []byte // the <f> element, nil if there is none
	bytes   []byte // the whole element
}

// parseSheet takes a worksheet apart. It follows tokens, not text, so that
// any writer's spelling of the XML will do.
func parseSheet(text []byte) (*sheet, error) {
	s := &sheet{}
	d := xml.NewDecoder(bytes.NewReader(text))
	var (
		start     int        // where the token began
		nested    []xml.Name // RawToken leaves it to us to see that tags match
		inData    bool
		cellStart int
		fStart    int
		lastKept  int // end of the last cell in the row
		current   *row
		open      *cell
	)
	for {
		start = int(d.InputOffset())
		token, err := d.RawToken()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
		end := int(d.InputOffset())
		switch token := token.(type) {
		case xml.StartElement:
			nested = append(nested, token.Name)
			depth := len(nested)
			switch {
			case depth == 2 && token.Name.Local == "sheetData":
				inData = true
				if token.Name.Space != "" {
					s.prefix = token.Name.Space + ":"
				}
				s.head = text[:end]
				if selfClosing(text[start:end]) {
					s.head = append(append(bytes.Clone(text[:start]), bytes.TrimSuffix(bytes.TrimSpace(text[start:end-1]), []byte("/"))...), '>')
				}
			case inData && depth == 3 && token.Name.Local == "row":
				number := len(s.rows) + 1
				if len(s.rows) > 0 {
					number = s.rows[len(s.rows)-1].number + 1
				}
				if r := attr(token, "r"); r != "" {
					if number, err = strconv.Atoi(r); err != nil {
						return nil, fmt.Errorf("row %q: %w", r, err)
					}
				}
				if len(s.rows) > 0 && number <= s.rows[len(s.rows)-1].number {
					return nil, fmt.Errorf("row %d stands after row %d", number, s.rows[len(s.rows)-1].number)
				}
				tag := text[start:end]
				if selfClosing(tag) {
					tag = append(bytes.TrimRight(bytes.Clone(tag[:len(tag)-2]), " "), '>')
				}
				s.rows = append(s.rows, row{number: number, open: tag})
				current = &s.rows[len(s.rows)-1]
				lastKept = end
			case current != nil && depth == 4 && token.Name.Local == "c":
				open = &cell{ref: attr(token, "r"), attrs: attrsWithout(token, "t")}
				if open.ref == "" {
					return nil, fmt.Errorf("row %d has a cell without a reference", current.number)
				}
				var number int
				if open.column, number, err = excelize.CellNameToCoordinates(open.ref); err != nil {
					return nil, err
				}
				if n := len(current.cells); number != current.number || n > 0 && open.column <= current.cells[n-1].column {
					return nil, fmt.Errorf("cell %s stands in the wrong place of row %d", open.ref, current.number)
				}
				cellStart = start
			case open != nil && depth == 5 && token.Name.Local == "f":
				fStart = start
			}
		case xml.EndElement:
			depth := len(nested)
			if depth == 0 || nested[depth-1] != token.Name {
				return nil, fmt.Errorf("</%s> closes nothing", token.Name.Local)
			}
			nested = nested[:depth-1]
			switch {
			case depth == 5 && open != nil && token.Name.Local == "f":
				open.formula = text[fStart:end]
			case depth == 4 && open != nil && token.Name.Local == "c":
				open.bytes = text[cellStart:end]
				current.cells = append(current.cells, *open)
				open = nil
				lastKept = end
			case inData && depth == 3 && current != nil && token.Name.Local == "row":
				if start > lastKept {
					current.rest = bytes.TrimSpace(text[lastKept:start])
				}
				current = nil
			case inData && depth == 2 && token.Name.Local == "sheetData":
				inData = false
				s.tail = text[start:]
				if start == end { // of a self-closing element
					s.tail = append([]byte("</"+s.prefix+"sheetData>"), text[end:]...)
				}
			}
		}
	}
	if s.tail == nil || len(nested) > 0 {
		return nil, fmt.Errorf("no cells: not a worksheet")
	}
	return s, nil
}

func selfClosing(tag []byte) bool { return bytes.HasSuffix(tag, []byte("/>")) }

func attr(t xml.StartElement, name string) string {
	for _, a := range t.Attr {
		if a.Name.Space == "" && a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

func attrsWithout(t xml.StartElement, name string) []byte {
	var b bytes.Buffer
	for _, a := range t.Attr {
		if a.Name.Space == "" && a.Name.Local == name {
			continue
		}
		b.WriteByte(' ')
		if a.Name.Space != "" {
			b.WriteString(a.Name.Space + ":")
		}
		b.WriteString(a.Name.Local + `="`)
		b.Write(escape(a.Value))
		b.WriteByte('"')
	}
	return b.Bytes()
}

// at returns the cell, nil if the sheet has none there.
func (s *sheet) at(ref string) *cell {
	column, number, err := excelize.CellNameToCoordinates(ref)
	if err != nil {
		return nil
	}
	i, ok := slices.BinarySearchFunc(s.rows, number, func(r row, n int) int { return r.number - n })
	if !ok {
		return nil
	}
	j, ok := slices.BinarySearchFunc(s.rows[i].cells, column, func(c cell, n int) int { return c.column - n })
	if !ok {
		return nil
	}
	return &s.rows[i].cells[j]
}

// with returns the sheet with a cell at ref; s itself stays as it is.
func (s *sheet) with(ref string) *sheet {
	column, number, err := excelize.CellNameToCoordinates(ref)
	if err != nil || s.at(ref) != nil {
		return s
	}
	wider := *s
	wider.rows = slices.Clone(s.rows)
	i, ok := slices.BinarySearchFunc(wider.rows, number, func(r row, n int) int { return r.number - n })
	if !ok {
		wider.rows = slices.Insert(wider.rows, i, row{number: number, open: fmt.Appendf(nil, `<%srow r="%d">`, s.prefix, number)})
	}
	j, _ := slices.BinarySearchFunc(wider.rows[i].cells, column, func(c cell, n int) int { return c.column - n })
	wider.rows[i].cells = slices.Insert(slices.Clone(wider.rows[i].cells), j,
		cell{ref: ref, column: column, attrs: fmt.Appendf(nil, ` r="%s"`, ref)})
	return &wider
}

// render writes the sheet, with new values for some of its cells.
func (s *sheet) render(values map[string]value) []byte {
	var b bytes.Buffer
	b.Write(s.head)
	for _, r := range s.rows {
		b.Write(r.open)
		for i := range r.cells {
			c := &r.cells[i]
			if v, ok := values[c.ref]; ok {
				c.write(&b, s.prefix, v)
			} else {
				b.Write(c.bytes)
			}
		}
		b.Write(r.rest)
		b.WriteString("</" + s.prefix + "row>")
	}
	b.Write(s.tail)
	return b.Bytes()
}

// write gives the cell a value; a formula stays, and the value is what it
// came to.
func (c *cell) write(b *bytes.Buffer, prefix string, v value) {
	b.WriteString("<" + prefix + "c")
	b.Write(c.attrs)
	if v.kind == blank && c.formula == nil {
		b.WriteString("/>")
		return
	}
	switch {
	case v.kind == truth:
		b.WriteString(` t="b"`)
	case v.kind == text && c.formula != nil:
		b.WriteString(` t="str"`)
	case v.kind == text:
		// Inline, not shared: the table of shared strings stays untouched.
		b.WriteString(` t="inlineStr"`)
	}
	b.WriteByte('>')
	b.Write(c.formula)
	switch {
	case v.kind == text && c.formula == nil:
		b.WriteString("<" + prefix + `is><` + prefix + `t xml:space="preserve">`)
		b.Write(escape(fits(v.text)))
		b.WriteString("</" + prefix + "t></" + prefix + "is>")
	case v.kind != blank:
		b.WriteString("<" + prefix + "v>")
		b.Write(escape(v.text))
		b.WriteString("</" + prefix + "v>")
	}
	b.WriteString("</" + prefix + "c>")
}
