package workbook

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"path"
	"strings"

	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// container is the zip file around the parts of a workbook.
type container struct {
	parts  map[string]*zip.File // by lower-case name without leading slash
	twice  map[string]bool      // names that stand for two entries: nobody knows which one counts
	left   int64                // bytes that may still be inflated
	format string               // for errors
}

var errTooLarge = errors.New("parts inflate beyond the limit")

func openContainer(data []byte) (*container, *zip.Reader, error) {
	// Counting the central directory's signatures first keeps a directory of
	// a million entries from being built in memory.
	if bytes.Count(data, []byte("PK\x01\x02")) > maxEntries {
		return nil, nil, &Error{Kind: TooLarge, Format: "zip", Detail: "entries"}
	}
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return nil, nil, &Error{Kind: Damaged, Format: "zip", Detail: err.Error()}
	}
	c := &container{parts: make(map[string]*zip.File, len(z.File)), twice: map[string]bool{}, left: maxInflated}
	for _, f := range z.File {
		name := partName(f.Name)
		if _, ok := c.parts[name]; ok {
			c.twice[name] = true
		}
		c.parts[name] = f
	}
	return c, z, nil
}

// partName folds case, as Office does, and the backslashes of some writers.
func partName(name string) string {
	return strings.ToLower(strings.TrimPrefix(path.Clean("/"+strings.ReplaceAll(name, `\`, "/")), "/"))
}

func (c *container) has(name string) bool { return c.parts[partName(name)] != nil }

// scan hands a scanner over one part to read, then makes sure that the part
// ended where its root element did, and as its checksum says. An errCut of the
// scanner leaves the rest unread.
func (c *container) scan(name string, read func(*scanner) error) error {
	name = partName(name)
	f := c.parts[name]
	if f == nil {
		return &Error{Kind: Damaged, Format: c.format, Detail: "missing part " + name}
	}
	if c.twice[name] {
		return &Error{Kind: Damaged, Format: c.format, Detail: "two entries for part " + name}
	}
	if f.Flags&1 != 0 {
		return &Error{Kind: Encrypted, Format: "zip", Detail: name}
	}
	r, err := f.Open()
	if err != nil {
		return &Error{Kind: Damaged, Format: c.format, Detail: name + ": " + err.Error()}
	}
	defer r.Close()
	return scan(&budget{r: r, left: &c.left}, c.format, name, read)
}

// scan is the same for any XML.
func scan(in io.Reader, format, name string, read func(*scanner) error) error {
	x := newScanner(in)
	if head, err := x.peek(2); err == nil && (string(head) == "\xff\xfe" || string(head) == "\xfe\xff") {
		all := io.MultiReader(bytes.NewReader(bytes.Clone(x.buf)), in)
		x = newScanner(transform.NewReader(all, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder()))
	}
	err := read(x)
	for err == nil {
		err = x.next()
	}
	if err == io.EOF || err == errCut {
		return nil
	}
	var e *Error
	if errors.As(err, &e) {
		return err
	}
	kind := Damaged
	if errors.Is(err, errTooLarge) || errors.Is(err, errToken) {
		kind = TooLarge
	}
	return &Error{Kind: kind, Format: format, Detail: name + ": " + err.Error()}
}

// budget counts inflated bytes against what is left for the whole workbook.
type budget struct {
	r    io.Reader
	left *int64
}

func (b *budget) Read(p []byte) (int, error) {
	n, err := b.r.Read(p)
	if *b.left -= int64(n); *b.left < 0 {
		return 0, errTooLarge
	}
	return n, err
}

// relation is one entry of a .rels part.
type relation struct{ kind, target string }

// relations reads the relationships of a part; none if it has none.
func (c *container) relations(of string) (map[string]relation, error) {
	dir, file := path.Split(partName(of))
	name := dir + "_rels/" + file + ".rels"
	if of == "" {
		name = "_rels/.rels"
	}
	out := map[string]relation{}
	if !c.has(name) {
		return out, nil
	}
	err := c.scan(name, func(x *scanner) error {
		for {
			if err := x.next(); err != nil {
				return err
			}
			if !x.is("Relationship") || len(out) > maxEntries {
				continue
			}
			if strings.EqualFold(string(x.attr("TargetMode")), "external") {
				continue
			}
			target := strings.ReplaceAll(string(x.attr("Target")), `\`, "/")
			if !strings.HasPrefix(target, "/") {
				target = dir + target
			}
			kind := string(x.attr("Type"))
			out[string(x.attr("Id"))] = relation{kind[strings.LastIndexByte(kind, '/')+1:], partName(target)}
		}
	})
	return out, err
}
