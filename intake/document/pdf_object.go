package document

import (
	"bytes"
	"cmp"
	"compress/zlib"
	"errors"
	"io"
	"maps"
	"slices"
	"strconv"
)

// The objects of a PDF, ISO 32000-1 §7.3. A number is a float64, true a bool,
// null nil; integers of a PDF are far below where a float64 loses one.
type (
	pdfName   string
	pdfString string
	pdfArray  []any
	pdfDict   map[pdfName]any
	pdfRef    struct{ number, generation int }
	pdfStream struct {
		dict pdfDict
		raw  []byte
		ref  pdfRef
	}
	pdfWord string // an operator, or a keyword of the file
)

// The limits of one PDF. A page of text has some 10 KB; pictures, which make
// files large, are never unpacked.
const (
	maxPDFPages   = 5_000
	maxPDFObjects = 2_000_000
	maxPDFStream  = 32 << 20  // bytes of one stream, unpacked
	maxPDFWork    = 160 << 20 // bytes unpacked, and tokens read, of the whole file
	maxPDFDepth   = 60        // arrays in arrays, forms in forms
	maxPDFTokens  = 20_000_000
)

var errPDF = errors.New("not a PDF that can be read")

// pdfFile is a PDF opened.
type pdfFile struct {
	data    []byte
	where   map[int]pdfPlace
	trailer pdfDict
	known   map[int]any
	packed  map[int][]byte // streams of objects, unpacked
	asked   map[int]bool   // objects being read, against circles
	work    int
	tokens  int
	lock    *pdfLock
	rebuilt bool
}

// pdfPlace is where an object lies: in the file, or in a stream of objects.
type pdfPlace struct {
	at, generation int
	in             int // the stream's number; 0 for the file
}

// openPDF finds the objects: by the table that the end of the file points at,
// or, where that is broken, by looking through all of the file.
func openPDF(data []byte) (*pdfFile, error) {
	if i := bytes.Index(data[:min(len(data), 1024)], []byte("%PDF-")); i > 0 {
		data = data[i:]
	}
	f := &pdfFile{data: data, where: map[int]pdfPlace{}, trailer: pdfDict{}, known: map[int]any{}, packed: map[int][]byte{}, asked: map[int]bool{}}
	f.readTables()
	if f.dict(f.trailer["Root"]) == nil || f.dict(f.dict(f.trailer["Root"])["Pages"]) == nil {
		f.rebuild()
	}
	if f.trailer["Encrypt"] != nil {
		lock, err := f.unlock()
		if err != nil {
			return nil, err
		}
		f.lock = lock
		clear(f.known) // what was read before was not deciphered
		clear(f.packed)
	}
	if f.dict(f.trailer["Root"]) == nil {
		return nil, errPDF
	}
	return f, nil
}

// readTables follows the chain of tables from the newest to the oldest, ISO
// 32000-1 §7.5.4 and 7.5.8. An older table never overrides a newer one.
func (f *pdfFile) readTables() {
	i := bytes.LastIndex(f.data, []byte("startxref"))
	if i < 0 {
		return
	}
	l := &pdfLexer{f: f, data: f.data, at: i + len("startxref")}
	at, _ := l.object(0).(float64)
	next := []int{int(at)}
	for seen := map[int]bool{}; len(next) > 0 && len(seen) < 1000; {
		at, rest := next[0], next[1:]
		next = rest
		if seen[at] || at <= 0 || at >= len(f.data) {
			continue
		}
		seen[at] = true
		l := &pdfLexer{f: f, data: f.data, at: at}
		var trailer pdfDict
		switch t := l.object(0).(type) {
		case pdfWord:
			if t != "xref" || !f.readTable(l) {
				return
			}
			trailer, _ = l.object(0).(pdfDict)
		case float64:
			s, ok := f.indirect(at, -1).(pdfStream)
			if !ok {
				return
			}
			f.readTableStream(s)
			trailer = s.dict
		default:
			return
		}
		for k, v := range trailer {
			if _, ok := f.trailer[k]; !ok {
				f.trailer[k] = v
			}
		}
		for _, k := range []pdfName{"XRefStm", "Prev"} {
			if n, ok := trailer[k].(float64); ok {
				next = append(next, int(n))
			}
		}
	}
}

