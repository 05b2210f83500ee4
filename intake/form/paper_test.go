package form

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"html"
	"io"
	"maps"
	"regexp"
	"slices"
	"sort"
	"strconv"
	"strings"
	"testing"

	"dondoc/intake/workbook"
)

// paper is a workbook taken apart into its cells, so that tests can do to it
// what people do in Excel: insert, delete, move, merge, retype. It works on the
// XML, because excelize changes names inside formulas as if they were
// addresses. Formulas, names and merged areas move along as in Excel.
type paper struct {
	t      testing.TB
	files  map[string]string
	order  []string
	leaves []*leaf
	names  map[string]string // "'Phụ lục số liệu'!$D$11"
	styles map[string]string // of cells, by base style and font
}

type leaf struct {
	name, path, state string
	top, bottom       string // the XML around the rows
	rows              map[int]string
	cells             map[[2]int]*ink // by column and row
	merges            []workbook.Ref
}

type ink struct {
	style   string
	text    string
	number  string // digits; then text is nothing
	formula string
	kind    string // "b" and "e" as stored; else it follows from the fields
	stored  bool   // of a formula: its result is text or number
	runs    []workbook.Run
}

func unpack(t testing.TB, data []byte) *paper {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	p := &paper{t: t, files: map[string]string{}, names: map[string]string{}, styles: map[string]string{}}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		p.files[f.Name] = string(b)
		p.order = append(p.order, f.Name)
	}
	var shared struct {
		SI []struct {
			T string   `xml:"t"`
			R []string `xml:"r>t"`
		} `xml:"si"`
	}
	p.decode("xl/sharedStrings.xml", &shared)
	var rels struct {
		R []struct {
			ID     string `xml:"Id,attr"`
			Target string `xml:"Target,attr"`
		} `xml:"Relationship"`
	}
	p.decode("xl/_rels/workbook.xml.rels", &rels)
	var book struct {
		Sheets []struct {
			Name  string `xml:"name,attr"`
			State string `xml:"state,attr"`
			ID    string `xml:"http://schemas.openxmlformats.org/officeDocument/2006/relationships id,attr"`
		} `xml:"sheets>sheet"`
		Names []struct {
			Name string `xml:"name,attr"`
			To   string `xml:",chardata"`
		} `xml:"definedNames>definedName"`
	}
	p.decode("xl/workbook.xml", &book)
	for _, n := range book.Names {
		if !strings.HasPrefix(n.Name, "_xlnm") {
			p.names[n.Name] = n.To
		}
	}
	for _, s := range book.Sheets {
		l := &leaf{name: s.Name, state: s.State, rows: map[int]string{}, cells: map[[2]int]*ink{}}
		for _, r := range rels.R {
			if r.ID == s.ID {
				l.path = "xl/" + strings.TrimPrefix(strings.TrimPrefix(r.Target, "/xl/"), "xl/")
			}
		}
		xmlText := p.files[l.path]
		i, j := strings.Index(xmlText, "<sheetData>"), strings.Index(xmlText, "</sheetData>")
		if i < 0 || j < 0 {
			t.Fatal(l.path)
		}
		l.top, l.bottom = xmlText[:i], xmlText[j+len("</sheetData>"):]
		var data struct {
			Rows []struct {
				R      int    `xml:"r,attr"`
				Height string `xml:"ht,attr"`
				Cells  []struct {
					R string  `xml:"r,attr"`
					S string  `xml:"s,attr"`
					T string  `xml:"t,attr"`
					F *string `xml:"f"`
					V *string `xml:"v"`
				} `xml:"c"`
			} `xml:"sheetData>row"`
			Merges []struct {
				Ref string `xml:"ref,attr"`
			} `xml:"mergeCells>mergeCell"`
		}
		p.decode(l.path, &data)
		for _, row := range data.Rows {
			l.rows[row.R] = ""
			for _, c := range row.Cells {
				at, _ := workbook.ParseRef(c.R)
				k := &ink{style: c.S}
				l.cells[[2]int{at.Col, at.Row}] = k
				if c.F != nil {
					k.formula = *c.F
				}
				if c.V == nil {
					continue
				}
				k.stored = true
				switch c.T {
				case "s":
					n, _ := strconv.Atoi(*c.V)
					k.text = shared.SI[n].T + strings.Join(shared.SI[n].R, "")
				case "", "n":
					k.number = *c.V
				case "str":
					k.text = *c.V
				default:
					k.kind, k.text = c.T, *c.V
				}
			}
		}
		for _, m := range data.Merges {
			r, _ := workbook.ParseRef(m.Ref)
			l.merges = append(l.merges, r)
		}
		p.leaves = append(p.leaves, l)
	}
	return p
}

