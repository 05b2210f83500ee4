package consolidation

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"encoding/xml"
	"fmt"
	"hash/crc32"
	"io"
	"math"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
)

// packed is the XML of a sheet, compressed as it will stand in the package:
// a sheet of a million lines is never in memory as anything else.
type packed struct {
	data      chunks
	sum       uint32
	size      uint64
	relations string // xl/worksheets/_rels/…, "" if it has none
	drawing   string
}

// put writes a sheet: A4, as wide as the page, heads repeated on every page.
//
// The rows are written here and not by excelize, which stores no typed value
// beside a formula and keeps every cell in memory; what a workbook has besides
// its rows (styles, names, charts) is excelize's.
func (w *writer) put(s *sheet) error {
	s.spread()
	last := ref(max(1, len(s.widths)), max(1, s.n))
	printed := max(1, s.n)
	if s.printed > 0 {
		printed = s.printed
	}
	define := func(name, area string) error {
		return w.f.SetDefinedName(&excelize.DefinedName{Name: name, RefersTo: quoted(s.name) + "!" + area, Scope: s.name})
	}
	if s.heads[0] > 0 {
		if err := define("_xlnm.Print_Titles", fmt.Sprintf("$%d:$%d", s.heads[0], s.heads[1])); err != nil {
			return err
		}
	}
	if err := define("_xlnm.Print_Area", fmt.Sprintf("$A$1:$%s$%d", letters(max(1, len(s.widths))), printed)); err != nil {
		return err
	}
	filter := ""
	if s.filter && s.n > s.heads[1] {
		filter = ref(1, s.heads[1]) + ":" + last
		// Excel knows a filter by its name too, and AutoFilter is what sets it.
		if err := w.f.AutoFilter(s.name, filter, nil); err != nil {
			return err
		}
	}
	out := packed{drawing: s.drawing}
	var data chunks
	level := flate.DefaultCompression
	if s.n > 20_000 {
		level = flate.BestSpeed
	}
	deflate, err := flate.NewWriter(&data, level)
	if err != nil {
		return err
	}
	x := &sheetXML{w: w, sum: crc32.NewIEEE(), to: deflate}
	x.sheet(s, last, filter)
	if err := x.flush(); err != nil {
		return err
	}
	if err := deflate.Close(); err != nil {
		return err
	}
	out.data, out.sum, out.size, out.relations = data, x.sum.Sum32(), x.size, x.relations
	if w.made == nil {
		w.made = map[string]packed{}
	}
	w.made[s.name] = out
	return nil
}

// sheetXML spells a worksheet (ECMA-376 part 1, 18.3.1.99: the order of its
// elements is fixed).
type sheetXML struct {
	w   *writer
	to  io.Writer
	buf []byte
	sum interface {
		io.Writer
		Sum32() uint32
	}
	size      uint64
	err       error
	relations string
}

func (x *sheetXML) flush() error {
	if x.err == nil && len(x.buf) > 0 {
		x.sum.Write(x.buf) // a hash takes everything
		x.size += uint64(len(x.buf))
		_, x.err = x.to.Write(x.buf)
	}
	x.buf = x.buf[:0]
	return x.err
}

func (x *sheetXML) add(parts ...string) {
	for _, p := range parts {
		x.buf = append(x.buf, p...)
	}
}

func (x *sheetXML) addf(format string, args ...any) { x.buf = fmt.Appendf(x.buf, format, args...) }

