package simulator

import (
	"bytes"
	"encoding/binary"
	"encoding/xml"
	"fmt"
	"html"
	"math"
	"strconv"
	"strings"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"
)

// sheetBook is a filled form as another program sees it: values where they
// stand, the results of formulas, and no formulas.
type sheetBook struct{ sheets []plainSheet }

type plainSheet struct {
	name   string
	hidden int // 0 shown, 1 hidden, 2 very hidden
	rows   [][]any
}

// readBook opens a workbook as Excel would and takes the values out of it.
// Formulas are computed on sheets that are shown and filled in; the sheet of
// rules is recomputed by whoever reads it.
func readBook(data []byte) (*sheetBook, error) {
	book, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	defer book.Close()
	out := &sheetBook{}
	for i, name := range book.GetSheetList() {
		s := plainSheet{name: name}
		if shown, err := book.GetSheetVisible(name); err == nil && !shown {
			s.hidden = 1
			if strings.HasPrefix(name, "_") {
				s.hidden = 2
			}
		}
		rows, err := book.GetRows(name, excelize.Options{RawCellValue: true})
		if err != nil {
			return nil, err
		}
		for r, row := range rows {
			values := make([]any, len(row))
			for c, text := range row {
				cell, _ := excelize.CoordinatesToCellName(c+1, r+1)
				if formula, _ := book.GetCellFormula(name, cell); formula != "" {
					text = ""
					if i == 0 || s.hidden == 2 {
						text, _ = book.CalcCellValue(name, cell, excelize.Options{RawCellValue: true})
					}
				}
				values[c] = valueOf(book, name, cell, text)
			}
			s.rows = append(s.rows, values)
		}
		out.sheets = append(out.sheets, s)
	}
	return out, nil
}

// valueOf is a number where the cell holds one; a day as people read it.
func valueOf(book *excelize.File, sheet, cell, text string) any {
	if text == "" {
		return nil
	}
	kind, _ := book.GetCellType(sheet, cell)
	number, err := strconv.ParseFloat(text, 64)
	if err != nil || kind == excelize.CellTypeSharedString || kind == excelize.CellTypeInlineString {
		return text
	}
	if shown, err := book.GetCellValue(sheet, cell); err == nil && strings.Count(shown, "/") == 2 {
		return shown
	}
	return number
}

// each calls f for every cell that holds something, row and column from 0.
func (s plainSheet) each(f func(row, col int, v any)) {
	for r, row := range s.rows {
		for c, v := range row {
			if v != nil {
				f(r, c, v)
			}
		}
	}
}

// annex is the sheet that people see: the first.
func (b *sheetBook) annex() plainSheet { return b.sheets[0] }

func shown(v any) string {
	if n, ok := v.(float64); ok {
		return strconv.FormatFloat(n, 'f', -1, 64)
	}
	return fmt.Sprint(v)
}

// csv is what Excel saves with Vietnamese settings: semicolons, and a mark that
// it is UTF-8.
func (b *sheetBook) csv() []byte {
	var out bytes.Buffer
	out.WriteString("\ufeff")
	for _, row := range b.annex().rows {
		for c, v := range row {
			if c > 0 {
				out.WriteByte(';')
			}
			if v != nil {
				out.WriteString(`"` + strings.ReplaceAll(shown(v), `"`, `""`) + `"`)
			}
		}
		out.WriteString("\r\n")
	}
	return out.Bytes()
}

// html is a table that calls itself a workbook, as web programs export it.
func (b *sheetBook) html() []byte {
	var out bytes.Buffer
	out.WriteString(`<html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8"></head><body><table border="1">` + "\n")
	for _, row := range b.annex().rows {
		out.WriteString("<tr>")
		for _, v := range row {
			out.WriteString("<td>")
			if v != nil {
				out.WriteString(html.EscapeString(shown(v)))
			}
			out.WriteString("</td>")
		}
		out.WriteString("</tr>\n")
	}
	out.WriteString("</table></body></html>\n")
	return out.Bytes()
}

