package workbook

import (
	"archive/zip"
	"bytes"
	"strings"
)

// form is how a file is put together.
type form byte

const (
	zipped form = iota + 1 // Office Open XML, OpenDocument
	compound
	bare // a workbook stream without a container
	spreadsheetML
	page // HTML
	webArchive
	plain // text, perhaps with separators
)

var oleMagic = []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")

// maxHead is how far the beginning of a text is looked at.
const maxHead = 4096

// sniff decides by content what a file may be.
func sniff(data []byte) (form, *Error) {
	switch {
	case len(data) == 0:
		return 0, &Error{Kind: Empty}
	case len(data) > maxFile:
		return 0, &Error{Kind: TooLarge, Detail: "file"}
	case bytes.HasPrefix(data, []byte("PK\x03\x04")):
		return zipped, nil
	case bytes.HasPrefix(data, []byte("PK\x05\x06")), bytes.HasPrefix(data, []byte("PK\x07\x08")), bytes.HasPrefix(data, []byte("PK")) && len(data) < 30:
		return 0, &Error{Kind: Damaged, Format: "zip", Detail: "no entries"}
	case bytes.HasPrefix(data, oleMagic):
		return compound, nil
	case bareXLS(data):
		return bare, nil
	case len(bytes.Trim(data, "\x00")) == 0:
		return 0, &Error{Kind: Damaged, Detail: "zero bytes only"}
	case bytes.HasPrefix(data, []byte("%PDF-")):
		return 0, &Error{Kind: NotAWorkbook, Format: "pdf"}
	case bytes.HasPrefix(data, []byte(`{\rtf`)):
		return 0, &Error{Kind: NotAWorkbook, Format: "rtf"}
	}
	text, _ := decodeText(data[:min(len(data), maxHead)], "")
	head := strings.ToLower(strings.TrimLeft(text, " \t\r\n"))
	has := func(s string) bool { return strings.Contains(head, s) }
	begins := func(s string) bool { return strings.HasPrefix(head, s) }
	switch {
	case begins("<") && has("vnd.oasis.opendocument.spreadsheet") && has("office:document"):
		return 0, &Error{Kind: Unsupported, Format: "fods"}
	case begins("<") && has("urn:schemas-microsoft-com:office:spreadsheet") && has("workbook"):
		return spreadsheetML, nil
	case begins("<!doctype html"), begins("<html"), begins("<head"), begins("<body"), begins("<meta"), begins("<style"), begins("<table"),
		begins("<") && (has("<table") || has("<html")):
		return page, nil
	case begins("id;p"):
		return 0, &Error{Kind: Unsupported, Format: "slk"}
	case begins("mime-version:"), has("\ncontent-type: multipart/related"), begins("content-type: multipart/related"):
		return webArchive, nil
	}
	return plain, nil
}

// bareXLS recognises a workbook stream without a container by its first
// record: files of Excel 2 to 4 have none, and some programs write none.
func bareXLS(data []byte) bool {
	r := biff{data: data[:min(len(data), 64)], left: 64}
	if !r.next() || len(r.body) > 16 {
		return false
	}
	v, kind := version(r.id, r.body)
	switch kind {
	case biffGlobals, biffSheet, biffMacros, 0x0020, 0x0100:
		return v > 0
	}
	return false
}

// sniffZip tells what a container without an Office Open XML workbook is.
func sniffZip(z *zip.Reader) *Error {
	for _, f := range z.File {
		name := strings.ToLower(strings.ReplaceAll(f.Name, `\`, "/"))
		switch {
		case name == "xl/workbook.bin":
			return &Error{Kind: Unsupported, Format: "xlsb"}
		case strings.HasPrefix(name, "word/"):
			return &Error{Kind: NotAWorkbook, Format: "docx"}
		case strings.HasPrefix(name, "ppt/"):
			return &Error{Kind: NotAWorkbook, Format: "pptx"}
		case strings.HasPrefix(name, "xl/worksheets/"):
			return &Error{Kind: Damaged, Format: "xlsx", Detail: "no workbook part"}
		case name == "index/document.iwa", name == "index.zip":
			return &Error{Kind: Unsupported, Format: "numbers"}
		case name == "content.xml":
			return &Error{Kind: NotAWorkbook, Format: "odf"}
		}
	}
	return &Error{Kind: NotAWorkbook, Format: "zip"}
}
