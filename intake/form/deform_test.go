package form

import (
	"archive/zip"
	"bytes"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"dondoc/intake/workbook"
)

// insert does to a workbook's first sheet what Excel does when somebody
// inserts a row before row and a column before col: every cell, merged area
// and defined name behind moves on. It works on the XML, because excelize
// changes names inside formulas as if they were addresses.
func insert(t *testing.T, data []byte, row, col int) []byte {
	t.Helper()
	move := func(c, r int) (int, int) {
		if r >= row {
			r++
		}
		if c >= col {
			c++
		}
		return c, r
	}
	address := regexp.MustCompile(`[A-Z]+[0-9]+`)
	moved := func(s string) string {
		return address.ReplaceAllStringFunc(s, func(a string) string {
			r, ok := workbook.ParseRef(a)
			if !ok {
				t.Fatal(a)
			}
			return workbook.Address(move(r.Col, r.Row))
		})
	}
	cell := regexp.MustCompile(`<c r="[A-Z]+[0-9]+"|<mergeCell ref="[^"]+"`)
	rows := regexp.MustCompile(`<row r="[0-9]+"`)
	names := regexp.MustCompile(`(?s)<definedName [^>]*>[^<]*</definedName>`)
	absolute := regexp.MustCompile(`\$[A-Z]+\$[0-9]+`)
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		s := string(b)
		switch f.Name {
		case "xl/worksheets/sheet1.xml":
			s = cell.ReplaceAllStringFunc(s, func(m string) string {
				i := strings.IndexByte(m, '"')
				return m[:i] + moved(m[i:])
			})
			s = rows.ReplaceAllStringFunc(s, func(m string) string {
				n, _ := strconv.Atoi(strings.Trim(m[len(`<row r=`):], `"`))
				_, n = move(1, n)
				return `<row r="` + strconv.Itoa(n) + `"`
			})
		case "xl/workbook.xml":
			s = names.ReplaceAllStringFunc(s, func(m string) string {
				if !strings.Contains(m, annex) {
					return m
				}
				return absolute.ReplaceAllStringFunc(m, func(a string) string {
					r, _ := workbook.ParseRef(a)
					c, y := move(r.Col, r.Row)
					return "$" + workbook.Column(c) + "$" + strconv.Itoa(y)
				})
			})
		}
		p, err := w.Create(f.Name)
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(p, s)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestInsertedRowsAndColumns(t *testing.T) {
	f := builtinForm(t)
	whole, _, err := f.Check(filled(t, f.Blank(), good), Options{})
	if err != nil {
		t.Fatal(err)
	}
	spoil := func(x *excelize.File) {
		good(x)
		x.SetCellValue(annex, "E11", 4)   // C03
		x.SetCellValue(annex, "F12", 999) // C01
	}
	for _, names := range []bool{true, false} {
		for _, at := range [][2]int{{1, 100}, {8, 100}, {11, 100}, {12, 100}, {22, 100}, {1, 4}, {1, 5}, {1, 1}, {21, 3}} {
			t.Run("row "+strconv.Itoa(at[0])+" column "+strconv.Itoa(at[1])+" names "+strconv.FormatBool(names), func(t *testing.T) {
				clean := filled(t, f.Blank(), func(x *excelize.File) {
					good(x)
					if !names {
						dropNames(x)
					}
				})
				part, ours, err := f.Check(insert(t, clean, at[0], at[1]), Options{})
				if err != nil || !ours || len(part.Problems) > 0 {
					t.Fatal(ours, err, part.Problems)
				}
				for _, in := range f.inputs {
					if part.Values[in.Name] != whole.Values[in.Name] {
						t.Errorf("%s = %v, want %v", in.Name, part.Values[in.Name], whole.Values[in.Name])
					}
				}
				bad := filled(t, f.Blank(), func(x *excelize.File) {
					spoil(x)
					if !names {
						dropNames(x)
					}
				})
				part, _, err = f.Check(insert(t, bad, at[0], at[1]), Options{})
				if err != nil {
					t.Fatal(err)
				}
				moved := func(a string) string {
					r, _ := workbook.ParseRef(a)
					if r.Row >= at[0] {
						r.Row++
					}
					if r.Col >= at[1] {
						r.Col++
					}
					return workbook.Address(r.Col, r.Row)
				}
				if got := said(part); !slices.Equal(got, []string{"C01 E " + moved("F12"), "C03 E " + moved("E14")}) {
					t.Fatal(got)
				}
				for _, a := range []string{"E14", "E24", "E11", "E13"} {
					if words := part.Problems[1].Words["vi"]; !strings.Contains(words, moved(a)) {
						t.Errorf("%q does not speak of the sender's %s", words, moved(a))
					}
				}
			})
		}
	}
}

func TestMergedInputsAreReadFromTheirTopLeftCell(t *testing.T) {
	f := builtinForm(t)
	data := filled(t, f.Blank(), func(x *excelize.File) {
		good(x)
		x.SetCellValue(annex, "E31", nil)
		x.MergeCell(annex, "D31", "E31")
	})
	part, _, err := f.Check(data, Options{})
	if err != nil || part.Values["DVK_B3_33_NR"] != 5.0 || part.Values["DVK_B3_33_CNH"] != 0.0 || !slices.Equal(said(part), []string{"N01 W E31"}) {
		t.Error(err, part.Values["DVK_B3_33_NR"], part.Values["DVK_B3_33_CNH"], said(part))
	}
}