// xml2003 is SpreadsheetML of 2003, which calls itself .xls as well.
func (b *sheetBook) xml2003() []byte {
	var out bytes.Buffer
	out.WriteString(xml.Header + `<?mso-application progid="Excel.Sheet"?>` + "\n" +
		`<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet" xmlns:x="urn:schemas-microsoft-com:office:excel">` + "\n")
	for _, s := range b.sheets {
		fmt.Fprintf(&out, "<Worksheet ss:Name=%q><Table>\n", s.name)
		last := -1
		s.each(func(row, col int, v any) {
			if row != last {
				if last >= 0 {
					out.WriteString("</Row>\n")
				}
				fmt.Fprintf(&out, `<Row ss:Index="%d">`, row+1)
				last = row
			}
			kind := "String"
			if _, ok := v.(float64); ok {
				kind = "Number"
			}
			fmt.Fprintf(&out, `<Cell ss:Index="%d"><Data ss:Type="%s">%s</Data></Cell>`, col+1, kind, escaped(shown(v)))
		})
		if last >= 0 {
			out.WriteString("</Row>\n")
		}
		out.WriteString("</Table>")
		if s.hidden > 0 {
			fmt.Fprintf(&out, `<WorksheetOptions xmlns="urn:schemas-microsoft-com:office:excel"><Visible>%s</Visible></WorksheetOptions>`, []string{"", "SheetHidden", "SheetVeryHidden"}[s.hidden])
		}
		out.WriteString("</Worksheet>\n")
	}
	out.WriteString("</Workbook>\n")
	return out.Bytes()
}

func escaped(s string) string {
	var b strings.Builder
	xml.EscapeText(&b, []byte(s))
	return b.String()
}

// ods is an OpenDocument spreadsheet, which LibreOffice saves.
func (b *sheetBook) ods() []byte {
	var out bytes.Buffer
	out.WriteString(xml.Header + `<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" office:version="1.2">` +
		`<office:automatic-styles><style:style style:name="ta1" style:family="table"><style:table-properties table:display="true"/></style:style>` +
		`<style:style style:name="ta2" style:family="table"><style:table-properties table:display="false"/></style:style></office:automatic-styles><office:body><office:spreadsheet>`)
	for _, s := range b.sheets {
		style := "ta1"
		if s.hidden > 0 {
			style = "ta2"
		}
		fmt.Fprintf(&out, `<table:table table:name="%s" table:style-name="%s">`, escaped(s.name), style)
		for _, row := range s.rows {
			out.WriteString("<table:table-row>")
			gap := 0
			for _, v := range row {
				if v == nil {
					gap++
					continue
				}
				if gap > 0 {
					fmt.Fprintf(&out, `<table:table-cell table:number-columns-repeated="%d"/>`, gap)
					gap = 0
				}
				if n, ok := v.(float64); ok {
					fmt.Fprintf(&out, `<table:table-cell office:value-type="float" office:value="%s"><text:p>%s</text:p></table:table-cell>`, shown(n), shown(n))
					continue
				}
				out.WriteString(`<table:table-cell office:value-type="string">`)
				for line := range strings.SplitSeq(shown(v), "\n") {
					out.WriteString("<text:p>" + escaped(line) + "</text:p>")
				}
				out.WriteString("</table:table-cell>")
			}
			if len(row) == 0 || gap == len(row) {
				out.WriteString("<table:table-cell/>")
			}
			out.WriteString("</table:table-row>")
		}
		out.WriteString("</table:table>")
	}
	out.WriteString("</office:spreadsheet></office:body></office:document-content>")
	return openDocument("application/vnd.oasis.opendocument.spreadsheet", out.String())
}

