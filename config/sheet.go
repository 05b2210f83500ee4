package config

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/unicode/norm"
)

// Limits of a roster. A sheet with one cell in its last column and a million
// styled rows is a few kilobytes, so rows and columns are counted, too.
const (
	maxRoster  = 20 << 20
	maxRows    = 20_000
	maxColumns = 200
	maxBlank   = 1_000 // rows in a row without text: the roster has ended
)

// sheet is a roster as rows of text, whatever file it came from.
type sheet struct {
	file string
	rows []sheetRow
}

type sheetRow struct {
	number int // as a spreadsheet numbers rows, from 1
	line   int // of a text file, from 1; 0 in a workbook
	cells  []string
}

// at is the place of a cell.
func (s *sheet) at(r sheetRow, column int) Mistake {
	name, err := excelize.ColumnNumberToName(column + 1)
	if err != nil {
		return Mistake{File: s.file, Line: r.line}
	}
	return Mistake{File: s.file, Line: r.line, Cell: name + strconv.Itoa(r.number)}
}

// readXLSX reads the first sheet whose first row has the head "code", or else
// the first sheet.
func readXLSX(file string, data []byte) (*sheet, Mistakes) {
	var found Mistakes
	broken := func() (*sheet, Mistakes) {
		found.say(Mistake{File: file}, `không mở được như một tệp Excel. Mở bằng Excel, bỏ mật khẩu nếu có, lưu lại dạng "Excel Workbook (*.xlsx)".`,
			`this cannot be opened as an Excel file. Open it in Excel, remove the password if there is one, and save it as "Excel Workbook (*.xlsx)".`)
		return nil, found
	}
	book, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{UnzipSizeLimit: 200 << 20, UnzipXMLSizeLimit: 16 << 20})
	if err != nil {
		return broken()
	}
	defer book.Close()
	var best *sheet
	for _, name := range book.GetSheetList() {
		rows, err := book.Rows(name)
		if err != nil {
			return broken()
		}
		s, ok := collect(file, rows)
		rows.Close()
		if !ok {
			return broken()
		}
		if len(s.rows) > 0 {
			for _, head := range s.rows[0].cells {
				if strings.EqualFold(head, "code") {
					return s, nil
				}
			}
		}
		if best == nil {
			best = s
		}
	}
	if best == nil {
		return broken()
	}
	return best, nil
}

func collect(file string, rows *excelize.Rows) (s *sheet, ok bool) {
	s = &sheet{file: file}
	for number, blank := 1, 0; rows.Next() && number <= maxRows && blank < maxBlank; number++ {
		cells, err := rows.Columns()
		if err != nil {
			return nil, false
		}
		if s.add(sheetRow{number: number, cells: cells}) {
			blank = 0
		} else {
			blank++
		}
	}
	return s, rows.Error() == nil
}

// readCSV reads a text table, its separator told by its first line: a
// Vietnamese Excel writes semicolons, and "Unicode text" has tabs.
func readCSV(file string, data []byte) (*sheet, Mistakes) {
	data, found := plaintext(file, data)
	if len(found) > 0 {
		return nil, found
	}
	r := csv.NewReader(bytes.NewReader(data))
	r.FieldsPerRecord = -1
	head, _, _ := strings.Cut(string(data), "\n")
	for _, separator := range []rune{';', '\t'} {
		if strings.Count(head, string(separator)) > strings.Count(head, string(r.Comma)) {
			r.Comma = separator
		}
	}
	s := &sheet{file: file}
	for number := 1; number <= maxRows; number++ {
		cells, err := r.Read()
		if err == io.EOF {
			break
		}
		var where *csv.ParseError
		if errors.As(err, &where) {
			found.say(Mistake{File: file, Line: where.Line, Column: where.Column},
				`dấu nháy kép không khớp. Nội dung có dấu phẩy hay dấu nháy phải đặt trong "…", dấu nháy bên trong viết hai lần "".`,
				`the double quotes do not match. A value with commas or quotes goes in "…", and a quote inside is written twice "".`)
			return nil, found
		}
		if err != nil {
			found.say(Mistake{File: file}, `không đọc được tệp. Lưu lại dạng CSV UTF-8.`, `the file cannot be read. Save it again as CSV UTF-8.`)
			return nil, found
		}
		line, _ := r.FieldPos(0)
		s.add(sheetRow{number: number, line: line, cells: cells})
	}
	return s, nil
}

// add keeps a row that has text, cleaned of what cannot be seen.
func (s *sheet) add(r sheetRow) bool {
	text := false
	kept := make([]string, min(len(r.cells), maxColumns))
	for i := range kept {
		kept[i] = clean(r.cells[i])
		text = text || kept[i] != ""
	}
	r.cells = kept
	if text {
		s.rows = append(s.rows, r)
	}
	return text
}

// clean makes one line of NFC text without invisible characters; letters and
// header fields are made of it.
func clean(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\u200b' || r == '\u200c' || r == '\u200d' || r == '\ufeff' || r == '\u00ad':
			return -1
		case r < ' ' || r == 0x7f || r == '\u00a0' || r == '\u2028' || r == '\u2029':
			return ' '
		}
		return r
	}, norm.NFC.String(s))
	return strings.Join(strings.Fields(s), " ")
}
