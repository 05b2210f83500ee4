package builtin

import (
	"fmt"
	"strings"
)

// rule is one row of the sheet "Kiểm tra". The strings that are formulas are
// without their equals sign.
type rule struct {
	code, severity string
	check          string   // what is looked at, for the unit
	entered        string   // formula: there is something to look at; until then the rule holds and the row says CHƯA NHẬP
	holds          string   // formula: the rule holds
	figures        []string // formulas that the words quote; {0} in a later one is the first
	vi, en         string   // the words when it does not; {0} is the first of figures
	cells          []string
	explain        []string // the cells in which an explanation may stand
	hidden         bool     // not shown as a row; rows of the same code are shown as one, by digest
}

// Columns of the sheet. What a unit has no use for is hidden, and found by
// its head all the same.
const (
	colCode, colCheck, colVerdict, colText              = "A", "B", "C", "D"
	colSeverity, colHolds, colMessage, colCells         = "E", "F", "G", "H"
	colExplain, colNotes                                = "I", "J"
	checkHead                                           = 6
	pass, mend, explained, mustExplain, remark, nothing = "ĐẠT", "CẦN SỬA", "ĐÃ GIẢI TRÌNH", "CẦN GIẢI TRÌNH", "LƯU Ý", "CHƯA NHẬP"
)

// colFigures hold what the words of a rule quote.
var (
	colFigures    = []string{"K", "L", "M"}
	hiddenColumns = append([]string{colSeverity, colHolds, colMessage, colCells, colExplain, colNotes}, colFigures...)
)

// The counts by area, as formulas on other sheets speak of them.
var (
	allCounts  = strings.Join([]string{on("D11:E13"), on("D20:E23"), on("G20:H23"), on("D29:E31")}, ",")
	built      = on("G20:H23")
	recognised = on("E29:E31")
	replicated = on("D29:D31")
	allNotes   = append(append(notesOf("G", 11, 14), notesOf("K", 20, 24)...), notesOf("F", 29, 32)...)
)

// on is a reference to cells of the annex.
func on(area string) string { return "'" + annexSheet + "'!" + area }

func notesOf(letter string, from, to int) []string {
	var cells []string
	for row := from; row <= to; row++ {
		cells = append(cells, fmt.Sprintf("%s%d", letter, row))
	}
	return cells
}

// rules are those of rules.csv that concern the values within one form.
// Blank counts as zero; what is not a number at all is reported by the
// program where it stands, and rules that use it are then silent.
func rules() []rule {
	var all []rule
	all = append(all, cutOff())
	all = append(all, registered("tập thể", "collectives", "D"), registered("cá nhân", "individuals", "E"))
	for _, field := range byField[:4] {
		all = append(all,
			builtWithin(field, "Tập thể", "Collective", "G", "D"),
			builtWithin(field, "Cá nhân", "Individual", "H", "E"))
	}
	all = append(all, recognisedWithin(), replicatedAlone(), allZero())
	all = append(all, unusual()...)
	for i := range listRows {
		all = append(all, model(listHead+1+i, i+1)...)
	}
	return append(all, levels()...)
}

func cutOff() rule {
	const c6 = "DVK_NGAY_CHOT"
	return rule{
		code: "C11", severity: "W", check: "Ngày chốt số liệu (ô C6) là một ngày của năm 2022",
		// A date typed where Excel does not know dd/mm/yyyy stays text.
		holds:   fmt.Sprintf(`OR(AND(N(%s)>=DATE(2022,1,1),N(%s)<DATE(2023,1,1)),COUNTIF(%s,"*/2022")>0)`, c6, c6, on("C6")),
		figures: []string{fmt.Sprintf(`IF(N(%s)>0,TEXT(%s,"dd/mm/yyyy"),TRIM(%s))`, c6, c6, c6)},
		vi:      "Ô C6 (Số liệu tính đến ngày): “{0}” chưa đọc được là ngày của năm 2022, tạm ghi ngày nhận. Nếu khác, đề nghị phản hồi, ví dụ 15/10/2022.",
		en:      "Cell C6 (figures as of): “{0}” could not be read as a date of 2022, so the date of receipt is used for now. If it should differ, please let us know, for example 15/10/2022.",
		cells:   []string{"C6"},
	}
}

