package simulator

import (
	"bytes"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"
)

// figures are the counts of one appendix, by the form's defined names.
type figures map[string]float64

// Inputs are the 28 counts that the letter asks for (template_spec.json): six
// of what was registered by level, sixteen of what was registered and built by
// field, six of what was multiplied and recognised.
func Inputs() []string {
	var all []string
	for _, row := range []int{11, 12, 13} {
		all = append(all, fmt.Sprintf("DVK_B1_%d_TT", row), fmt.Sprintf("DVK_B1_%d_CN", row))
	}
	for _, row := range []int{21, 22, 23, 24} {
		for _, column := range []string{"DK_TT", "DK_CN", "XD_TT", "XD_CN"} {
			all = append(all, fmt.Sprintf("DVK_B2_%d_%s", row, column))
		}
	}
	for _, row := range []int{31, 32, 33} {
		all = append(all, fmt.Sprintf("DVK_B3_%d_NR", row), fmt.Sprintf("DVK_B3_%d_CNH", row))
	}
	return all
}

// count draws figures of a plausible size that agree with each other: what is
// registered is the same by level and by field, no more is built than was
// registered, and no more recognised than built.
func count(r *rand.Rand, category string) figures {
	f := figures{}
	size := 2
	if category == "huyen-thi-thanh-uy" {
		size = 10
	}
	for _, kind := range []string{"TT", "CN"} {
		total := 0
		for _, row := range []int{21, 22, 23, 24} {
			registered := size + r.IntN(size+1)
			total += registered
			f[fmt.Sprintf("DVK_B2_%d_DK_%s", row, kind)] = float64(registered)
			f[fmt.Sprintf("DVK_B2_%d_XD_%s", row, kind)] = float64(registered - r.IntN(2))
		}
		province := total / 8
		district := total / 3
		f["DVK_B1_11_"+kind] = float64(province)
		f["DVK_B1_12_"+kind] = float64(district)
		f["DVK_B1_13_"+kind] = float64(total - province - district)
	}
	for _, row := range []int{31, 32, 33} {
		f[fmt.Sprintf("DVK_B3_%d_NR", row)] = float64(r.IntN(size + 1))
		f[fmt.Sprintf("DVK_B3_%d_CNH", row)] = float64(1 + r.IntN(size))
	}
	return f
}

// fault is a mistake that a unit makes in a cell.
type fault struct {
	name  string // the input
	value any    // what is written there
	must  []string
}

// spoil draws mistakes of different kinds, at least one. must names what a
// letter that reports it has to contain, beside the cell.
func spoil(r *rand.Rand, f figures) []fault {
	kinds := []func() fault{
		func() fault { return fault{name: "DVK_B1_13_TT", value: "khoảng 30", must: []string{"khoảng 30"}} },
		func() fault {
			return fault{name: "DVK_B2_22_XD_CN", value: time.Date(2022, 5, 3, 0, 0, 0, 0, time.UTC)}
		},
		func() fault {
			return fault{name: "DVK_B3_32_CNH", value: "đang tổng hợp", must: []string{"đang tổng hợp"}}
		},
		func() fault {
			return fault{name: "DVK_B1_12_CN", value: f["DVK_B1_12_CN"] + 3, must: []string{"Biểu 1", "Biểu 2"}}
		},
	}
	r.Shuffle(len(kinds), func(i, j int) { kinds[i], kinds[j] = kinds[j], kinds[i] })
	var faults []fault
	for _, kind := range kinds[:1+r.IntN(3)] {
		faults = append(faults, kind())
	}
	return faults
}

// change is the same dossier counted again: some figures differ, and still agree.
func change(r *rand.Rand, f figures) figures {
	g := maps.Clone(f)
	more := float64(1 + r.IntN(3))
	g["DVK_B1_13_TT"] += more
	g["DVK_B2_21_DK_TT"] += more
	g["DVK_B3_31_NR"] += more
	return g
}

// fill writes figures into the form that came by mail, as somebody in an
// office would: into the cells that the form's names stand for. It returns the
// file and the cell of every fault.
func fill(form []byte, p *party, f figures, faults []fault) (data []byte, cells map[string]string, err error) {
	book, err := excelize.OpenReader(bytes.NewReader(form))
	if err != nil {
		return nil, nil, err
	}
	defer book.Close()
	place := map[string][2]string{}
	for _, n := range book.GetDefinedName() {
		if sheet, cell, ok := strings.Cut(strings.TrimPrefix(n.RefersTo, "="), "!"); ok {
			place[n.Name] = [2]string{strings.Trim(sheet, "'"), strings.ReplaceAll(cell, "$", "")}
		}
	}
	write := func(name string, value any) error {
		at, ok := place[name]
		if !ok {
			return fmt.Errorf("the form that came by mail has no input %s", name)
		}
		return book.SetCellValue(at[0], at[1], value)
	}
	for _, name := range slices.Sorted(maps.Keys(f)) {
		if err := write(name, int(f[name])); err != nil {
			return nil, nil, err
		}
	}
	cells = map[string]string{}
	for _, fault := range faults {
		if err := write(fault.name, fault.value); err != nil {
			return nil, nil, err
		}
		cells[fault.name] = place[fault.name][1]
	}
	if err := write("DVK_SO_BC", p.number()); err != nil {
		return nil, nil, err
	}
	if way := p.manner(); way.codes != nil {
		// Somebody still types in the old font; the cell shows it right.
		if err := write("DVK_LAP_BIEU", way.codes.Replace("Văn thư cơ quan, điện thoại 0255.000.0000")); err != nil {
			return nil, nil, err
		}
		if at := place["DVK_LAP_BIEU"]; !faceOf(book, at[0], at[1], way.font) {
			return nil, nil, fmt.Errorf("no style for %s", at[1])
		}
	}
	var b bytes.Buffer
	if err := book.Write(&b); err != nil {
		return nil, nil, err
	}
	return b.Bytes(), cells, nil
}

// faceOf gives a cell another typeface and leaves the rest of its style.
func faceOf(book *excelize.File, sheet, cell, font string) bool {
	id, err := book.GetCellStyle(sheet, cell)
	if err != nil {
		return false
	}
	style, err := book.GetStyle(id)
	if err != nil {
		return false
	}
	style.Font = &excelize.Font{Family: font, Size: 12}
	if id, err = book.NewStyle(style); err != nil {
		return false
	}
	return book.SetCellStyle(sheet, cell, cell, id) == nil
}

// sheetName is how units name the form when they send it back.
func sheetName(code string) string { return "Phu luc so lieu - " + code + ".xlsx" }

// Totals reads the sums out of a consolidated workbook: it is the form again,
// so they stand where the form's names say.
func Totals(path string) (map[string]float64, error) {
	book, err := excelize.OpenFile(path)
	if err != nil {
		return nil, err
	}
	defer book.Close()
	sums := map[string]float64{}
	for _, n := range book.GetDefinedName() {
		sheet, cell, ok := strings.Cut(strings.TrimPrefix(n.RefersTo, "="), "!")
		if !ok || !slices.Contains(Inputs(), n.Name) {
			continue
		}
		text, err := book.GetCellValue(strings.Trim(sheet, "'"), strings.ReplaceAll(cell, "$", ""), excelize.Options{RawCellValue: true})
		if err != nil {
			return nil, err
		}
		if text == "" {
			continue
		}
		if sums[n.Name], err = strconv.ParseFloat(text, 64); err != nil {
			return nil, fmt.Errorf("%s: %s: %w", path, n.Name, err)
		}
	}
	return sums, nil
}