// xls is a workbook of Excel 97 ([MS-XLS]): the least that Excel opens.
func (b *sheetBook) xls() []byte {
	le := binary.LittleEndian
	record := func(out *bytes.Buffer, id uint16, parts ...[]byte) {
		data := bytes.Join(parts, nil)
		out.Write(le.AppendUint16(le.AppendUint16(nil, id), uint16(len(data))))
		out.Write(data)
	}
	u16 := func(n ...int) []byte {
		var d []byte
		for _, x := range n {
			d = le.AppendUint16(d, uint16(x))
		}
		return d
	}
	wide := func(s string) []byte { return u16(ints(utf16.Encode([]rune(s)))...) }
	bof := func(out *bytes.Buffer, kind int) {
		record(out, 0x0809, u16(0x0600, kind, 0x0DBB, 0x07CC), []byte{0xC1, 0, 0, 0, 6, 3, 0, 0})
	}

	var strs []string
	index := map[string]int{}
	var bodies [][]byte
	total := 0
	for _, s := range b.sheets {
		var out bytes.Buffer
		bof(&out, 0x0010)
		width := 0
		for _, row := range s.rows {
			width = max(width, len(row))
		}
		record(&out, 0x0200, u16(0, 0, len(s.rows), 0, 0, width, 0))
		s.each(func(row, col int, v any) {
			if n, ok := v.(float64); ok {
				record(&out, 0x0203, u16(row, col, 15), le.AppendUint64(nil, math.Float64bits(n)))
				return
			}
			text := shown(v)
			if _, known := index[text]; !known {
				index[text] = len(strs)
				strs = append(strs, text)
			}
			total++
			record(&out, 0x00FD, u16(row, col, 15), le.AppendUint32(nil, uint32(index[text])))
		})
		record(&out, 0x000A)
		bodies = append(bodies, out.Bytes())
	}

	globals := func(at []int) []byte {
		var out bytes.Buffer
		bof(&out, 0x0005)
		record(&out, 0x0042, u16(1200))
		for range 4 {
			name := "Times New Roman"
			record(&out, 0x0031, u16(240, 0, 0x7FFF, 400, 0, 0, 0), []byte{byte(len(name)), 1}, wide(name))
		}
		for i := range 16 {
			kind := 0xFFF5 // a style; the last is of cells
			if i == 15 {
				kind = 0x0001
			}
			record(&out, 0x00E0, u16(0, 0, kind), make([]byte, 14))
		}
		for i, s := range b.sheets {
			record(&out, 0x0085, le.AppendUint32(nil, uint32(at[i])), []byte{byte(s.hidden), 0, byte(len(utf16.Encode([]rune(s.name)))), 1}, wide(s.name))
		}
		// The shared strings, in a record of at most 8,224 bytes and as many
		// continuations as it takes; no string is split.
		id, part := uint16(0x00FC), le.AppendUint32(le.AppendUint32(nil, uint32(total)), uint32(len(strs)))
		for _, s := range strs {
			chars := utf16.Encode([]rune(s))
			one := append(u16(len(chars)), 1)
			one = append(one, wide(s)...)
			if len(part)+len(one) > 8224 {
				record(&out, id, part)
				id, part = 0x003C, nil
			}
			part = append(part, one...)
		}
		record(&out, id, part)
		record(&out, 0x000A)
		return out.Bytes()
	}
	at := make([]int, len(bodies))
	offset := len(globals(at))
	for i, body := range bodies {
		at[i] = offset
		offset += len(body)
	}
	return compound("Workbook", append(globals(at), bytes.Join(bodies, nil)...))
}

func ints(in []uint16) []int {
	out := make([]int, len(in))
	for i, n := range in {
		out[i] = int(n)
	}
	return out
}

// compound is an OLE file ([MS-CFB]) with one stream in it.
func compound(name string, stream []byte) []byte {
	const sector = 512
	le := binary.LittleEndian
	for len(stream) < 4096 || len(stream)%sector != 0 {
		stream = append(stream, 0) // shorter ones would have to lie in the mini stream
	}
	data := len(stream) / sector
	fats := 1
	for (data+1+fats)*4 > fats*sector {
		fats++
	}
	const end, free, fat = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
	var out bytes.Buffer
	w := func(v ...any) {
		for _, x := range v {
			binary.Write(&out, le, x)
		}
	}
	// The header: version 3, sectors of 512 bytes; the directory follows the data.
	w([]byte{0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1}, make([]byte, 16), uint16(0x3E), uint16(3), uint16(0xFFFE), uint16(9), uint16(6),
		make([]byte, 6), uint32(0), uint32(fats), uint32(data), uint32(0), uint32(4096), uint32(end), uint32(0), uint32(end), uint32(0))
	for i := range 109 {
		if i < fats {
			w(uint32(data + 1 + i))
		} else {
			w(uint32(free))
		}
	}
	out.Write(stream)
	entry := func(name string, kind byte, child, start, size uint32) {
		chars := utf16.Encode([]rune(name))
		padded := make([]uint16, 32)
		copy(padded, chars)
		w(padded, uint16(2*len(chars)+2), kind, byte(1), uint32(free), uint32(free), child, make([]byte, 36), start, uint64(size))
	}
	entry("Root Entry", 5, 1, end, 0)
	entry(name, 2, free, 0, uint32(len(stream)))
	for range 2 {
		w(make([]byte, 64), uint16(0), byte(0), byte(0), uint32(free), uint32(free), uint32(free), make([]byte, 36), uint32(0), uint64(0))
	}
	table := make([]uint32, fats*sector/4)
	for i := range table {
		switch {
		case i < data-1:
			table[i] = uint32(i + 1)
		case i == data-1, i == data:
			table[i] = end
		case i <= data+fats:
			table[i] = fat
		default:
			table[i] = free
		}
	}
	w(table)
	return out.Bytes()
}
