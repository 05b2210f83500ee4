package config

import (
	"bytes"
	"errors"
	"regexp"
	"strings"
	"unicode"

	"go.yaml.in/yaml/v4"
)

// maxYAML bounds campaign.yaml, in bytes; the built-in one has 17 KB.
const maxYAML = 256 << 10

// parse reads one YAML document that is a mapping. Of syntax errors only the
// first can be known, but every tab and every curly quote that can have caused
// it is named.
func parse(file string, data []byte) (*yaml.Node, Mistakes) {
	var found Mistakes
	if len(data) > maxYAML {
		found.say(Mistake{File: file}, `tệp lớn hơn 256 KB nên không phải tệp cấu hình. Chép lại tệp do "dondoc init" tạo ra.`,
			`the file is larger than 256 KB, so it is no configuration. Copy the one that "dondoc init" writes.`)
		return nil, found
	}
	data, found = plaintext(file, data)
	if len(found) > 0 {
		return nil, found
	}
	var doc yaml.Node
	if err := yaml.Load(data, &doc); err != nil {
		return nil, syntax(file, data, err)
	}
	if len(doc.Content) == 0 || doc.Content[0].Kind != yaml.MappingNode {
		found.say(Mistake{File: file, Line: 1},
			`tệp phải gồm các dòng "khóa: giá trị". Chép lại tệp do "dondoc init" tạo ra rồi sửa.`,
			`the file must consist of "key: value" lines. Copy the one that "dondoc init" writes, and edit it.`)
		return nil, found
	}
	return doc.Content[0], nil
}

// syntax says what the operator did, where the parser says what it met.
func syntax(file string, data []byte, err error) Mistakes {
	var found Mistakes
	lines := bytes.Split(data, []byte("\n"))
	for i, line := range lines {
		indent := line[:len(line)-len(bytes.TrimLeft(line, " \t"))]
		if tab := bytes.IndexByte(indent, '\t'); tab >= 0 && len(indent) < len(line) {
			found.say(Mistake{File: file, Line: i + 1, Column: tab + 1},
				`có dấu Tab ở đầu dòng; YAML chỉ nhận dấu cách. Xóa Tab, gõ hai dấu cách cho mỗi bậc thụt vào.`,
				`there is a tab at the start of the line; YAML takes only spaces. Delete the tab and type two spaces for each level.`)
		}
	}
	if len(found) > 0 {
		return found
	}

	var what *yaml.LoadError
	if !errors.As(err, &what) {
		what = &yaml.LoadError{Message: err.Error()}
	}
	at := Mistake{File: file, Line: what.Mark.Line, Column: what.Mark.Column}
	if curly := curlyQuote(lines, at.Line); curly > 0 {
		at.Column = curly
		sayCurly(&found, at)
		return found
	}
	if line, column := openQuote(lines, at.Line); line > 0 {
		at.Line, at.Column = line, column
		sayOpenQuote(&found, at)
		return found
	}
	unclosed := what.ContextMark.Line > 0
	switch msg := what.Message; {
	case strings.Contains(msg, "multiple"):
		at.Line, at.Column = secondDocument(lines), 0
		found.say(at, `có dòng "---" mở tài liệu thứ hai; tệp chỉ được có một. Xóa dòng "---" đó.`,
			`a line "---" begins a second document; there may be only one. Delete that "---" line.`)
	case strings.Contains(msg, "no documents"):
		at.Line = 1
		found.say(at, `tệp trống. Chép lại tệp do "dondoc init" tạo ra rồi sửa.`,
			`the file is empty. Copy the one that "dondoc init" writes, and edit it.`)
	case strings.Contains(msg, "control characters"):
		at.Line, at.Column = controlCharacter(lines)
		found.say(at, `có ký tự điều khiển không nhìn thấy được. Xóa cả dòng rồi gõ lại.`,
			`there is an invisible control character. Delete the line and type it again.`)
	case strings.Contains(msg, "max depth"):
		found.say(at, `lồng nhau quá nhiều bậc. Xóa bớt dấu ngoặc [ hoặc {.`,
			`nested too deeply. Delete some of the brackets [ or {.`)
	case strings.Contains(msg, "unknown anchor"):
		found.say(at, `giá trị bắt đầu bằng dấu *. Đặt cả giá trị trong dấu nháy thẳng: "…".`,
			`the value begins with *. Put the whole value in straight quotes: "…".`)
	case strings.Contains(msg, "end of stream") && unclosed:
		at.Line, at.Column = what.ContextMark.Line, what.ContextMark.Column
		sayOpenQuote(&found, at)
	case (strings.Contains(msg, "',' or ']'") || strings.Contains(msg, "',' or '}'")) && unclosed:
		at.Line, at.Column = what.ContextMark.Line, what.ContextMark.Column
		found.say(at, `ngoặc mở ở đây mà không đóng, hoặc thiếu dấu phẩy giữa hai mục. Thêm ] hay } ở cuối, dấu phẩy ở giữa.`,
			`a bracket is opened here and never closed, or a comma is missing between two items. Add ] or } at the end, commas between.`)
	case strings.Contains(msg, "mapping values are not allowed"):
		found.say(at, `dấu hai chấm ở đây không đúng chỗ: dòng này thụt vào khác các dòng cùng bậc, hoặc dòng trên thiếu dấu cách sau dấu hai chấm, hoặc giá trị chứa ": " mà không đặt trong dấu nháy. Căn thẳng hàng, hoặc đặt giá trị trong "…".`,
			`the colon here is out of place: the line is indented unlike its neighbours, or the line above has no space after its colon, or the value contains ": " without quotes. Align it, or put the value in "…".`)
	case strings.Contains(msg, "cannot start any token"):
		found.say(at, `giá trị bắt đầu bằng ký tự đặc biệt (@, %%, dấu nháy ngược). Đặt cả giá trị trong dấu nháy thẳng: "…".`,
			`the value begins with a special character (@, %%, a backquote). Put the whole value in straight quotes: "…".`)
	default:
		found.say(at, `không đọc được dòng này hoặc dòng ngay trên (%s). Kiểm tra thụt vào và dấu nháy; giá trị có dấu nháy hay dấu hai chấm thì đặt cả giá trị trong "…".`,
			`this line or the one above cannot be read (%s). Check indentation and quotes; a value with quotes or colons goes in "…" as a whole.`, msg)
	}
	return found
}

