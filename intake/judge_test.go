package intake

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"html"
	"io/fs"
	"mime"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/xuri/excelize/v2"

	"dondoc/config"
	"dondoc/intake/finding"
	"dondoc/intake/reader"
)

// builtinCampaign is the campaign that the program ships with, as init writes it.
func builtinCampaign(t testing.TB) *config.Campaign {
	t.Helper()
	dir := t.TempDir()
	first, err := initialised()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(dir, first); err != nil {
		t.Fatal(err)
	}
	c, err := config.Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// initialised is what Init writes, once for all tests.
var initialised = sync.OnceValues(func() (fs.FS, error) {
	dir, err := os.MkdirTemp("", "dondoc")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	if err := config.Init(dir); err != nil {
		return nil, err
	}
	all := fstest.MapFS{}
	return all, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || path == dir {
			return err
		}
		rel, _ := filepath.Rel(dir, path)
		f := &fstest.MapFile{Mode: fs.ModeDir | 0o700}
		if !d.IsDir() {
			f.Mode = 0o600
			f.Data, err = os.ReadFile(path)
		}
		all[filepath.ToSlash(rel)] = f
		return err
	})
})

var (
	known     Knowledge
	knownText []byte
	testJudge *Judge
	once      sync.Once
)

// judgeOf is one judge for all tests: making one takes a while.
func judgeOf(t testing.TB) *Judge {
	t.Helper()
	once.Do(func() {
		text, err := KnowledgeOf(builtinCampaign(t))
		if err != nil {
			t.Fatal(err)
		}
		knownText = text
		if err := json.Unmarshal(text, &known); err != nil {
			t.Fatal(err)
		}
		if testJudge, err = NewJudge(known); err != nil {
			t.Fatal(err)
		}
	})
	return testJudge
}

const annexSheet = "Phụ lục số liệu"