func (f *pdfFile) place(number int, p pdfPlace) {
	if _, ok := f.where[number]; !ok && number >= 0 && len(f.where) < maxPDFObjects {
		f.where[number] = p
	}
}

// readTable reads a table in text, up to its trailer.
func (f *pdfFile) readTable(l *pdfLexer) bool {
	for {
		switch t := l.object(0).(type) {
		case pdfWord:
			return t == "trailer"
		case float64:
			count, ok := l.object(0).(float64)
			if !ok || count > maxPDFObjects {
				return false
			}
			for i := range int(count) {
				at, ok1 := l.object(0).(float64)
				generation, ok2 := l.object(0).(float64)
				use, ok3 := l.object(0).(pdfWord)
				if !ok1 || !ok2 || !ok3 {
					return false
				}
				if use == "n" {
					f.place(int(t)+i, pdfPlace{at: int(at), generation: int(generation)})
				}
			}
		default:
			return false
		}
	}
}

func (f *pdfFile) readTableStream(s pdfStream) {
	data := f.unpack(s)
	var w [3]int
	widths, _ := s.dict["W"].(pdfArray)
	for i := range min(3, len(widths)) {
		n, _ := widths[i].(float64)
		if n < 0 || n > 8 {
			return
		}
		w[i] = int(n)
	}
	size, _ := s.dict["Size"].(float64)
	index, ok := s.dict["Index"].(pdfArray)
	if !ok {
		index = pdfArray{0.0, size}
	}
	width := w[0] + w[1] + w[2]
	if width == 0 {
		return
	}
	for i := 0; i+1 < len(index); i += 2 {
		first, _ := index[i].(float64)
		count, _ := index[i+1].(float64)
		for n := 0; n < int(count) && len(data) >= width; n++ {
			kind, a, b := 1, big(data[w[0]:w[0]+w[1]]), big(data[w[0]+w[1]:width])
			if w[0] > 0 {
				kind = big(data[:w[0]])
			}
			data = data[width:]
			switch kind {
			case 1:
				f.place(int(first)+n, pdfPlace{at: a, generation: b})
			case 2:
				f.place(int(first)+n, pdfPlace{at: b, in: a})
			}
		}
	}
}

func big(b []byte) int {
	n := 0
	for _, c := range b {
		n = n<<8 | int(c)
	}
	return n
}

// rebuild finds the objects of a file whose tables are broken by looking for
// them: the last one of a number counts, as it would with tables.
func (f *pdfFile) rebuild() {
	if f.rebuilt {
		return
	}
	f.rebuilt = true
	clear(f.known)
	clear(f.where)
	var streams []int
	for at := 0; ; {
		i := bytes.Index(f.data[at:], []byte(" obj"))
		if i < 0 || len(f.where) >= maxPDFObjects {
			break
		}
		end := at + i
		at = end + 4
		generation := digitsBefore(f.data, end)
		number := digitsBefore(f.data, generation-1)
		if generation == end || generation < 2 || number == generation-1 || generation-number > 12 {
			continue
		}
		n, err := strconv.Atoi(string(f.data[number : generation-1]))
		if err != nil {
			continue
		}
		f.where[n] = pdfPlace{at: number}
		head := f.data[at:min(len(f.data), at+300)]
		if bytes.Contains(head, []byte("/ObjStm")) || bytes.Contains(head, []byte("/XRef")) {
			streams = append(streams, n)
		}
	}
	for at := 0; ; {
		i := bytes.Index(f.data[at:], []byte("trailer"))
		if i < 0 {
			break
		}
		at += i + len("trailer")
		l := &pdfLexer{f: f, data: f.data, at: at}
		if d, ok := l.object(0).(pdfDict); ok {
			maps.Copy(f.trailer, d)
		}
	}
	for _, n := range streams {
		s, ok := f.resolve(pdfRef{number: n}).(pdfStream)
		switch {
		case !ok:
		case s.dict["Type"] == pdfName("XRef"):
			for _, k := range []pdfName{"Root", "Encrypt", "ID"} {
				if s.dict[k] != nil {
					f.trailer[k] = s.dict[k]
				}
			}
		case f.trailer["Encrypt"] == nil:
			count, _ := s.dict["N"].(float64)
			l := &pdfLexer{f: f, data: f.unpack(s)}
			for i := range int(min(count, maxPDFObjects)) {
				number, ok := l.object(0).(float64)
				if _, ok2 := l.object(0).(float64); !ok || !ok2 {
					break
				}
				f.place(int(number), pdfPlace{at: i, in: n})
			}
		}
	}
	if f.dict(f.trailer["Root"]) == nil {
		for _, n := range slices.Sorted(maps.Keys(f.where)) {
			if d := f.dict(pdfRef{number: n}); d["Type"] == pdfName("Catalog") {
				f.trailer["Root"] = pdfRef{number: n}
			}
		}
	}
}

