package workbook

import "math"

// sheet reads the substream of a sheet, whose BOF was just read.
func (x *xls) sheet(s *Sheet) error {
	var hiddenRows map[int]bool
	var hiddenCols spans
	depth := 0        // of charts embedded in the sheet
	waiting := Cell{} // a formula whose text follows
	ended := false
	flush := func() error {
		if waiting.Row == 0 {
			return nil
		}
		c := waiting
		waiting = Cell{}
		return x.add(s, c)
	}
	var err error
walk:
	for err == nil && x.r.next() {
		if v, _ := version(x.r.id, x.r.body); v > 0 {
			depth++
			continue
		}
		if x.r.id == recEOF {
			if depth == 0 {
				ended = true
				break
			}
			depth--
			continue
		}
		if depth > 0 {
			continue
		}
		f := fields{b: x.r.body}
		switch x.r.id {
		case recNumber, 0x0003, 0x0002, recRK, recLabel, 0x0004, recRString, recLabelSST, recBoolErr, 0x0005, 0x0006, 0x0206, 0x0406:
			if err = flush(); err != nil {
				break walk
			}
			var c Cell
			var wait bool
			if c, wait, err = x.cell(); err != nil {
				break walk
			}
			if wait {
				waiting = c
			} else {
				err = x.add(s, c)
			}
		case recMulRK:
			if err = flush(); err == nil {
				err = x.mulRK(s)
			}
		case recString, 0x0007:
			if waiting.Row == 0 {
				continue
			}
			waiting.Type, waiting.Raw, waiting.HasCache = Text, clean(x.formulaText()), true
			err = flush()
		case recRow, 0x0008:
			row := int(f.u16()) + 1
			if f.skip(10); x.v >= 3 && f.u16()&0x20 != 0 && !f.bad {
				if hiddenRows == nil {
					hiddenRows = map[int]bool{}
				}
				hiddenRows[row] = true
			}
		case recColInfo:
			first, last := int(f.u16())+1, int(f.u16())+1
			if f.skip(4); f.u16()&1 != 0 && !f.bad {
				hiddenCols.add(first, last)
			}
		case recMerge:
			for range f.u16() {
				r := Ref{Row: int(f.u16()) + 1, LastRow: int(f.u16()) + 1, Col: int(f.u16()) + 1, LastCol: int(f.u16()) + 1}
				if f.bad {
					break
				}
				if r.LastRow < r.Row || r.LastCol < r.Col {
					continue
				}
				if err = x.merge(s, r); err != nil {
					break walk
				}
			}
		case recFilePass, recCodePage, recDate1904, recFont, recFont3, recFormat, 0x001E, recXF, recXF3, recXF4:
			if x.alone || x.r.id == recFilePass {
				err = x.common()
			}
		}
	}
	if err == nil {
		err = flush()
	}
	switch {
	case err == errCut:
		err = nil
	case err == nil && !ended:
		err = x.damaged("sheet " + s.Name + " is cut off")
	}
	if err != nil {
		return err
	}
	if len(hiddenRows) > 0 || len(hiddenCols.all) > 0 {
		for i := range s.cells {
			c := &s.cells[i]
			c.Hidden = hiddenRows[c.Row] || hiddenCols.has(c.Col)
		}
	}
	return x.settle(s)
}

// cell reads the record of one cell. wait means that the text of a formula's
// result follows in a record of its own.
func (x *xls) cell() (c Cell, wait bool, err error) {
	id := x.r.id
	f := &fields{b: x.r.body}
	if id == recLabel || id == recRString {
		f = x.r.fields()
	}
	c.Row, c.Col = int(f.u16())+1, int(f.u16())+1
	var st style
	if x.v == 2 && id < 0x0200 {
		f.u8()
		look := f.u8()
		f.u8()
		st = x.newStyle(xf{look >> 6, look & 0x3F})
	} else {
		st = x.style(int(f.u16()))
	}
	c.Format, c.Font, c.Percent = st.format, st.font, st.percent
	switch id {
	case recNumber, 0x0003:
		x.number(&c, f.float(), st)
	case 0x0002:
		x.number(&c, float64(f.u16()), st)
	case recRK:
		x.number(&c, rk(f.u32()), st)
	case recBoolErr, 0x0005:
		value := f.u8()
		boolErr(&c, value, f.u8() != 0)
	case recLabelSST:
		n := f.u32()
		switch {
		case f.bad:
		case int64(n) >= maxStrings:
			return c, false, x.damaged("shared text of cell " + c.Address())
		}
		c.shared = int32(n + 1)
		x.last = max(x.last, int(n)+1)
	case recLabel, 0x0004, recRString:
		if err := x.label(&c, f, id); err != nil {
			return c, false, err
		}
	default: // a formula
		c.Formula = true
		wait = x.result(&c, f, st)
	}
	switch {
	case f.bad:
		return c, false, x.damaged("cell " + c.Address() + " is cut off")
	case c.Col > maxOldColumns:
		return c, false, x.damaged("cell outside the sheet")
	}
	return c, wait, nil
}

