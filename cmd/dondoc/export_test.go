package main

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// TestTheConsolidatedWorkbookIsProved plays a campaign and adds its figures up
// once more, from the files that the units sent: each line of the sheet of
// sources leads to a file of that hash, whose named cell holds that value, and
// these values come to every sum of the workbook. Nothing of the program's own
// reading or adding is used for it. LibreOffice then computes the workbook.
func TestTheConsolidatedWorkbookIsProved(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "dvk")
	p, out := asDemo()
	if code := p.Run(context.Background(), []string{"demo", "--dir", dir, "--seed", "5", "--units", "26"}); code != exitDone {
		t.Logf("the demo found something (another test's matter), exit %d\n%s", code, out)
	}
	const now = "2022-10-27T00:00:00+07:00"
	ask := func(args ...string) []byte {
		p, out := asDemo()
		if code := p.Run(context.Background(), append(args, "-C", dir, "--now", now, "--json")); code != exitDone {
			t.Fatalf("%s: exit %d\n%s", strings.Join(args, " "), code, out)
		}
		return out.Bytes()
	}
	path := filepath.Join(dir, "bang.xlsx")
	ask("export", path)
	book, err := excelize.OpenFile(path, excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	figures := sourcesOf(t, book)
	if len(figures) < 400 {
		t.Fatalf("only %d figures", len(figures))
	}
	files := openSources(t, dir, figures)
	sums, looked := map[string]float64{}, 0
	groups := map[string]map[string]float64{}
	category := categories(t, ask("status"))
	for _, f := range figures {
		file, ok := files[f.kept]
		if !ok {
			continue // without LibreOffice only .xlsx is opened
		}
		looked++
		if got, blank := cellNumber(t, file, f.sheet, f.cell); blank && f.value != 0 || !blank && got != f.value {
			t.Errorf("%s: %s!%s holds %v, the workbook says %v", f.kept, f.sheet, f.cell, got, f.value)
		}
	}
	if looked < len(figures)/2 {
		t.Errorf("only %d of %d figures were looked up", looked, len(figures))
	}
	for _, f := range figures {
		if f.counts {
			sums[f.label] += f.value
			k := category[f.unit]
			if groups[k] == nil {
				groups[k] = map[string]float64{}
			}
			groups[k][f.label] += f.value
		}
	}
	var form struct {
		Inputs []struct{ Name, Sheet, Cell, Type, Table, Row, Column string }
	}
	if err := json.Unmarshal(ask("form", "inspect", filepath.Join(dir, "form.xlsx")), &form); err != nil {
		t.Fatal(err)
	}
	lines, err := book.GetRows("TH-5", excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	column, checked := 5, 0
	for _, in := range form.Inputs {
		if in.Type != "whole" {
			continue
		}
		label := in.Table + "|" + in.Row + " - " + in.Column
		if got, _ := cellNumber(t, book, in.Sheet, in.Cell); got != sums[label] {
			t.Errorf("the form's %s is %v, the files come to %v", in.Name, got, sums[label])
		}
		byGroup := []float64{}
		for _, line := range lines {
			if len(line) <= column || !strings.HasPrefix(line[0], "Cộng ") {
				continue
			}
			v, _ := strconv.ParseFloat(line[column], 64)
			if strings.HasPrefix(line[0], "Cộng thẳng") {
				if v != sums[label] {
					t.Errorf("the straight sum of %s is %v, the files come to %v", in.Name, v, sums[label])
				}
				checked++
				continue
			}
			byGroup = append(byGroup, v)
		}
		var want []float64
		for _, k := range categoryOrder {
			if _, any := groups[k]; any || slices.Contains(mapValues(category), k) {
				want = append(want, groups[k][label])
			}
		}
		if !slices.Equal(byGroup, want) {
			t.Errorf("%s by group is %v, the files come to %v", in.Name, byGroup, want)
		}
		column++
	}
	if checked != 28 {
		t.Errorf("%d sums were compared, not 28", checked)
	}
	t.Run("LibreOffice computes what is stored", func(t *testing.T) { recomputed(t, path) })
}

var categoryOrder = []string{"co-quan-tham-muu", "ban-can-su-dang", "so-ban-nganh", "huyen-thi-thanh-uy", "dang-uy-truc-thuoc", "mttq-to-chuc-ctxh"}

func mapValues(m map[string]string) (values []string) {
	for _, v := range m {
		values = append(values, v)
	}
	return values
}

// categories are those of the units, as status has them.
func categories(t *testing.T, status []byte) map[string]string {
	t.Helper()
	var s struct {
		Units []struct{ Code, Category string }
	}
	if err := json.Unmarshal(status, &s); err != nil {
		t.Fatal(err)
	}
	of := map[string]string{}
	for _, u := range s.Units {
		of[u.Code] = u.Category
	}
	return of
}

// source is one line of the sheet of sources.
type source struct {
	unit, label, sheet, cell, sha, kept string
	value                               float64
	counts                              bool
}

func sourcesOf(t *testing.T, book *excelize.File) (all []source) {
	t.Helper()
	rows, err := book.GetRows("Nguồn số liệu")
	if err != nil {
		t.Fatal(err)
	}
	at := map[string]int{}
	for i, head := range rows[2] {
		at[head] = i
	}
	for _, r := range rows[3:] {
		v, err := strconv.ParseFloat(r[at["Giá trị"]], 64)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, source{unit: r[at["Mã"]], label: r[at["Biểu"]] + "|" + r[at["Chỉ tiêu"]], sheet: r[at["Sheet"]], cell: r[at["Ô"]],
			sha: r[at["SHA-256"]], kept: r[at["Nơi lưu"]], value: v, counts: r[at["Tính vào tổng"]] == "Có"})
	}
	return all
}