// digitsBefore is where the digits that end at end begin.
func digitsBefore(b []byte, end int) int {
	for end > 0 && b[end-1] >= '0' && b[end-1] <= '9' {
		end--
	}
	return end
}

// resolve follows references to what they refer to.
func (f *pdfFile) resolve(v any) any {
	for range 20 {
		ref, ok := v.(pdfRef)
		if !ok {
			return v
		}
		v = f.load(ref.number)
	}
	return nil
}

// load reads an object by its number.
func (f *pdfFile) load(number int) any {
	if v, ok := f.known[number]; ok {
		return v
	}
	p, ok := f.where[number]
	if !ok || f.asked[number] {
		return nil
	}
	f.asked[number] = true
	defer delete(f.asked, number)
	var v any
	if p.in > 0 {
		v = f.inStream(p.in, number, p.at)
	} else {
		v = f.indirect(p.at, number)
	}
	if len(f.known) < maxPDFObjects {
		f.known[number] = v
	}
	return v
}

// indirect reads the object at a position of the file; one of another number
// than expected is none.
func (f *pdfFile) indirect(at, number int) any {
	if at < 0 || at >= len(f.data) || f.tokens > maxPDFTokens {
		return nil
	}
	l := &pdfLexer{f: f, data: f.data, at: at}
	n, ok1 := l.object(0).(float64)
	g, ok2 := l.object(0).(float64)
	if w, ok := l.object(0).(pdfWord); !ok1 || !ok2 || !ok || w != "obj" || number >= 0 && int(n) != number {
		return nil
	}
	ref := pdfRef{int(n), int(g)}
	v := l.object(0)
	dict, ok := v.(pdfDict)
	if !ok {
		return f.decipher(v, ref)
	}
	mark := l.at
	if w, _ := l.object(0).(pdfWord); w != "stream" {
		l.at = mark
		return f.decipher(v, ref)
	}
	begin := l.at
	if begin < len(f.data) && f.data[begin] == '\r' {
		begin++
	}
	if begin < len(f.data) && f.data[begin] == '\n' {
		begin++
	}
	size, _ := f.resolve(dict["Length"]).(float64)
	end := begin + int(max(0, min(size, float64(len(f.data)))))
	if end > len(f.data) || !bytes.HasPrefix(bytes.TrimLeft(f.data[end:min(len(f.data), end+20)], "\r\n \t"), []byte("endstream")) {
		i := bytes.Index(f.data[min(begin, len(f.data)):], []byte("endstream"))
		if i < 0 {
			i = len(f.data) - begin
		}
		f.tokens += i / 64
		end = begin + max(0, i)
	}
	dict, _ = f.decipher(dict, ref).(pdfDict)
	return pdfStream{dict: dict, raw: f.data[min(begin, len(f.data)):min(end, len(f.data))], ref: ref}
}

