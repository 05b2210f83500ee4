package simulator

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// manner is how an office's computer makes the files that it sends. What they
// say is the same in all of them, so that the truth is.
type manner struct {
	vi, en string
	book   func(*sheetBook) []byte // another format for the workbook; nil: as it came
	suffix string                  // of its name
	letter func(file) file         // another format for what Word wrote
	codes  *strings.Replacer       // for text in an old font
	font   string
	wrap   func(p *party, m *member, files []file) []file
}

// manners in turn; most offices have what the form was made with.
var manners = []manner{
	{vi: "Excel và Word đời mới", en: "Excel and Word as they are now"},
	{vi: "Excel 97, văn bản RTF", en: "Excel 97 and rich text", book: (*sheetBook).xls, suffix: ".xls", letter: richText},
	{vi: "LibreOffice", en: "LibreOffice", book: (*sheetBook).ods, suffix: ".ods", letter: openText},
	{vi: "nén tất cả vào một tệp zip", en: "all of it in one zip", wrap: zipped},
	{vi: "phông .VnTime (TCVN3)", en: "fonts of TCVN3", letter: oldFont(tcvn3, ".VnTime"), codes: tcvn3, font: ".VnTime"},
	{vi: "winmail.dat của Outlook", en: "Outlook's winmail.dat", wrap: winmail},
	{vi: "bảng XML 2003 mang đuôi .xls, phông VNI", en: "XML of 2003 that calls itself .xls, fonts of VNI", book: (*sheetBook).xml2003, suffix: ".xls", letter: oldFont(vni, "VNI-Times"), codes: vni, font: "VNI-Times"},
	{vi: "thư chuyển tiếp đính kèm", en: "forwarded as an attachment", wrap: forwarded},
	{vi: "bảng chữ CSV, báo cáo chỉ có bản quét", en: "CSV, and the report as a scan only", book: (*sheetBook).csv, suffix: ".csv", letter: scanned},
	{vi: "bảng HTML mang đuôi .xls, có ảnh chữ ký và danh thiếp", en: "HTML that calls itself .xls, pictures and cards", book: (*sheetBook).html, suffix: ".xls", wrap: decorated},
}

// manner is the party's, by its place in the roster, so that every one is seen
// in every play. An office that passes on others' mail sends its own in a way
// that says whose it is.
func (p *party) manner() *manner {
	at := slices.Index(p.parties, p) + int(p.config.Seed%uint64(len(manners)))
	if p.lead().Relay || at%2 == 0 {
		return &manners[0]
	}
	return &manners[at/2%len(manners)]
}

// dress gives the files of a mail the party's manner, but for what is wrapped
// around them. A workbook whose cells will be spoken of, or that is another's,
// stays as it is: its faults are in its formats too.
func (p *party) dress(m *member, c content, files []file) ([]file, error) {
	way := p.manner()
	for i, f := range files {
		switch {
		case strings.HasSuffix(f.name, ".xlsx") && way.book != nil && len(c.faults) == 0 && c.form == nil:
			book, err := readBook(f.data)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", f.name, err)
			}
			files[i] = file{strings.TrimSuffix(f.name, ".xlsx") + way.suffix, way.book(book)}
		case strings.HasSuffix(f.name, ".docx") && way.letter != nil:
			files[i] = way.letter(f)
		}
	}
	p.dressed[way.en]++
	return files, nil
}

// wrapped are the files as they travel.
func (p *party) wrapped(m *member, files []file) []file {
	if way := p.manner(); way.wrap != nil {
		return way.wrap(p, m, slices.Clone(files))
	}
	return files
}

// stem is a file's name without its suffix.
func stem(name string) string { return strings.TrimSuffix(name, path.Ext(name)) }
