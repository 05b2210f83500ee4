package legacy

import "testing"

func TestLeftAlone(t *testing.T) {
	sheet := Run{"B¸o c¸o kÕt qu¶ thùc hiÖn phong trµo thi ®ua", ".VnTime"}
	for _, c := range []struct {
		why   string
		among []Run // other texts of the same sheet
		text  string
		font  string
	}{
		{"a section sign that was read wrongly is still a code", nil, "Â§", ""},
		{"degrees", nil, "25°C", ""},
		{"degrees in a sheet of TCVN3", []Run{sheet, sheet, sheet}, "25°C", ".VnTime"},
		{"a product of figures in a sheet of TCVN3", []Run{sheet, sheet, sheet}, "3 × 4 = 12", ".VnTime"},
		{"a French name", nil, "Café Théâtre Saint-Étienne", ""},
		{"a French name in a font that lies", nil, "François Lefèvre", ".VnTime"},
		{"a French word that VNI would read", nil, "Où", ""},
		{"German", nil, "Müller & Söhne GmbH, Straße 5", ""},
		{"German in a font that lies", nil, "Größe", "VNI-Times"},
		{"a French name among TCVN3", []Run{sheet, sheet, sheet}, "François Lefèvre, André", ".VnTime"},
		{"Spanish", nil, "El Niño, mañana", ""},
		{"Portuguese", nil, "João não está em São Paulo", ""},
		{"Swedish", nil, "Åke Öberg, Malmö", ""},
		{"fractions", nil, "½, ¾", ""},
		{"micrometres", nil, "5 µm ± 2", ""},
		{"square metres", nil, "120 m², 30 m³", ".VnTime"},
		{"a currency", nil, "£5 or ¥700 or ¢10", ""},
		{"a trade mark", nil, "Excel® © 2022", ""},
		{"a section sign", nil, "§ 5", ".VnTime"},
		{"Vietnamese of Latin-1 letters alone", nil, "Có", ""},
		{"the same in a font that lies", nil, "Cá nhân không có", ".VnTime"},
		{"the same among texts that are TCVN3", []Run{sheet, sheet, sheet}, "không có", ".VnTime"},
		{"a name", nil, "Lê Tân", ""},
		{"a name in a font that lies", nil, "Lê Tân", ".VnTime"},
		{"Unicode in a font that lies", nil, "Kinh tế", ".VnTime"},
		{"Unicode among TCVN3", []Run{sheet, sheet}, "Đã nộp đủ", ".VnTime"},
		{"Unicode with a foreign name", nil, "Hội thảo về Café Müller ở Huế", ""},
		{"ASCII among TCVN3", []Run{sheet, sheet}, "Cong tac dan van: a^2", ".VnTime"},
		{"ASCII in a font of capitals", nil, "Bao cao", ".VnTimeH"},
		{"a formula is no VIQR", nil, "a^2 + b^2 = c^2 (o+1) u.a.", ""},
		{"English is no VIQR", nil, "Don't forget: is it a(n) address? No. e.g. u.s. co+op", ""},
		{"letters that are talked about", nil, "mã riêng (í ì æ ó ò; î; ñ; ô; ö) và µ thành μ", ""},
		{"random characters are no VIQR", nil, "M _!LCUELJ_7_I_X+P_[FOJSI_V6:#+Z'W5CO*(,VWTK+SBWT?)6>A^FITT+S", ""},
		{"an address is no VIQR", nil, "a.b+c@e.example o.o", ""},
		{"an expression is no VIQR", nil, "^(a+b)*[e]$?", ""},
		{"Vietnamese without marks is no VIQR", nil, "Bao cao. Khong co? Cho' gi`.", ""},
		{"Greek", nil, "μέτρον", ""},
		{"Cyrillic", nil, "отчёт", ""},
		{"Chinese", nil, "报告", ".VnTime"},
		{"a replacement character", nil, "B\uFFFDo c\uFFFDo", ""},
		{"quotes", nil, "«Dân vận khéo» “Dân vận khéo” ‘a’", ""},
		{"a list", nil, "· Công tác\n· Phong trào", ""},
		{"nothing", nil, "", ""},
		{"a thin space", nil, "1 234", ".VnTime"},
	} {
		var d Decider
		for _, r := range c.among {
			d.Add(r.Text, r.Font)
		}
		if got, enc := d.Decode(c.text, c.font); got != c.text || enc != Unicode {
			t.Errorf("%s: %q became %q (%s)", c.why, c.text, got, enc)
		}
	}
}

