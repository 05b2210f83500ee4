package letter

import (
	"time"

	"dondoc/config"
	"dondoc/intake/finding"
	"dondoc/schedule/standing"
)

var saigon = time.FixedZone("+07", 7*3600)

// at reads "2022-10-17 09:15" in the campaign's zone.
func at(s string) time.Time {
	layout := "2006-01-02 15:04"
	if len(s) == 10 {
		layout = "2006-01-02"
	}
	t, err := time.ParseInLocation(layout, s, saigon)
	if err != nil {
		panic(err)
	}
	return t
}

func tx(a, b string) config.Text   { return config.Text{VI: a, EN: b} }
func ptr[T any](x T) *T            { return &x }
func owes(n int) config.Obligation { return config.Obligation{Report: true, Appendix: true, Models: n} }

// peopleWork is the campaign of the approved letters.
func peopleWork() *config.Campaign {
	c := &config.Campaign{
		ID: "DVK-2022", Language: "vi", Location: saigon, CutOff: "15/10/2022",
		Letter: config.Letter{
			Number: "624-CV/BDVTU", Date: at("2022-10-03"), Abbrev: "DVK", Phone: "0255.000.0006",
			Short:     tx(`báo cáo "Dân vận khéo" năm 2022`, `the 2022 "skilful people's work" report`),
			Brief:     tx(`báo cáo "Dân vận khéo"`, `the "skilful people's work" report`),
			Issuer:    tx("Ban Dân vận Tỉnh ủy", "the Provincial Commission for Mass Mobilisation"),
			Signature: tx("BAN DÂN VẬN TỈNH ỦY QUẢNG NGÃI", "QUANG NGAI PROVINCIAL COMMISSION FOR MASS MOBILISATION"),
			Office:    tx("Phòng TH-DT&TG", "General Affairs Division"),
			Name:      tx("Công văn số 624-CV/BDVTU ngày 03/10/2022", "official letter No. 624-CV/BDVTU of 3 October 2022"),
			Doc:       tx("Công văn", "the official letter"),
			Period:    tx("năm 2022", "2022"),
			Purpose:   tx("tổng hợp báo cáo Ban Dân vận Trung ương và Ban Thường vụ Tỉnh ủy", "the report to the Central Commission and the Provincial Standing Committee"),
			Topics:    tx("cách ghi cấp tỉnh, cấp huyện, cấp cơ sở; thế nào là đã xây dựng, nhân rộng, công nhận; ngày tính số liệu", "which level to enter; what counts as built, replicated, recognised; the cut-off date"),
			Counts:    tx("số mô hình", "the number of models"),
			Contents: []config.Head{{Name: "Tên mô hình, điển hình"}, {Name: "Cơ sở xây dựng"}, {Name: "Phạm vi tác động, ảnh hưởng"},
				{Name: "Phương thức triển khai"}, {Name: "Hiệu quả trong quá trình thực hiện"}, {Name: "Các giải pháp nhân rộng"}},
			Summary: tx("báo cáo tổng hợp chung của tỉnh", "the consolidated report of the province"),
			Title: tx(`Báo cáo kết quả thực hiện phong trào thi đua "Dân vận khéo" năm 2022 và giới thiệu mô hình, điển hình "Dân vận khéo"`,
				`Report on the results of the emulation movement "skilful people's work" in 2022, and presentation of its models`),
			Official: config.Official{
				Parent: tx("TỈNH ỦY QUẢNG NGÃI", "QUANG NGAI PROVINCIAL PARTY COMMITTEE"), Body: tx("BAN DÂN VẬN", "COMMISSION FOR MASS MOBILISATION"),
				Motto: tx("ĐẢNG CỘNG SẢN VIỆT NAM", "COMMUNIST PARTY OF VIETNAM"), Place: tx("Quảng Ngãi", "Quang Ngai"), Symbol: "CV/BDVTU",
				About:  tx(`Đôn đốc gửi báo cáo kết quả thực hiện phong trào thi đua "Dân vận khéo" năm 2022`, `Sending of the report on "skilful people's work" in 2022`),
				Copies: []string{"Như kính gửi", "Lãnh đạo Ban Dân vận Tỉnh ủy", "Lưu Văn phòng Tỉnh ủy"}, Signer: []string{"K/T TRƯỞNG BAN", "PHÓ TRƯỞNG BAN"},
			},
		},
		Parts: map[string]config.PartWords{
			finding.Report: {
				Name:  tx("Báo cáo kết quả thực hiện", "Report on results"),
				Short: tx("báo cáo", "the report"),
				Ask:   tx(`Báo cáo kết quả thực hiện phong trào thi đua "Dân vận khéo" năm 2022 (đề cương tại mục I Công văn); đề nghị gửi bản Word, kèm bản đã ký nếu có.`, "Report on results (outline in section I of the official letter); please send the Word file, with the signed copy if there is one."),
				More:  tx("Báo cáo kết quả thực hiện (đề cương tại mục I Công văn)", "Report on results (outline in section I of the official letter)"),
			},
			finding.Appendix: {
				Name:  tx("Phụ lục số liệu", "Data annex"),
				Short: tx("phụ lục số liệu", "the data annex"),
				Ask:   tx("Phụ lục số liệu: nhập trực tiếp vào tệp Excel gửi kèm, không phát sinh ghi số 0.", "Data annex: fill in the attached Excel file directly; enter 0 where there is nothing to report."),
				More:  tx("Phụ lục số liệu: tệp Excel theo mẫu", "Data annex: the Excel file based on the form"),
			},
			finding.Model: {
				Name:  tx("Giới thiệu mô hình, điển hình", "Presentation of models"),
				Short: tx("giới thiệu %s mô hình", "the presentation of %s model(s)"),
				Ask:   tx("Giới thiệu %s mô hình, điển hình đã được công nhận, biểu dương, khen thưởng ở cấp tỉnh hoặc cấp huyện (06 nội dung tại mục II.2 Công văn); mỗi mô hình một tệp Word.", "Presentation of %s model(s) recognised at provincial or district level (six points in section II.2); one Word file each."),
				AskIf: tx("Giới thiệu mô hình, điển hình (nếu có).", "Presentation of models (if any)."),
				More:  tx("Giới thiệu %s mô hình, điển hình (06 nội dung tại mục II.2 Công văn)", "Presentation of %s model(s) (six points in section II.2)"),
				Noun:  tx("mô hình, điển hình", "model"),
				Brief: tx("mô hình", "model"),
				Proof: tx("cấp và số, ngày văn bản công nhận, biểu dương, khen thưởng (cấp tỉnh hoặc cấp huyện)", "the level, number and date of the document of recognition"),
			},
		},
		Deadline: config.Deadline{Before: at("2022-10-20"), GraceUntil: at("2022-10-21"), Closes: at("2022-11-05")},
		Categories: []config.Category{
			{Code: "co-quan-tham-muu", Name: tx("Cơ quan tham mưu", "Advisory bodies"), Obligation: owes(1)},
			{Code: "ban-can-su-dang", Name: tx("Ban cán sự đảng", "Party caucus"), Obligation: owes(0)},
			{Code: "so-ban-nganh", Name: tx("Sở, ban, ngành", "Departments"), Obligation: owes(1)},
			{Code: "huyen-thi-thanh-uy", Name: tx("Huyện, thị, thành ủy", "District committees"), Obligation: owes(2)},
			{Code: "dang-uy-truc-thuoc", Name: tx("Đảng ủy trực thuộc", "Subordinate committees"), Obligation: owes(2)},
			{Code: "mttq-to-chuc-ctxh", Name: tx("MTTQ, tổ chức CT-XH", "Front and mass organisations"), Obligation: owes(2)},
		},
		Figures: []config.Figure{
			{Label: tx("Đăng ký năm 2022", "Registered in 2022"), Short: tx("Đăng ký", "Registered"),
				Inputs: []string{"DVK_B1_*_TT", "DVK_B1_*_CN"},
				Split: []config.Figure{
					{Label: tx("tập thể", "collective"), Inputs: []string{"DVK_B1_*_TT"}},
					{Label: tx("cá nhân", "individual"), Inputs: []string{"DVK_B1_*_CN"}}}},
			{Label: tx("Đã xây dựng", "Built"), Short: tx("xây dựng", "built"),
				Inputs: []string{"DVK_B2_*_XD_TT", "DVK_B2_*_XD_CN"}, Percent: "Đăng ký năm 2022", Of: tx("bằng %s số đăng ký", "%s of those registered"),
				Split: []config.Figure{
					{Label: tx("tập thể", "collective"), Inputs: []string{"DVK_B2_*_XD_TT"}},
					{Label: tx("cá nhân", "individual"), Inputs: []string{"DVK_B2_*_XD_CN"}}}},
			{Label: tx("Đã nhân rộng", "Replicated"), Short: tx("nhân rộng", "replicated"), Inputs: []string{"DVK_B3_*_NR"}},
			{Label: tx("Được công nhận trong năm 2022", "Recognised in 2022"), Short: tx("công nhận", "recognised"), Inputs: []string{"DVK_B3_*_CNH"}},
		},
		Mailbox: config.Mailbox{Address: "tiepnhan@bdvtu.quangngai.example"},
	}
	district := "tổng hợp toàn huyện, gồm các xã, thị trấn và các cơ quan, đơn vị thuộc huyện"
	office := "của cơ quan và các đơn vị trực thuộc ở cấp tỉnh; không gồm số liệu đã do huyện, thị, thành ủy báo cáo"
	add := func(code, category, name, short, you, scope, group, phone string, models int) {
		c.Units = append(c.Units, config.Unit{
			Code: code, Category: category, Name: name, ShortName: short, Salutation: name, Address: you, ScopeNote: scope,
			DupGroup: group, Phone: phone, Obligation: owes(models), Active: true, AutoRemind: true,
		})
	}
	add("VP-TU", "co-quan-tham-muu", "Văn phòng Tỉnh ủy", "VP Tỉnh ủy", "quý cơ quan", office, "", "0255.000.0001", 1)
	c.Units[0].Relay, c.Units[0].AutoRemind = true, false
	add("BCSD-UBND", "ban-can-su-dang", "Ban cán sự đảng Ủy ban nhân dân tỉnh", "Ban cán sự đảng UBND tỉnh", "quý cơ quan", "của Ban cán sự đảng; không gồm số liệu đã do các sở, ban, ngành và huyện, thị, thành ủy báo cáo", "", "0255.000.0009", 0)
	c.Units[1].AutoRemind = false
	for _, u := range [][2]string{{"S-YT", "Sở Y tế"}, {"S-TP", "Sở Tư pháp"}, {"S-NV", "Sở Nội vụ"}, {"S-CT", "Sở Công Thương"},
		{"S-GDDT", "Sở Giáo dục và Đào tạo"}, {"S-VHTTDL", "Sở Văn hóa, Thể thao và Du lịch"}, {"S-KHCN", "Sở Khoa học và Công nghệ"},
		{"S-TC", "Sở Tài chính"}, {"S-XD", "Sở Xây dựng"}} {
		add(u[0], "so-ban-nganh", u[1], u[1], "quý cơ quan", office, "", "0255.000.0020", 1)
	}
	add("S-CA", "so-ban-nganh", "Công an tỉnh Quảng Ngãi", "Công an tỉnh", "quý cơ quan", "của toàn Đảng bộ; một báo cáo dùng chung cho Đảng ủy và cơ quan chỉ huy", "DUP-CA", "0255.000.0031", 1)
	add("TXU-DUCPHO", "huyen-thi-thanh-uy", "Thị ủy Đức Phổ", "Thị ủy Đức Phổ", "quý địa phương", "tổng hợp toàn thị xã, gồm các xã, phường và các cơ quan, đơn vị thuộc thị xã", "", "0255.000.0049", 2)
	for _, u := range [][3]string{{"HU-BINHSON", "Huyện ủy Bình Sơn", "50"}, {"HU-NGHIAHANH", "Huyện ủy Nghĩa Hành", "53"}, {"HU-MODUC", "Huyện ủy Mộ Đức", "54"},
		{"HU-BATO", "Huyện ủy Ba Tơ", "55"}, {"HU-SONHA", "Huyện ủy Sơn Hà", "57"}, {"HU-SONTAY", "Huyện ủy Sơn Tây", "58"}, {"HU-TRABONG", "Huyện ủy Trà Bồng", "59"}, {"HU-LYSON", "Huyện ủy Lý Sơn", "60"}} {
		add(u[0], "huyen-thi-thanh-uy", u[1], u[1], "quý địa phương", district, "", "0255.000.00"+u[2], 2)
	}
	for i := range c.Units {
		if c.Units[i].Code == "HU-LYSON" { // which has no communes
			c.Units[i].ScopeNote = "tổng hợp toàn huyện, gồm các cơ quan, đơn vị thuộc huyện"
		}
		if c.Units[i].ScopeNote == district {
			c.Units[i].ScopeNoteEN = "the whole district, with its communes and townships and the agencies and units under it"
		}
	}
	add("DU-CA", "dang-uy-truc-thuoc", "Đảng ủy Công an tỉnh", "Đảng ủy Công an tỉnh", "quý đơn vị", "của toàn Đảng bộ; một báo cáo dùng chung cho Đảng ủy và cơ quan chỉ huy", "DUP-CA", "0255.000.0063", 2)
	add("DU-KHOI", "dang-uy-truc-thuoc", "Đảng ủy Khối Cơ quan và Doanh nghiệp tỉnh", "Đảng ủy Khối CQ&DN tỉnh", "quý đơn vị", "của toàn Đảng bộ Khối; đề nghị ghi ở cột Ghi chú “trong đó: … của các sở, ban, ngành báo cáo trực tiếp”", "", "0255.000.0061", 2)
	add("MT-HND", "mttq-to-chuc-ctxh", "Hội Nông dân tỉnh", "Hội Nông dân tỉnh", "quý cơ quan", "do cơ quan cấp tỉnh trực tiếp phát động, đăng ký; không gồm số liệu của cấp huyện, cấp xã đã có trong báo cáo của huyện, thị, thành ủy", "", "0255.000.0068", 2)
	return c
}

