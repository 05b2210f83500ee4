package annotation

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/xuri/excelize/v2"
)

// What is left out of a workbook: its macros, what links to other files, the
// order in which Excel computed, which names cells that no longer compute, and
// what Excel knows of a conversation besides its words, which stay as notes: a
// note of ours would not fit to it.
var (
	dropped    = regexp.MustCompile(`(?i)(^|/)(vbaProject[^/]*\.bin|vbaData\.xml|vbaProject\.bin\.rels|externalLinks/.*|threadedComments/.*|connections\.xml|macrosheets/.*|calcChain\.xml)$`)
	reference  = regexp.MustCompile(`(?i)<(?:Override|Relationship)\b[^>]*(?:vbaProject|vbaData|externalLink|threadedComment|connections\.xml|macrosheets/|calcChain)[^>]*(?:/>|></(?:Override|Relationship)>)`)
	externals  = regexp.MustCompile(`(?s)<externalReferences\s*/>|<externalReferences\b.*?</externalReferences>`)
	macroType  = regexp.MustCompile(`application/vnd\.ms-excel\.(sheet|template)\.macroEnabled\.main\+xml`)
	linked     = regexp.MustCompile(`(?s)<f\b[^>]*>[^<]*\[\d+\][^<]*</f>`)
	local      = regexp.MustCompile(`\blocalSheetId="(\d+)"`)
	definition = regexp.MustCompile(`(?s)<definedName\b[^>]*>[^<]*\[\d+\][^<]*</definedName>`)
)

const plainType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"

// bare is the package without macros and without links to other files. A
// formula that reads another file becomes the value that it had; the rest is
// copied as it is.
func bare(data []byte) ([]byte, error) {
	in, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	out := zip.NewWriter(&b)
	left := int64(maxUnzipped)
	names, err := renamed(in, &left)
	if err != nil {
		return nil, err
	}
	left = maxUnzipped
	themed := slices.ContainsFunc(in.File, func(f *zip.File) bool { return strings.HasPrefix(f.Name, "xl/theme/") })
	for _, file := range in.File {
		name := file.Name
		if to, ok := names[name]; ok {
			name = to
		}
		switch {
		case dropped.MatchString(name):
		case name == "[Content_Types].xml", strings.HasSuffix(name, ".rels"), strings.HasSuffix(name, ".vml"), name != file.Name, strings.HasSuffix(name, "/workbook.xml"), strings.Contains(name, "/worksheets/") && strings.HasSuffix(name, ".xml"):
			text, err := read(file, &left)
			if err != nil {
				return nil, err
			}
			text = stripped(name, text, names, themed)
			if err := write(out, name, text); err != nil {
				return nil, err
			}
		default:
			if err := out.Copy(file); err != nil {
				return nil, err
			}
		}
	}
	if !themed {
		if err := write(out, themePart, theme()); err != nil {
			return nil, err
		}
	}
	if err := out.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// stripped is the text of one part without what is left out, under the new
// names. Each kind of part is searched for what can stand in it alone: a sheet
// can have megabytes.
func stripped(name string, text []byte, names map[string]string, themed bool) []byte {
	switch {
	case name == "[Content_Types].xml":
		text = macroType.ReplaceAll(reference.ReplaceAll(text, nil), []byte(plainType))
		text = []byte(retype(string(text), names))
		if !themed {
			text = bytes.Replace(text, []byte("</Types>"), []byte(`<Override PartName="/`+themePart+`" ContentType="application/vnd.openxmlformats-officedocument.theme+xml"/></Types>`), 1)
		}
	case strings.HasSuffix(name, ".rels"):
		text = reference.ReplaceAll(text, nil)
		if sheetRels.MatchString(name) {
			text = []byte(retarget(string(text), names))
		}
		if name == "xl/_rels/workbook.xml.rels" && !themed {
			text = bytes.Replace(text, []byte("</Relationships>"), []byte(`<Relationship Id="rIdTheme" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/theme" Target="theme/theme1.xml"/></Relationships>`), 1)
		}
	case strings.HasSuffix(name, "/workbook.xml"):
		text = definition.ReplaceAll(externals.ReplaceAll(text, nil), nil)
		text = local.ReplaceAllFunc(text, oneMore)
	case strings.HasSuffix(name, ".vml"):
		text = []byte(reshape(string(text)))
	case bytes.Contains(text, []byte("[")):
		text = linked.ReplaceAll(text, nil)
	}
	return text
}

func write(out *zip.Writer, name string, text []byte) error {
	w, err := out.Create(name)
	if err == nil {
		_, err = w.Write(text)
	}
	return err
}

// Without a theme excelize reads no colour at all, and a cell that is marked
// would lose those of its frame and its letters. LibreOffice writes none.
const themePart = "xl/theme/theme1.xml"

var theme = sync.OnceValue(func() []byte {
	f := excelize.NewFile()
	defer f.Close()
	text, _ := f.Pkg.Load(themePart)
	data, _ := text.([]byte)
	return data
})

// oneMore counts the sheet that will come before all others: names that belong
// to a sheet (what is printed of it, say) tell it by its place.
func oneMore(attribute []byte) []byte {
	n, _ := strconv.Atoi(string(local.FindSubmatch(attribute)[1]))
	return fmt.Appendf(nil, `localSheetId="%d"`, n+1)
}

// errLarge is a package that unpacks to more than is opened.
var errLarge = errors.New("the workbook is larger than what is opened")

func read(file *zip.File, left *int64) ([]byte, error) {
	r, err := file.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	text, err := io.ReadAll(io.LimitReader(r, min(*left, maxPart)+1))
	if err == nil && int64(len(text)) > min(*left, maxPart) {
		err = errLarge
	}
	*left -= int64(len(text))
	return text, err
}