// copy is a workbook of its own.
func (p *paper) copy() *paper {
	c := &paper{t: p.t, files: maps.Clone(p.files), order: slices.Clone(p.order), names: maps.Clone(p.names), styles: maps.Clone(p.styles)}
	for _, l := range p.leaves {
		m := *l
		m.rows, m.merges, m.cells = maps.Clone(l.rows), slices.Clone(l.merges), map[[2]int]*ink{}
		for at, k := range l.cells {
			same := *k
			m.cells[at] = &same
		}
		c.leaves = append(c.leaves, &m)
	}
	return c
}

func (p *paper) decode(name string, to any) {
	p.t.Helper()
	if err := xml.Unmarshal([]byte(p.files[name]), to); err != nil {
		p.t.Fatal(name, err)
	}
}

var (
	mergesXML = regexp.MustCompile(`(?s)<mergeCells.*?</mergeCells>`)
	rulesXML  = regexp.MustCompile(`(?s)<(dataValidations|conditionalFormatting).*?</(dataValidations|conditionalFormatting)>`)
	namesXML  = regexp.MustCompile(`(?s)<definedNames>.*?</definedNames>`)
	sheetsXML = regexp.MustCompile(`(?s)<sheets>.*?</sheets>`)
)

// pack puts the workbook together again.
func (p *paper) pack() []byte {
	var sheets, names strings.Builder
	rels := p.files["xl/_rels/workbook.xml.rels"]
	for i, l := range p.leaves {
		id := regexp.MustCompile(`<Relationship [^>]*Id="([^"]+)"[^>]*`).FindAllStringSubmatch(rels, -1)
		rid := ""
		for _, m := range id {
			if strings.Contains(m[0], strings.TrimPrefix(l.path, "xl/")+`"`) {
				rid = m[1]
			}
		}
		if rid == "" {
			p.t.Fatal("no relationship for ", l.path)
		}
		fmt.Fprintf(&sheets, `<sheet name="%s" sheetId="%d" r:id="%s"`, html.EscapeString(l.name), i+1, rid)
		if l.state != "" {
			fmt.Fprintf(&sheets, ` state="%s"`, l.state)
		}
		sheets.WriteString("/>")
		p.files[l.path] = l.xml()
	}
	keys := make([]string, 0, len(p.names))
	for n := range p.names {
		keys = append(keys, n)
	}
	sort.Strings(keys)
	for _, n := range keys {
		fmt.Fprintf(&names, `<definedName name="%s">%s</definedName>`, n, html.EscapeString(p.names[n]))
	}
	w := p.files["xl/workbook.xml"]
	w = sheetsXML.ReplaceAllLiteralString(w, "<sheets>"+sheets.String()+"</sheets>")
	block := ""
	if names.Len() > 0 {
		block = "<definedNames>" + names.String() + "</definedNames>"
	}
	p.files["xl/workbook.xml"] = namesXML.ReplaceAllLiteralString(w, block)
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, name := range p.order {
		f, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store})
		if err != nil {
			p.t.Fatal(err)
		}
		io.WriteString(f, p.files[name])
	}
	if err := z.Close(); err != nil {
		p.t.Fatal(err)
	}
	return out.Bytes()
}

func (l *leaf) xml() string {
	var b strings.Builder
	b.WriteString(regexp.MustCompile(`<dimension[^>]*>(</dimension>)?`).ReplaceAllString(l.top, ""))
	b.WriteString("<sheetData>")
	byRow := map[int][]int{}
	for at := range l.cells {
		byRow[at[1]] = append(byRow[at[1]], at[0])
	}
	var rows []int
	for r := range byRow {
		rows = append(rows, r)
	}
	for r := range l.rows {
		if byRow[r] == nil {
			rows = append(rows, r)
		}
	}
	slices.Sort(rows)
	for _, r := range rows {
		fmt.Fprintf(&b, `<row r="%d"%s>`, r, l.rows[r])
		slices.Sort(byRow[r])
		for _, c := range byRow[r] {
			l.cells[[2]int{c, r}].write(&b, workbook.Address(c, r))
		}
		b.WriteString("</row>")
	}
	b.WriteString("</sheetData>")
	merges := ""
	if len(l.merges) > 0 {
		merges = fmt.Sprintf(`<mergeCells count="%d">`, len(l.merges))
		for _, m := range l.merges {
			merges += fmt.Sprintf(`<mergeCell ref="%s:%s"/>`, workbook.Address(m.Col, m.Row), workbook.Address(m.LastCol, m.LastRow))
		}
		merges += "</mergeCells>"
	}
	bottom := rulesXML.ReplaceAllString(l.bottom, "")
	if mergesXML.MatchString(bottom) {
		bottom = mergesXML.ReplaceAllLiteralString(bottom, merges)
	} else if merges != "" {
		after := strings.Index(bottom, "</sheetProtection>")
		if after >= 0 {
			after += len("</sheetProtection>")
		} else {
			after = 0
		}
		bottom = bottom[:after] + merges + bottom[after:]
	}
	b.WriteString(bottom)
	return b.String()
}

