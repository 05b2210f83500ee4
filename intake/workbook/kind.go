package workbook

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"strings"
	"unicode/utf16"
)

// sniff decides by content what a file is. A nil error promises a zip
// container that may hold an Office Open XML workbook.
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
	case bytes.HasPrefix(data, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
		return sniffOLE(data)
	case bytes.HasPrefix(data, []byte("\x09\x08\x10\x00\x00\x06\x05\x00")), // BIFF8 and BIFF5 without a container
		bytes.HasPrefix(data, []byte("\x09\x08\x08\x00\x00\x05\x05\x00")),
		bytes.HasPrefix(data, []byte("\x09\x04\x06\x00")), // BIFF4, 3 and 2
		bytes.HasPrefix(data, []byte("\x09\x02\x06\x00")),
		bytes.HasPrefix(data, []byte("\x09\x00\x04\x00")):
		return &Error{Kind: Unsupported, Format: "xls"}
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

// sniffOLE looks for the streams that tell what an OLE2 container holds. Its
// directory entries begin with their name in UTF-16 and are aligned at 128
// bytes, wherever the directory's sectors lie ([MS-CFB] 2.6), so no chain that
// a hostile file could bend needs following.
func sniffOLE(data []byte) *Error {
	has := func(name string) bool {
		var want []byte
		for _, u := range utf16.Encode([]rune(name)) {
			want = binary.LittleEndian.AppendUint16(want, u)
		}
		want = append(want, 0, 0)
		for i := 512; i+128 <= len(data); i += 128 {
			if binary.LittleEndian.Uint16(data[i+64:]) == uint16(len(want)) && bytes.Equal(data[i:i+len(want)], want) {
				return true
			}
		}
		return false
	}
	switch {
	case has("EncryptedPackage"):
		return &Error{Kind: Encrypted, Format: "ole"}
	case has("Workbook"), has("Book"), has("WORKBOOK"), has("BOOK"):
		if encryptedBIFF(data) {
			return &Error{Kind: Encrypted, Format: "xls"}
		}
		return &Error{Kind: Unsupported, Format: "xls"}
	case has("WordDocument"):
		return &Error{Kind: NotAWorkbook, Format: "doc"}
	}
	return &Error{Kind: NotAWorkbook, Format: "ole"}
}

// encryptedBIFF looks for a FILEPASS record ([MS-XLS] 2.4.117) among the first
// records of a workbook stream, which begins a sector.
func encryptedBIFF(data []byte) bool {
	for at := 512; at+8 <= len(data); at += 512 {
		if binary.LittleEndian.Uint16(data[at:]) != 0x0809 {
			continue
		}
		for i, n := at, 0; n < 8 && i+4 <= len(data); n++ {
			id, size := binary.LittleEndian.Uint16(data[i:]), int(binary.LittleEndian.Uint16(data[i+2:]))
			if id == 0x002f {
				return true
			}
			i += 4 + size
		}
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