// openSources opens the files that the figures come from; LibreOffice opens
// what is no .xlsx. Each has the hash that is said of it.
func openSources(t *testing.T, dir string, figures []source) map[string]*excelize.File {
	t.Helper()
	program, _ := exec.LookPath("soffice")
	if program == "" && os.Getenv("DONDOC_REQUIRE_LIBREOFFICE") == "1" {
		t.Fatal("DONDOC_REQUIRE_LIBREOFFICE=1, and there is no soffice")
	}
	tmp := t.TempDir()
	args := []string{"-env:UserInstallation=file://" + filepath.Join(tmp, "profile"), "--headless", "--convert-to", "xlsx", "--outdir", filepath.Join(tmp, "out")}
	open := map[string]string{}
	for _, f := range figures {
		if open[f.kept] != "" {
			continue
		}
		from := filepath.Join(dir, filepath.FromSlash(f.kept))
		data, err := os.ReadFile(from)
		if err != nil {
			t.Fatal(err)
		}
		if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != f.sha {
			t.Errorf("%s has another hash than %s", f.kept, f.sha)
		}
		open[f.kept] = from
		if filepath.Ext(from) == ".csv" {
			open[f.kept] = filepath.Join(tmp, strconv.Itoa(len(open))+".xlsx")
			fromText(t, data, open[f.kept])
		} else if filepath.Ext(from) != ".xlsx" {
			name := strconv.Itoa(len(args))
			copied := filepath.Join(tmp, name+filepath.Ext(from))
			if err := os.WriteFile(copied, data, 0o600); err != nil {
				t.Fatal(err)
			}
			args = append(args, copied)
			open[f.kept] = filepath.Join(tmp, "out", name+".xlsx")
		}
	}
	if program != "" {
		if said, err := exec.Command(program, args...).CombinedOutput(); err != nil {
			t.Fatalf("soffice: %v\n%s", err, said)
		}
	}
	files := map[string]*excelize.File{}
	for kept, name := range open {
		if ext := filepath.Ext(kept); program == "" && ext != ".xlsx" && ext != ".csv" {
			continue
		}
		f, err := excelize.OpenFile(name, excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatalf("%s: %v", kept, err)
		}
		t.Cleanup(func() { f.Close() })
		files[kept] = f
	}
	return files
}