func (k *ink) write(b *strings.Builder, at string) {
	style := ""
	if k.style != "" {
		style = ` s="` + k.style + `"`
	}
	esc := html.EscapeString
	switch {
	case k.formula != "":
		kind, value := "", ""
		if k.stored {
			value = "<v>" + esc(k.number+k.text) + "</v>"
			if k.number == "" {
				kind = ` t="str"`
			}
			if k.kind != "" {
				kind = ` t="` + k.kind + `"`
			}
		}
		fmt.Fprintf(b, `<c r="%s"%s%s><f>%s</f>%s</c>`, at, style, kind, esc(k.formula), value)
	case k.number != "":
		fmt.Fprintf(b, `<c r="%s"%s><v>%s</v></c>`, at, style, k.number)
	case k.kind != "":
		fmt.Fprintf(b, `<c r="%s"%s t="%s"><v>%s</v></c>`, at, style, k.kind, esc(k.text))
	case len(k.runs) > 0:
		fmt.Fprintf(b, `<c r="%s"%s t="inlineStr"><is>`, at, style)
		for _, r := range k.runs {
			fmt.Fprintf(b, `<r><rPr><rFont val="%s"/></rPr><t xml:space="preserve">%s</t></r>`, r.Font, esc(r.Text))
		}
		b.WriteString("</is></c>")
	case k.text != "":
		fmt.Fprintf(b, `<c r="%s"%s t="inlineStr"><is><t xml:space="preserve">%s</t></is></c>`, at, style, esc(k.text))
	default:
		fmt.Fprintf(b, `<c r="%s"%s/>`, at, style)
	}
}

// add puts a file into the package.
func (p *paper) add(name, text string) {
	if _, ok := p.files[name]; !ok {
		p.order = append(p.order, name)
	}
	p.files[name] = text
}

func (p *paper) leaf(name string) *leaf {
	for _, l := range p.leaves {
		if l.name == name {
			return l
		}
	}
	p.t.Fatal("no sheet ", name)
	return nil
}

func key2(t testing.TB, cell string) [2]int {
	r, ok := workbook.ParseRef(cell)
	if !ok {
		t.Fatal(cell)
	}
	return [2]int{r.Col, r.Row}
}

// set writes pairs of cell and value into a sheet: a number, a text, nil.
func (p *paper) set(sheet string, pairs ...any) {
	p.t.Helper()
	l := p.leaf(sheet)
	for i := 0; i < len(pairs); i += 2 {
		at := key2(p.t, pairs[i].(string))
		k := &ink{}
		if old := l.cells[at]; old != nil {
			k.style = old.style
		}
		switch v := pairs[i+1].(type) {
		case nil:
		case string:
			k.text = v
		case int, float64:
			k.number = fmt.Sprint(v)
		case *ink:
			if v.style == "" {
				v.style = k.style
			}
			k = v
		default:
			p.t.Fatalf("%T", v)
		}
		l.cells[at] = k
	}
}

var (
	reference = regexp.MustCompile(`((?:'[^']+'|\b[A-Za-z_]+)!)?(\$?\b[A-Z]{1,3}\$?[1-9][0-9]{0,6})(:\$?[A-Z]{1,3}\$?[1-9][0-9]{0,6})?\b`)
	corner    = regexp.MustCompile(`(\$?)([A-Z]{1,3})(\$?)([1-9][0-9]{0,6})`)
)

