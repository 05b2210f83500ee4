package annotation

import (
	"archive/zip"
	"bytes"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
)

// excelize takes for granted how it would number the notes of a workbook: those
// of a sheet stand in comments7.xml and are drawn in vmlDrawing7.vml, and their
// shapes are called _x0000_s1025. Excel numbers the two apart where a sheet has
// buttons or a picture in its head, LibreOffice by the sheet, and Google calls
// shapes as it likes: comments that excelize adds to such files go into a part
// that no sheet names. So the parts get the names that it expects first.

var (
	relation   = regexp.MustCompile(`(?s)<Relationship\b[^>]*>`)
	target     = regexp.MustCompile(`\bTarget="([^"]*)"`)
	relationID = regexp.MustCompile(`\bId="([^"]*)"`)
	legacy     = regexp.MustCompile(`<legacyDrawing\b[^>]*\bid="([^"]*)"`)
	sheetRels  = regexp.MustCompile(`^xl/worksheets/_rels/([^/]+\.xml)\.rels$`)
	shapeID    = regexp.MustCompile(`(<v:shape\b[^>]*?\bid=")([^"]*)(")`)
	plainShape = regexp.MustCompile(`^_x0000_s\d+$`)
)

// renamed maps the names of parts with notes to those that excelize expects.
func renamed(in *zip.Reader, left *int64) (map[string]string, error) {
	text := map[string]string{}
	var rels []string
	drawn := map[string]bool{} // sheets with a drawing of this kind: the others, which may be large, are not read
	for _, wanted := range []func(string) bool{sheetRels.MatchString, func(name string) bool { return drawn[name] }} {
		for _, f := range in.File {
			if !wanted(f.Name) {
				continue
			}
			data, err := read(f, left)
			if err != nil {
				return nil, err
			}
			text[f.Name] = string(data)
			if m := sheetRels.FindStringSubmatch(f.Name); m != nil && bytes.Contains(data, []byte(".vml")) {
				rels, drawn["xl/worksheets/"+m[1]] = append(rels, f.Name), true
			}
		}
	}
	slices.Sort(rels)
	names := map[string]string{}
	var others []string
	n := 0
	for _, rel := range rels {
		sheet := "xl/worksheets/" + sheetRels.FindStringSubmatch(rel)[1]
		legacyID := ""
		if m := legacy.FindStringSubmatch(text[sheet]); m != nil {
			legacyID = m[1]
		}
		notes, drawing := "", ""
		for _, r := range relation.FindAllString(text[rel], -1) {
			to := target.FindStringSubmatch(r)
			if to == nil {
				continue
			}
			part := resolved(to[1])
			switch {
			case strings.HasSuffix(part, ".vml"):
				if id := relationID.FindStringSubmatch(r); id != nil && id[1] == legacyID {
					drawing = part
				} else {
					others = append(others, part)
				}
			case strings.Contains(r, "/relationships/comments\""):
				notes = part
			}
		}
		switch {
		case notes != "" && drawing != "":
			n++
			names[notes], names[drawing] = fmt.Sprintf("xl/comments%d.xml", n), fmt.Sprintf("xl/drawings/vmlDrawing%d.vml", n)
		case drawing != "":
			others = append(others, drawing)
		}
	}
	for i, part := range others {
		if _, taken := names[part]; !taken {
			names[part] = fmt.Sprintf("xl/drawings/vmlDrawing%d.vml", 9001+i) // beyond any that gets notes
		}
	}
	for old, name := range names {
		own := func(part string) string { return path.Dir(part) + "/_rels/" + path.Base(part) + ".rels" }
		names[own(old)] = own(name)
	}
	return names, nil
}

// resolved is the name of a part by a target of a sheet's relationships.
func resolved(to string) string {
	if strings.HasPrefix(to, "/") {
		return to[1:]
	}
	return path.Join("xl/worksheets", to)
}

// retarget gives a file of relationships of a sheet the new names.
func retarget(text string, names map[string]string) string {
	return target.ReplaceAllStringFunc(text, func(attribute string) string {
		name, ok := names[resolved(target.FindStringSubmatch(attribute)[1])]
		if !ok {
			return attribute
		}
		return `Target="../` + strings.TrimPrefix(name, "xl/") + `"`
	})
}

// retype gives the list of content types the new names.
func retype(text string, names map[string]string) string {
	return partName.ReplaceAllStringFunc(text, func(attribute string) string {
		if name, ok := names[strings.TrimPrefix(partName.FindStringSubmatch(attribute)[1], "/")]; ok {
			return `PartName="/` + name + `"`
		}
		return attribute
	})
}

var partName = regexp.MustCompile(`\bPartName="([^"]*)"`)

// reshape gives the shapes of a drawing the names that excelize counts by.
func reshape(text string) string {
	n := 90_000
	return shapeID.ReplaceAllStringFunc(text, func(tag string) string {
		m := shapeID.FindStringSubmatch(tag)
		if plainShape.MatchString(m[2]) {
			return tag
		}
		n++
		return m[1] + fmt.Sprintf("_x0000_s%d", n) + m[3]
	})
}