// workbook is the blank form after change.
func workbook(t testing.TB, form []byte, change func(x *excelize.File)) []byte {
	t.Helper()
	x, err := excelize.OpenReader(bytes.NewReader(form))
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	change(x)
	b, err := x.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// fillIn enters figures that agree with each other.
func fillIn(x *excelize.File) {
	set := func(cell string, v any) {
		if err := x.SetCellValue(annexSheet, cell, v); err != nil {
			panic(err)
		}
	}
	for i, v := range []int{6, 2, 21, 9, 15, 6} {
		set(fmt.Sprintf("%c%d", "DE"[i%2], 11+i/2), v)
	}
	for i, v := range [][4]int{{14, 6, 13, 5}, {12, 4, 11, 4}, {9, 5, 9, 5}, {7, 2, 6, 1}} {
		for k := range v {
			set(fmt.Sprintf("%c%d", "DEGH"[k], 20+i), v[k])
		}
	}
	for i, v := range []int{1, 2, 3, 8, 5, 20} {
		set(fmt.Sprintf("%c%d", "DE"[i%2], 29+i/2), v)
	}
	set("C5", "125-BC/HU")
	set("J5", "18/10/2022")
}

// tell writes facts into _meta.
func tell(facts map[string]string) func(x *excelize.File) {
	return func(x *excelize.File) {
		rows, _ := x.GetRows("_meta")
		for i, row := range rows {
			if v, ok := facts[row[0]]; ok {
				x.SetCellValue("_meta", fmt.Sprintf("B%d", i+1), v)
			}
		}
	}
}

// written is what a program makes of the annex that cannot write a workbook:
// every row by row, its cells by cell.
func written(t testing.TB, form []byte, row, cell func(string) string) []byte {
	t.Helper()
	x, err := excelize.OpenReader(bytes.NewReader(form))
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	rows, err := x.GetRows(annexSheet)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	for _, r := range rows {
		cells := ""
		for col := range 11 {
			v := ""
			if col < len(r) {
				v = r[col]
			}
			cells += cell(v)
		}
		out.WriteString(row(cells))
	}
	return []byte(out.String())
}

func asCSV(t testing.TB, form []byte) []byte {
	return written(t, form, func(r string) string { return strings.TrimSuffix(r, ";") + "\r\n" },
		func(c string) string { return `"` + strings.ReplaceAll(c, `"`, `""`) + `";` })
}

func asPage(t testing.TB, form []byte) []byte {
	return []byte("<html><body><table>" + string(written(t, form, func(r string) string { return "<tr>" + r + "</tr>" },
		func(c string) string { return "<td>" + html.EscapeString(c) + "</td>" })) + "</table></body></html>")
}

func random(t testing.TB) []byte {
	x := excelize.NewFile()
	defer x.Close()
	x.SetCellValue("Sheet1", "A1", "Danh sách cán bộ")
	b, err := x.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// underPassword is what Office makes of a file that gets a password.
func underPassword(t testing.TB, data []byte) []byte {
	t.Helper()
	b, err := excelize.Encrypt(data, &excelize.Options{Password: "bí mật"})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func zipOf(t testing.TB, pairs ...any) []byte {
	t.Helper()
	var buf bytes.Buffer
	z := zip.NewWriter(&buf)
	for i := 0; i < len(pairs); i += 2 {
		w, err := z.Create(pairs[i].(string))
		if err != nil {
			t.Fatal(err)
		}
		switch data := pairs[i+1].(type) {
		case string:
			w.Write([]byte(data))
		case []byte:
			w.Write(data)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

func docx(t testing.TB, lines ...string) []byte {
	const ns = ` xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"`
	body := "<w:p><w:r><w:t>" + strings.Join(lines, "</w:t></w:r></w:p><w:p><w:r><w:t>") + "</w:t></w:r></w:p>"
	return zipOf(t,
		"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`,
		"_rels/.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`,
		"word/document.xml", `<w:document`+ns+`><w:body>`+body+`</w:body></w:document>`)
}

func reportOf(t testing.TB, unit string) []byte {
	return docx(t, unit, "BÁO CÁO", "Kết quả thực hiện phong trào thi đua Dân vận khéo năm 2022", "1. Tình hình chung", "2. Công tác lãnh đạo, chỉ đạo", "3. Kết quả thực hiện",
		"3.1. Sự phối hợp trong tuyên truyền", "3.2. Kết quả trên các lĩnh vực", "3.3. Kết quả xây dựng, nhân rộng, công nhận mô hình", "4. Đánh giá chung", "Nơi nhận:")
}

func modelOf(t testing.TB, name string) []byte {
	return docx(t, "1. Tên mô hình, điển hình: "+name, "2. Cơ sở xây dựng: có", "3. Phạm vi tác động: xã", "4. Phương thức triển khai: họp", "5. Hiệu quả trong quá trình thực hiện: tốt", "6. Các giải pháp nhân rộng: có")
}

type attached struct {
	name string
	data []byte
}

// eml is a mail with the files attached.
func eml(from, subject, text string, files ...attached) []byte {
	var b bytes.Buffer
	mark := fmt.Sprintf("=_%x", subject+from)
	fmt.Fprintf(&b, "Received: from mx.example by mail.bdv.example; Wed, 12 Oct 2022 09:00:00 +0700\r\nFrom: %s\r\nTo: tiepnhan@bdvtu.quangngai.example\r\n"+
		"Subject: %s\r\nDate: Wed, 12 Oct 2022 08:59:00 +0700\r\nMessage-ID: <%x@a.example>\r\nMIME-Version: 1.0\r\n"+
		"Content-Type: multipart/mixed; boundary=%q\r\n\r\n--%s\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n%s\r\n",
		from, mime.BEncoding.Encode("utf-8", subject), subject+from, mark, mark, text)
	for _, f := range files {
		kind := "application/octet-stream"
		if strings.HasSuffix(f.name, ".eml") {
			fmt.Fprintf(&b, "--%s\r\nContent-Type: message/rfc822; name=%q\r\n\r\n%s\r\n", mark, f.name, f.data)
			continue
		}
		fmt.Fprintf(&b, "--%s\r\nContent-Type: %s; name=%q\r\nContent-Disposition: attachment; filename=%q\r\nContent-Transfer-Encoding: base64\r\n\r\n",
			mark, kind, mime.BEncoding.Encode("utf-8", f.name), mime.BEncoding.Encode("utf-8", f.name))
		text := base64.StdEncoding.EncodeToString(f.data)
		for len(text) > 76 {
			b.WriteString(text[:76] + "\r\n")
			text = text[76:]
		}
		b.WriteString(text + "\r\n")
	}
	b.WriteString("--" + mark + "--\r\n")
	return b.Bytes()
}

// list renders parts as "path kind: problems".
func list(parts []finding.Part) []string {
	var out []string
	for _, p := range parts {
		s := p.Path + " " + p.Kind
		for _, q := range p.Problems {
			s += " " + q.Code + "/" + string(q.Severity)
		}
		out = append(out, s)
	}
	return out
}

func TestJudge(t *testing.T) {
	j := judgeOf(t)
	blank := known.Form
	full := workbook(t, blank, fillIn)
	wrong := workbook(t, blank, func(x *excelize.File) { fillIn(x); x.SetCellValue(annexSheet, "D11", 7) })
	other := workbook(t, blank, func(x *excelize.File) { fillIn(x); tell(map[string]string{"campaign_id": "DVK-2021"})(x) })
	report, model, stray := reportOf(t, "HUYỆN ỦY BÌNH SƠN"), modelOf(t, "Dân vận khéo xã A"), random(t)
	const from = "Văn thư <vanthu@hubinhson.quangngai.example>"
	long, thirty := make([]attached, 30), make([]string, 30)
	for i := range long {
		long[i] = attached{fmt.Sprintf("mh%d.docx", i), model}
		thirty[i] = long[i].name + " model"
		if i > 0 {
			thirty[i] += " D04/I"
		}
	}
	for _, row := range []struct {
		sentence string
		files    []attached
		want     []string
	}{
		{"a filled form", []attached{{"PL.xlsx", full}}, []string{"PL.xlsx appendix"}},
		{"report, form and two models", []attached{{"BC.docx", report}, {"PL.xlsx", full}, {"MH1.docx", model}, {"MH2.docx", model}},
			[]string{"BC.docx report", "PL.xlsx appendix", "MH1.docx model", "MH2.docx model D04/I"}},
		{"all of it in one archive", []attached{{"tất cả.zip", zipOf(t, "thư mục/BC.docx", report, "thư mục/PL.xlsx", full, "__MACOSX/._PL.xlsx", "x", "trong.zip", zipOf(t, "MH1.docx", model))}},
			[]string{"tất cả.zip/BC.docx report", "tất cả.zip/PL.xlsx appendix", "tất cả.zip/trong.zip/MH1.docx model"}},
		{"a mail within an archive", []attached{{"thu.zip", zipOf(t, "chuyen.eml", eml(from, "Chuyển", "Kính gửi", attached{"PL.xlsx", full}, attached{"MH.zip", zipOf(t, "MH1.docx", model)}))}},
			[]string{"thu.zip/chuyen.eml/PL.xlsx appendix", "thu.zip/chuyen.eml/MH.zip/MH1.docx model"}},
		{"a mail without files within an archive is a file", []attached{{"thu.zip", zipOf(t, "chuyen.eml", eml(from, "Chuyển", "Kính gửi"))}}, []string{"thu.zip/chuyen.eml other"}},
		{"an archive under a password", []attached{{"BC.rar", []byte("Rar!\x1a\x07\x00\xce\x99\x73\x80\x00\x0d\x00\x00\x00\x00\x00\x00\x00")}}, []string{"BC.rar other S02/E"}},
		{"a mail under a key that is not ours", []attached{{"smime.p7m", []byte("\x30\x80\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07\x03\xA0\x80" + strings.Repeat("x", 40))}}, []string{"smime.p7m other S02/E"}},
		{"an archive of nothing", []attached{{"BC.zip", zipOf(t)}}, []string{"BC.zip other S01/E"}},
		{"a mail within the mail", []attached{{"chuyen.eml", eml(from, "Chuyển", "Kính gửi", attached{"PL.xlsx", full})}}, []string{"chuyen.eml/PL.xlsx appendix"}},
		{"figures that disagree", []attached{{"PL.xlsx", wrong}}, []string{"PL.xlsx appendix C03/E"}},
		{"the blank form", []attached{{"PL.xlsx", blank}}, []string{"PL.xlsx appendix S15/E"}},
		{"another campaign's form", []attached{{"PL.xlsx", other}}, []string{"PL.xlsx appendix S07/E"}},
		{"a workbook cut short", []attached{{"PL.xlsx", full[:len(full)/2]}}, []string{"PL.xlsx appendix S01/E"}},
		{"one that is nothing", []attached{{"PL.xls", []byte("\x01\x02\x03 một ít \xff\xfe\xfd\x00")}}, []string{"PL.xls appendix S01/E"}},
		{"an empty one", []attached{{"PL.xlsx", nil}}, []string{"PL.xlsx appendix S01/E"}},
		{"one under a password", []attached{{"PL.xlsx", underPassword(t, full)}}, []string{"PL.xlsx appendix S02/E"}},
		{"a report under a password is a report", []attached{{"Báo cáo DVK 2022.docx", underPassword(t, full)}, {"PL.xlsx", full}},
			[]string{"Báo cáo DVK 2022.docx report S02/E", "PL.xlsx appendix"}},
		{"a model's write-up under one is a write-up", []attached{{"Mo hinh 1.docx", underPassword(t, full)}}, []string{"Mo hinh 1.docx model S02/E"}},
		{"under a password and without a telling name, it is taken for the form", []attached{{"tep", underPassword(t, full)}}, []string{"tep appendix S02/E"}},
		{"any workbook, alone, is an appendix without tables", []attached{{"DS.xlsx", stray}}, []string{"DS.xlsx appendix S10/E"}},
		{"beside the real one it is a file", []attached{{"DS.xlsx", stray}, {"PL.xlsx", full}}, []string{"DS.xlsx other", "PL.xlsx appendix"}},
		{"the blank form beside a filled one is a file", []attached{{"mau.xlsx", blank}, {"PL.xlsx", full}}, []string{"mau.xlsx other", "PL.xlsx appendix"}},
		{"our letter comes back with the answer", []attached{{"thu giao.eml", eml(from, "Gửi mẫu", "Kính gửi", attached{"mau.xlsx", blank})}, {"PL.xlsx", full}}, []string{"thu giao.eml/mau.xlsx other", "PL.xlsx appendix"}},
		{"beside a blank one too: that is enough to mend", []attached{{"DS.xlsx", stray}, {"PL.xlsx", blank}}, []string{"DS.xlsx other", "PL.xlsx appendix S15/E"}},
		{"an archive of a kind that is not opened", []attached{{"BC.rar", append([]byte("Rar!\x1a\x07\x00"), make([]byte, 100)...)}}, []string{"BC.rar other L02/E"}},
		{"an archive cut short", []attached{{"BC.zip", zipOf(t, "BC.docx", report)[:200]}}, []string{"BC.zip other S01/E"}},
		{"a file that is not what its name says", []attached{{"BC.docx", []byte("\x89PNG\r\n\x1a\n not a report")}}, []string{"BC.docx decoration"}},
		{"the form saved as .csv", []attached{{"PL.csv", asCSV(t, full)}}, []string{"PL.csv appendix S05/W S09/W"}},
		{"the same under another name", []attached{{"PL.xls", asCSV(t, full)}}, []string{"PL.xls appendix S05/W S09/W"}},
		{"a page that calls itself a workbook", []attached{{"PL.xls", asPage(t, full)}}, []string{"PL.xls appendix S05/W S09/W"}},
		{"any page is no form", []attached{{"a.html", []byte("<html><table><tr><td>1</td></tr></table></html>")}}, []string{"a.html other"}},
		{"no files", nil, nil},
		{"thirty write-ups", long, thirty},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			kept := map[string]int{}
			r := j.Judge(eml(from, "Báo cáo", "Kính gửi Ban Dân vận", row.files...), func(sha string, b []byte) { kept[sha] = len(b) })
			got := list(r.Parts)
			if !slices.Equal(got, row.want) {
				t.Errorf("\n got %q\nwant %q", got, row.want)
			}
			if r.Limit != "" || r.From.Address != "vanthu@hubinhson.quangngai.example" || r.SHA256 == "" || r.MessageID == "" {
				t.Errorf("limit %q, from %q", r.Limit, r.From.Address)
			}
			for _, p := range r.Parts {
				if kept[p.SHA256] != int(p.Size) || p.Problems == nil {
					t.Errorf("%s: %d bytes were kept, of %d", p.Path, kept[p.SHA256], p.Size)
				}
			}
		})
	}
}

// TestWhatTheTextOfAMailStandsFor: a link is no file and a sentence no form,
// but the sender believes that he has sent one.
func TestWhatTheTextOfAMailStandsFor(t *testing.T) {
	j := judgeOf(t)
	full := workbook(t, known.Form, fillIn)
	report := reportOf(t, "HUYỆN ỦY BÌNH SƠN")
	const typed = "Kính gửi Ban,\nSố liệu của huyện: đăng ký tập thể: 15, cá nhân: 5; cấp huyện 12, cấp cơ sở 8. Đã xây dựng 14 mô hình, được công nhận 6."
	const link = "Kính gửi Ban, em gửi báo cáo và phụ lục tại https://drive.google.com/file/d/1"
	for _, row := range []struct {
		sentence, subject, text string
		files                   []attached
		want                    []string
		class                   string
	}{
		{"a link and no file", "Báo cáo DVK", link, nil, []string{" other L01/E"}, finding.ClassReport},
		{"Zalo's cloud", "Báo cáo DVK", "Link: https://chat.zalo.me/?f=1", nil, []string{" other L01/E"}, finding.ClassReport},
		{"a link and a picture in the signature", "Báo cáo DVK", link, []attached{{"logo.png", []byte("\x89PNG\r\n\x1a\n")}}, []string{"logo.png decoration", " other L01/E"}, finding.ClassReport},
		{"a link beside a file: the file has been sent", "Báo cáo DVK", link, []attached{{"BC.docx", report}}, []string{"BC.docx report"}, finding.ClassReport},
		{"a question about a link", "Hỏi", "Ban cho hỏi https://drive.google.com/x là mẫu phải không?", nil, nil, finding.ClassQuestion},
		{"a statement stays one", "Trả lời", "Đã gửi qua trục liên thông; phụ lục: https://drive.google.com/x", nil, []string{" other L01/E"}, finding.ClassStatement},
		{"figures typed into the mail", "Số liệu", typed, nil, []string{" appendix L03/E"}, finding.ClassReport},
		{"a confirmation repeats figures and stays one", "Re: Số liệu", "XÁC NHẬN ĐÚNG\n" + typed, nil, nil, finding.ClassConfirmation},
		{"who asks for more time is heard, whatever else he points at", "Xin lùi thời hạn", "Đơn vị xin lùi thời hạn gửi; bản dự thảo tại https://drive.google.com/x", nil, nil, finding.ClassExtension},
		{"beside a report they are still no form", "Số liệu", typed, []attached{{"BC.docx", report}}, []string{"BC.docx report", " appendix L03/E"}, finding.ClassReport},
		{"beside the form they are words", "Số liệu", typed, []attached{{"PL.xlsx", full}}, []string{"PL.xlsx appendix"}, finding.ClassReport},
		{"a table pasted into the mail", "Phụ lục", "TT\tLĩnh vực\tTập thể\tCá nhân\n1\tKinh tế\t3\t2\n2\tVăn hóa - xã hội\t4\t0\n3\tQuốc phòng - an ninh\t1\t1\n4\tXây dựng hệ thống chính trị\t2\t2", nil, []string{" appendix L03/E"}, finding.ClassReport},
		{"Outlook's wrapping without a file is not one", "Hỏi", "Ban cho hỏi ghi ở đâu?", []attached{{"winmail.dat", []byte("\x78\x9F\x3E\x22\x01\x00")}}, []string{"winmail.dat decoration"}, finding.ClassQuestion},
		{"a sentence about one figure", "Hỏi", "Cấp huyện của huyện có 12 mô hình, ghi vào ô nào?", nil, nil, finding.ClassQuestion},
		{"dates and numbers of documents are no figures", "Trả lời", "Thực hiện Công văn số 624-CV/BDVTU ngày 03/10/2022, huyện đăng ký gửi ngày 18/10, xây dựng xong trước 15 giờ, cá nhân đồng chí sẽ gọi 0255.", nil, nil, finding.ClassQuestion},
	} {
		r := j.Judge(eml("vanthu@hubinhson.quangngai.example", row.subject, row.text, row.files...), func(string, []byte) {})
		if got := list(r.Parts); !slices.Equal(got, row.want) || r.Class != row.class {
			t.Errorf("%s: %s, parts %q", row.sentence, r.Class, got)
		}
	}
}

// TestOutlooksWrappingIsTheMailItself: a winmail.dat holds the files, and the
// words where the mail itself has none.
func TestOutlooksWrappingIsTheMailItself(t *testing.T) {
	wrap := func(attributes ...any) []byte { // id, content ([MS-OXTNEF] §2.1.3)
		out := []byte("\x78\x9F\x3E\x22\x01\x00")
		for i := 0; i < len(attributes); i += 2 {
			content := attributes[i+1].([]byte)
			out = binary.LittleEndian.AppendUint32(append(out, 1), uint32(attributes[i].(int)))
			out = append(append(binary.LittleEndian.AppendUint32(out, uint32(len(content))), content...), 0, 0)
		}
		return out
	}
	const body, begin, name, data = 0x2800C, 0x69002, 0x18010, 0x6800F
	j := judgeOf(t)
	words := []byte("Kinh gui Ban, huyen uy hen gui bo sung vao ngay 18/10.\x00")
	r := j.Judge(eml("vanthu@hubinhson.quangngai.example", "Bao cao", "", attached{"winmail.dat",
		wrap(body, words, begin, make([]byte, 14), name, []byte("PL.xlsx\x00"), data, workbook(t, known.Form, fillIn))}), func(string, []byte) {})
	if got := list(r.Parts); !slices.Equal(got, []string{"winmail.dat/PL.xlsx appendix"}) || r.Forwarded {
		t.Errorf("parts %q, forwarded %t", got, r.Forwarded)
	}
	if r.Text != "Kinh gui Ban, huyen uy hen gui bo sung vao ngay 18/10." {
		t.Errorf("text %q", r.Text)
	}
	if r := j.Judge(eml("vanthu@hubinhson.quangngai.example", "Hen", "", attached{"winmail.dat", wrap(body, words)}), func(string, []byte) {}); r.Class != finding.ClassPromise {
		t.Errorf("a promise within it is one: %s", r.Class)
	}
}

func TestWhoseFilesComeInAMailWithinTheMail(t *testing.T) {
	j := judgeOf(t)
	inner := eml("Văn thư <vanthu@hubinhson.quangngai.example>", "Báo cáo của Huyện ủy Bình Sơn", "Kính gửi", attached{"Scan0001.pdf", []byte("%PDF-1.4\n%%EOF")})
	says := func(raw []byte) (got []string) {
		for _, e := range j.Judge(raw, func(string, []byte) {}).Evidence {
			got = append(got, e.Kind+" "+e.Unit)
		}
		slices.Sort(got)
		return slices.Compact(got)
	}
	for _, row := range []struct {
		sentence string
		raw      []byte
		want     []string
	}{
		{"its subject and its sender are signs", eml("a@a.example", "Chuyển", "Chuyển Ban", attached{"1.eml", inner}), []string{"body HU-BINHSON", "from_name HU-BINHSON", "subject HU-BINHSON"}},
		{"so they are of one in an archive", eml("a@a.example", "Chuyển", "Chuyển Ban", attached{"2.zip", zipOf(t, "1.eml", inner)}), []string{"from_name HU-BINHSON", "subject HU-BINHSON"}},
		{"the name of an archive speaks for what is in it", eml("a@a.example", "Chuyển", "Chuyển Ban", attached{"BC Huyện ủy Bình Sơn.zip", zipOf(t, "Scan0001.pdf", "%PDF-1.4\n%%EOF")}), []string{"filename HU-BINHSON"}},
	} {
		if got := says(row.raw); !slices.Equal(got, row.want) {
			t.Errorf("%s: %q", row.sentence, got)
		}
	}
}

func TestJudgeGivesValuesAndPlaces(t *testing.T) {
	j := judgeOf(t)
	r := j.Judge(eml("a@a.example", "x", "y", attached{"PL.xlsx", workbook(t, known.Form, fillIn)}), func(string, []byte) {})
	p := r.Parts[0]
	numbers := 0
	for _, v := range p.Values {
		if _, ok := v.(float64); ok {
			numbers++
		}
	}
	if numbers != 28 || p.Values["DVK_B1_11_TT"] != 6.0 || p.Values["DVK_SO_BC"] != "125-BC/HU" || p.Values["DVK_NGAY_BC"] != "2022-10-18" {
		t.Errorf("%d numbers, %v", numbers, p.Values)
	}
	if p.Places["DVK_B1_11_TT"] != annexSheet+"!D11" {
		t.Errorf("it stood in %q", p.Places["DVK_B1_11_TT"])
	}
}

// TestJudgeUsesTheSendersFacts: the same figures are usual for a district and
// not for a department.
func TestJudgeUsesTheSendersFacts(t *testing.T) {
	j := judgeOf(t)
	many := workbook(t, known.Form, func(x *excelize.File) {
		fillIn(x)
		x.SetCellValue(annexSheet, "E13", 66)
		x.SetCellValue(annexSheet, "E20", 66)
	})
	for _, row := range []struct {
		sentence, from string
		want           bool
	}{
		{"66 of a district are not unusual", "vanthu@hubinhson.quangngai.example", false},
		{"66 of a department are", "vanthu@btctu.quangngai.example", true},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			r := j.Judge(eml(row.from, "x", "y", attached{"PL.xlsx", many}), func(string, []byte) {})
			got := slices.ContainsFunc(r.Parts[0].Problems, func(p finding.Problem) bool { return p.Code == "N09" })
			if got != row.want {
				t.Errorf("N09 %v: %q", got, list(r.Parts))
			}
		})
	}
}

// TestJudgeEvidence: whom a mail speaks of, and where.
func TestJudgeEvidence(t *testing.T) {
	j := judgeOf(t)
	form := workbook(t, known.Form, func(x *excelize.File) {
		fillIn(x)
		tell(map[string]string{"unit_code": "HU-BATO", "token": "aaaabbbbccccddddeeee"})(x)
	})
	r := j.Judge(eml("Huyện ủy Lý Sơn <x@mail.example>", "Huyện ủy Minh Long gửi báo cáo", "Huyện ủy Sơn Hà kính gửi",
		attached{"Huyen uy Tra Bong.docx", reportOf(t, "HUYỆN ỦY BÌNH SƠN")}, attached{"PL.xlsx", form}), func(string, []byte) {})
	got := map[string]string{}
	for _, e := range r.Evidence {
		got[e.Kind] = e.Unit
	}
	want := map[string]string{"from_name": "HU-LYSON", "subject": "HU-MINHLONG", "body": "HU-SONHA", "filename": "HU-TRABONG", "letterhead": "HU-BINHSON", "form": "HU-BATO"}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("\n got %v\nwant %v", got, want)
	}
	if id := r.Parts[1].Form; id == nil || id.Unit != "HU-BATO" || id.Token != "aaaabbbbccccddddeeee" || id.Campaign != "DVK-2022" {
		t.Errorf("%+v", id)
	}
}

// TestAMailOfTenThousandParts ends at the limit, and names its sender.
func TestAMailOfTenThousandParts(t *testing.T) {
	r := judgeOf(t).Judge(tenThousand(), func(string, []byte) {})
	if r.Limit != "parts" || r.From.Address != "vanthu@hubinhson.quangngai.example" || len(r.Parts) > 0 {
		t.Errorf("limit %q, from %q, %d parts", r.Limit, r.From.Address, len(r.Parts))
	}
}

func tenThousand() []byte {
	return eml("vanthu@hubinhson.quangngai.example", "nhiều", "", slices.Repeat([]attached{{"a.txt", []byte("a")}}, 10000)...)
}

// TestHandler speaks to the child's side as the daemon does.
func TestHandler(t *testing.T) {
	handle := Handler()
	if _, _, err := handle(OpJudge, nil); err == nil {
		t.Error("judged before it knew the campaign")
	}
	judgeOf(t)
	text, _ := json.Marshal(known)
	if _, _, err := handle(reader.OpInit, text); err != nil {
		t.Fatal(err)
	}
	data := workbook(t, known.Form, fillIn)
	for _, row := range []struct {
		sentence, op string
		payload      []byte
		want         func(reply []byte, blobs map[string][]byte) bool
	}{
		{"a mail", OpJudge, eml("a@a.example", "x", "y", attached{"PL.xlsx", data}), func(reply []byte, blobs map[string][]byte) bool {
			var r finding.Reading
			return json.Unmarshal(reply, &r) == nil && len(r.Parts) == 1 && bytes.Equal(blobs[r.Parts[0].SHA256], data)
		}},
		{"the head of a mail", OpHead, []byte("From: a@a.example\r\nSubject: x\r\n\r\n"), func(reply []byte, blobs map[string][]byte) bool {
			var r finding.Reading
			return json.Unmarshal(reply, &r) == nil && r.From.Address == "a@a.example" && len(blobs) == 0
		}},
		{"a filled form", OpCheck, data, func(reply []byte, blobs map[string][]byte) bool {
			var p finding.Part
			return json.Unmarshal(reply, &p) == nil && p.Kind == finding.Appendix && p.Values["DVK_B1_11_TT"] == 6.0
		}},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			if reply, blobs, err := handle(row.op, row.payload); err != nil || !row.want(reply, blobs) {
				t.Errorf("%v %.300s", err, reply)
			}
		})
	}
	if _, _, err := handle("format the disk", nil); err == nil {
		t.Error("an operation that there is not was done")
	}
	if _, err := NewJudge(Knowledge{Form: []byte("no form")}); err == nil {
		t.Error("judging without a form")
	}
}

