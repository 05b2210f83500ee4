package workbook

import "strings"

// xti is an entry of the list of sheets that formulas refer to.
type xti struct{ book, first, last int }

// definedName is a name and the formula behind it.
type definedName struct {
	name   string
	scoped bool
	rgce   []byte
}

// externSheets reads EXTERNSHEET ([MS-XLS] 2.4.105).
func (x *xls) externSheets(f *fields) {
	for range f.u16() {
		if len(x.externs) >= maxRefs {
			return
		}
		e := xti{int(f.u16()), int(f.u16()), int(f.u16())}
		if f.bad {
			return
		}
		x.externs = append(x.externs, e)
	}
}

// name reads NAME ([MS-XLS] 2.4.150). Names that Excel gives itself, for print
// areas and the like, are of no use.
func (x *xls) name(f *fields) {
	grbit := f.u16()
	f.u8()
	n, size := f.u8(), int(f.u16())
	f.u16()
	sheet := f.u16()
	f.skip(4)
	if x.v < 5 || f.bad || grbit&0x20 != 0 || len(x.defined) >= maxNames {
		return
	}
	var name string
	if x.v == 8 {
		name = f.text(n)
	} else {
		name = x.decode(f.bytes(n))
	}
	if rgce := f.bytes(size); !f.bad {
		x.defined = append(x.defined, definedName{strings.ToLower(clean(name)), sheet != 0, rgce})
	}
}

// definedNames are the names of one cell or one area.
func (x *xls) definedNames() map[string]Ref {
	var all names
	for _, d := range x.defined {
		if ref, ok := x.area(d.rgce); ok {
			all.add(d.name, ref, d.scoped)
		}
	}
	return all.of(x.book)
}

// area reads a formula that is nothing but a reference to a cell or an area of
// this workbook ([MS-XLS] 2.5.198.105, 2.5.198.28). One that moves with the
// cell it is used in is no place.
func (x *xls) area(rgce []byte) (Ref, bool) {
	f := fields{b: rgce}
	kind := f.u8() &^ 0x60 // the class of the value does not matter
	if kind != 0x1A && kind != 0x1B {
		return Ref{}, false
	}
	var first, last int
	if x.v == 8 {
		i := int(f.u16())
		if i >= len(x.externs) || !x.self[x.externs[i].book] {
			return Ref{}, false
		}
		first, last = x.externs[i].first, x.externs[i].last
	} else {
		if book := int16(f.u16()); book >= 0 {
			return Ref{}, false // another workbook
		}
		f.skip(8)
		first, last = int(f.u16()), int(f.u16())
	}
	if first != last || first >= len(x.sheets) {
		return Ref{}, false
	}
	r := Ref{Sheet: x.sheets[first].name}
	var flags uint16
	const relative = 0xC000
	row := func() int {
		v := f.u16()
		if x.v < 8 {
			flags |= v
			v &^= relative
		}
		return int(v) + 1
	}
	col := func() int {
		if x.v < 8 {
			return f.u8() + 1
		}
		v := f.u16()
		flags |= v
		return int(v&^relative) + 1
	}
	r.Row = row()
	r.LastRow = r.Row
	if kind == 0x1B {
		r.LastRow = row()
	}
	r.Col = col()
	r.LastCol = r.Col
	if kind == 0x1B {
		r.LastCol = col()
	}
	if f.bad || len(f.b) > 0 || flags&relative != 0 || r.LastRow < r.Row || r.LastCol < r.Col {
		return Ref{}, false
	}
	return r, true
}