// fromText makes a workbook of a table in text, whose separator LibreOffice
// would have to be told.
func fromText(t *testing.T, data []byte, name string) {
	t.Helper()
	r := csv.NewReader(bytes.NewReader(data))
	if bytes.Count(data, []byte(";")) > bytes.Count(data, []byte(",")) {
		r.Comma = ';'
	}
	r.FieldsPerRecord, r.LazyQuotes = -1, true
	f := excelize.NewFile()
	defer f.Close()
	for within := 0; ; { // line ends within cells so far
		record, err := r.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		at, _ := r.FieldPos(0)
		if err := f.SetSheetRow("Sheet1", "A"+strconv.Itoa(at-within), &record); err != nil {
			t.Fatal(err)
		}
		within += strings.Count(strings.Join(record, ""), "\n")
	}
	if err := f.SaveAs(name); err != nil {
		t.Fatal(err)
	}
}

var numeral = regexp.MustCompile(`[0-9]+(\.[0-9]+)?`)

// cellNumber is the first number that stands in a cell.
func cellNumber(t *testing.T, f *excelize.File, sheet, cell string) (v float64, blank bool) {
	t.Helper()
	if index, _ := f.GetSheetIndex(sheet); index < 0 {
		sheet = f.GetSheetName(0) // a format without sheets
	}
	text, err := f.GetCellValue(sheet, cell)
	if err != nil {
		t.Fatal(err)
	}
	m := numeral.FindString(text)
	if m == "" {
		return 0, true
	}
	v, err = strconv.ParseFloat(m, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v, false
}

// recomputed takes the stored values away and lets LibreOffice compute.
func recomputed(t *testing.T, path string) {
	program := soffice(t)
	archive, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer archive.Close()
	tmp := t.TempDir()
	var bare bytes.Buffer
	z := zip.NewWriter(&bare)
	stored := regexp.MustCompile(`(</f>)<v[^>]*>[^<]*</v>`)
	for _, part := range archive.File {
		r, err := part.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		r.Close()
		if strings.HasPrefix(part.Name, "xl/worksheets/sheet") {
			text = stored.ReplaceAll(text, []byte("$1"))
		}
		to, err := z.Create(part.Name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := to.Write(text); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(tmp, "bare.xlsx")
	if err := os.WriteFile(name, bare.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	if said, err := exec.Command(program, "-env:UserInstallation=file://"+filepath.Join(tmp, "profile"), "--headless", "--convert-to", "xlsx", "--outdir", filepath.Join(tmp, "out"), name).CombinedOutput(); err != nil {
		t.Fatalf("soffice: %v\n%s", err, said)
	}
	ours, err := excelize.OpenFile(path, excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	defer ours.Close()
	theirs, err := excelize.OpenFile(filepath.Join(tmp, "out", "bare.xlsx"), excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	defer theirs.Close()
	formulas := 0
	for _, sheet := range ours.GetSheetList() {
		rows, err := ours.GetRows(sheet)
		if err != nil {
			t.Fatal(err)
		}
		for i, row := range rows {
			for k, want := range row {
				at, _ := excelize.CoordinatesToCellName(k+1, i+1)
				formula, err := ours.GetCellFormula(sheet, at)
				if err != nil {
					t.Fatal(err)
				}
				if formula == "" {
					continue
				}
				formulas++
				got, err := theirs.GetCellValue(sheet, at)
				if err != nil {
					t.Fatal(err)
				}
				a, errA := strconv.ParseFloat(want, 64)
				b, errB := strconv.ParseFloat(got, 64)
				if errA == nil && (errB != nil || math.Abs(a-b) > 1e-9*math.Max(1, math.Abs(a))) || errA != nil && got != want {
					t.Errorf("%s!%s %s: stored %q, LibreOffice computes %q", sheet, at, formula, want, got)
				}
			}
		}
	}
	if formulas < 400 {
		t.Errorf("only %d formulas were compared", formulas)
	}
}
