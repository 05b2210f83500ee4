package consolidation

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"dondoc/intake/finding"
)

// writeNotes says how the sums were made: what they cover, what they leave out
// and why, so that nobody has to ask.
func (w *writer) writeNotes() error {
	s := &sheet{name: w.names.notes, widths: []float64{30, 108}}
	s.head(w.say("GHI CHÚ PHƯƠNG PHÁP", "NOTES ON METHOD"), title)
	line := s.add(cell{value: w.say("Nội dung", "About"), look: heading}, cell{value: w.say("Ghi chú", "Note"), look: heading})
	s.heads = [2]int{line, line}
	note := func(about, words string) {
		bold := text
		bold.bold = true
		s.add(cell{value: about, look: bold}, cell{value: words, look: text})
	}
	w.about(note)
	w.coverageNotes(note)
	w.cutOffNotes(note)
	w.scopeNotes(note)
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
	for _, g := range w.groups {
		note("   "+g.name, fmt.Sprintf(w.say("%d/%d đơn vị", "%d of %d units"), g.units, g.of))
	}
	w.name(note, w.say("Chưa có số liệu", "No figures yet"), w.say("Để trống, không coi là 0.", "Left blank, not taken as zero."),
		func(r *row) bool { return r.class == missing && r.at.Owes.Appendix })
	w.name(note, w.say("Được miễn phụ lục", "Exempt from the form"), "",
		func(r *row) bool { return r.class == missing && r.owes(w.Campaign) && !r.at.Owes.Appendix })
	w.name(note, w.say("Nhận ngoài hộp thư, chưa nhập số liệu", "Received outside the mailbox, figures not entered"),
		w.say("Đã ghi nhận, không có số để cộng.", "Recorded, with nothing to add up."), func(r *row) bool { return r.class == noFigures })
	w.name(note, w.say("Chờ xác nhận", "Unconfirmed"),
		w.say("Gửi từ địa chỉ chưa đăng ký và chưa được xác nhận là của đơn vị: cộng riêng, không tính vào tổng.",
			"Sent from an address that is not registered and not confirmed as the unit's: summed apart, not in the sums."),
		func(r *row) bool { return r.class == claimed })
	w.name(note, w.say("Chờ sửa", "To be fixed"),
		w.say("Phụ lục có nội dung đơn vị phải sửa: số đọc được vẫn hiện ở dòng của đơn vị, không tính vào tổng cho đến khi sửa xong.",
			"The form has something that the unit must fix: what could be read is shown in its row, and not in the sums until it is fixed."),
		func(r *row) bool { return r.class == fixing })
	w.name(note, w.say("Chờ xem", "Waiting for the desk"),
		w.say("Cần người xem và quyết định: hiện ở dòng của đơn vị, không tính vào tổng.",
			"A person has to look and decide: shown in the unit's row, not in the sums."),
		func(r *row) bool { return r.class == waiting })
	w.name(note, w.say("Có bản mới hơn đang chờ", "A newer form is waiting"),
		w.say("Bản mới hơn chưa được xác nhận hoặc chờ người xem; số liệu vẫn lấy từ bản đang tính.",
			"The newer form is unconfirmed or waits for a person; the figures are those of the one that counts."),
		func(r *row) bool { return r.shared == "" && w.newerWaits(r) })
	w.name(note, w.say("Đang đính chính", "Being corrected"),
		w.say("Đơn vị báo số liệu có thay đổi nhưng chưa gửi lại tệp Excel; số liệu vẫn lấy từ bản đang tính.",
			"The unit says that figures change and has not sent the workbook again; the figures are those of the form that counts."),
		func(r *row) bool { return r.values != nil && r.at.CorrectedBy != "" })
	w.name(note, w.say("Bản tạm", "Provisional"),
		w.say("Phụ lục gửi trước, chưa có bản ký; số liệu được tính.", "The form came ahead of the signed one; its figures count."),
		func(r *row) bool { return r.values != nil && slices.Contains(r.at.ForNow, finding.Appendix) })
	w.name(note, w.say("Chỉ ghi tổng, chưa chia theo dòng", "A total without its rows"),
		w.say("Số tổng được cộng ở dòng “Chưa chia theo dòng”, không có trong các dòng.", "The total is added up in the line “Not divided by row” and is in none of the rows."),
		func(r *row) bool {
			return slices.ContainsFunc(w.aloneNumbers(), func(i int) bool { _, ok := r.value(i); return ok })
		})
	var shared []string
	for i := range w.rows {
		r := &w.rows[i]
		if r.shared != "" {
			shared = append(shared, fmt.Sprintf(w.say("%s (%s) dùng chung báo cáo của %s", "%s (%s) shares the report of %s"), r.unit.Name, r.unit.Code, r.shared))
		}
	}
	w.pieces(note, w.say("Báo cáo chung", "Shared reports"),
		w.say("Số liệu nằm ở dòng của đơn vị đã gửi và chỉ tính một lần.", "The figures stand in the row of the unit that sent them and count once."), shared)
}