// inStream reads an object out of a stream of objects, ISO 32000-1 §7.5.7.
func (f *pdfFile) inStream(stream, number, index int) any {
	s, ok := f.resolve(pdfRef{number: stream}).(pdfStream)
	if !ok {
		return nil
	}
	data, ok := f.packed[stream]
	if !ok {
		data = f.unpack(s)
		f.packed[stream] = data
	}
	first, _ := f.resolve(s.dict["First"]).(float64)
	count, _ := f.resolve(s.dict["N"]).(float64)
	head := &pdfLexer{f: f, data: data}
	for i := range int(min(count, maxPDFObjects)) {
		n, ok1 := head.object(0).(float64)
		at, ok2 := head.object(0).(float64)
		if !ok1 || !ok2 {
			return nil
		}
		if int(n) == number && (i == index || i > index) {
			l := &pdfLexer{f: f, data: data, at: int(max(0, min(first+at, float64(len(data)))))}
			return l.object(0)
		}
	}
	return nil
}

func (f *pdfFile) dict(v any) pdfDict {
	switch v := f.resolve(v).(type) {
	case pdfDict:
		return v
	case pdfStream:
		return v.dict
	}
	return nil
}

func (f *pdfFile) array(v any) pdfArray {
	a, _ := f.resolve(v).(pdfArray)
	return a
}

func (f *pdfFile) number(v any) float64 {
	n, _ := f.resolve(v).(float64)
	return n
}

func (f *pdfFile) name(v any) pdfName {
	n, _ := f.resolve(v).(pdfName)
	return n
}

// unpack undoes the filters of a stream that keep text, ISO 32000-1 §7.4. Of a
// damaged stream what can be had is had; a picture's is nothing.
func (f *pdfFile) unpack(s pdfStream) []byte {
	if f.work >= maxPDFWork {
		return nil
	}
	data := s.raw
	if f.lock != nil && s.dict["Type"] != pdfName("XRef") {
		data = f.lock.stream(s, data)
	}
	filters := f.array(s.dict["Filter"])
	if n, ok := f.resolve(s.dict["Filter"]).(pdfName); ok {
		filters = pdfArray{n}
	}
	params := f.array(s.dict["DecodeParms"])
	if params == nil {
		params = pdfArray{s.dict["DecodeParms"]}
	}
	for i, name := range filters[:min(len(filters), 8)] {
		var p pdfDict
		if i < len(params) {
			p = f.dict(params[i])
		}
		limit := min(maxPDFStream, maxPDFWork-f.work)
		if limit <= 0 {
			return nil
		}
		switch f.name(name) {
		case "FlateDecode", "Fl":
			data = predicted(f, inflate(data, limit), p)
		case "LZWDecode", "LZW":
			early := 1
			if n, ok := f.resolve(p["EarlyChange"]).(float64); ok {
				early = int(n)
			}
			data = predicted(f, unLZW(data, early, limit), p)
		case "ASCIIHexDecode", "AHx":
			data = unHex(data)
		case "ASCII85Decode", "A85":
			data = un85(data)
		case "RunLengthDecode", "RL":
			data = unRun(data, limit)
		case "Crypt":
		default:
			return nil
		}
		f.work += len(data)
	}
	if len(filters) == 0 {
		f.work += len(data)
	}
	return data
}

func inflate(data []byte, limit int) []byte {
	r, err := zlib.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil
	}
	defer r.Close()
	out, _ := io.ReadAll(io.LimitReader(r, int64(limit))) // a wrong checksum at the end spoils nothing
	return out
}

// predicted undoes the difference to the row above or the byte before, which
// tables of objects are stored with.
func predicted(f *pdfFile, data []byte, p pdfDict) []byte {
	kind := int(f.number(p["Predictor"]))
	if kind < 10 {
		return data
	}
	orOne := func(v any) int { return max(1, min(int(f.number(v)), 1<<20)) }
	colours, columns, bits := orOne(p["Colors"]), orOne(p["Columns"]), 8
	if n := int(f.number(p["BitsPerComponent"])); n > 0 && n <= 16 {
		bits = n
	}
	pixel := max(1, min(colours*bits/8, 64))
	width := (min(colours, 64)*bits*columns + 7) / 8
	above := make([]byte, width)
	out := data[:0]
	for len(data) > 1 {
		filter := data[0]
		row := data[1:min(1+width, len(data))]
		data = data[1+len(row):]
		for i := range row {
			var left, up, corner int
			up = int(above[i])
			if i >= pixel {
				left, corner = int(row[i-pixel]), int(above[i-pixel])
			}
			switch filter {
			case 1:
				row[i] += byte(left)
			case 2:
				row[i] += byte(up)
			case 3:
				row[i] += byte((left + up) / 2)
			case 4:
				row[i] += byte(paeth(left, up, corner))
			}
		}
		copy(above, row)
		out = append(out, row...)
	}
	return out
}