// rivers is another committee's letter: other words, other parts, another
// zone, and English with it. Nothing of the first campaign may show in it.
func rivers(lang string) *config.Campaign {
	cet := time.FixedZone("CET", 3600)
	return &config.Campaign{
		ID: "RIV-9", Language: lang, Location: cet,
		Letter: config.Letter{
			Number: "12/HĐSH", Abbrev: "RIV", Phone: "+00 1 000",
			Short:     tx("phiếu khảo sát sông hồ 2031", "the 2031 river survey"),
			Issuer:    tx("Hội đồng Sông hồ", "the River Council"),
			Signature: tx("HỘI ĐỒNG SÔNG HỒ", "RIVER COUNCIL"),
			Name:      tx("Thư ngỏ số 12/HĐSH ngày 02/01/2031", "open letter No. 12 of 2 January 2031"),
			Doc:       tx("Thư ngỏ", "the open letter"),
		},
		Parts: map[string]config.PartWords{
			finding.Appendix: {
				Name:  tx("Phiếu đo mực nước", "Water level sheet"),
				Short: tx("phiếu đo mực nước", "the water level sheet"),
				Ask:   tx("Phiếu đo mực nước: điền vào tệp Excel gửi kèm.", "Water level sheet: fill in the attached Excel file."),
				More:  tx("Phiếu đo mực nước: tệp Excel theo mẫu (gửi lại kèm thư này).", "Water level sheet: the Excel form (attached again)."),
			},
			finding.Model: {
				Name:  tx("Ảnh trạm đo", "Station portraits"),
				Short: tx("%s ảnh trạm đo", "%s station portrait(s)"),
				Ask:   tx("%s ảnh trạm đo, mỗi ảnh một tệp.", "%s portrait(s) of stations, one file each."),
				More:  tx("%s ảnh trạm đo", "%s portrait(s) of stations"),
				Noun:  tx("ảnh trạm đo", "station portrait"),
				Brief: tx("ảnh", "portrait"),
			},
		},
		Deadline: config.Deadline{Before: time.Date(2031, 2, 14, 17, 0, 0, 0, cet)},
		Figures:  []config.Figure{{Label: tx("Mực nước cao nhất (cm)", "Highest level (cm)"), Inputs: []string{"RIV_MAX"}}},
		Units: []config.Unit{
			{Code: "STN-1", Name: "Upper Weir", Salutation: "The keeper of Upper Weir", Address: "quý trạm", Obligation: config.Obligation{Appendix: true, Models: 3}},
			{Code: "STN-2", Name: "Mill Lock", Obligation: config.Obligation{Appendix: true, Models: 3}},
		},
		SMTP: config.SMTP{From: "levels@rivers.example"},
	}
}