func (x *xls) number(c *Cell, n float64, st style) {
	c.HasCache = c.Formula
	if math.IsNaN(n) || math.IsInf(n, 0) {
		c.Type, c.Raw = Fault, "#NUM!"
		return
	}
	c.Type, c.Raw, c.Number = Number, digits(n), n
	if st.date {
		c.Type = Date
		if x.date904 {
			c.Number += shift1904
		}
	}
}

func boolErr(c *Cell, value int, isFault bool) {
	switch {
	case isFault:
		c.Type, c.Raw = Fault, fault(value)
	case value != 0:
		c.Type, c.Raw = Bool, "TRUE"
	default:
		c.Type, c.Raw = Bool, "FALSE"
	}
	c.HasCache = c.Formula
}

// label reads a text that stands in the cell itself.
func (x *xls) label(c *Cell, f *fields, id uint16) (err error) {
	var t rich
	switch {
	case x.v == 8:
		n := int(f.u16())
		flags := f.u8()
		units := f.chars(nil, n, flags&1 != 0)
		var runs []run
		if id == recRString {
			for range f.u16() {
				if r := (run{int(f.u16()), int(f.u16())}); !f.bad {
					runs = append(runs, r)
				}
			}
		}
		t = x.rich(units, runs)
	default:
		n := 0
		if id == 0x0004 {
			n = f.u8()
		} else {
			n = int(f.u16())
		}
		b := f.bytes(n)
		var runs []run
		if id == recRString {
			for range f.u8() {
				if r := (run{f.u8(), f.u8()}); !f.bad {
					runs = append(runs, r)
				}
			}
		}
		t = x.richBytes(b, runs)
	}
	if t.text == "" {
		return nil
	}
	c.Type, c.Raw = Text, t.text
	c.Font, c.Runs, err = x.ink(t, c.Font)
	return err
}

// result reads the cached value of a formula ([MS-XLS] 2.5.133).
func (x *xls) result(c *Cell, f *fields, st style) (wait bool) {
	v := f.bytes(8)
	if f.bad {
		return false
	}
	if v[6] != 0xFF || v[7] != 0xFF {
		g := fields{b: v}
		x.number(c, g.float(), st)
		return false
	}
	switch v[0] {
	case 0:
		return true
	case 1:
		boolErr(c, int(v[2]), false)
	case 2:
		boolErr(c, int(v[2]), true)
	case 3: // the empty text
		c.Type, c.HasCache = Text, true
	}
	return false
}

// formulaText reads the STRING record after a formula.
func (x *xls) formulaText() string {
	old := x.r.id == 0x0007
	f := x.r.fields()
	if x.v == 8 {
		n := int(f.u16())
		return f.text(n)
	}
	if old {
		return x.decode(f.bytes(f.u8()))
	}
	return x.decode(f.bytes(int(f.u16())))
}

// mulRK reads a row of numbers.
func (x *xls) mulRK(s *Sheet) error {
	f := fields{b: x.r.body}
	row, col := int(f.u16())+1, int(f.u16())+1
	for len(f.b) >= 8 {
		if col > maxOldColumns {
			return x.damaged("cell outside the sheet")
		}
		st := x.style(int(f.u16()))
		c := Cell{Row: row, Col: col, Format: st.format, Font: st.font, Percent: st.percent}
		x.number(&c, rk(f.u32()), st)
		if err := x.add(s, c); err != nil {
			return err
		}
		col++
	}
	return nil
}
