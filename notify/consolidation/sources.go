package consolidation

import (
	"fmt"
	"strings"
)

// writeSources writes the address of every figure that is shown, and returns
// for each unit the line of its first one.
func (w *writer) writeSources(name string) (map[string]int, error) {
	s := &sheet{name: name, filter: true, frozen: 1,
		widths: []float64{0, 0, 0, 0, 9.5, 12.5, 0, 5.5, 0, 6.5, 16, 16, 29}}
	s.add(cell{value: w.say("NGUỒN SỐ LIỆU: TỪNG CON SỐ LẤY TỪ ĐÂU", "SOURCES: WHERE EACH FIGURE COMES FROM"), look: title})
	s.add(cell{value: w.subtitle(), look: subtitle})
	heads := []string{
		w.say("Mã", "Code"), w.say("Đơn vị", "Unit"), w.say("Biểu", "Table"), w.say("Chỉ tiêu", "Figure"), w.say("Giá trị", "Value"),
		w.say("Tính vào tổng", "In the sum"), w.say("Tệp đơn vị gửi", "File as sent"), w.say("Lần", "Ver."), "Sheet", w.say("Ô", "Cell"),
		w.say("Mã tiếp nhận", "Receipt"), w.say("Nhận lúc", "Received"), "SHA-256",
	}
	if w.Path != nil {
		heads = append(heads, w.say("Nơi lưu", "Kept in"))
		s.widths = append(s.widths, 38)
	}
	line := len(s.lines) + 1
	s.heads = [2]int{line, line}
	var cells []cell
	for _, h := range heads {
		cells = append(cells, cell{value: h, look: heading})
	}
	s.add(cells...)

	small := look{border: true, wrap: true, across: "left", size: 8}
	first := map[string]int{}
	for _, r := range w.rows {
		if r.part == nil || r.shared != "" {
			continue
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
		for _, in := range w.numbers {
			v, ok := number(c.Part, in.Name)
			if !ok {
				continue
			}
			sheetName, at := place(c.Part.Places[in.Name])
			s.widths[4] = max(s.widths[4], digits(v, in.Type == "decimal"))
			value := figure(in)
			value.fill = shade(c, in.Name)
			cells := []cell{
				{value: r.unit.Code, look: text}, {value: short(r), look: text},
				{value: in.Table, look: text}, {value: in.Label(), look: text}, {value: v, look: value},
				{value: w.mark(r), look: centred}, {value: fileName(c.Part.Path, c.Part.Name), look: text}, {value: c.Version, look: centred},
				{value: sheetName, look: text}, {value: at, look: centred},
				{value: arrival, look: centred}, {value: w.when(c.Received), look: centred}, {value: c.Part.SHA256, look: small},
			}
			if w.Path != nil {
				cells = append(cells, cell{value: kept, look: small})
			}
			line := s.add(cells...)
			if first[r.unit.Code] == 0 {
				first[r.unit.Code] = line
			}
		}
	}
	for column, bounds := range map[int][2]float64{1: {9, 16}, 2: {14, 24}, 3: {8, 24}, 4: {20, 42}, 7: {16, 32}, 9: {8, 18}} {
		s.fit(column, bounds[0], bounds[1])
	}
	return first, w.put(s)
}

// short is the unit's short name: its row elsewhere has the full one.
func short(r row) string {
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
