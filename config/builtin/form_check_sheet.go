package builtin

import (
	"fmt"
	"strings"

	"github.com/xuri/excelize/v2"
)

// check is the sheet "Kiểm tra": what a unit sees of the rules while it
// types, and what the program holds a returned form to. They are the same
// formulas, so they cannot disagree.
func check(b *book) {
	b.sheet = checkSheet
	all := rules()
	row := checkHead
	var shown, hidden []rule
	for _, r := range all {
		if r.hidden {
			hidden = append(hidden, r)
		} else {
			shown = append(shown, r)
		}
	}
	digests := []struct{ code, check string }{
		{"N09", "Không có số cao hơn nhiều so với mức thường gặp"},
		{"M03", "Danh mục mô hình: mỗi dòng có tên mô hình hoặc tên tệp Word"},
		{"M04", "Danh mục mô hình: có tệp Word, hoặc cấp và số, ngày văn bản công nhận"},
		{"M05", "Danh mục mô hình: lĩnh vực là một trong 04 lĩnh vực"},
	}
	firstHidden := checkHead + 1 + len(shown) + len(digests)
	last := firstHidden + len(hidden) - 1

	checkTop(b, last)
	for _, r := range shown {
		row++
		b.ruleRow(row, r)
	}
	for _, d := range digests {
		row++
		b.digestRow(row, d.code, d.check, hidden, firstHidden)
	}
	lastShown := row
	for _, r := range hidden {
		row++
		b.ruleRow(row, r)
		b.do(b.f.SetRowVisible(b.sheet, row, false))
	}
	for _, column := range hiddenColumns {
		b.do(b.f.SetColVisible(b.sheet, column, false))
	}
	b.verdictColours(fmt.Sprintf("%s%d:%s%d", colVerdict, checkHead+1, colVerdict, lastShown))
	b.protect()
	b.do(b.f.SetPanes(b.sheet, &excelize.Panes{Freeze: true, YSplit: checkHead, TopLeftCell: fmt.Sprintf("A%d", checkHead+1), ActivePane: "bottomLeft"}))
	b.page(fmt.Sprintf("A1:D%d", lastShown), fmt.Sprintf("%d:%d", checkHead, checkHead), fmt.Sprintf("A1:%s%d", hiddenColumns[len(hiddenColumns)-1], last), 85)
}

// checkTop says in one line whether the form can be sent.
func checkTop(b *book, last int) {
	b.widths(8, 52, 22, 100, 8, 10, 60, 40, 30, 30, 12, 12, 12)
	area := func(column string) string {
		return fmt.Sprintf("$%s$%d:$%s$%d", column, checkHead+1, column, last)
	}
	// Rows that sum up others have no severity, and are not counted twice.
	n := func(verdict, severity string) string {
		return fmt.Sprintf(`COUNTIFS(%s,"%s",%s,"%s")`, area(colVerdict), verdict, area(colSeverity), severity)
	}
	const entered, mends, explains, remarks = "F1", "F2", "F3", "F4"
	b.formula(entered, "COUNT("+allCounts+")")
	b.formula(mends, n(mend, "E"))
	b.formula(explains, n(mustExplain, "X"))
	b.formula(remarks, n(remark, "W"))

	for i, l := range []look{
		{bold: true, size: 13, across: "left"},
		{bold: true, size: 14, across: "center"},
		{italic: true, across: "center"},
		{bold: true, size: 13, across: "center", wrap: true, border: true, fill: yellow},
	} {
		line := fmt.Sprintf("A%d:D%d", i+1, i+1)
		b.merge(line)
		b.dress(line, l)
	}
	b.height(20, 1, 3)
	b.height(26, 2)
	b.height(38, 4)
	b.height(8, 5)
	b.height(22, checkHead)
	b.formula("A1", fmt.Sprintf(`IF(LEN(TRIM(%s))=0,"TÊN CƠ QUAN, ĐƠN VỊ",%s)`, unitName, unitName))
	b.set("A2", "TỰ KIỂM TRA TRƯỚC KHI GỬI")
	b.set("A3", "Các dòng dưới đây tự tính theo số liệu đã nhập; không phải ghi gì vào sheet này. Dòng “CẦN GIẢI TRÌNH”: sửa số liệu, hoặc ghi lý do ở cột Ghi chú.")
	two := func(cell string) string { return fmt.Sprintf(`IF(%s<10,"0","")&%s`, cell, cell) }
	b.formula("F5", "28-"+entered)
	b.formula("A4", fmt.Sprintf(`IF(%s=0,"Chưa nhập số liệu.",`+
		`IF(%s+%s>0,"CẦN XEM LẠI: "&%s&" nội dung cần sửa, "&%s&" nội dung cần giải trình.",`+
		`IF(%s<28,"Các số đã nhập: ĐẠT.","ĐẠT: số liệu đã nhập đủ và khớp."))`+
		`&IF(%s>0," Lưu ý: "&%s&" nội dung.","")`+
		`&IF(%s<28," Còn "&%s&"/28 ô số liệu chưa nhập; không phát sinh ghi 0.",""))`,
		entered, mends, explains, two(mends), two(explains), entered, remarks, two(remarks), entered, two("F5")))

	for _, h := range []struct{ column, head string }{
		{colCode, "Mã"}, {colCheck, "Điều kiểm tra"}, {colVerdict, "Kết luận"}, {colText, "Nội dung"},
		{colSeverity, "Mức"}, {colHolds, "Kết quả"}, {colMessage, "Message"}, {colCells, "Ô"}, {colExplain, "Ô giải trình"}, {colNotes, "Giải trình"},
		{colFigures[0], "(1)"}, {colFigures[1], "(2)"}, {colFigures[2], "(3)"},
	} {
		cell := fmt.Sprintf("%s%d", h.column, checkHead)
		b.set(cell, h.head)
		b.dress(cell, heading)
	}
}

