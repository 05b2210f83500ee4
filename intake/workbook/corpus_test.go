package workbook

import (
	"errors"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"
)

// corpus is the public test files of other spreadsheet libraries and of
// Vietnamese authorities, where they are at hand.
func corpus(t *testing.T, see func(name string, data []byte)) {
	t.Helper()
	shared := os.Getenv("DONDOC_SHARED")
	if shared == "" {
		t.Skip("DONDOC_SHARED is not set")
	}
	for _, dir := range []string{"sheet", "vn"} {
		root := filepath.Join(shared, "corpora", dir)
		err := filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			data, err := os.ReadFile(path)
			if err == nil {
				see(strings.TrimPrefix(path, root+"/"), data)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// TestPublicCorpus reads them: each ends in cells or in an *Error, none in
// "empty".
func TestPublicCorpus(t *testing.T) {
	corpus(t, func(name string, data []byte) {
		b, err := Open(data)
		var e *Error
		switch {
		case err == nil:
			n := 0
			for _, s := range b.Sheets {
				n += len(s.Cells())
			}
			t.Logf("%-60s %s: %d sheets %d cells", name, b.Format, len(b.Sheets), n)
		case errors.As(err, &e):
			t.Logf("%-60s %v", name, e)
		default:
			t.Errorf("%s: not an *Error: %v", name, err)
		}
	})
}

// known are differences that LibreOffice has to answer for.
var known = map[string]string{
	"pivots":               "it makes pivot tables anew, and shows truths as dates",
	"inlineStr_with_value": "it does not read a value where an inline text is announced",
	"richtext_issue":       "it shows truths in French",
}

// TestLibreOfficeReadsTheSame compares them cell by cell with what LibreOffice
// writes as text. Formulas it computes anew, so there the difference is only
// counted.
func TestLibreOfficeReadsTheSame(t *testing.T) {
	soffice(t)
	dir := t.TempDir()
	books := map[string]*Book{}
	var paths []string
	corpus(t, func(name string, data []byte) {
		b, err := Open(data)
		if err != nil || strings.Contains(name, "_dos.") { // one that makes LibreOffice eat all memory
			return
		}
		base := strconv.Itoa(len(paths)) + "_" + strings.NewReplacer("/", "_", "-", "_").Replace(name)
		path := filepath.Join(dir, base)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		books[strings.TrimSuffix(base, filepath.Ext(base))] = b
		paths = append(paths, path)
	})
	out := convert(t, dir, "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1", paths...)
	files, cells, differ := 0, 0, 0
	for base, b := range books {
		unseen := true
		for _, s := range b.Sheets {
			data, err := os.ReadFile(filepath.Join(out, base+"-"+strings.NewReplacer("/", "_", "\\", "_", ":", "_", "*", "_", "?", "_").Replace(s.Name)+".csv"))
			if err != nil {
				continue
			}
			rows := fieldsOf(string(data))
			unseen = false
			n := 0
			see := func(c Cell, theirs string) {
				if cells++; same(c, theirs) {
					return
				}
				differ++
				if c.Formula {
					return
				}
				for name := range known {
					if strings.Contains(base, name) {
						return
					}
				}
				if n++; n < 12 {
					t.Errorf("%s %s!%s: %+q, LibreOffice %+q (%s)", base, s.Name, c.Address(), c.Raw, theirs, c.Format)
				}
			}
			if s.Cut {
				rows = rows[:min(len(rows), s.LastRow()-1)]
			}
			for i, row := range rows {
				for j, theirs := range row {
					if c := s.Cell(j+1, i+1); theirs != "" || c.Type != Blank {
						see(c, theirs)
					}
				}
			}
			for _, c := range s.Cells() {
				if c.Raw != "" && (c.Row > len(rows) && !s.Cut || c.Row <= len(rows) && c.Col > len(rows[c.Row-1])) {
					see(c, "")
				}
			}
		}
		if unseen {
			t.Logf("%s: nothing to compare with", base)
		} else {
			files++
		}
	}
	t.Logf("%d files, %d cells, %d differ", files, cells, differ)
}

// fieldsOf splits what LibreOffice writes; encoding/csv leaves out empty lines.
func fieldsOf(text string) (rows [][]string) {
	var row []string
	var field strings.Builder
	quoted := false
	closed := false // by the last character, so that another quote is doubled
	for _, r := range text {
		doubled := closed
		closed = false
		switch {
		case r == '"':
			if quoted = !quoted; quoted && doubled {
				field.WriteRune(r)
			}
			closed = !quoted
		case !quoted && (r == ',' || r == '\n'):
			row = append(row, field.String())
			field.Reset()
			if r == '\n' {
				rows, row = append(rows, row), nil
			}
		default:
			field.WriteRune(r)
		}
	}
	return rows
}

func same(c Cell, theirs string) bool {
	ours := strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(c.Raw)
	theirs = norm.NFC.String(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(theirs))
	switch c.Type {
	case Number:
		v, err := strconv.ParseFloat(strings.TrimSuffix(theirs, "%"), 64)
		if strings.HasSuffix(theirs, "%") {
			v /= 100
		}
		return err == nil && math.Abs(v-c.Number) <= 1e-9*math.Abs(v)
	case Date:
		return theirs != "" // written as a date
	case Bool:
		return ours == theirs || ours == "TRUE" && theirs == "1" || ours == "FALSE" && theirs == "0"
	}
	return ours == theirs
}