func TestDecoded(t *testing.T) {
	sheet := Run{"B¸o c¸o kÕt qu¶ thùc hiÖn phong trµo thi ®ua", ".VnTime"}
	vni := Run{"Baùo caùo keát quaû thöïc hieän phong traøo", "VNI-Times"}
	noFont := Run{"B¸o c¸o kÕt qu¶ thùc hiÖn phong trµo thi ®ua", "Arial"}
	unicode := Run{"Báo cáo kết quả thực hiện phong trào thi đua", ".VnTime"}
	for _, c := range []struct {
		why              string
		among            []Run
		text, font, want string
		enc              Encoding
	}{
		{"a word whose font says what it is", nil, "Tæng sè", ".VnTime", "Tổng số", TCVN3},
		{"a font name in capitals", nil, "TæNG Sè", ".VNTIMEH", "TỔNG SỐ", TCVN3},
		{"a font of capitals, narrow", nil, "tæng sè", ".VnArial NarrowH", "TỔNG SỐ", TCVN3},
		{"another font took the place of the old one", nil, "HuyÖn ñy S¬n TÞnh", "Times New Roman", "Huyện ủy Sơn Tịnh", TCVN3},
		{"a word that only its company explains", []Run{sheet, sheet}, "½, ¾", ".VnTime", "ẵ, ắ", TCVN3},
		{"the fonts of a family speak for each other", []Run{sheet, vni}, "½", ".VnArial", "ẵ", TCVN3},
		{"company without a name of a font", []Run{noFont}, "C« T©", "Arial", "Cô Tâ", TCVN3},
		{"an abbreviation", []Run{sheet}, "26/2004/Q§-UB", ".VnTime", "26/2004/QĐ-UB", TCVN3},
		{"council, abbreviated, with no font", nil, "H§ND tØnh", "", "HĐND tỉnh", TCVN3},
		{"TCVN3 beside cells of Unicode in the same font", []Run{unicode, unicode, unicode}, "HuyÖn ñy B×nh S¬n", ".VnTime", "Huyện ủy Bình Sơn", TCVN3},
		{"a font of VNI that lies: TCVN3", nil, "HuyÖn ñy B×nh S¬n", "VNI-Times", "Huyện ủy Bình Sơn", TCVN3},
		{"a font of TCVN3 that lies: VNI", nil, "Huyeän uûy Bình Sôn", ".VnTime", "Huyện ủy Bình Sơn", VNI},
		{"VNI of one word", []Run{vni}, "Tænh", "VNI-Helve", "Tỉnh", VNI},
		{"VNI without a font", nil, "Thò uûy Ñöùc Phoå", "", "Thị ủy Đức Phổ", VNI},
		{"a soft hyphen that became a hyphen", nil, "Tr−êng T‐ thôc ®−îc", ".VnTime", "Trường Tư thục được", TCVN3},
		{"a micro sign that became mu", []Run{sheet}, "vμ", ".VnTime", "và", TCVN3},
		{"capitals of two codes", nil, "§¶ng ñy, B¸O C¸O A¸ ý", ".VnTime", "Đảng ủy, BáO CáO Á ý", TCVN3},
		{"letters decomposed by a Macintosh", nil, decomposed("HuyÖn ñy S¬n TÞnh"), "", "Huyện ủy Sơn Tịnh", TCVN3},
		{"TCVN3 that went through windows-1258", nil, through1258("HuyÖn ñy S¬n TÞnh, ®Ò nghÞ chÝnh thøc"), "", "Huyện ủy Sơn Tịnh, đề nghị chính thức", TCVN3},
		{"VNI that went through windows-1258", nil, through1258("Huyeän uûy Sôn Tònh, thöïc hieän"), "", "Huyện ủy Sơn Tịnh, thực hiện", VNI},
		{"UTF-8 read as windows-1258", nil, through1258("Huyá»‡n á»§y BÃ¬nh SÆ¡n"), "", "Huyện ủy Bình Sơn", UTF8},
		{"UTF-8 read as Latin-1, controls and all", nil, lifted("Đề nghị quý cơ quan"), "", "Đề nghị quý cơ quan", UTF8},
		{"UTF-8 read wrongly twice", nil, cp1252(cp1252("Huyện ủy Sơn Tịnh")), "", "Huyện ủy Sơn Tịnh", UTF8},
		{"UTF-8 read wrongly three times", nil, lifted(lifted(lifted("Huyện ủy Sơn Tịnh"))), "", "Huyện ủy Sơn Tịnh", UTF8},
		{"UTF-8 read wrongly with invisible bytes gone", nil, "HÃ  TÄ©nh, Máº·t tráºn chÃnh trá»‹", "", "Hà Tĩnh, Mặt trận chính trị", UTF8},
		{"an Icelandic Ð for Đ", nil, "Ðức Phổ", "", "Đức Phổ", Unicode},
		{"an African Ɖ for Đ", nil, "Ɖảng ủy", "", "Đảng ủy", Unicode},
		{"words of TCVN3 in Unicode", nil, "M¸y mãc thiết bÞ, phụ tïng và cá", ".VnArial", "Máy móc thiết bị, phụ tùng và cá", TCVN3},
		{"í of VNI in two codes", nil, "taøi chiùnh", "VNI-Times", "tài chính", VNI},
		{"VIQR with punctuation", nil, "Huye^.n u?y Ba To+. Ti?nh ddoa`n, Vie^.t Nam.", "", "Huyện ủy Ba Tơ. Tỉnh đoàn, Việt Nam.", VIQR},
	} {
		var d Decider
		for _, r := range c.among {
			d.Add(r.Text, r.Font)
		}
		if got, enc := d.Decode(c.text, c.font); got != c.want || enc != c.enc {
			t.Errorf("%s: %q = %q (%s), want %q (%s)", c.why, c.text, got, enc, c.want, c.enc)
		}
	}
}

