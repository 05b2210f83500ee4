package workbook

import (
	"bytes"

	"github.com/xuri/excelize/v2"
)

// XLSX is a new .xlsx with the same cells: what stood in them, where, how
// numbers and dates are shown, what is merged and what is hidden. Fonts,
// colours and formulas are not of what was read, so they are not of the copy:
// a formula is the value that it had.
func (b *Book) XLSX() ([]byte, error) {
	f := excelize.NewFile()
	defer f.Close()
	styles := map[string]int{}
	style := func(format string, wrap bool) (int, error) {
		key := format
		if wrap {
			key += "\x00wrap"
		}
		id, ok := styles[key]
		if !ok {
			s := &excelize.Style{Font: &excelize.Font{Family: "Times New Roman", Size: 12}, Alignment: &excelize.Alignment{Vertical: "center", WrapText: wrap}}
			if format != "" {
				s.CustomNumFmt = &format
			}
			var err error
			if id, err = f.NewStyle(s); err != nil {
				// A format that Excel of today does not know.
				s.CustomNumFmt = nil
				if id, err = f.NewStyle(s); err != nil {
					return 0, err
				}
			}
			styles[key] = id
		}
		return id, nil
	}
	for i, s := range b.Sheets {
		name := s.Name
		if i == 0 {
			if err := f.SetSheetName("Sheet1", name); err != nil {
				return nil, err
			}
		} else if _, err := f.NewSheet(name); err != nil {
			return nil, err
		}
		for _, c := range s.Cells() {
			at, err := excelize.CoordinatesToCellName(c.Col, c.Row)
			if err != nil {
				return nil, err
			}
			format := c.Format
			switch c.Type {
			case Blank:
				continue
			case Number:
				err = f.SetCellFloat(name, at, c.Number, -1, 64)
			case Date:
				if err = f.SetCellFloat(name, at, c.Number, -1, 64); format == "" {
					format = "dd/mm/yyyy"
				}
			case Bool:
				err = f.SetCellBool(name, at, c.Raw == "TRUE")
			default:
				err = f.SetCellStr(name, at, c.Raw)
			}
			if err != nil {
				return nil, err
			}
			if c.Type == Text {
				format = ""
			}
			id, err := style(format, c.Type == Text)
			if err == nil {
				err = f.SetCellStyle(name, at, at, id)
			}
			if err != nil {
				return nil, err
			}
		}
		for _, m := range s.Merges {
			if err := f.MergeCell(name, Address(m.Col, m.Row), Address(m.LastCol, m.LastRow)); err != nil {
				return nil, err
			}
		}
		if err := f.SetColWidth(name, "A", "H", 16); err != nil {
			return nil, err
		}
		if s.Hidden && i > 0 {
			if err := f.SetSheetVisible(name, false); err != nil {
				return nil, err
			}
		}
	}
	var out bytes.Buffer
	err := f.Write(&out)
	return out.Bytes(), err
}