func (b *book) ruleRow(row int, r rule) {
	at := func(column string) string { return fmt.Sprintf("%s%d", column, row) }
	b.set(at(colCode), r.code)
	b.set(at(colSeverity), r.severity)
	b.set(at(colCheck), r.check)

	holds := r.holds
	failed := map[string]string{"E": mend, "X": mustExplain, "W": remark, "I": remark}[r.severity]
	verdict := fmt.Sprintf(`IF(%s,"%s","%s")`, at(colHolds), pass, failed)
	if r.severity == "X" && len(r.explain) > 0 {
		verdict = fmt.Sprintf(`IF(%s,"%s",IF(LEN(%s)>0,"%s","%s"))`, at(colHolds), pass, at(colNotes), explained, failed)
	}
	if r.entered != "" {
		holds = "OR(NOT(" + r.entered + ")," + r.holds + ")"
		verdict = fmt.Sprintf(`IF(NOT(%s),"%s",%s)`, r.entered, nothing, verdict)
	}
	b.formula(at(colHolds), holds)
	b.formula(at(colVerdict), verdict)
	var figures, earlier []string
	for i, formula := range r.figures {
		cell := at(colFigures[i])
		b.formula(cell, strings.NewReplacer(earlier...).Replace(formula))
		figures = append(figures, cell)
		earlier = append(earlier, fmt.Sprintf("{%d}", i), cell)
	}
	b.formula(at(colText), fmt.Sprintf(`IF(%s,"",%s)`, at(colHolds), words(r.vi, figures)))
	b.formula(at(colMessage), fmt.Sprintf(`IF(%s,"",%s)`, at(colHolds), words(r.en, figures)))

	b.set(at(colCells), listed(r.cells))
	if len(r.explain) > 0 {
		b.set(at(colExplain), listed(r.explain))
		b.formula(at(colNotes), joined(r.explain))
	}
	b.checkLook(row)
}

// listed is addresses as one text, each with its sheet.
func listed(cells []string) string {
	qualified := make([]string, len(cells))
	for i, cell := range cells {
		qualified[i] = cell
		if !strings.Contains(cell, "!") {
			qualified[i] = on(cell)
		}
	}
	return strings.Join(qualified, ", ")
}

// digestRow shows the worst of the hidden rules with one code as one row. It
// has no code and no result of its own: it is for the unit's eyes only.
func (b *book) digestRow(row int, code, what string, hidden []rule, from int) {
	at := func(column string) string { return fmt.Sprintf("%s%d", column, row) }
	area := func(column string) string {
		return fmt.Sprintf("$%s$%d:$%s$%d", column, from, column, from+len(hidden)-1)
	}
	verdict := quote(nothing)
	for _, v := range []string{pass, explained, remark, mustExplain, mend} {
		verdict = fmt.Sprintf(`IF(COUNTIFS(%s,%s,%s,%s)>0,%s,%s)`,
			area(colCode), quote(code), area(colVerdict), quote(v), quote(v), verdict)
	}
	// The first of them with this verdict speaks for all.
	words := `""`
	for i := len(hidden) - 1; i >= 0; i-- {
		if hidden[i].code == code {
			words = fmt.Sprintf(`IF(%s%d=%s,%s%d,%s)`, colVerdict, from+i, at(colVerdict), colText, from+i, words)
		}
	}
	b.set(at(colCheck), what)
	b.formula(at(colVerdict), verdict)
	b.formula(at(colText), words)
	b.checkLook(row)
}

func (b *book) checkLook(row int) {
	at := func(column string) string { return fmt.Sprintf("%s%d", column, row) }
	b.height(32, row)
	b.dress(at(colCode), mark)
	b.dress(at(colCheck), label)
	b.dress(at(colVerdict), look{bold: true, across: "center", border: true})
	b.dress(at(colText), label)
	for _, column := range hiddenColumns {
		b.dress(at(column), look{across: "left", border: true})
	}
}

// verdictColours lets a reader see from afar what is wrong.
func (b *book) verdictColours(area string) {
	for _, c := range []struct{ verdict, ink, fill string }{
		{pass, "375623", "E2EFDA"},
		{mend, "9C0006", "FFC7CE"},
		{mustExplain, "9C5700", "FFEB9C"},
		{explained, "375623", "E2EFDA"},
		{remark, "9C5700", "FFF2CC"},
		{nothing, "7F7F7F", "FFFFFF"},
	} {
		style, err := b.f.NewConditionalStyle(&excelize.Style{
			Font: &excelize.Font{Color: c.ink, Bold: true},
			Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{c.fill}},
		})
		b.do(err)
		b.do(b.f.SetConditionalFormat(b.sheet, area, []excelize.ConditionalFormatOptions{
			{Type: "cell", Criteria: "=", Format: &style, Value: `"` + c.verdict + `"`}}))
	}
}