// paeth is the neighbour nearest to left + up - corner.
func paeth(left, up, corner int) int {
	p := left + up - corner
	return slices.MinFunc([]int{left, up, corner}, func(a, b int) int { return cmp.Compare(max(p-a, a-p), max(p-b, b-p)) })
}

// unLZW undoes LZW as PDF has it: codes of 9 to 12 bits, high bits first.
func unLZW(data []byte, early, limit int) []byte {
	type entry struct {
		prev int
		last byte
		size int
	}
	table := make([]entry, 258, 4096)
	for i := range 256 {
		table[i] = entry{-1, byte(i), 1}
	}
	var out []byte
	bits, held, width, prev := 0, 0, 9, -1
	for _, b := range data {
		held, bits = held<<8|int(b), bits+8
		for bits >= width {
			code := held >> (bits - width) & (1<<width - 1)
			bits -= width
			held &= 1<<bits - 1
			switch {
			case code == 256:
				table, width, prev = table[:258], 9, -1
				continue
			case code == 257 || len(out) >= limit:
				return out
			case code > len(table) || code == len(table) && prev < 0:
				return out
			}
			from := code
			if code == len(table) {
				from = prev
			}
			at := len(out)
			size := table[from].size
			if at+size > limit {
				return out
			}
			out = append(out, make([]byte, size)...)
			for i, e := at+size-1, from; e >= 0 && i >= at; i, e = i-1, table[e].prev {
				out[i] = table[e].last
			}
			if code == len(table) {
				out = append(out, out[at])
			}
			if prev >= 0 && len(table) < 4096 {
				table = append(table, entry{prev, out[at], table[prev].size + 1})
			}
			prev = code
			if n := len(table) + early; n >= 1<<width && width < 12 {
				width++
			}
		}
	}
	return out
}

func unHex(data []byte) []byte {
	var out []byte
	n, half := 0, byte(0)
	for _, c := range data {
		v, ok := hexDigit(c)
		if c == '>' {
			break
		}
		if !ok {
			continue
		}
		if n++; n%2 == 1 {
			half = v << 4
		} else {
			out = append(out, half|v)
		}
	}
	if n%2 == 1 {
		out = append(out, half)
	}
	return out
}

func hexDigit(c byte) (byte, bool) {
	switch {
	case c >= '0' && c <= '9':
		return c - '0', true
	case c >= 'a' && c <= 'f':
		return c - 'a' + 10, true
	case c >= 'A' && c <= 'F':
		return c - 'A' + 10, true
	}
	return 0, false
}

func un85(data []byte) []byte {
	var out []byte
	var group uint32
	n := 0
	for _, c := range data {
		switch {
		case c == '~':
			if n > 1 {
				for i := n; i < 5; i++ {
					group = group*85 + 84
				}
				out = append(out, []byte{byte(group >> 24), byte(group >> 16), byte(group >> 8)}[:n-1]...)
			}
			return out
		case c == 'z' && n == 0:
			out = append(out, 0, 0, 0, 0)
		case c >= '!' && c <= 'u':
			group = group*85 + uint32(c-'!')
			if n++; n == 5 {
				out = append(out, byte(group>>24), byte(group>>16), byte(group>>8), byte(group))
				group, n = 0, 0
			}
		}
	}
	return out
}

func unRun(data []byte, limit int) []byte {
	var out []byte
	for len(data) > 1 && data[0] != 128 && len(out) < limit {
		n := int(data[0])
		if n < 128 {
			n = min(n+1, len(data)-1)
			out = append(out, data[1:1+n]...)
			data = data[1+n:]
			continue
		}
		out = append(out, bytes.Repeat(data[1:2], 257-n)...)
		data = data[2:]
	}
	return out
}
