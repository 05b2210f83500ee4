package workbook

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/textproto"
	"path"
	"strings"
)

// openMHTML reads a web archive (RFC 2557), which is what Excel's "single file
// web page" is, often named .xls: a page for every sheet, and one that lists
// their names.
func openMHTML(data []byte) (*Book, error) {
	m := &room{format: "html"}
	// A header of any length would be kept whole.
	const longest = 64 << 10
	head, err := textproto.NewReader(bufio.NewReader(bytes.NewReader(data[:min(len(data), longest)]))).ReadMIMEHeader()
	if err != nil {
		return nil, &Error{Kind: NotAWorkbook, Format: "text"}
	}
	media, params, err := mime.ParseMediaType(head.Get("Content-Type"))
	if err != nil || !strings.HasPrefix(media, "multipart/") || params["boundary"] == "" {
		return nil, &Error{Kind: NotAWorkbook, Format: "mail"}
	}
	b := &Book{Format: "html", Guess: &Guess{}}
	var names []string
	fixed := map[*Cell]bool{}
	parts := multipart.NewReader(bytes.NewReader(data), params["boundary"])
	for n := 0; ; n++ {
		part, err := parts.NextRawPart()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, m.damaged(err.Error())
		}
		if n >= 2*maxSheets {
			return nil, m.tooLarge("parts")
		}
		media, params, _ := mime.ParseMediaType(part.Header.Get("Content-Type"))
		if media != "text/html" || strings.HasPrefix(path.Base(part.Header.Get("Content-Location")), "tabstrip") {
			continue
		}
		page, err := readPart(m, part, params["charset"])
		if err != nil {
			return nil, err
		}
		names = append(names, page.names...)
		if !page.tables {
			continue
		}
		if len(b.Sheets) >= maxSheets {
			return nil, m.tooLarge("sheets")
		}
		for i := range page.sheet.cells {
			if c := &page.sheet.cells[i]; page.isText(c) {
				fixed[c] = true
			}
		}
		b.Guess.Encoding = page.encoding
		b.Sheets = append(b.Sheets, page.sheet)
	}
	if len(b.Sheets) == 0 {
		return nil, &Error{Kind: NotAWorkbook, Format: "html"}
	}
	for i, s := range b.Sheets {
		if s.Name = "Sheet" + string(rune('1'+i%9)); len(names) >= len(b.Sheets) && names[i] != "" {
			s.Name = names[i]
		}
	}
	b.guessNumbers(func(c *Cell) bool { return fixed[c] })
	return b, nil
}

func readPart(m *room, part *multipart.Part, charset string) (*htmlPage, error) {
	var r io.Reader = part
	switch strings.ToLower(part.Header.Get("Content-Transfer-Encoding")) {
	case "quoted-printable":
		r = quotedprintable.NewReader(part)
	case "base64":
		r = base64.NewDecoder(base64.StdEncoding, part)
	}
	data, err := io.ReadAll(io.LimitReader(r, maxFile))
	if err != nil {
		return nil, m.damaged(err.Error())
	}
	return readPage(m, data, charset)
}