func TestRuns(t *testing.T) {
	for _, c := range []struct {
		why  string
		runs []Run
		want string
		encs int
	}{
		{"a word split between runs of one family", []Run{{"H", ".VnTime"}, {"uyÖ", ".VnTime"}, {"n ñy", ".VnArial"}}, "Huyện ủy", 1},
		{"a letter of VNI split from its mark", []Run{{"Huye", "VNI-Times"}, {"än u", "VNI-Times"}, {"ûy", "VNI-Times"}}, "Huyện ủy", 1},
		{"half Unicode, half TCVN3", []Run{{"Huyện ủy ", "Times New Roman"}, {"S¬n TÞnh", ".VnTime"}}, "Huyện ủy Sơn Tịnh", 1},
		{"TCVN3 and VNI", []Run{{"HuyÖn ñy ", ".VnTime"}, {"Sôn Tònh", "VNI-Times"}}, "Huyện ủy Sơn Tịnh", 2},
		{"a heading in a font of capitals", []Run{{"PHô LôC ", ".VnTimeH"}, {"sè liÖu", ".VnTime"}}, "PHỤ LỤC số liệu", 1},
		{"a capital in a run of its own", []Run{{"ô", ".VnTimeH"}, {" næi", ".VnTime"}}, "Ụ nổi", 1},
		{"a mark in a run of its own", []Run{{"e", "Arial"}, {"\u0302", "Times"}}, "ê", 0},
	} {
		got, encs := new(Decider).DecodeRuns(c.runs)
		if got != c.want || len(encs) != c.encs {
			t.Errorf("%s: %q %v, want %q", c.why, got, encs, c.want)
		}
	}
}
