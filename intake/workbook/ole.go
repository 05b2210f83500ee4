package workbook

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"strings"

	"github.com/richardlehane/mscfb"
)

// openOLE reads what an OLE2 container holds ([MS-CFB]).
func openOLE(data []byte) (*Book, error) {
	stream, macros, err := bookStream(data)
	if err != nil {
		return nil, err
	}
	b, err := openXLS(stream)
	if err != nil {
		return nil, err
	}
	b.Macros = b.Macros || macros
	return b, nil
}

// bookStream finds the stream of a workbook. A container made for Excel 95 and
// 97 at once holds it twice: the younger one counts.
func bookStream(data []byte) (stream []byte, macros bool, err error) {
	defer func() {
		// The container is a stranger's and its reader is not ours.
		if p := recover(); p != nil {
			stream, err = nil, &Error{Kind: Damaged, Format: "ole", Detail: fmt.Sprint(p)}
		}
	}()
	in := &sectors{Reader: bytes.NewReader(data), end: int64(len(data)+511) &^ 511, left: maxDirectory}
	r, err := mscfb.New(in)
	if in.left < 0 {
		return nil, false, &Error{Kind: TooLarge, Format: "ole", Detail: "directory"}
	}
	if err != nil {
		return nil, false, &Error{Kind: Damaged, Format: "ole", Detail: err.Error()}
	}
	found := map[string]*mscfb.File{}
	for range maxStreams {
		f, err := r.Next()
		if err != nil {
			break
		}
		if len(f.Path) > 0 {
			continue // of something embedded
		}
		switch name := strings.ToLower(f.Name); {
		case name == "_vba_project_cur", name == "_vba_project":
			macros = true
		case found[name] == nil && !f.FileInfo().IsDir():
			found[name] = f
		}
	}
	book := found["workbook"]
	switch {
	case found["encryptedpackage"] != nil:
		return nil, false, &Error{Kind: Encrypted, Format: "ole"}
	case book == nil:
		book = found["book"]
	}
	switch {
	case book != nil:
	case found["worddocument"] != nil:
		return nil, false, &Error{Kind: NotAWorkbook, Format: "doc"}
	case found["powerpoint document"] != nil:
		return nil, false, &Error{Kind: NotAWorkbook, Format: "ppt"}
	default:
		return nil, false, &Error{Kind: NotAWorkbook, Format: "ole"}
	}
	in.left = math.MaxInt
	if book.Size > int64(len(data)) {
		return nil, false, &Error{Kind: Damaged, Format: "xls", Detail: "stream longer than the file"}
	}
	// In small portions: the time that one Read takes grows with the square of
	// the sectors it asks for.
	stream = make([]byte, book.Size)
	for at := 0; at < len(stream); {
		n, err := book.Read(stream[at:min(len(stream), at+32<<10)])
		at += n
		if err != nil && !(err == io.EOF && at == len(stream)) {
			return nil, false, &Error{Kind: Damaged, Format: "xls", Detail: err.Error()}
		}
		if n == 0 && at < len(stream) {
			return nil, false, &Error{Kind: Damaged, Format: "xls", Detail: "stream without end"}
		}
	}
	return stream, macros, nil
}

// sectors reads the last sector of a file as if it were complete: some writers
// end with the last byte in use. It reads no more than left bytes.
type sectors struct {
	*bytes.Reader
	end  int64
	left int
}

func (s *sectors) ReadAt(p []byte, off int64) (int, error) {
	if s.left -= len(p); s.left < 0 {
		return 0, errTooLarge
	}
	n, err := s.Reader.ReadAt(p, off)
	if err == io.EOF && off+int64(len(p)) <= s.end {
		clear(p[n:])
		return len(p), nil
	}
	return n, err
}
