package consolidation

import (
	"fmt"
	"slices"
	"strings"

	"dondoc/intake/finding"
	"dondoc/schedule/standing"
)

// writeNotes says how the sums were made: what they cover, what they leave out
// and why, so that nobody has to ask.
func (w *writer) writeNotes() error {
	name, err := w.newSheet(w.say("Ghi chú", "Notes"))
	if err != nil {
		return err
	}
	s := &sheet{name: name, widths: []float64{30, 108}}
	s.add(cell{value: w.say("GHI CHÚ PHƯƠNG PHÁP", "NOTES ON METHOD"), look: title})
	line := s.add(cell{value: w.say("Nội dung", "About"), look: heading}, cell{value: w.say("Ghi chú", "Note"), look: heading})
	s.heads = [2]int{line, line}
	note := func(about, words string) {
		bold := text
		bold.bold = true
		s.add(cell{value: about, look: bold}, cell{value: words, look: text})
	}
	w.about(note)
	w.coverageNotes(note)
	w.methodNotes(note)
	return w.put(s)
}

func (w *writer) about(note func(about, words string)) {
	l := w.Campaign.Letter
	note(w.say("Văn bản", "Letter"), strings.TrimSpace(l.Name.In(w.Lang)+". "+l.Title.In(w.Lang)))
	note(w.say("Thời điểm tổng hợp", "As of"), w.when(w.Now))
	if w.Form.Version != "" {
		note(w.say("Mẫu", "Form"), strings.TrimSpace(w.Form.Campaign+" "+w.Form.Version))
	}
}

func (w *writer) coverageNotes(note func(about, words string)) {
	t := w.totals
	note(w.say("Phạm vi", "Coverage"), fmt.Sprintf(w.say(
		"Tổng hợp số liệu của %d/%d đơn vị (%d phụ lục; đơn vị dùng chung một báo cáo chỉ có một phụ lục).",
		"The sums cover %d of %d units (%d filled-in forms; units that share one report have one form)."), t.Units, t.OfUnits, t.Dossiers))
	for _, k := range w.groups() {
		in, of := 0, 0
		for _, r := range w.rows {
			if r.unit.Category == k && (r.part != nil || r.owes(w.Campaign)) {
				of++
				if r.class == counted {
					in++
				}
			}
		}
		note("   "+w.group(k), fmt.Sprintf(w.say("%d/%d đơn vị", "%d of %d units"), in, of))
	}
	w.name(note, w.say("Chưa có số liệu", "No figures yet"), w.say("Để trống, không coi là 0.", "Left blank, not taken as zero."),
		func(r row) bool { return r.class == missing && r.at.Owes.Appendix })
	w.name(note, w.say("Được miễn phụ lục", "Exempt from the form"), "",
		func(r row) bool { return r.class == missing && r.owes(w.Campaign) && !r.at.Owes.Appendix })
	w.name(note, w.say("Nhận ngoài hộp thư, chưa nhập số liệu", "Received outside the mailbox, figures not entered"),
		w.say("Đã ghi nhận, không có số để cộng.", "Recorded, with nothing to add up."), func(r row) bool { return r.class == noFigures })
	w.name(note, w.say("Chờ xác nhận", "Unconfirmed"),
		w.say("Gửi từ địa chỉ chưa đăng ký và chưa được xác nhận là của đơn vị: cộng riêng, không tính vào tổng.",
			"Sent from an address that is not registered and not confirmed as the unit's: summed apart, not in the sums."),
		func(r row) bool { return r.class == claimed })
	w.name(note, w.say("Chờ sửa", "To be fixed"),
		w.say("Phụ lục có nội dung đơn vị phải sửa: số đọc được vẫn hiện ở dòng của đơn vị, không tính vào tổng cho đến khi sửa xong.",
			"The form has something that the unit must fix: what could be read is shown in its row, and not in the sums until it is fixed."),
		func(r row) bool { return r.class == fixing })
	w.name(note, w.say("Chờ xem", "Waiting for the desk"),
		w.say("Cần người xem và quyết định: hiện ở dòng của đơn vị, không tính vào tổng.",
			"A person has to look and decide: shown in the unit's row, not in the sums."),
		func(r row) bool { return r.class == waiting })
	w.name(note, w.say("Có bản mới hơn đang chờ", "A newer form is waiting"),
		w.say("Bản mới hơn chưa được xác nhận hoặc chờ người xem; số liệu vẫn lấy từ bản đang tính.",
			"The newer form is unconfirmed or waits for a person; the figures are those of the one that counts."),
		func(r row) bool {
			return r.shared == "" && slices.ContainsFunc(r.at.Waiting, func(c standing.Counted) bool { return c.Kind == finding.Appendix })
		})
	var shared []string
	for _, r := range w.rows {
		if r.shared != "" {
			shared = append(shared, fmt.Sprintf(w.say("%s (%s) dùng chung báo cáo của %s", "%s (%s) shares the report of %s"), r.unit.Name, r.unit.Code, r.shared))
		}
	}
	w.pieces(note, w.say("Báo cáo chung", "Shared reports"),
		w.say("Số liệu nằm ở dòng của đơn vị đã gửi và chỉ tính một lần.", "The figures stand in the row of the unit that sent them and count once."), shared)
}

