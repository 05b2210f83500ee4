package consolidation

import (
	"fmt"
	"path"
	"strings"
	"unicode/utf8"

	"dondoc/intake/finding"
)

// maxTold is how many figures are given with all that is known of their file
// on every line. Where there are more, the lines of one file say it once, on
// the first: a million lines that repeat it are a file that nobody can open.
const maxTold = 60_000

// writeSources writes the address of every figure that is shown, and returns
// for each unit the line of its first one.
func (w *writer) writeSources() (map[string]int, error) {
	s := &sheet{name: w.names.sources, filter: true, frozen: 2,
		widths: []float64{9, 14, 8, 20, 9.5, 12.5, 8, 6.5, 5.5, 16, 16, 16, 29}}
	s.head(w.say("NGUỒN SỐ LIỆU: TỪNG CON SỐ LẤY TỪ ĐÂU", "SOURCES: WHERE EACH FIGURE COMES FROM"), title)
	s.head(w.subtitle(), subtitle)
	heads := []string{
		w.say("Mã", "Code"), w.say("Đơn vị", "Unit"), w.say("Biểu", "Table"), w.say("Chỉ tiêu", "Figure"), w.say("Giá trị", "Value"),
		w.say("Tính vào tổng", "In the sum"), "Sheet", w.say("Ô", "Cell"), w.say("Lần", "Ver."), w.say("Tệp đơn vị gửi", "File as sent"),
		w.say("Mã tiếp nhận", "Receipt"), w.say("Nhận lúc", "Received"), "SHA-256",
	}
	if w.Path != nil {
		heads = append(heads, w.say("Nơi lưu", "Kept in"))
		s.widths = append(s.widths, 38)
	}
	line := s.n + 1
	s.heads = [2]int{line, line}
	var cells []cell
	for _, h := range heads {
		cells = append(cells, cell{value: h, look: heading})
	}
	s.add(cells...)

	figures := 0
	for i := range w.rows {
		for k := range w.rows[i].values {
			if _, ok := w.rows[i].value(k); ok {
				figures++
			}
		}
	}
	first := map[string]int{}
	for i := range w.rows {
		if line := w.sourcesOf(s, &w.rows[i], figures > maxTold); line > 0 {
			first[w.rows[i].unit.Code] = line
		}
	}
	return first, w.put(s)
}

// sourceFile is the column with the name of the file.
const sourceFile = 10

// sourcesOf adds the lines of one unit's figures and returns the first.
func (w *writer) sourcesOf(s *sheet, r *row, once bool) int {
	var given []int
	for k := range r.values {
		if _, ok := r.value(k); ok {
			given = append(given, k)
		}
	}
	if len(given) == 0 {
		return 0
	}
	c := r.part
	arrival := c.Arrival
	if arrival == "" {
		arrival = fmt.Sprintf(w.say("ngoài hộp thư (%s)", "outside (%s)"), c.Decision)
	}
	kept := ""
	if w.Path != nil {
		kept = w.Path(c.Arrival, c.Decision, c.Part)
	}
	widen := func(column int, words string, most float64) {
		s.widths[column-1] = max(s.widths[column-1], min(most, float64(utf8.RuneCountInString(words))+2))
	}
	file := fileName(c.Part.Path, c.Part.Name)
	widen(1, r.unit.Code, 16)
	widen(2, short(r), 24)
	widen(10, file, 32)
	for _, k := range given {
		in := w.numbers[k]
		sheetName, _ := place(c.Part.Places[in.Name])
		widen(3, in.Table, 24)
		widen(4, w.labels()[k][1].(string), 42)
		widen(7, sheetName, 18)
		v, _ := r.value(k)
		s.widths[4] = max(s.widths[4], digits(v, in.Type == "decimal")+1)
	}
	small := look{border: true, wrap: true, across: "left", size: 8}
	// The name of the file is what leads there: LibreOffice does not wrap text
	// that is a link, and paths are long.
	linked := text
	linked.link = kept != "" && w.Link != nil
	mark, short, when := w.mark(r), short(r), w.when(c.Received)
	// Kept ready as cells hold them: a million lines are written from these.
	code, labels := any(r.unit.Code), w.labels()
	buffer := make([]cell, 0, len(s.widths))
	first := s.addLines(len(given), func(i int) []cell {
		k := given[i]
		in := w.numbers[k]
		sheetName, at := place(c.Part.Places[in.Name])
		value := w.unitFigure(r, k)
		value.look.italic = false
		buffer = append(buffer[:0],
			cell{value: code, look: text}, cell{value: short, look: text}, cell{value: labels[k][0], look: text}, cell{value: labels[k][1], look: text}, value,
			cell{value: mark, look: centred}, cell{value: sheetName, look: text}, cell{value: at, look: centred},
		)
		if once && i > 0 {
			// What does not change from line to line is not said again.
			buffer[1], buffer[5] = cell{}, cell{}
			return buffer
		}
		buffer = append(buffer,
			cell{value: c.Version, look: centred}, cell{value: file, look: linked}, cell{value: arrival, look: centred}, cell{value: when, look: centred},
			cell{value: c.Part.SHA256, look: small})
		if w.Path != nil {
			buffer = append(buffer, cell{value: kept, look: small})
		}
		return buffer
	})
	if linked.link {
		target := w.Link(kept)
		for i, k := range given {
			if once && i > 0 {
				break // a sheet holds some 65,000 links and no more
			}
			s.files = append(s.files, fileLink{ref(sourceFile, first+i), target, within(kept, c.Part, w.numbers[k].Name)})
		}
	}
	return first
}

// labels are the table and the label of each number.
func (w *writer) labels() [][2]any {
	if w.labelled == nil {
		for _, in := range w.numbers {
			w.labelled = append(w.labelled, [2]any{in.Table, in.Label()})
		}
	}
	return w.labelled
}

// within is the place of a figure in its file, where a spreadsheet program can
// be sent there.
func within(kept string, p finding.Part, input string) string {
	switch strings.ToLower(path.Ext(kept)) {
	case ".xlsx", ".xlsm", ".xls":
		if sheet, at := place(p.Places[input]); sheet != "" {
			return quoted(sheet) + "!" + at
		}
	}
	return ""
}

// short is the unit's short name: its row elsewhere has the full one.
func short(r *row) string {
	if r.unit.ShortName != "" {
		return r.unit.ShortName
	}
	return r.unit.Name
}

// place takes "Phụ lục số liệu!D11" apart.
func place(p string) (sheet, cell string) {
	i := strings.LastIndexByte(p, '!')
	if i < 0 {
		return "", p
	}
	return p[:i], p[i+1:]
}

// fileName says which file it was, within its container if it came in one.
func fileName(path, name string) string {
	if path != "" {
		return path
	}
	return name
}
