package consolidation

import (
	"fmt"

	"dondoc/config"
)

// writeChanges writes what differs from an earlier moment, where one was named:
// the sums first, then the units and cells that made the difference.
func (w *writer) writeChanges() error {
	if w.Since == nil {
		return nil
	}
	c := w.compare()
	s := &sheet{name: w.names.changes, widths: []float64{15, 28, 10, 40, 17, 13, 13, 13, 13, 13}}
	s.head(w.say("THAY ĐỔI TRONG SỐ LIỆU TỔNG HỢP", "WHAT CHANGED IN THE SUMS"), title)
	s.head(fmt.Sprintf(w.say("Từ %s (%d đơn vị có số liệu) đến %s (%d đơn vị có số liệu)", "From %s (%d units with figures) to %s (%d units with figures)"),
		w.when(c.Since), c.Before, w.when(c.Now), c.After), subtitle)
	heads := func(words ...string) {
		var cells []cell
		for _, h := range words {
			cells = append(cells, cell{value: h, look: heading})
		}
		s.add(cells...)
	}
	section := func(words string) {
		s.add()
		s.add(cell{value: words, look: look{bold: true, size: 12}})
	}
	inputs := map[string]int{}
	for i, in := range w.numbers {
		inputs[in.Name] = i
	}
	describe := func(input string) (table, label string, l look) {
		l = look{border: true, across: "center", format: "#,##0"}
		if i, ok := inputs[input]; ok {
			in := w.numbers[i]
			return in.Table, in.Label(), figure(in)
		}
		return "", input, l
	}
	number := func(v *float64, l look) cell {
		if v == nil {
			return cell{look: l}
		}
		return cell{value: *v, look: l}
	}
	section(w.say("1. Tổng thay đổi thế nào", "1. How the sums changed"))
	if len(c.Effects) == 0 {
		s.add(cell{value: w.say("Không có tổng nào thay đổi.", "No sum changed."), look: look{italic: true}})
	} else {
		heads(w.say("Tên ô", "Input"), "", w.say("Biểu", "Table"), w.say("Chỉ tiêu", "Figure"), w.say("Trước", "Before"), w.say("Nay", "Now"), w.say("Chênh lệch", "Difference"),
			w.say("Do đơn vị mới vào", "By units that came in"), w.say("Do đơn vị ra khỏi tổng", "By units that left"), w.say("Do sửa số", "By changed cells"))
		s.merge(1, s.n, 2, s.n)
		for _, e := range c.Effects {
			table, label, l := describe(e.Input)
			line := s.n + 1
			by := l
			by.format = "+" + l.format + ";-" + l.format + ";0"
			s.merge(1, line, 2, line)
			s.add(cell{value: e.Input, look: text}, cell{look: text}, cell{value: table, look: text}, cell{value: label, look: text}, number(e.From, l), number(e.To, l),
				cell{value: e.By, look: by, formula: fmt.Sprintf("N(F%d)-N(E%[1]d)", line)},
				cell{value: e.Entered, look: by}, cell{value: e.Left, look: by}, cell{value: e.Changed, look: by})
		}
	}
	unit := func(code string) config.Unit {
		u, _ := w.Campaign.Unit(code)
		return u
	}
	units := func(title string, list []UnitChange) {
		section(title)
		if len(list) == 0 {
			s.add(cell{value: w.say("Không có.", "None."), look: look{italic: true}})
			return
		}
		heads(w.say("Mã", "Code"), w.say("Đơn vị", "Unit"), w.say("Số ô", "Figures"), w.say("Trước → nay", "Before → now"), w.say("Mã tiếp nhận", "Receipt"))
		for _, x := range list {
			s.add(cell{value: x.Unit, look: text}, cell{value: unit(x.Unit).Name, look: text}, cell{value: len(x.Values), look: centred},
				cell{value: x.From + " → " + x.To, look: text}, cell{value: x.Arrival, look: centred})
		}
	}
	units(w.say("2. Đơn vị mới được tính vào tổng", "2. Units that came into the sums"), c.In)
	units(w.say("3. Đơn vị không còn trong tổng", "3. Units that left the sums"), c.Out)
	section(w.say("4. Ô thay đổi", "4. Cells that changed"))
	if len(c.Cells) == 0 {
		s.add(cell{value: w.say("Không có.", "None."), look: look{italic: true}})
	} else {
		heads(w.say("Mã", "Code"), w.say("Đơn vị", "Unit"), w.say("Biểu", "Table"), w.say("Chỉ tiêu", "Figure"), w.say("Trước", "Before"), w.say("Nay", "Now"), w.say("Chênh lệch", "Difference"),
			w.say("Ô trước", "Cell before"), w.say("Ô nay", "Cell now"), w.say("Lần", "Version"))
		for _, x := range c.Cells {
			table, label, l := describe(x.Input)
			line := s.n + 1
			by := l
			by.format = "+" + l.format + ";-" + l.format + ";0"
			from, to := 0.0, 0.0
			if x.From != nil {
				from = *x.From
			}
			if x.To != nil {
				to = *x.To
			}
			_, was := place(x.Before.Cell)
			_, is := place(x.After.Cell)
			s.add(cell{value: x.Unit, look: text}, cell{value: unit(x.Unit).Name, look: text}, cell{value: table, look: text}, cell{value: label, look: text}, number(x.From, l), number(x.To, l),
				cell{value: plain(to - from), look: by, formula: fmt.Sprintf("N(F%d)-N(E%[1]d)", line)},
				cell{value: was, look: centred}, cell{value: is, look: centred}, cell{value: fmt.Sprintf("%d → %d", x.Before.Version, x.After.Version), look: centred})
		}
	}
	return w.put(s)
}