// move moves the cells of a sheet to where to says; gone cells vanish. What
// points at them follows.
func (p *paper) move(sheet string, to func(col, row int) (int, int, bool)) {
	l := p.leaf(sheet)
	cells := map[[2]int]*ink{}
	for at, k := range l.cells {
		if c, r, ok := to(at[0], at[1]); ok {
			cells[[2]int{c, r}] = k
		}
	}
	for _, m := range l.merges { // what a merged area holds stays in what is left of it
		if _, _, ok := to(m.Col, m.Row); ok {
			continue
		}
		for r := m.Row; r <= m.LastRow; r++ {
			for c := m.Col; c <= m.LastCol; c++ {
				if x, y, ok := to(c, r); ok && l.cells[[2]int{m.Col, m.Row}] != nil {
					cells[[2]int{x, y}] = l.cells[[2]int{m.Col, m.Row}]
					r, c = m.LastRow, m.LastCol
				}
			}
		}
	}
	l.cells = cells
	rows := map[int]string{}
	for r, attrs := range l.rows {
		if _, n, ok := to(1, r); ok {
			rows[n] = attrs
		}
	}
	l.rows = rows
	var merges []workbook.Ref
	for _, m := range l.merges {
		var out workbook.Ref
		for r := m.Row; r <= m.LastRow; r++ {
			for c := m.Col; c <= m.LastCol; c++ {
				if x, y, ok := to(c, r); ok {
					if out.Col == 0 {
						out = workbook.Ref{Col: x, Row: y, LastCol: x, LastRow: y}
					}
					out.Col, out.Row = min(out.Col, x), min(out.Row, y)
					out.LastCol, out.LastRow = max(out.LastCol, x), max(out.LastRow, y)
				}
			}
		}
		if out.Col > 0 && !out.Single() {
			merges = append(merges, out)
		}
	}
	l.merges = merges
	rels := p.files[strings.Replace(l.path, "worksheets/", "worksheets/_rels/", 1)+".rels"]
	for name, text := range p.files {
		if strings.HasPrefix(name, "xl/tables/") && strings.Contains(rels, strings.TrimPrefix(name, "xl")) {
			p.files[name] = regexp.MustCompile(`ref="[A-Z]+[0-9]+:[A-Z]+[0-9]+"`).ReplaceAllStringFunc(text, func(m string) string {
				r, _ := workbook.ParseRef(m[len(`ref="`) : len(m)-1])
				c, y, ok := to(r.Col, r.Row)
				lastC, lastY, too := to(r.LastCol, r.LastRow)
				if !ok || !too {
					return m
				}
				return fmt.Sprintf(`ref="%s:%s"`, workbook.Address(c, y), workbook.Address(lastC, lastY))
			})
		}
	}
	one := func(m string) string {
		g := corner.FindStringSubmatch(m)
		ref, ok := workbook.ParseRef(g[2] + g[4])
		if !ok {
			return m
		}
		c, r, ok := to(ref.Col, ref.Row)
		if !ok {
			return "#REF!"
		}
		return g[1] + workbook.Column(c) + g[3] + strconv.Itoa(r)
	}
	follow := func(text string, own bool) string {
		quoted := strings.Split(text, `"`)
		for i := 0; i < len(quoted); i += 2 { // the others are constants
			quoted[i] = reference.ReplaceAllStringFunc(quoted[i], func(m string) string {
				g := reference.FindStringSubmatch(m)
				if g[1] == "" && !own || g[1] != "" && strings.Trim(g[1], "'!") != sheet {
					return m
				}
				if g[3] == "" {
					return g[1] + one(g[2])
				}
				return g[1] + one(g[2]) + ":" + one(g[3][1:])
			})
		}
		return strings.Join(quoted, `"`)
	}
	for _, other := range p.leaves {
		for _, k := range other.cells {
			if k.formula != "" {
				k.formula = follow(k.formula, other.name == sheet)
			}
		}
	}
	for n, at := range p.names {
		p.names[n] = follow(at, false)
	}
}

func (p *paper) insertRows(sheet string, at, n int) {
	p.move(sheet, func(c, r int) (int, int, bool) {
		if r >= at {
			r += n
		}
		return c, r, true
	})
}

func (p *paper) insertColumn(sheet string, at int) {
	p.move(sheet, func(c, r int) (int, int, bool) {
		if c >= at {
			c++
		}
		return c, r, true
	})
}

func (p *paper) deleteRow(sheet string, at int) {
	p.move(sheet, func(c, r int) (int, int, bool) {
		if r > at {
			return c, r - 1, true
		}
		return c, r, r != at
	})
}

func (p *paper) deleteColumn(sheet string, at int) {
	p.move(sheet, func(c, r int) (int, int, bool) {
		if c > at {
			return c - 1, r, true
		}
		return c, r, c != at
	})
}

