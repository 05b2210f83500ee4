package config

import (
	"bytes"
	"unicode/utf8"

	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/unicode/norm"
)

// plaintext turns the bytes of a text file as Notepad or Excel may have saved
// them into UTF-8, NFC, with \n line ends and without byte order mark. The
// mistake, if there is one, has a line.
func plaintext(file string, data []byte) ([]byte, Mistakes) {
	var wrong Mistakes
	if bytes.HasPrefix(data, []byte{0xFF, 0xFE}) || bytes.HasPrefix(data, []byte{0xFE, 0xFF}) {
		if utf, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder().Bytes(data); err == nil {
			data = utf
		}
	}
	data = bytes.TrimPrefix(data, []byte("\xEF\xBB\xBF"))
	data = bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n"))
	data = bytes.ReplaceAll(data, []byte("\r"), []byte("\n"))
	for i, line := range bytes.Split(data, []byte("\n")) {
		if !utf8.Valid(line) {
			wrong.say(Mistake{File: file, Line: i + 1},
				`tệp không phải UTF-8. Mở bằng Notepad, chọn Lưu thành (Save As), mục Mã hóa (Encoding) chọn UTF-8.`,
				`the file is not UTF-8. Open it in Notepad, choose Save As, and set Encoding to UTF-8.`)
			return nil, wrong
		}
	}
	return norm.NFC.Bytes(data), nil
}