// facts starts the facts of a letter about one unit.
func facts(c *config.Campaign, kind, code, now string) Facts {
	f := Facts{Kind: kind, Campaign: c, Now: at(now)}
	f.Deadline = Deadline{At: c.Deadline.Before, CorrectBy: at("2022-10-20")}
	if code != "" {
		u, ok := c.Unit(code)
		if !ok {
			panic(code)
		}
		f.Unit = &u
		f.Standing = &standing.Unit{Code: code, State: standing.None, Deadline: c.Deadline.Before, Missing: []string{"report", "appendix", "model:2"}, Reachable: true}
		if g := c.Group(code); len(g) > 1 {
			f.Group = g
			f.Unit = &g[0]
		}
	}
	return f
}

// file is one part of a mail.
func file(kind, name string, problems ...finding.Problem) finding.Part {
	p := finding.Part{Name: name, Path: name, Kind: kind, SHA256: "sha:" + name, Verdict: finding.Accepted, Problems: problems}
	for _, q := range problems {
		if q.Open() {
			p.Verdict = finding.NeedsFix
		}
	}
	return p
}

// mail adds an arrival with its files, which count if they can be read.
func (f *Facts) mail(id, when string, files ...finding.Part) {
	m := &finding.Verdict{ID: id, Received: at(when), From: "vanthu@unit.example", Verdict: finding.Filed, Class: finding.ClassReport, Parts: files}
	if f.Unit != nil {
		m.Unit = &f.Unit.Code
	}
	f.Mails = append(f.Mails, m)
	if f.Standing == nil {
		return
	}
	for _, p := range files {
		if (p.Kind == finding.Report || p.Kind == finding.Appendix || p.Kind == finding.Model) && p.Readable() {
			f.count(id, when, p)
			continue
		}
		for _, q := range p.Problems {
			if q.Open() { // as the fold does while nothing readable is there instead
				f.Standing.Open = append(f.Standing.Open, q)
			}
		}
	}
}

