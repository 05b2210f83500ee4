package workbook

import (
	"encoding/binary"
	"math"
	"unicode/utf16"
)

// The records of a workbook stream that are read ([MS-XLS] 2.3; for the
// versions before Excel 97 as OpenOffice's "Excel File Format" has them).
const (
	recEOF        = 0x000A
	recDate1904   = 0x0022
	recExtern     = 0x0017
	recName       = 0x0018
	recFilePass   = 0x002F
	recFont       = 0x0031
	recContinue   = 0x003C
	recCodePage   = 0x0042
	recColInfo    = 0x007D
	recBoundSheet = 0x0085
	recMulRK      = 0x00BD
	recMacros     = 0x00D3 // ObProj
	recRString    = 0x00D6
	recXF         = 0x00E0
	recMerge      = 0x00E5
	recSST        = 0x00FC
	recLabelSST   = 0x00FD
	recSupBook    = 0x01AE
	recNumber     = 0x0203
	recLabel      = 0x0204
	recBoolErr    = 0x0205
	recString     = 0x0207
	recRow        = 0x0208
	recFont3      = 0x0231
	recXF3        = 0x0243
	recRK         = 0x027E
	recFormat     = 0x041E
	recXF4        = 0x0443
	recBOF        = 0x0809
)

// biff walks over the records of a workbook stream.
type biff struct {
	data []byte
	pos  int
	id   uint16
	body []byte
	left int // bytes that may yet be walked over: sheets do not overlap
}

// next moves to the next record; false at the end of the stream or where it is
// cut off.
func (r *biff) next() bool {
	if r.pos < 0 || len(r.data)-r.pos < 4 {
		return false
	}
	id, size := binary.LittleEndian.Uint16(r.data[r.pos:]), int(binary.LittleEndian.Uint16(r.data[r.pos+2:]))
	if len(r.data)-r.pos-4 < size {
		return false
	}
	if r.left -= 4 + size; r.left < 0 {
		return false
	}
	r.id, r.body = id, r.data[r.pos+4:r.pos+4+size]
	r.pos += 4 + size
	return true
}

// fields returns a cursor over the record and the CONTINUE records that follow
// it, which are consumed.
func (r *biff) fields() *fields {
	f := &fields{b: r.body}
	for len(r.data)-r.pos >= 4 && binary.LittleEndian.Uint16(r.data[r.pos:]) == recContinue && r.next() {
		if len(r.body) > 0 && len(f.rest) < maxRefs {
			f.rest = append(f.rest, r.body)
		}
	}
	return f
}

// version tells the version of BIFF from the beginning of a stream; 0 if it
// is none. kind is that of the substream.
func version(id uint16, body []byte) (v int, kind uint16) {
	f := fields{b: body}
	vers, kind := f.u16(), f.u16()
	if f.bad {
		return 0, 0
	}
	switch id {
	case 0x0009:
		return 2, kind
	case 0x0209:
		return 3, kind
	case 0x0409:
		return 4, kind
	case recBOF:
		switch vers {
		case 0x0600:
			return 8, kind
		case 0x0500, 0:
			return 5, kind
		case 0x0200, 0x0300, 0x0400: // some writers say the old version in the new record
			return int(vers >> 8), kind
		}
	}
	return 0, 0
}

// fields reads the fields of a record that may go on in CONTINUE records. What
// is missing reads as zero and sets bad.
type fields struct {
	b    []byte
	rest [][]byte
	bad  bool
}

// on moves to the next record when this one is used up.
func (f *fields) on() bool {
	for len(f.b) == 0 {
		if len(f.rest) == 0 {
			return false
		}
		f.b, f.rest = f.rest[0], f.rest[1:]
	}
	return true
}

func (f *fields) u8() int {
	if !f.on() {
		f.bad = true
		return 0
	}
	v := f.b[0]
	f.b = f.b[1:]
	return int(v)
}

func (f *fields) u16() uint16 {
	if len(f.b) >= 2 {
		v := binary.LittleEndian.Uint16(f.b)
		f.b = f.b[2:]
		return v
	}
	low := f.u8()
	return uint16(low | f.u8()<<8)
}

func (f *fields) u32() uint32 {
	low := uint32(f.u16())
	return low | uint32(f.u16())<<16
}

func (f *fields) float() float64 {
	low := uint64(f.u32())
	return math.Float64frombits(low | uint64(f.u32())<<32)
}

func (f *fields) skip(n int) {
	for n > 0 && f.on() {
		k := min(n, len(f.b))
		f.b, n = f.b[k:], n-k
	}
	f.bad = f.bad || n > 0
}

// bytes returns n bytes of one record.
func (f *fields) bytes(n int) []byte {
	if n > len(f.b) {
		f.bad = true
		n = len(f.b)
	}
	out := f.b[:n]
	f.b = f.b[n:]
	return out
}

// chars appends n characters to out, in UTF-16. Each CONTINUE record says anew
// whether its characters take one byte or two ([MS-XLS] 2.5.293).
func (f *fields) chars(out []uint16, n int, wide bool) []uint16 {
	for n > 0 {
		if len(f.b) == 0 {
			if !f.on() {
				f.bad = true
				return out
			}
			wide = f.u8()&1 != 0
			continue
		}
		if wide {
			k := min(n, len(f.b)/2)
			for i := range k {
				out = append(out, binary.LittleEndian.Uint16(f.b[2*i:]))
			}
			if f.b, n = f.b[2*k:], n-k; k == 0 {
				f.bad, f.b = true, nil // half a character
				return out
			}
			continue
		}
		k := min(n, len(f.b))
		for _, c := range f.b[:k] {
			out = append(out, uint16(c))
		}
		f.b, n = f.b[k:], n-k
	}
	return out
}

// skipChars moves over n characters.
func (f *fields) skipChars(n int, wide bool) {
	for n > 0 {
		if len(f.b) == 0 {
			if !f.on() {
				f.bad = true
				return
			}
			wide = f.u8()&1 != 0
			continue
		}
		size := 1
		if wide {
			size = 2
		}
		k := min(n, len(f.b)/size)
		if f.b, n = f.b[k*size:], n-k; k == 0 {
			f.bad, f.b = true, nil
			return
		}
	}
}

// text reads a string of Excel 97 without runs: flags, then n characters.
func (f *fields) text(n int) string {
	flags := f.u8()
	if n > maxCellText {
		f.bad = true
		return ""
	}
	return string(utf16.Decode(f.chars(nil, n, flags&1 != 0)))
}

// run says which font a text has from a character on.
type run struct{ at, font int }

// richString reads a string of the shared texts: its length, flags, counts,
// characters, runs, and phonetics, which are left aside ([MS-XLS] 2.5.293).
// units is used again by the next one. With keep unset it moves over it.
func (f *fields) richString(units []uint16, keep bool) ([]uint16, []run) {
	n := int(f.u16())
	flags := f.u8()
	count, ext := 0, 0
	if flags&8 != 0 {
		count = int(f.u16())
	}
	if flags&4 != 0 {
		ext = int(f.u32())
	}
	if !keep {
		f.skipChars(n, flags&1 != 0)
		f.skip(4 * count)
		f.skip(ext)
		return nil, nil
	}
	units = f.chars(units[:0], n, flags&1 != 0)
	var runs []run
	for range count {
		r := run{int(f.u16()), int(f.u16())}
		if f.bad {
			break
		}
		runs = append(runs, r)
	}
	f.skip(ext)
	return units, runs
}