// registered is C03: the same registrations, counted by level and by field.
func registered(vi, en, column string) rule {
	one, two := on(column+"11:"+column+"13"), on(column+"20:"+column+"23")
	where := strings.NewReplacer("{cot}", vi, "{col}", en, "{x}", column)
	return rule{
		code: "C03", severity: "E", check: "Số đăng ký của " + vi + ": Biểu 1 khớp Biểu 2",
		entered: fmt.Sprintf("AND(COUNT(%s)>0,COUNT(%s)>0)", one, two),
		holds:   fmt.Sprintf("SUM(%s)=SUM(%s)", one, two),
		figures: []string{"SUM(" + one + ")", "SUM(" + two + ")", "ABS({0}-{1})"},
		vi:      where.Replace("Số đăng ký của {cot} chưa khớp: Biểu 1 (ô {x}14) là {0}, Biểu 2 (ô {x}24) là {1}, lệch {2}. Đề nghị xem lại các ô {x}11 đến {x}13 và {x}20 đến {x}23."),
		en:      where.Replace("The registered numbers of {col} do not match: Table 1 (cell {x}14) has {0}, Table 2 (cell {x}24) has {1}, a difference of {2}. Please review cells {x}11 to {x}13 and {x}20 to {x}23."),
		cells:   []string{column + "14", column + "24", column + "11:" + column + "13", column + "20:" + column + "23"},
	}
}

// builtWithin is C04: what was built is among what was registered, or
// somebody says why not.
func builtWithin(field line, vi, en, builtColumn, registeredColumn string) rule {
	xd, dk := fmt.Sprintf("%s%d", builtColumn, field.row), fmt.Sprintf("%s%d", registeredColumn, field.row)
	where := strings.NewReplacer("{nhan}", field.label, "{row}", field.label2, "{cot}", vi, "{col}", en, "{xd}", xd, "{dk}", dk)
	return rule{
		code: "C04", severity: "X", check: "Biểu 2, " + field.label + ", " + vi + ": xây dựng không vượt đăng ký",
		entered: fmt.Sprintf("COUNT(%s,%s)>0", on(xd), on(dk)),
		holds:   fmt.Sprintf("N(%s)<=N(%s)", on(xd), on(dk)),
		figures: []string{"N(" + on(xd) + ")", "N(" + on(dk) + ")"},
		vi:      where.Replace("Biểu 2, dòng “{nhan}”, {cot}: số đã xây dựng ({0}, ô {xd}) lớn hơn số đăng ký ({1}, ô {dk}). Đề nghị kiểm tra; nếu có mô hình phát sinh ngoài đăng ký, ghi rõ ở cột Ghi chú."),
		en:      where.Replace("Table 2, row “{row}”, {col}: the number built ({0}, cell {xd}) is larger than the number registered ({1}, cell {dk}). Please check it; if some models arose outside registration, please say so in the Notes column."),
		cells:   []string{xd, dk},
		explain: []string{fmt.Sprintf("K%d", field.row)},
	}
}

// recognisedWithin is C05. Any note of table 3 explains it: the form has no
// one place where a unit would say that a model of last year was recognised.
func recognisedWithin() rule {
	return rule{
		code: "C05", severity: "X", check: "Biểu 3: số được công nhận không vượt số đã xây dựng ở Biểu 2",
		entered: fmt.Sprintf("AND(COUNT(%s)>0,COUNT(%s)>0)", recognised, built),
		holds:   fmt.Sprintf("SUM(%s)<=SUM(%s)", recognised, built),
		figures: []string{"SUM(" + recognised + ")", "SUM(" + built + ")"},
		vi:      "Biểu 3: số được công nhận trong năm 2022 ({0}) lớn hơn số đã xây dựng ở Biểu 2 ({1}). Nếu có mô hình của các năm trước được công nhận trong năm 2022, đề nghị ghi rõ ở cột Ghi chú.",
		en:      "Table 3: the number recognised in 2022 ({0}) is larger than the number built in Table 2 ({1}). If models of earlier years were recognised in 2022, please say so in the Notes column.",
		cells:   []string{"E32", "I24"},
		explain: notesOf("F", 29, 32),
	}
}

func replicatedAlone() rule {
	return rule{
		code: "C06", severity: "W", check: "Biểu 3: có nhân rộng thì có xây dựng hoặc công nhận",
		entered: fmt.Sprintf("AND(COUNT(%s)>0,COUNT(%s)>0,COUNT(%s)>0)", replicated, recognised, built),
		holds:   fmt.Sprintf("OR(SUM(%s)<=0,SUM(%s)>0,SUM(%s)>0)", replicated, built, recognised),
		figures: []string{"SUM(" + replicated + ")"},
		vi:      "Biểu 3: có {0} mô hình được nhân rộng trong khi Biểu 2, Biểu 3 chưa có mô hình được xây dựng, công nhận. Đề nghị kiểm tra lại.",
		en:      "Table 3: {0} models are shown as replicated, while Tables 2 and 3 show none built or recognised. Please check it.",
		cells:   []string{"D32", "I24", "E32"},
	}
}

