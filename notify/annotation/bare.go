package annotation

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
)

// What is left out of a workbook: its macros, what links to other files, and
// the order in which Excel computed, which names cells that no longer compute.
var (
	dropped    = regexp.MustCompile(`(?i)(^|/)(vbaProject[^/]*\.bin|vbaData\.xml|vbaProject\.bin\.rels|externalLinks/.*|connections\.xml|macrosheets/.*|calcChain\.xml)$`)
	reference  = regexp.MustCompile(`(?i)<(?:Override|Relationship)\b[^>]*(?:vbaProject|vbaData|externalLink|connections\.xml|macrosheets/|calcChain)[^>]*(?:/>|></(?:Override|Relationship)>)`)
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
	for _, file := range in.File {
		name := file.Name
		switch {
		case dropped.MatchString(name):
		case name == "[Content_Types].xml", strings.HasSuffix(name, ".rels"), strings.HasSuffix(name, "/workbook.xml"), strings.Contains(name, "/worksheets/") && strings.HasSuffix(name, ".xml"):
			text, err := read(file, &left)
			if err != nil {
				return nil, err
			}
			text = macroType.ReplaceAll(reference.ReplaceAll(text, nil), []byte(plainType))
			text = definition.ReplaceAll(externals.ReplaceAll(linked.ReplaceAll(text, nil), nil), nil)
			if strings.HasSuffix(name, "/workbook.xml") {
				text = local.ReplaceAllFunc(text, oneMore)
			}
			w, err := out.Create(name)
			if err == nil {
				_, err = w.Write(text)
			}
			if err != nil {
				return nil, err
			}
		default:
			if err := out.Copy(file); err != nil {
				return nil, err
			}
		}
	}
	if err := out.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

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