func BenchmarkJudgeFilledForm(b *testing.B) {
	j := judgeOf(b)
	mail := eml("vanthu@hubinhson.quangngai.example", "Báo cáo", "Kính gửi", attached{"PL.xlsx", workbook(b, known.Form, fillIn)})
	b.ReportAllocs()
	for b.Loop() {
		if r := j.Judge(mail, func(string, []byte) {}); len(r.Parts) != 1 || r.Parts[0].Kind != finding.Appendix || len(r.Parts[0].Problems) > 0 {
			b.Fatalf("%q", list(r.Parts))
		}
	}
}

// TestEveryCountOfTheFormCanBeExplained: a figure that is unusual among the
// group is explained by the note of its own row, whichever it is.
func TestEveryCountOfTheFormCanBeExplained(t *testing.T) {
	desc := judgeOf(t).form.Description()
	d := &decision{k: Known{Form: desc}}
	counts := 0
	for _, in := range desc.Inputs {
		if !in.Number() {
			continue
		}
		counts++
		p := finding.Part{Values: map[string]any{in.Name: 99.0}, Places: map[string]string{in.Name: in.Sheet + "!" + in.Cell}}
		if q := d.unusual(&p, in.Name, 99); q.Explain != "" || q.Cell != in.Cell || q.Args["nhan"] == "" {
			t.Errorf("%s without a note: %+v", in.Name, q)
		}
		note := in.Name[:strings.LastIndex(in.Name, "_")]
		for strings.Count(note, "_") > 2 {
			note = note[:strings.LastIndex(note, "_")]
		}
		p.Values[note+"_GC"] = "phát sinh mới"
		if q := d.unusual(&p, in.Name, 99); q.Explain != "phát sinh mới" {
			t.Errorf("%s is not explained by %s_GC", in.Name, note)
		}
	}
	if counts != 28 {
		t.Errorf("%d counts", counts)
	}
}

func TestSizesAreNeverNothing(t *testing.T) {
	for _, x := range []struct {
		sentence string
		bytes    int
		want     string
	}{
		{"a few bytes are one KB", 40, "1 KB"},
		{"less than a tenth of a MB is in KB", 100_000, "98 KB"},
		{"more is in MB with a comma", 31 << 20, "31,0 MB"},
	} {
		if got := megabytes(x.bytes); got != x.want {
			t.Errorf("%s: %q, want %q", x.sentence, got, x.want)
		}
	}
}