// allZero is C07. A note anywhere explains it: a unit without models says so
// where it finds room.
func allZero() rule {
	return rule{
		code: "C07", severity: "X", check: "Phụ lục có số liệu khác 0",
		entered: fmt.Sprintf("COUNT(%s)=28", allCounts),
		holds:   fmt.Sprintf("SUM(%s)<>0", allCounts),
		vi:      `Phụ lục ghi 0 ở tất cả các ô. Nếu năm 2022 không phát sinh, đề nghị ghi rõ “không phát sinh” ở một cột Ghi chú.`,
		en:      `The annex shows 0 in every cell. If there is nothing to report for 2022, please say “không phát sinh” (nothing to report) in one of the Notes columns.`,
		cells:   []string{"D11:E13", "D20:E23", "G20:H23", "D29:E31"},
		explain: allNotes,
	}
}

// unusual is N09 against the threshold of the unit's category, a row at a
// time, because a note explains its row. No threshold: never.
func unusual() []rule {
	type area struct {
		rows          []line
		vi, en, notes string
		cells         []string
		heads, headsE []string
	}
	var all []rule
	for _, a := range []area{
		{byLevel[:3], "Biểu 1", "Table 1", "G", []string{"D", "E"}, []string{"Tập thể", "Cá nhân"}, []string{"Collective", "Individual"}},
		{byField[:4], "Biểu 2", "Table 2", "K", []string{"D", "E", "G", "H"},
			[]string{"Số đăng ký - Tập thể", "Số đăng ký - Cá nhân", "Đã xây dựng - Tập thể", "Đã xây dựng - Cá nhân"},
			[]string{"Registered - Collective", "Registered - Individual", "Built - Collective", "Built - Individual"}},
		{spread[:3], "Biểu 3", "Table 3", "F", []string{"D", "E"}, []string{"Nhân rộng", "Công nhận"}, []string{"Replicated", "Recognised"}},
	} {
		for _, r := range a.rows {
			var refs, cells []string
			for _, c := range a.cells {
				cells = append(cells, fmt.Sprintf("%s%d", c, r.row))
				refs = append(refs, on(fmt.Sprintf("%s%d", c, r.row)))
			}
			// Which cell it is: the first that is as large as the largest.
			vi, en := `""`, `""`
			for i := len(cells) - 1; i >= 0; i-- {
				is := fmt.Sprintf("IF(N(%s)={0},", refs[i])
				vi = is + quote(fmt.Sprintf("%s (%s - %s)", cells[i], r.label, a.heads[i])) + "," + vi + ")"
				en = is + quote(fmt.Sprintf("%s (%s - %s)", cells[i], r.label2, a.headsE[i])) + "," + en + ")"
			}
			largest := "MAX(" + strings.Join(refs, ",") + ")"
			all = append(all, rule{
				code: "N09", severity: "X", hidden: true,
				check:   a.vi + ", " + r.label + ": không có số cao hơn nhiều so với mức thường gặp",
				entered: fmt.Sprintf("COUNT(%s)>0", strings.Join(refs, ",")),
				holds:   fmt.Sprintf("OR(N(%s)<=0,%s<=N(%s))", outlier, largest, outlier),
				figures: []string{largest, vi, en},
				vi:      a.vi + ", ô {1}: {0} cao hơn nhiều so với mức thường gặp. Đề nghị kiểm tra lại; nếu đúng, ghi lý do ở cột Ghi chú.",
				en:      a.en + ", cell {2}: {0} is much higher than the usual level. Please check it; if it is right, please give the reason in the Notes column.",
				cells:   cells,
				explain: []string{fmt.Sprintf("%s%d", a.notes, r.row)},
			})
		}
	}
	return all
}

