package workbook

import (
	"archive/zip"
	"bytes"
	"strings"
)

// sniff decides by content what a file is. A nil error promises a container
// or a stream that may hold a workbook.
func sniff(data []byte) *Error {
	switch {
	case len(data) == 0:
		return &Error{Kind: Empty}
	case len(data) > maxFile:
		return &Error{Kind: TooLarge, Detail: "file"}
	case bytes.HasPrefix(data, []byte("PK\x03\x04")):
		return nil
	case bytes.HasPrefix(data, []byte("PK\x05\x06")), bytes.HasPrefix(data, []byte("PK")) && len(data) < 30:
		return &Error{Kind: Damaged, Format: "zip", Detail: "no entries"}
	case bytes.HasPrefix(data, oleMagic), bareXLS(data):
		return nil
	case len(bytes.Trim(data, "\x00")) == 0:
		return &Error{Kind: Damaged, Detail: "zero bytes only"}
	}
	head := bytes.ToLower(data[:min(len(data), 4096)])
	head = bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n")
	switch {
	case bytes.HasPrefix(head, []byte("<!doctype html")), bytes.HasPrefix(head, []byte("<html")),
		bytes.HasPrefix(head, []byte("<")) && bytes.Contains(head, []byte("<table")):
		return &Error{Kind: NotAWorkbook, Format: "html"}
	case bytes.HasPrefix(head, []byte("<?xml")) && bytes.Contains(head, []byte("office:spreadsheet")):
		return &Error{Kind: Unsupported, Format: "xml"} // SpreadsheetML 2003
	case bytes.HasPrefix(head, []byte("%pdf-")):
		return &Error{Kind: NotAWorkbook, Format: "pdf"}
	}
	return &Error{Kind: NotAWorkbook}
}

var oleMagic = []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")

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
		case name == "mimetype" && f.UncompressedSize64 < 200:
			r, err := f.Open()
			if err != nil {
				continue
			}
			b := make([]byte, 200)
			n, _ := r.Read(b)
			r.Close()
			if bytes.Contains(b[:n], []byte("opendocument.spreadsheet")) {
				return &Error{Kind: Unsupported, Format: "ods"}
			}
			if bytes.Contains(b[:n], []byte("opendocument")) {
				return &Error{Kind: NotAWorkbook, Format: "odt"}
			}
		}
	}
	return &Error{Kind: NotAWorkbook, Format: "zip"}
}