// swap exchanges two columns as cutting and pasting them does.
func (p *paper) swap(sheet string, a, b, from, to int) {
	p.move(sheet, func(c, r int) (int, int, bool) {
		switch {
		case r < from || r > to:
		case c == a:
			c = b
		case c == b:
			c = a
		}
		return c, r, true
	})
}

func (p *paper) rename(sheet, to string) {
	l := p.leaf(sheet)
	for n, at := range p.names {
		p.names[n] = strings.Replace(at, "'"+sheet+"'!", "'"+to+"'!", 1)
	}
	for _, o := range p.leaves {
		for _, k := range o.cells {
			k.formula = strings.ReplaceAll(k.formula, "'"+sheet+"'!", "'"+to+"'!")
		}
	}
	l.name = to
}

// drop deletes sheets.
func (p *paper) drop(sheets ...string) {
	p.leaves = slices.DeleteFunc(p.leaves, func(l *leaf) bool { return slices.Contains(sheets, l.name) })
	for n, at := range p.names {
		for _, s := range sheets {
			if strings.Contains(at, "'"+s+"'!") || strings.HasPrefix(at, s+"!") {
				delete(p.names, n)
			}
		}
	}
}

// clone adds a copy of a sheet; names stay with the first.
func (p *paper) clone(sheet, as string) *leaf {
	l := p.leaf(sheet)
	c := &leaf{name: as, top: l.top, rows: map[int]string{}, cells: map[[2]int]*ink{}, merges: slices.Clone(l.merges)}
	c.bottom = regexp.MustCompile(`(?s)<tableParts.*?</tableParts>|<legacyDrawing[^>]*/?>(</legacyDrawing>)?`).ReplaceAllString(l.bottom, "")
	for r, a := range l.rows {
		c.rows[r] = a
	}
	for at, k := range l.cells {
		copied := *k
		c.cells[at] = &copied
	}
	n := len(p.leaves) + 50
	for p.files[fmt.Sprintf("xl/worksheets/sheet%d.xml", n)] != "" {
		n++
	}
	c.path = fmt.Sprintf("xl/worksheets/sheet%d.xml", n)
	p.order = append(p.order, c.path)
	p.files[c.path] = "x"
	p.files["xl/_rels/workbook.xml.rels"] = strings.Replace(p.files["xl/_rels/workbook.xml.rels"], "</Relationships>",
		fmt.Sprintf(`<Relationship Id="rIdX%d" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet%d.xml"/></Relationships>`, n, n), 1)
	p.files["[Content_Types].xml"] = strings.Replace(p.files["[Content_Types].xml"], "</Types>",
		fmt.Sprintf(`<Override PartName="/xl/worksheets/sheet%d.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>`, n), 1)
	p.leaves = append(p.leaves, c)
	return c
}

// style returns a cell style like another in a font of its own.
func (p *paper) style(base, font string) string {
	key := base + "\x00" + font
	if s, ok := p.styles[key]; ok {
		return s
	}
	const file = "xl/styles.xml"
	s := p.files[file]
	i, j := strings.Index(s, "<fonts"), strings.Index(s, "</fonts>")
	fonts := strings.Count(s[i:j], "<font>") + strings.Count(s[i:j], "<font/>")
	s = s[:j] + `<font><sz val="12"/><name val="` + font + `"/></font>` + s[j:]
	s = regexp.MustCompile(`<fonts count="\d+"`).ReplaceAllString(s, fmt.Sprintf(`<fonts count="%d"`, fonts+1))
	i, j = strings.Index(s, "<cellXfs"), strings.Index(s, "</cellXfs>")
	xfs := regexp.MustCompile(`(?s)<xf [^>]*?(/>|>.*?</xf>)`).FindAllString(s[i:j], -1)
	n, _ := strconv.Atoi(base)
	xf := regexp.MustCompile(`fontId="\d+"`).ReplaceAllString(xfs[n], fmt.Sprintf(`fontId="%d"`, fonts))
	s = s[:j] + xf + s[j:]
	s = regexp.MustCompile(`<cellXfs count="\d+"`).ReplaceAllString(s, fmt.Sprintf(`<cellXfs count="%d"`, len(xfs)+1))
	p.files[file] = s
	p.styles[key] = strconv.Itoa(len(xfs))
	return p.styles[key]
}

// texts changes every text of a sheet that is no formula.
func (p *paper) texts(sheet string, change func(at [2]int, k *ink)) {
	for at, k := range p.leaf(sheet).cells {
		if k.text != "" && k.formula == "" && k.kind == "" {
			change(at, k)
		}
	}
}