func (x *sheetXML) sheet(s *sheet, last, filter string) {
	const relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	x.add(xml.Header, `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="`, relation, `">`)
	x.add(`<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>`)
	// Without a dimension some readers believe that the sheet is one cell.
	selected := ""
	if index, err := x.w.f.GetSheetIndex(s.name); err == nil && index == x.w.f.GetActiveSheetIndex() {
		selected = `tabSelected="1" `
	}
	x.add(`<dimension ref="A1:`, last, `"/><sheetViews><sheetView showGridLines="0" `, selected, `workbookViewId="0">`)
	if s.heads[1] > 0 {
		pane, split := "bottomLeft", ""
		if s.frozen > 0 {
			pane, split = "bottomRight", fmt.Sprintf(`xSplit="%d" `, s.frozen)
		}
		x.addf(`<pane %sySplit="%d" topLeftCell="%s" activePane="%s" state="frozen"/><selection pane="%[4]s"/>`, split, s.heads[1], ref(s.frozen+1, s.heads[1]+1), pane)
	}
	x.add(`</sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/>`)
	if len(s.widths) > 0 {
		x.add(`<cols>`)
		for i, width := range s.widths {
			x.addf(`<col min="%d" max="%[1]d" width="%.2f" customWidth="1"/>`, i+1, width)
		}
		x.add(`</cols>`)
	}
	x.add(`<sheetData>`)
	s.each(0, func(line int, cells []cell) {
		x.row(line, cells, s.tall(line, cells))
		if len(x.buf) > 1<<16 {
			x.flush() // an error stays in x
		}
	})
	x.add(`</sheetData>`)
	if filter != "" {
		x.add(`<autoFilter ref="`, filter, `"/>`)
	}
	if len(s.merges) > 0 {
		x.addf(`<mergeCells count="%d">`, len(s.merges))
		for _, m := range s.merges {
			x.add(`<mergeCell ref="`, ref(m[0], m[1]), `:`, ref(m[2], m[3]), `"/>`)
		}
		x.add(`</mergeCells>`)
	}
	x.hyperlinks(s)
	orientation := "landscape"
	if s.portrait {
		orientation = "portrait"
	}
	x.add(`<printOptions horizontalCentered="1"/>`)
	x.add(`<pageMargins left="0.4724" right="0.4724" top="0.4724" bottom="0.5906" header="0.2362" footer="0.2362"/>`)
	x.add(`<pageSetup fitToHeight="0" fitToWidth="1" orientation="`, orientation, `" paperSize="9"/><headerFooter><oddFooter>`)
	x.text(`&C&"` + typeface + `,Italic"&10&A · ` + x.w.say("trang", "page") + ` &P/&N`)
	x.add(`</oddFooter></headerFooter>`)
	if len(s.breaks) > 0 {
		x.addf(`<rowBreaks count="%d" manualBreakCount="%[1]d">`, len(s.breaks))
		for _, b := range s.breaks {
			x.addf(`<brk id="%d" max="16383" man="1"/>`, b)
		}
		x.add(`</rowBreaks>`)
	}
	if s.drawing != "" {
		x.add(`<drawing r:id="`, s.drawing, `"/>`)
	}
	x.add(`</worksheet>`)
}