const curlies = "“”„‟‘’‚‛«»"

// sayCurly answers the quotes that word processors make of straight ones.
func sayCurly(found *Mistakes, at Mistake) {
	found.say(at, `có dấu nháy cong (“ ” ‘ ’) do trình soạn thảo tự đổi. Thay bằng dấu nháy thẳng: "…".`,
		`there are curly quotes (“ ” ‘ ’) that the editor put in. Replace them by straight quotes: "…".`)
}

// curlyQuote returns the column of a curly quote that stands where a straight
// one would begin a value of the line; 0 if there is none.
func curlyQuote(lines [][]byte, line int) int {
	if line < 1 || line > len(lines) {
		return 0
	}
	before := ':' // the last character that is not a blank
	for i, r := range []rune(string(lines[line-1])) {
		if strings.ContainsRune(curlies, r) && strings.ContainsRune(":[{,-", before) {
			return i + 1
		}
		if !unicode.IsSpace(r) {
			before = r
		}
	}
	return 0
}

func sayOpenQuote(found *Mistakes, at Mistake) {
	found.say(at, `dấu nháy mở ở đây mà không đóng. Thêm dấu nháy cùng loại ở cuối giá trị.`,
		`a quote is opened here and never closed. Add the same quote at the end of the value.`)
}

var (
	quotedValue = regexp.MustCompile(`^\s*(?:- )?[A-Za-z_]+:\s+(["'])(.*)$`)
	keyLine     = regexp.MustCompile(`^\s*(?:- )?[A-Za-z_]+:(?:\s|$)`)
)

// openQuote finds a value, up to the line of a syntax error, whose quote is
// not closed before the next key begins: the parser itself reads on to the
// next quote and stumbles there.
func openQuote(lines [][]byte, until int) (line, column int) {
	for i := range min(until, len(lines)-1) {
		m := quotedValue.FindSubmatchIndex(lines[i])
		if m == nil || !keyLine.Match(lines[i+1]) {
			continue
		}
		rest, quote := lines[i][m[4]:m[5]], lines[i][m[2]:m[3]]
		if quote[0] == '"' {
			rest = bytes.ReplaceAll(rest, []byte(`\"`), nil)
		}
		if !bytes.Contains(rest, quote) {
			return i + 1, m[2] + 1
		}
	}
	return 0, 0
}

// secondDocument finds the line that begins a second document.
func secondDocument(lines [][]byte) int {
	content := false
	for i, line := range lines {
		if bytes.HasPrefix(line, []byte("---")) && content {
			return i + 1
		}
		trimmed := bytes.TrimSpace(line)
		content = content || len(trimmed) > 0 && trimmed[0] != '#' && trimmed[0] != '-'
	}
	return 0
}

// controlCharacter finds the first character that YAML forbids.
func controlCharacter(lines [][]byte) (line, column int) {
	for i, l := range lines {
		for j, r := range []rune(string(l)) {
			if unicode.IsControl(r) && r != '\t' {
				return i + 1, j + 1
			}
		}
	}
	return 0, 0
}
