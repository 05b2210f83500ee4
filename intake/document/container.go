package document

import (
	"archive/zip"
	"io"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"
)

// Limits bound what is taken out of one container, the containers within it
// included. A zero field takes the value of DefaultLimits.
type Limits struct {
	Members int   // files
	Depth   int   // containers within containers
	Bytes   int64 // unpacked, all files together
}

// DefaultLimits hold what a unit has to send many times over.
var DefaultLimits = Limits{Members: 200, Depth: 3, Bytes: 150 << 20}

// Member is a file of a container.
type Member struct {
	Name    string // NFC, without path
	Path    string // "a.zip/b.zip/c.xlsx"
	Data    []byte // nil when there is a Problem
	Problem string // encrypted, damaged, too_large, unopened
}

// Members takes the files out of a container, of .zip within .zip too, in
// their order. A name is only ever a name: folders within a container are not
// kept. What could not be taken out is a Member with a Problem; beyond the
// number of members or of bytes one last Member, named as its container, says
// too_large for all the rest.
//
// A .rar or .7z is one Member with the problem unopened: it is known what it
// is, and it is asked for in another form.
func Members(name, fullPath string, data []byte, lim Limits) []Member {
	if lim.Members == 0 {
		lim.Members = DefaultLimits.Members
	}
	if lim.Depth == 0 {
		lim.Depth = DefaultLimits.Depth
	}
	if lim.Bytes == 0 {
		lim.Bytes = DefaultLimits.Bytes
	}
	u := &unpacking{left: lim.Bytes, members: lim.Members}
	u.open(name, fullPath, data, lim.Depth)
	return u.out
}

type unpacking struct {
	out     []Member
	left    int64 // bytes
	members int
	full    bool
}

// open takes files out of one container; depth counts what may still be opened.
func (u *unpacking) open(name, fullPath string, data []byte, depth int) {
	problem := func(p string) { u.out = append(u.out, Member{Name: name, Path: fullPath, Problem: p}) }
	d := sniff(name, data)
	switch kind := d.Kind; {
	case d.Problem != "":
		problem(d.Problem)
		return
	case kind == RAR || kind == SevenZip || kind == TNEF:
		problem(Unopened)
		return
	case kind != ZIP:
		problem(Damaged)
		return
	case depth == 0:
		problem(TooLarge)
		return
	}
	z, p := openZIP(data)
	if p != "" {
		problem(p)
		return
	}
	for _, f := range z.File {
		if f.FileInfo().IsDir() || litter(f.Name) {
			continue
		}
		if len(u.out) >= u.members {
			u.full = true
		}
		if u.full {
			problem(TooLarge)
			return
		}
		m := Member{Name: memberName(f)}
		m.Path = fullPath + "/" + m.Name
		m.Data, m.Problem = u.unpack(f)
		if m.Problem == "" && sniff(m.Name, m.Data).Kind == ZIP {
			u.open(m.Name, m.Path, m.Data, depth-1)
			if u.full {
				return
			}
			continue
		}
		u.out = append(u.out, m)
		if m.Problem == TooLarge {
			u.full = true
			return
		}
	}
}

// unpack reads one file. The sizes that a container states are not believed.
func (u *unpacking) unpack(f *zip.File) (data []byte, problem string) {
	if f.Flags&0x1 != 0 {
		return nil, Locked
	}
	r, err := f.Open()
	if err != nil {
		return nil, Damaged
	}
	defer r.Close()
	data, err = io.ReadAll(io.LimitReader(r, u.left+1))
	switch {
	case int64(len(data)) > u.left:
		return nil, TooLarge
	case err != nil:
		u.left -= int64(len(data))
		return nil, Damaged
	}
	u.left -= int64(len(data))
	return data, ""
}

// litter is what computers put into containers and nobody sent.
func litter(name string) bool {
	base := path.Base(strings.ReplaceAll(name, `\`, "/"))
	return strings.HasPrefix(name, "__MACOSX/") || base == ".DS_Store" || strings.EqualFold(base, "thumbs.db") ||
		strings.EqualFold(base, "desktop.ini") || strings.HasPrefix(base, "~$") || strings.HasPrefix(base, "._")
}

// maxName bounds the name of a member in bytes, its extension kept.
const maxName = 180

// memberName is the name of a file without its folders. Whether a name is
// UTF-8 is seen from its bytes: the flag for it is hardly ever set. Other
// names were written by Windows in its Vietnamese code page.
func memberName(f *zip.File) string {
	s := f.Name
	if !utf8.ValidString(s) {
		if out, err := charmap.Windows1258.NewDecoder().String(s); err == nil {
			s = out
		}
		s = strings.ToValidUTF8(s, "_")
	}
	s = path.Base(strings.ReplaceAll(s, `\`, "/"))
	s = strings.Map(func(r rune) rune {
		if !unicode.IsGraphic(r) && r != '\u00ad' || unicode.Is(unicode.Cf, r) && r != '\u00ad' {
			return -1
		}
		return r
	}, s)
	s = strings.TrimRight(strings.TrimSpace(norm.NFC.String(s)), ". ")
	if strings.Trim(s, "._- /") == "" {
		s = "tep"
	}
	if len(s) > maxName {
		ext := path.Ext(s)
		if len(ext) > 12 {
			ext = ""
		}
		s = bounded(s, maxName-len(ext)) + ext
	}
	return s
}