// cutOffNotes say until when each unit counted: the dates that the form asks
// for and is handed out with, or all that it asks for where it has none ready.
func (w *writer) cutOffNotes(note func(about, words string)) {
	dates := slices.DeleteFunc(slices.Clone(w.Form.Inputs), func(in finding.Input) bool { return in.Type != "date" })
	if preset := slices.DeleteFunc(slices.Clone(dates), func(in finding.Input) bool { return in.Preset == "" }); len(preset) > 0 {
		dates = preset
	}
	for _, in := range dates {
		label := in.Label()
		if label == "" {
			label = in.Name
		}
		units := map[string][]string{}
		var days []string
		for i := range w.rows {
			r := &w.rows[i]
			if r.values == nil || r.class == noFigures {
				continue
			}
			day := w.say("không ghi", "not given")
			if v, ok := r.part.Part.Values[in.Name].(string); ok && v != "" {
				day = v
				if at, err := time.Parse(time.DateOnly, v); err == nil {
					day = at.Format("02/01/2006")
				}
			}
			if units[day] == nil {
				days = append(days, day)
			}
			units[day] = append(units[day], r.unit.Code)
		}
		slices.SortFunc(days, func(a, b string) int { return cmp.Or(len(units[b])-len(units[a]), strings.Compare(a, b)) })
		var pieces []string
		for i, day := range days {
			words := fmt.Sprintf(w.say("%s: %d đơn vị", "%s: %d units"), day, len(units[day]))
			if i > 0 || day != in.Preset {
				words += " (" + strings.Join(units[day], ", ") + ")"
			}
			pieces = append(pieces, words)
		}
		if len(pieces) > 0 {
			words := ""
			if in.Preset != "" {
				words = fmt.Sprintf(w.say("Ngày ghi sẵn trong mẫu: %s.", "The form is handed out with %s."), in.Preset)
			}
			w.lines(note, label, words, pieces)
		}
	}
}

// scopeNotes say what each unit was told to count, and whom the roster names
// above it: that is where counts overlap.
func (w *writer) scopeNotes(note func(about, words string)) {
	gather := func(of func(*row) string) (texts []string, units map[string][]string) {
		units = map[string][]string{}
		for i := range w.rows {
			if s := of(&w.rows[i]); s != "" {
				if units[s] == nil {
					texts = append(texts, s)
				}
				units[s] = append(units[s], w.rows[i].unit.Code)
			}
		}
		return texts, units
	}
	list := func(about, words string, texts []string, units map[string][]string) {
		var pieces []string
		for _, s := range texts {
			codes := strings.Join(units[s][:min(20, len(units[s]))], ", ")
			if len(units[s]) > 20 {
				codes += ", …"
			}
			pieces = append(pieces, fmt.Sprintf(w.say("%s: %d đơn vị (%s)", "%s: %d units (%s)"), s, len(units[s]), codes))
		}
		if len(pieces) > 0 {
			w.lines(note, about, words, pieces)
		}
	}
	texts, units := gather(func(r *row) string { return r.unit.ScopeNote })
	list(w.say("Phạm vi số liệu đã hướng dẫn", "Scope that units were told"), "", texts, units)
	texts, units = gather(func(r *row) string { return r.unit.Parent })
	list(w.say("Cấp trên theo danh sách đơn vị", "Superior by the roster"),
		w.say("Đơn vị thuộc một cấp trên hoặc ngành dọc có thể đã được tính trong số liệu của đơn vị khác.",
			"A unit under a superior or of a vertical system may be counted in another's figures already."), texts, units)
}

// lines writes pieces of text one below the other, over as many lines of the
// sheet as they need.
func (w *writer) lines(note func(about, words string), about, words string, pieces []string) {
	if words != "" {
		words += "\n"
	}
	for some := range slices.Chunk(pieces, 8) {
		note(about, words+strings.Join(some, ";\n"))
		about, words = "", ""
	}
}

// aloneNumbers are the totals that came alone.
func (w *writer) aloneNumbers() (alone []int) {
	for i := range w.numbers {
		if w.alone(i) {
			alone = append(alone, i)
		}
	}
	return alone
}