// model is M03 to M05 for one row of the list. Which Word files came along is
// not for a form to know: a row is held to name one, and a row that names one
// is not asked for the rest.
func model(row, number int) []rule {
	at := func(column string) string { return fmt.Sprintf("'%s'!%s%d", listSheet, column, row) }
	filled := func(column string) string { return "LEN(TRIM(" + at(column) + "))>0" }
	var any []string
	for _, c := range listColumns[1:] {
		any = append(any, filled(c.column))
	}
	entered := "OR(" + strings.Join(any, ",") + ")"
	called := []string{
		fmt.Sprintf(`IF(%s,TRIM(%s),"số %02d trong danh mục")`, filled("B"), at("B"), number),
		fmt.Sprintf(`IF(%s,TRIM(%s),"No. %d of the list")`, filled("B"), at("B"), number),
	}
	var known []string
	for _, field := range fields {
		known = append(known, fmt.Sprintf("COUNTIF(%s,%s)>0", at("C"), quote(field)))
	}
	return []rule{{
		code: "M03", severity: "E", hidden: true,
		check:   fmt.Sprintf("Danh mục mô hình, dòng %d: có tên mô hình hoặc tên tệp Word", number),
		entered: entered,
		holds:   fmt.Sprintf("OR(%s,%s)", filled("B"), filled("H")),
		figures: called,
		vi:      "Mô hình “{0}”: chưa thấy nội dung “Tên mô hình, điển hình” và chưa ghi tên tệp Word.",
		en:      "Model “{1}”: the content “Name of the model” was not found, and no Word file is named.",
		cells:   []string{at("B"), at("H")},
	}, {
		code: "M04", severity: "X", hidden: true,
		check:   fmt.Sprintf("Danh mục mô hình, dòng %d: có cấp và số, ngày văn bản công nhận", number),
		entered: entered,
		holds:   fmt.Sprintf("OR(%s,AND(%s,%s))", filled("H"), filled("F"), filled("G")),
		figures: called,
		vi:      "Mô hình “{0}”: đề nghị bổ sung cấp và số, ngày văn bản công nhận, biểu dương, khen thưởng (cấp tỉnh hoặc cấp huyện).",
		en:      "Model “{1}”: please add the level, and the number and date of the document that recognised, commended or rewarded it (provincial or district level).",
		cells:   []string{at("F"), at("G")},
	}, {
		code: "M05", severity: "W", hidden: true,
		check:   fmt.Sprintf("Danh mục mô hình, dòng %d: lĩnh vực là một trong 04 lĩnh vực", number),
		entered: filled("C"),
		holds:   "OR(" + strings.Join(known, ",") + ")",
		figures: append(called[:2:2], "TRIM("+at("C")+")"),
		vi:      "Mô hình “{0}”: lĩnh vực “{2}” chưa khớp 04 lĩnh vực; đề nghị chọn lại.",
		en:      "Model “{1}”: the field “{2}” does not match one of the 04 fields; please choose again.",
		cells:   []string{at("C")},
	}}
}

// levels is C08, which nobody is told of: a district without grass-roots
// registrations (Lý Sơn has no communes), a department with those of others.
func levels() []rule {
	level := func(row line, holds, group, groupEN string) rule {
		area := on(fmt.Sprintf("D%d:E%d", row.row, row.row))
		sum := "SUM(" + area + ")"
		return rule{
			code: "C08", severity: "I", hidden: true,
			check:   "Biểu 1, " + row.label + ": theo thông lệ của " + group,
			entered: "COUNT(" + area + ")>0",
			holds:   fmt.Sprintf(holds, sum),
			figures: []string{sum},
			vi:      "Biểu 1: dòng “" + row.label + "” = {0}, khác thông lệ của nhóm " + group + ". Đề nghị kiểm tra lại cấp đăng ký.",
			en:      "Table 1: row “" + row.label2 + "” = {0}, which differs from the usual practice of the group " + groupEN + ". Please check the registration level.",
			cells:   []string{fmt.Sprintf("D%d:E%d", row.row, row.row)},
		}
	}
	district := `OR(` + unitCategory + `<>"huyen-thi-thanh-uy",` + unitCode + `="HU-LYSON",%s>0)`
	department := `OR(` + unitCategory + `<>"so-ban-nganh",%s=0)`
	return []rule{
		level(byLevel[2], district, "huyện, thị, thành ủy", "districts"),
		level(byLevel[1], department, "sở, ban, ngành", "departments"),
		level(byLevel[2], department, "sở, ban, ngành", "departments"),
	}
}

// words is a sentence with {0} as a formula: constants joined with the cells
// that hold the figures of the rule.
//
// The figures stand in cells of their own because excelize gives #VALUE! and
// no error for a formula that joins text with the difference of two sums.
func words(sentence string, figures []string) string {
	var parts []string
	for sentence != "" {
		constant, rest, found := strings.Cut(sentence, "{")
		if constant != "" {
			parts = append(parts, quote(constant))
		}
		if !found {
			break
		}
		var number int
		if _, err := fmt.Sscanf(rest, "%d}", &number); err != nil {
			panic("form: a sentence of a rule has a bad placeholder: " + sentence)
		}
		parts = append(parts, figures[number])
		_, sentence, _ = strings.Cut(rest, "}")
	}
	return strings.Join(parts, "&")
}

// quote is a text constant of a formula; Excel allows 255 characters in one.
func quote(s string) string {
	const most = 250
	var parts []string
	letters := []rune(s)
	for len(letters) > most {
		parts = append(parts, string(letters[:most]))
		letters = letters[most:]
	}
	parts = append(parts, string(letters))
	for i, part := range parts {
		parts[i] = `"` + strings.ReplaceAll(part, `"`, `""`) + `"`
	}
	return strings.Join(parts, "&")
}

// joined is the text of several cells as one.
func joined(cells []string) string {
	var refs []string
	for _, cell := range cells {
		refs = append(refs, on(cell))
	}
	return "TRIM(" + strings.Join(refs, `&" "&`) + ")"
}