// name lists the units of a kind, if there are any.
func (w *writer) name(note func(about, words string), about, words string, keep func(row) bool) {
	var names []string
	for _, r := range w.rows {
		if keep(r) {
			names = append(names, fmt.Sprintf("%s (%s)", r.unit.Name, r.unit.Code))
		}
	}
	w.pieces(note, about, words, names)
}

// pieces writes a list over as many lines as it needs: a line of a sheet can
// be 409 points high and no more.
func (w *writer) pieces(note func(about, words string), about, words string, names []string) {
	if len(names) == 0 {
		return
	}
	about = fmt.Sprintf("%s: %d", about, len(names))
	if words != "" {
		words += "\n"
	}
	for piece := range slices.Chunk(names, 40) {
		note(about, words+strings.Join(piece, "; "))
		about, words = "", ""
	}
}

func (w *writer) methodNotes(note func(about, words string)) {
	note(w.say("Cách cộng", "What is added up"), w.say(
		"Chỉ cộng phụ lục đã nhận (kể cả nhận kèm lưu ý), đã giải trình, hoặc được Phòng chấp nhận. Mỗi đơn vị lấy bản đang có hiệu lực, thường là bản mới nhất. Cột “Tính vào tổng” của sheet “Theo đơn vị” quyết định dòng nào được cộng.",
		"Only forms that were accepted (with or without notes), explained, or taken by the desk are added up, for each unit the one in force, as a rule the newest. The column “In the sum” of the sheet “By unit” decides which rows are added."))
	note(w.say("Ô trống", "Blanks"), w.say(
		"Ô trống lẻ mà đơn vị được nhận kèm lưu ý tính là 0, theo hướng dẫn của mẫu. Đơn vị chưa có số liệu để trống, không phải 0. Tổng để trống khi chưa có số nào để cộng.",
		"A single blank that was accepted with a note counts as 0, as the form's guide says. A unit without figures is left blank, which is not zero. A sum is blank while there is nothing to add."))
	note(w.say("Nguy cơ cộng trùng", "Double counting"), w.doubleCounting())
	note(w.say("Truy nguyên", "Tracing"), w.say(
		"Sheet “Nguồn số liệu” ghi từng con số lấy từ đơn vị nào, tệp nào, lần gửi thứ mấy, sheet nào, ô nào, và mã băm SHA-256 của tệp gốc. Bấm vào mã đơn vị ở “Theo đơn vị” để đến các dòng của đơn vị đó.",
		"The sheet “Sources” says for each figure which unit, file, version, sheet and cell it comes from, and the SHA-256 of the original file. A click on a unit's code in “By unit” leads to its lines."))
	note(w.say("Màu", "Colours"), w.say(
		"Nền đỏ nhạt: ô phải sửa, hoặc dòng chưa tính vào tổng vì chờ sửa, chờ xem. Nền vàng: ô đã nhận kèm lưu ý hoặc giải trình, hoặc dòng chờ xác nhận. Chữ số nghiêng: chưa tính vào tổng.",
		"Light red: a cell to be fixed, or a row that is not in the sums because it is to be fixed or looked at. Yellow: a cell accepted with a note or an explanation, or a row that is unconfirmed. Figures in italics are not in the sums."))
	note(w.say("Biểu tổng hợp", "The form with sums"), w.say(
		"Các sheet đầu là chính mẫu đã giao, ô nhập là tổng của các đơn vị; ô tổng và tỷ lệ do công thức của mẫu tính trên tổng đó (tỷ lệ không phải là trung bình của các đơn vị). Tổng trong ô nhập là số cố định tại thời điểm tổng hợp. Ô chữ của mẫu (số báo cáo, ghi chú…) không tổng hợp.",
		"The first sheets are the form itself with the units' sums in its inputs; totals and rates are computed by its own formulas over those sums (a rate is not the mean of the units' rates). The sums in its inputs are fixed as of the time above. Its text cells (number of the report, notes…) are not consolidated."))
}

// doubleCounting is true of every consolidation of units within units.
func (w *writer) doubleCounting() string {
	return w.say(
		"Lưu ý: phạm vi số liệu của các đơn vị có thể chồng nhau (đơn vị cấp trên báo cả phần của đơn vị trực thuộc cũng nằm trong danh sách, cơ quan theo ngành dọc báo phần đã có trong số liệu của địa bàn), nên tổng chung có nguy cơ cộng trùng. Khi sử dụng nên xem theo từng nhóm.",
		"Note: what the units report may overlap (a unit may include what its subordinates, also listed here, report; a vertical body may include what is in a district's figures), so the overall sum may count some things twice. Prefer the figures by group.")
}
