package simulator

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"hash/crc32"
	"io"
	"regexp"
	"strings"
	"time"
	"unicode/utf16"
)

// The letters of Vietnamese and what fonts from before Unicode show for them,
// on the codes of Latin-1. TCVN3 has no capitals with a tone: they are written
// in small letters, and in a font that shows capitals.
var (
	tcvn3 = pairs("áàảãạÂâấầẩẫậĂăắằẳẵặĐđéèẻẽẹÊêếềểễệíìỉĩịóòỏõọÔôốồổỗộƠơớờởỡợúùủũụƯưứừửữựýỳỷỹỵ",
		"¸µ¶·¹¢©ÊÇÈÉË¡¨¾»¼½Æ§®ÐÌÎÏÑ£ªÕÒÓÔÖÝ×ØÜÞãßáâä¤«èåæçé¥¬íêëìîóïñòô¦\u00adøõö÷ùýúûüþ")
	vni = spelled("ÁAÙ áaù ÀAØ àaø ẢAÛ ảaû ÃAÕ ãaõ ẠAÏ ạaï ÂAÂ âaâ ẤAÁ ấaá ẦAÀ ầaà ẨAÅ ẩaå ẪAÃ ẫaã ẬAÄ ậaä ĂAÊ ăaê ẮAÉ ắaé ẰAÈ ằaè ẲAÚ ẳaú ẴAÜ ẵaü ẶAË ặaë ĐÑ đñ " +
		"ÉEÙ éeù ÈEØ èeø ẺEÛ ẻeû ẼEÕ ẽeõ ẸEÏ ẹeï ÊEÂ êeâ ẾEÁ ếeá ỀEÀ ềeà ỂEÅ ểeå ỄEÃ ễeã ỆEÄ ệeä ÍÍ íí ÌÌ ìì ỈÆ ỉæ ĨÓ ĩó ỊÒ ịò " +
		"ÓOÙ óoù ÒOØ òoø ỎOÛ ỏoû ÕOÕ õoõ ỌOÏ ọoï ÔOÂ ôoâ ỐOÁ ốoá ỒOÀ ồoà ỔOÅ ổoå ỖOÃ ỗoã ỘOÄ ộoä ƠÔ ơô ỚÔÙ ớôù ỜÔØ ờôø ỞÔÛ ởôû ỠÔÕ ỡôõ ỢÔÏ ợôï " +
		"ÚUÙ úuù ÙUØ ùuø ỦUÛ ủuû ŨUÕ ũuõ ỤUÏ ụuï ƯÖ ưö ỨÖÙ ứöù ỪÖØ ừöø ỬÖÛ ửöû ỮÖÕ ữöõ ỰÖÏ ựöï ÝYÙ ýyù ỲYØ ỳyø ỶYÛ ỷyû ỸYÕ ỹyõ ỴÎ ỵî")
)

func pairs(letters, codes string) *strings.Replacer {
	to := []rune(codes)
	var all []string
	for i, r := range []rune(letters) {
		all = append(all, string(r), string(to[i]))
	}
	return strings.NewReplacer(all...)
}

func spelled(list string) *strings.Replacer {
	var all []string
	for _, s := range strings.Fields(list) {
		r := []rune(s)
		all = append(all, string(r[0]), string(r[1:]))
	}
	return strings.NewReplacer(all...)
}

// oldFont writes what Word wrote in a font from before Unicode.
func oldFont(codes *strings.Replacer, font string) func(file) file {
	return func(f file) file {
		var text bytes.Buffer
		for _, p := range paragraphs(f.data) {
			face := font
			if codes == tcvn3 && p == strings.ToUpper(p) {
				p, face = strings.ToLower(p), font+"H"
			}
			fmt.Fprintf(&text, `<w:p><w:r><w:rPr><w:rFonts w:ascii="%s" w:hAnsi="%s"/></w:rPr><w:t xml:space="preserve">%s</w:t></w:r></w:p>`, face, face, escaped(codes.Replace(p)))
		}
		return file{f.name, wordDocument(text.String())}
	}
}

// richText is what WordPad saves.
func richText(f file) file {
	var b strings.Builder
	b.WriteString(`{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\fnil Times New Roman;}}\f0\fs28` + "\n")
	for _, p := range paragraphs(f.data) {
		for _, unit := range utf16.Encode([]rune(p)) {
			switch {
			case unit == '\\' || unit == '{' || unit == '}':
				b.WriteString(`\` + string(rune(unit)))
			case unit < 0x80:
				b.WriteByte(byte(unit))
			default:
				fmt.Fprintf(&b, `\u%d?`, int16(unit))
			}
		}
		b.WriteString("\\par\n")
	}
	b.WriteString("}")
	return file{stem(f.name) + ".rtf", []byte(b.String())}
}

// openText is what LibreOffice saves.
func openText(f file) file {
	var b strings.Builder
	b.WriteString(xml.Header + `<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2"><office:body><office:text>`)
	for _, p := range paragraphs(f.data) {
		b.WriteString("<text:p>" + escaped(p) + "</text:p>")
	}
	b.WriteString("</office:text></office:body></office:document-content>")
	return file{stem(f.name) + ".odt", openDocument("application/vnd.oasis.opendocument.text", b.String())}
}

// openDocument packs the content of an OpenDocument file: its type first, and
// not compressed.
func openDocument(kind, content string) []byte {
	return packed([]entry{
		{"mimetype", kind, true},
		{"META-INF/manifest.xml", xml.Header + `<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.2"><manifest:file-entry manifest:full-path="/" manifest:media-type="` + kind + `"/><manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>`, false},
		{"content.xml", content, false},
	})
}

// scanned is the report as the scanner made it; write-ups stay as they are.
func scanned(f file) file {
	if !strings.HasPrefix(f.name, "Bao cao") {
		return f
	}
	return file{stem(f.name) + ".pdf", scan(f.data)}
}

// scan is a page without text; no two sheets of paper scan alike.
func scan(paper []byte) []byte {
	return fmt.Appendf(Page(), "%% %08x\n", crc32.ChecksumIEEE(paper))
}

// entry is a file of an archive.
type entry struct {
	name, data string
	stored     bool
}

// packed is a zip; into memory, where writing cannot fail.
func packed(files []entry) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, f := range files {
		h := &zip.FileHeader{Name: f.name, Method: zip.Deflate, Modified: time.Date(2022, 10, 1, 8, 0, 0, 0, time.UTC)}
		if f.stored {
			h.Method, h.CRC32 = zip.Store, crc32.ChecksumIEEE([]byte(f.data))
			h.CompressedSize64, h.UncompressedSize64 = uint64(len(f.data)), uint64(len(f.data))
			h.Modified = time.Time{}
			w, _ := z.CreateRaw(h)
			io.WriteString(w, f.data)
			continue
		}
		w, _ := z.CreateHeader(h)
		io.WriteString(w, f.data)
	}
	z.Close()
	return b.Bytes()
}

var textRun = regexp.MustCompile(`<w:t[^>]*>([^<]*)</w:t>`)

// paragraphs are the texts of a document that document made.
func paragraphs(docx []byte) []string {
	z, err := zip.NewReader(bytes.NewReader(docx), int64(len(docx)))
	if err != nil {
		return nil
	}
	f, err := z.Open("word/document.xml")
	if err != nil {
		return nil
	}
	defer f.Close()
	text, _ := io.ReadAll(f)
	var all []string
	for _, m := range textRun.FindAllSubmatch(text, -1) {
		var s string
		xml.Unmarshal([]byte("<t>"+string(m[1])+"</t>"), &s)
		all = append(all, s)
	}
	return all
}
