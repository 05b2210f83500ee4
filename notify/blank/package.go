package blank

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"path"
	"regexp"
	"strings"
)

// pack is the package of a workbook: its files, and the text of those that
// are read.
type pack struct {
	files    []*zip.File
	text     map[string][]byte
	workbook string            // its path
	sheets   map[string]string // path by name
}

// relations is a .rels file.
type relations struct {
	Relationship []struct {
		ID     string `xml:"Id,attr"`
		Type   string `xml:"Type,attr"`
		Target string `xml:"Target,attr"`
	}
}

func unpack(archive *zip.Reader) (*pack, error) {
	p := &pack{files: archive.File, text: map[string][]byte{}, sheets: map[string]string{}}
	for _, file := range archive.File {
		if !strings.HasSuffix(file.Name, ".xml") && !strings.HasSuffix(file.Name, ".rels") {
			continue
		}
		text, err := read(file)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file.Name, err)
		}
		p.text[file.Name] = text
	}
	workbooks := p.related("", "/officeDocument")
	if len(workbooks) != 1 || p.text[workbooks[0]] == nil {
		return nil, fmt.Errorf("no workbook in the package")
	}
	p.workbook = workbooks[0]
	var workbook struct {
		Sheets struct {
			Sheet []struct {
				Name string     `xml:"name,attr"`
				Attr []xml.Attr `xml:",any,attr"`
			} `xml:"sheet"`
		} `xml:"sheets"`
	}
	if err := xml.Unmarshal(p.text[p.workbook], &workbook); err != nil {
		return nil, fmt.Errorf("%s: %w", p.workbook, err)
	}
	byID := p.relations(p.workbook)
	for _, s := range workbook.Sheets.Sheet {
		for _, a := range s.Attr {
			r, ok := byID[a.Value]
			if a.Name.Local == "id" && ok && strings.HasSuffix(r.kind, "/worksheet") && p.text[r.path] != nil {
				p.sheets[s.Name] = r.path
			}
		}
	}
	return p, nil
}

// read reads one file of the package; excelize, which read it first, has
// kept to the limits.
func read(file *zip.File) ([]byte, error) {
	r, err := file.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(io.LimitReader(r, limits.UnzipSizeLimit))
}

type relation struct{ kind, path string }

// relations lists what a part refers to, by id.
func (p *pack) relations(from string) map[string]relation {
	dir, base := path.Split(from)
	var rels relations
	byID := map[string]relation{}
	if xml.Unmarshal(p.text[dir+"_rels/"+base+".rels"], &rels) != nil {
		return byID
	}
	for _, r := range rels.Relationship {
		target := path.Join("/", dir, r.Target)
		if strings.HasPrefix(r.Target, "/") {
			target = path.Clean(r.Target)
		}
		byID[r.ID] = relation{r.Type, strings.TrimPrefix(target, "/")}
	}
	return byID
}

// related lists the parts of a kind that a part refers to.
func (p *pack) related(from, kind string) []string {
	var paths []string
	for _, r := range p.relations(from) {
		if strings.HasSuffix(r.kind, kind) {
			paths = append(paths, r.path)
		}
	}
	return paths
}

// Macros are no part of what we send: a form that was drawn up with some is
// issued without.
var (
	macroFile  = regexp.MustCompile(`(?i)(^|/)(vbaProject[^/]*\.bin|vbaData\.xml|vbaProject\.bin\.rels)$`)
	macroEntry = regexp.MustCompile(`(?i)<(?:Override|Relationship)\b[^>]*(?:vbaProject|vbaData)[^>]*(?:/>|></(?:Override|Relationship)>)`)
	macroType  = regexp.MustCompile(`application/vnd\.ms-excel\.(sheet|template)\.macroEnabled\.main\+xml`)
)

const plainType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"

// withoutMacros drops macros from the files and from what refers to them,
// and returns the names of the latter.
func (p *pack) withoutMacros() []string {
	var kept []*zip.File
	for _, file := range p.files {
		if !macroFile.MatchString(file.Name) {
			kept = append(kept, file)
		}
	}
	if len(kept) == len(p.files) {
		return nil
	}
	p.files = kept
	var edited []string
	for name, text := range p.text {
		if name == "[Content_Types].xml" || strings.HasSuffix(name, ".rels") {
			p.text[name] = macroType.ReplaceAll(macroEntry.ReplaceAll(text, nil), []byte(plainType))
			edited = append(edited, name)
		}
	}
	return edited
}

const customProperties = "docProps/custom.xml"

// write packs the form with new text for some of its parts; the others are
// copied as they are, still compressed.
func (p *pack) write(changed map[string][]byte) ([]byte, error) {
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, file := range p.files {
		text, ok := changed[file.Name]
		if !ok {
			if err := w.Copy(file); err != nil {
				return nil, err
			}
			continue
		}
		part, err := w.Create(file.Name)
		if err != nil {
			return nil, err
		}
		if _, err := part.Write(text); err != nil {
			return nil, err
		}
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// property matches one text property of the document by its name.
func property(name string) *regexp.Regexp {
	return regexp.MustCompile(`(<property\b[^>]*\bname="` + regexp.QuoteMeta(string(escape(name))) + `"[^>]*>\s*)<vt:lpwstr(?:/>|>[^<]*</vt:lpwstr>)`)
}
