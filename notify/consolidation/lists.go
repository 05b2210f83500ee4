package consolidation

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"dondoc/intake/finding"
)

// openColumns finds the columns of each list that units write in; a locked
// one (the running number) is the form's own. It looks at the form's sheets
// before they are taken out.
func (w *writer) openColumns() (map[string][]finding.Column, error) {
	open := map[string][]finding.Column{}
	for _, list := range w.Form.Lists {
		for _, column := range list.Columns {
			number, line, err := excelize.CellNameToCoordinates(column.Cell)
			if err != nil {
				return nil, err
			}
			id, err := w.f.GetCellStyle(list.Sheet, ref(number, line+1))
			if err != nil {
				return nil, err
			}
			style, err := w.f.GetStyle(id)
			if err != nil {
				return nil, err
			}
			if style.Protection != nil && !style.Protection.Locked {
				open[list.Name] = append(open[list.Name], column)
			}
		}
	}
	return open, nil
}

// writeLists writes, for each list of the form, the rows of all units.
func (w *writer) writeLists(open map[string][]finding.Column) error {
	for i, list := range w.Form.Lists {
		if err := w.writeList(w.names.lists[i], list, open[list.Name]); err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) writeList(name string, list finding.List, columns []finding.Column) error {
	s := &sheet{name: name, widths: []float64{5.5, 13, 26}}
	s.head(strings.ToUpper(list.Sheet), title)
	s.head(w.subtitle(), subtitle)
	cells := []cell{{value: w.say("TT", "No."), look: heading}, {value: w.say("Mã", "Code"), look: heading}, {value: w.say("Đơn vị", "Unit"), look: heading}}
	for _, c := range columns {
		cells = append(cells, cell{value: c.Key, look: heading})
		s.widths = append(s.widths, 11)
	}
	for _, head := range []string{w.say("Phụ lục", "Form"), w.say("Tệp đơn vị gửi", "File as sent"), w.say("Ô đầu dòng", "First cell")} {
		cells = append(cells, cell{value: head, look: heading})
	}
	s.widths = append(s.widths, 12, 26, 18)
	line := s.add(cells...)
	s.heads = [2]int{line, line}

	n := 0
	for k := range w.rows {
		r := &w.rows[k]
		if r.part == nil || r.shared != "" {
			continue
		}
		p := r.part.Part
		for i := 1; i <= listed(p, list.Name); i++ {
			filled, at := false, ""
			var values []cell
			for _, column := range columns {
				key := fmt.Sprintf("%s[%d].%s", list.Name, i, column.Key)
				c := written(p.Values[key], column.Type)
				filled = filled || c.value != nil
				if at == "" {
					at = p.Places[key]
				}
				values = append(values, c)
			}
			if !filled {
				continue
			}
			n++
			cells := []cell{{value: n, look: centred}, {value: r.unit.Code, look: text}, {value: r.unit.Name, look: text}}
			cells = append(cells, values...)
			cells = append(cells, cell{value: w.listMark(r), look: centred},
				cell{value: fileName(p.Path, p.Name), look: text}, cell{value: at, look: text})
			line := s.add(cells...)
			if w.Path == nil || w.Link == nil || len(s.files) >= maxTold {
				continue
			}
			if kept := w.Path(r.part.Arrival, r.part.Decision, p); kept != "" {
				cells[len(cells)-2].look.link = true
				s.files = append(s.files, fileLink{ref(len(cells)-1, line), w.Link(kept), ""})
			}
		}
	}
	s.fit(2, 9, 16)
	s.fit(3, 14, 28)
	for k := range columns {
		s.fit(4+k, 11, 32)
	}
	s.fit(5+len(columns), 16, 28)
	if s.filter = n > 0; n == 0 {
		w.remark(s, w.say("Chưa có đơn vị nào ghi danh mục này.", "No unit has filled in this list yet."))
	}
	return w.put(s)
}

// listMark says what became of the form that the list came in. A list is not
// added up, so only what is not settled is marked.
func (w *writer) listMark(r *row) string {
	if r.class == counted || r.class == noFigures {
		return w.say("Đã nhận", "Accepted")
	}
	return w.classWord(r)
}

var listKey = regexp.MustCompile(`^([^\[\]]+)\[([1-9][0-9]{0,4})\]\.`)

// listed is the number of the last row that the part has of a list.
func listed(p finding.Part, name string) int {
	last := 0
	for key := range p.Values {
		if m := listKey.FindStringSubmatch(key); m != nil && m[1] == name {
			if n, err := strconv.Atoi(m[2]); err == nil {
				last = max(last, n)
			}
		}
	}
	return last
}

// written is a value of a list as a cell of its type.
func written(v any, kind string) cell {
	switch v := v.(type) {
	case float64:
		return cell{value: v, look: figure(finding.Input{Type: kind})}
	case int:
		return cell{value: v, look: figure(finding.Input{Type: kind})}
	case string:
		if day, err := time.Parse(time.DateOnly, v); err == nil && kind == "date" {
			l := centred
			l.format = "dd/mm/yyyy"
			return cell{value: int(day.Sub(time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)).Hours() / 24), look: l}
		}
		if v != "" {
			return cell{value: v, look: text}
		}
	}
	return cell{look: text}
}