// count makes a part count, in an answered mail or an earlier one.
func (f *Facts) count(id, when string, p finding.Part) {
	s := f.Standing
	version := 1
	if p.Kind != finding.Model {
		for i, c := range s.Counted {
			if c.Kind == p.Kind && c.Arrival != id {
				version = c.Version + 1
				s.Counted = append(s.Counted[:i], s.Counted[i+1:]...)
				break
			}
		}
	}
	s.Counted = append(s.Counted, standing.Counted{Kind: p.Kind, Arrival: id, Received: at(when), Version: version, Part: p})
	if p.Kind == finding.Model {
		s.Models += max(1, p.Models)
	}
	for _, q := range p.Problems {
		if q.Open() {
			s.Open = append(s.Open, q)
		}
	}
}

func (f *Facts) state(s standing.State, missing ...string) {
	f.Standing.State, f.Standing.Missing = s, missing
}

// filled are the inputs of a filled form: 42 + 17 registered, 39 + 15 built, 6
// replicated, 21 recognised.
func filled() map[string]any {
	return map[string]any{
		"DVK_B1_11_TT": 12.0, "DVK_B1_12_TT": 20.0, "DVK_B1_13_TT": 10.0,
		"DVK_B1_11_CN": 1.0, "DVK_B1_12_CN": 9.0, "DVK_B1_13_CN": 7.0,
		"DVK_B2_21_XD_TT": 20.0, "DVK_B2_22_XD_TT": 19.0, "DVK_B2_21_XD_CN": 15.0, "DVK_B2_22_XD_CN": 0.0,
		"DVK_B3_31_NR": 0.0, "DVK_B3_32_NR": 6.0, "DVK_B3_31_CNH": 1.0, "DVK_B3_32_CNH": 20.0,
		"DVK_NGAY_CHOT": "2022-10-15",
	}
}