func (x *sheetXML) hyperlinks(s *sheet) {
	if len(s.links)+len(s.files) == 0 {
		return
	}
	x.add(`<hyperlinks>`)
	for _, link := range s.links {
		x.add(`<hyperlink ref="`, link[0], `" location="`)
		x.text(link[1])
		x.add(`"/>`)
	}
	ids := map[string]string{}
	var relations strings.Builder
	for _, link := range s.files {
		id := ids[link.target]
		if id == "" {
			id = "rId" + strconv.Itoa(len(ids)+1)
			ids[link.target] = id
			relations.WriteString(`<Relationship Id="` + id + `" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink" Target="`)
			relations.Write(escaped(link.target))
			relations.WriteString(`" TargetMode="External"/>`)
		}
		x.add(`<hyperlink ref="`, link.cell, `" r:id="`, id, `"`)
		if link.location != "" {
			x.add(` location="`)
			x.text(link.location)
			x.add(`"`)
		}
		x.add(`/>`)
	}
	x.add(`</hyperlinks>`)
	if relations.Len() > 0 {
		x.relations = xml.Header + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` + relations.String() + `</Relationships>`
	}
}

func (x *sheetXML) row(line int, cells []cell, height float64) {
	x.add(`<row r="`)
	x.buf = strconv.AppendInt(x.buf, int64(line), 10)
	x.add(`" ht="`)
	x.buf = strconv.AppendFloat(x.buf, height, 'f', -1, 64)
	x.add(`" customHeight="1">`)
	for i := range cells {
		c := &cells[i]
		if *c == (cell{}) {
			continue
		}
		id, err := x.w.style(c.look)
		if err != nil {
			x.err = err
			return
		}
		x.add(`<c r="`, letters(i+1))
		x.buf = strconv.AppendInt(x.buf, int64(line), 10)
		x.add(`" s="`)
		x.buf = strconv.AppendInt(x.buf, int64(id), 10)
		x.add(`"`)
		x.value(c)
	}
	x.add(`</row>`)
}

// value ends a cell. A text is always stored as text, and what a formula comes
// to with its type: a reader that does not compute sees a number as a number.
func (x *sheetXML) value(c *cell) {
	number, isNumber := 0.0, true
	switch v := c.value.(type) {
	case int:
		number = float64(v)
	case float64:
		number = v
	default:
		isNumber = false
	}
	if isNumber && (math.IsNaN(number) || math.IsInf(number, 0)) {
		isNumber = false
	}
	words, _ := c.value.(string)
	switch {
	case c.formula != "":
		if !isNumber {
			x.add(` t="str"`)
		}
		x.add(`><f>`)
		x.text(c.formula)
		x.add(`</f><v>`)
		if isNumber {
			x.buf = strconv.AppendFloat(x.buf, number, 'g', -1, 64)
		} else {
			x.text(words)
		}
		x.add(`</v></c>`)
	case isNumber:
		x.add(`><v>`)
		x.buf = strconv.AppendFloat(x.buf, number, 'g', -1, 64)
		x.add(`</v></c>`)
	case words != "":
		x.add(` t="inlineStr"><is><t xml:space="preserve">`)
		x.text(words)
		x.add(`</t></is></c>`)
	default:
		x.add(`/>`)
	}
}

// maxText is how many characters a cell of Excel's holds.
const maxText = 32767

// underscored is what Excel reads as a character by its number.
var underscored = regexp.MustCompile(`_(x[0-9A-Fa-f]{4}_)`)

func (x *sheetXML) text(s string) {
	if len(s) > maxText && utf8.RuneCountInString(s) > maxText {
		s = string([]rune(s)[:maxText])
	}
	if strings.Contains(s, "_x") {
		s = underscored.ReplaceAllString(s, "_x005F_$1")
	}
	for i, r := range s {
		switch {
		case r == '<':
			x.add("&lt;")
		case r == '>':
			x.add("&gt;")
		case r == '&':
			x.add("&amp;")
		case r == '"':
			x.add("&#34;")
		case r == '\t' || r == '\n' || r == '\r':
			x.addf("&#%d;", r)
		case r < ' ', r == 0xFFFE, r == 0xFFFF, r == utf8.RuneError && !strings.HasPrefix(s[i:], "\uFFFD"):
			x.add("\uFFFD")
		default:
			x.buf = utf8.AppendRune(x.buf, r)
		}
	}
}

// chunks is what was written, in pieces: a buffer that grows by doubling would
// hold a large sheet three times.
type chunks [][]byte

func (c *chunks) Write(p []byte) (int, error) {
	const size = 1 << 18
	for rest := p; len(rest) > 0; {
		last := len(*c) - 1
		if last < 0 || len((*c)[last]) == cap((*c)[last]) {
			*c = append(*c, make([]byte, 0, size))
			last++
		}
		room := (*c)[last]
		n := min(len(rest), cap(room)-len(room))
		(*c)[last] = append(room, rest[:n]...)
		rest = rest[n:]
	}
	return len(p), nil
}

func (c chunks) size() (n uint64) {
	for _, piece := range c {
		n += uint64(len(piece))
	}
	return n
}

// finish puts the workbook together: what excelize made of it, our sheets in
// the places of its empty ones, and the formulas of the form over our rows.
func (w *writer) finish(out io.Writer) error {
	made, err := w.f.WriteToBuffer()
	if err != nil {
		return err
	}
	archive, err := zip.NewReader(bytes.NewReader(made.Bytes()), int64(made.Len()))
	if err != nil {
		return err
	}
	parts, err := sheetParts(archive)
	if err != nil {
		return err
	}
	z := zip.NewWriter(out)
	for _, f := range archive.File {
		name := parts[f.Name]
		sheet, ours := w.made[name]
		switch {
		case ours:
			if sheet.drawing != "" {
				text, err := content(f)
				if err != nil {
					return err
				}
				if !bytes.Contains(text, []byte(`<drawing r:id="`+sheet.drawing+`"`)) {
					return fmt.Errorf("the sheet %s has no drawing %s", name, sheet.drawing)
				}
			}
			header := &zip.FileHeader{Name: f.Name, Method: zip.Deflate, CRC32: sheet.sum, CompressedSize64: sheet.data.size(), UncompressedSize64: sheet.size}
			to, err := z.CreateRaw(header)
			if err != nil {
				return err
			}
			for _, piece := range sheet.data {
				if _, err := to.Write(piece); err != nil {
					return err
				}
			}
			if sheet.relations != "" {
				if err := store(z, path.Join(path.Dir(f.Name), "_rels", path.Base(f.Name)+".rels"), []byte(sheet.relations)); err != nil {
					return err
				}
			}
		case len(w.formulas[name]) > 0:
			text, err := content(f)
			if err != nil {
				return err
			}
			if text, err = withFormulas(text, w.formulas[name]); err != nil {
				return fmt.Errorf("sheet %s: %w", name, err)
			}
			if err := store(z, f.Name, text); err != nil {
				return err
			}
		case f.Name == "[Content_Types].xml":
			text, err := content(f)
			if err != nil {
				return err
			}
			if err := store(z, f.Name, withUsedTypes(text, archive)); err != nil {
				return err
			}
		default:
			if err := z.Copy(f); err != nil {
				return err
			}
		}
	}
	return z.Close()
}

var defaultType = regexp.MustCompile(`<Default Extension="([^"]+)" ContentType="[^"]+">\s*</Default>`)

// withUsedTypes leaves out the types of pictures that excelize names, in any
// order, because it has drawn a chart: the same facts make the same workbook.
func withUsedTypes(text []byte, archive *zip.Reader) []byte {
	used := map[string]bool{"xml": true}
	for _, f := range archive.File {
		used[strings.TrimPrefix(path.Ext(f.Name), ".")] = true
	}
	var kept []string
	text = defaultType.ReplaceAllFunc(text, func(one []byte) []byte {
		if used[string(defaultType.FindSubmatch(one)[1])] {
			kept = append(kept, string(one))
		}
		return nil
	})
	slices.Sort(kept)
	head, tail, found := strings.Cut(string(text), "<Override")
	if !found {
		return text
	}
	return []byte(head + strings.Join(kept, "") + "<Override" + tail)
}

func store(z *zip.Writer, name string, text []byte) error {
	to, err := z.Create(name)
	if err == nil {
		_, err = to.Write(text)
	}
	return err
}

func content(f *zip.File) ([]byte, error) {
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(r)
}

// withFormulas gives cells that hold a number the formula that comes to it, and
// cells that hold a formula another. It knows excelize's spelling and no other.
func withFormulas(text []byte, formulas map[string]string) ([]byte, error) {
	var cells []string
	for at := range formulas {
		cells = append(cells, at)
	}
	slices.Sort(cells)
	for _, at := range cells {
		begin := bytes.Index(text, []byte(`<c r="`+at+`"`))
		if begin < 0 {
			return nil, fmt.Errorf("cell %s is not there", at)
		}
		end := bytes.Index(text[begin:], []byte(`</c>`))
		value := bytes.Index(text[begin:], []byte(`<v`))
		if end < 0 || value < 0 || value > end {
			return nil, fmt.Errorf("cell %s holds nothing", at)
		}
		from := begin + value
		if f := bytes.Index(text[begin:from], []byte(`<f`)); f >= 0 {
			from = begin + f
		}
		put := append([]byte(`<f>`), escaped(formulas[at])...)
		text = slices.Concat(text[:from], put, []byte(`</f>`), text[begin+value:])
	}
	return text, nil
}

// sheetParts tells of each worksheet's part which sheet it is.
func sheetParts(archive *zip.Reader) (map[string]string, error) {
	read := func(name string, into any) error {
		f, err := archive.Open(name)
		if err != nil {
			return err
		}
		defer f.Close()
		return xml.NewDecoder(f).Decode(into)
	}
	var book bookXML
	var links relationsXML
	if err := read("xl/workbook.xml", &book); err != nil {
		return nil, err
	}
	if err := read("xl/_rels/workbook.xml.rels", &links); err != nil {
		return nil, err
	}
	return partsOf(book, links), nil
}

type bookXML struct {
	Sheets []struct {
		Attr []xml.Attr `xml:",any,attr"`
	} `xml:"sheets>sheet"`
}

type relationsXML struct {
	Relationship []struct {
		ID     string `xml:"Id,attr"`
		Target string `xml:"Target,attr"`
	}
}

func partsOf(book bookXML, links relationsXML) map[string]string {
	parts := map[string]string{}
	for _, sheet := range book.Sheets {
		var name, id string
		for _, a := range sheet.Attr {
			switch a.Name.Local {
			case "name":
				name = a.Value
			case "id": // r:id; sheetId is another
				id = a.Value
			}
		}
		for _, link := range links.Relationship {
			if link.ID == id {
				parts[path.Join("xl", strings.TrimPrefix(link.Target, "/xl/"))] = name
			}
		}
	}
	return parts
}