// name lists the units of a kind, if there are any.
func (w *writer) name(note func(about, words string), about, words string, keep func(*row) bool) {
	var names []string
	for i := range w.rows {
		if r := &w.rows[i]; keep(r) {
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
		"Chỉ cộng phụ lục đã nhận (kể cả nhận kèm lưu ý), đã giải trình, hoặc được Phòng chấp nhận. Mỗi đơn vị lấy bản đang có hiệu lực, thường là bản mới nhất. Cột “Tính vào tổng” của sheet “"+w.names.units+"” quyết định dòng nào được cộng; mọi biểu khác lấy số từ các dòng cộng của sheet ấy bằng công thức.",
		"Only forms that were accepted (with or without notes), explained, or taken by the desk are added up, for each unit the one in force, as a rule the newest. The column “In the sum” of the sheet “"+w.names.units+"” decides which rows are added; all other tables take their figures from its lines of sums, by formulas."))
	note(w.say("Cộng theo nhóm, cộng thẳng", "By group, and straight"), w.say(
		"Các biểu trình bày theo nhóm đơn vị trước; dòng “Cộng thẳng tất cả” là tổng số học của mọi đơn vị, chưa loại phần trùng.",
		"Tables give the groups of units first; the line “Straight sum of all” is the arithmetic sum of all units, overlaps not taken out."))
	note(w.say("So sánh với năm trước", "Last year"), w.say(
		"Không có số liệu năm trước trong đợt này, nên không so sánh với năm trước và luật so với năm trước (C10) không chạy.",
		"There are no figures of last year in this campaign: nothing is compared with them, and the rule that would (C10) is not applied."))
	note(w.say("Ô trống", "Blanks"), w.say(
		"Ô trống lẻ mà đơn vị được nhận kèm lưu ý tính là 0, theo hướng dẫn của mẫu. Đơn vị chưa có số liệu để trống, không phải 0. Tổng để trống khi chưa có số nào để cộng.",
		"A single blank that was accepted with a note counts as 0, as the form's guide says. A unit without figures is left blank, which is not zero. A sum is blank while there is nothing to add."))
	note(w.say("Nguy cơ cộng trùng", "Double counting"), w.doubleCounting())
	tracing := w.say(
		"Sheet “"+w.names.sources+"” ghi từng con số lấy từ đơn vị nào, tệp nào, lần gửi thứ mấy, sheet nào, ô nào, và mã băm SHA-256 của tệp gốc. Bấm vào mã đơn vị ở “"+w.names.units+"” để đến các dòng của đơn vị đó.",
		"The sheet “"+w.names.sources+"” says for each figure which unit, file, version, sheet and cell it comes from, and the SHA-256 of the original file. A click on a unit's code in “"+w.names.units+"” leads to its lines.")
	if w.Path != nil && w.Link != nil {
		tracing += w.say(
			" Bấm vào tên ở cột “Tệp đơn vị gửi” để mở tệp (tệp Excel mở ở đúng ô), nếu sổ tổng hợp nằm cùng máy với hồ sơ.",
			" A click on a name in “File as sent” opens the file (an Excel file at the cell), where the workbook lies on the machine of the filings.")
	}
	note(w.say("Truy nguyên", "Tracing"), tracing)
	note(w.say("Màu", "Colours"), w.say(
		"Nền đỏ nhạt: ô phải sửa, hoặc dòng chưa tính vào tổng vì chờ sửa, chờ xem. Nền vàng và dấu * sau con số: ô nhận kèm lưu ý, hoặc dòng chờ xác nhận. Nền cam và dấu †: ô đơn vị đã giải trình. Chữ số nghiêng: chưa tính vào tổng.",
		"Light red: a cell to be fixed, or a row that is not in the sums because it is to be fixed or looked at. Yellow and * behind the figure: a cell accepted with a note, or a row that is unconfirmed. Orange and †: a cell that the unit explained. Figures in italics are not in the sums."))
	note(w.say("Biểu tổng hợp", "The form with sums"), w.say(
		"Mẫu đã giao được kèm theo với ô nhập là tổng thẳng của các đơn vị; ô tổng và tỷ lệ do công thức của mẫu tính trên tổng đó (tỷ lệ không phải là trung bình của các đơn vị). Ô chữ của mẫu (số báo cáo, ghi chú…) không tổng hợp.",
		"The form is there again with the straight sums of the units in its inputs; totals and rates are computed by its own formulas over those sums (a rate is not the mean of the units' rates). Its text cells (number of the report, notes…) are not consolidated."))
}

// doubleCounting is true of every consolidation of units within units.
func (w *writer) doubleCounting() string {
	return w.say(
		"Lưu ý: phạm vi số liệu của các đơn vị có thể chồng nhau (đơn vị cấp trên báo cả phần của đơn vị trực thuộc cũng nằm trong danh sách, cơ quan theo ngành dọc báo phần đã có trong số liệu của địa bàn), nên tổng chung có nguy cơ cộng trùng. Khi sử dụng nên xem theo từng nhóm.",
		"Note: what the units report may overlap (a unit may include what its subordinates, also listed here, report; a vertical body may include what is in a district's figures), so the overall sum may count some things twice. Prefer the figures by group.")
}
