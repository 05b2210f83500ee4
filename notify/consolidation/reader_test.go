package consolidation

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"io"
	"path"
	"strconv"
	"strings"
	"testing"
)

// read is a workbook as a reader sees it that computes nothing: the cells as
// they are stored.
type read struct {
	names  []string // of the sheets, in order
	states map[string]string
	sheets map[string]*readSheet
	titles map[string]string // Print_Titles by sheet
	parts  map[string]string // every XML part
}

type readSheet struct {
	xml    string
	cells  map[string]readCell
	order  []string
	widths map[int]float64
}

type readCell struct {
	kind    string // t: s, str, inlineStr, b, e, or empty for a number
	value   string // shared strings looked up
	formula string
}

// number is what a cell holds if it is stored as a number.
func (c readCell) number() (float64, bool) {
	if c.kind != "" && c.kind != "n" {
		return 0, false
	}
	v, err := strconv.ParseFloat(c.value, 64)
	return v, err == nil
}

func open(t testing.TB, xlsx []byte) *read {
	t.Helper()
	archive, err := zip.NewReader(bytes.NewReader(xlsx), int64(len(xlsx)))
	if err != nil {
		t.Fatal(err)
	}
	r := &read{states: map[string]string{}, sheets: map[string]*readSheet{}, titles: map[string]string{}, parts: map[string]string{}}
	for _, f := range archive.File {
		if !strings.HasSuffix(f.Name, ".xml") && !strings.HasSuffix(f.Name, ".rels") {
			continue
		}
		rc, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(rc)
		rc.Close()
		if err != nil {
			t.Fatal(err)
		}
		r.parts[f.Name] = string(text)
	}
	parse := func(part string, v any) {
		t.Helper()
		if err := xml.Unmarshal([]byte(r.parts[part]), v); err != nil {
			t.Fatalf("%s: %v", part, err)
		}
	}
	var shared struct {
		SI []struct {
			T string `xml:"t"`
			R []struct {
				T string `xml:"t"`
			} `xml:"r"`
		} `xml:"si"`
	}
	if r.parts["xl/sharedStrings.xml"] != "" {
		parse("xl/sharedStrings.xml", &shared)
	}
	var links struct {
		Relationship []struct {
			ID     string `xml:"Id,attr"`
			Target string `xml:"Target,attr"`
		}
	}
	parse("xl/_rels/workbook.xml.rels", &links)
	target := map[string]string{}
	for _, l := range links.Relationship {
		target[l.ID] = path.Join("xl", strings.TrimPrefix(l.Target, "/xl/"))
	}
	var book struct {
		Sheets []struct {
			Name  string `xml:"name,attr"`
			State string `xml:"state,attr"`
			ID    string `xml:"http://schemas.openxmlformats.org/officeDocument/2006/relationships id,attr"`
		} `xml:"sheets>sheet"`
		Names []struct {
			Name  string `xml:"name,attr"`
			Sheet *int   `xml:"localSheetId,attr"`
			Ref   string `xml:",chardata"`
		} `xml:"definedNames>definedName"`
	}
	parse("xl/workbook.xml", &book)
	for _, s := range book.Sheets {
		r.names = append(r.names, s.Name)
		r.states[s.Name] = s.State
		var x struct {
			Cols []struct {
				Min   int     `xml:"min,attr"`
				Max   int     `xml:"max,attr"`
				Width float64 `xml:"width,attr"`
			} `xml:"cols>col"`
			Cells []struct {
				R string `xml:"r,attr"`
				T string `xml:"t,attr"`
				F string `xml:"f"`
				V string `xml:"v"`
				I string `xml:"is>t"`
			} `xml:"sheetData>row>c"`
		}
		parse(target[s.ID], &x)
		sheet := &readSheet{xml: r.parts[target[s.ID]], cells: map[string]readCell{}, widths: map[int]float64{}}
		for _, c := range x.Cols {
			for i := c.Min; i <= c.Max; i++ {
				sheet.widths[i] = c.Width
			}
		}
		for _, c := range x.Cells {
			cell := readCell{kind: c.T, value: c.V, formula: c.F}
			switch c.T {
			case "s":
				i, err := strconv.Atoi(c.V)
				if err != nil || i >= len(shared.SI) {
					t.Fatalf("%s!%s: shared string %q", s.Name, c.R, c.V)
				}
				cell.value = shared.SI[i].T
				for _, run := range shared.SI[i].R {
					cell.value += run.T
				}
			case "inlineStr":
				cell.value = c.I
			}
			sheet.cells[c.R] = cell
			sheet.order = append(sheet.order, c.R)
		}
		r.sheets[s.Name] = sheet
	}
	for _, n := range book.Names {
		if n.Name == "_xlnm.Print_Titles" && n.Sheet != nil {
			r.titles[book.Sheets[*n.Sheet].Name] = n.Ref
		}
		if strings.Contains(n.Ref, "#REF!") {
			t.Errorf("the name %s refers to nothing: %s", n.Name, n.Ref)
		}
	}
	return r
}

// column lists what stands in a column of a sheet from a line on, by line.
func (s *readSheet) find(value string) string {
	for _, at := range s.order {
		if s.cells[at].value == value {
			return at
		}
	}
	return ""
}
