package document

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"io"
	"unicode/utf8"
)

// zip takes the files out of a .zip.
func (u *Unpacking) zip(m Member, add func(Member) bool) string {
	z, problem := openZIP(m.Data)
	if problem != "" {
		return problem
	}
	for _, f := range z.File {
		name := zipName(f)
		if f.FileInfo().IsDir() || litter(name) {
			continue
		}
		inner := Member{Name: memberName(name)}
		inner.Path = inner.Name
		inner.Data, inner.Problem = u.unzip(f)
		if !add(inner) {
			break
		}
	}
	return ""
}

func (u *Unpacking) unzip(f *zip.File) (data []byte, problem string) {
	if f.Flags&0x1 != 0 { // ZipCrypto and AES alike
		return nil, Locked
	}
	r, err := f.Open()
	switch {
	case errors.Is(err, zip.ErrAlgorithm):
		return nil, Unopened
	case err != nil:
		return nil, Damaged
	}
	defer r.Close()
	return u.take(r, int64(min(f.UncompressedSize64, 1<<40)), int64(min(f.CompressedSize64, uint64(f.CompressedSize64))))
}

// zipName is the name of a file as its packer meant it: WinRAR and Info-ZIP
// put the Unicode name into an extra field (APPNOTE.TXT §4.6.9), beside one in
// a code page that may have lost letters.
func zipName(f *zip.File) string {
	for extra := f.Extra; len(extra) >= 4; {
		id, n := binary.LittleEndian.Uint16(extra), int(binary.LittleEndian.Uint16(extra[2:]))
		if extra = extra[4:]; n > len(extra) {
			break
		}
		if id == 0x7075 && n > 5 && extra[0] == 1 && utf8.Valid(extra[5:n]) {
			return string(extra[5:n])
		}
		extra = extra[n:]
	}
	return f.Name
}

// gzip unpacks the one file of a .gz. Its name is that within, or that of the
// container without its suffix.
func (u *Unpacking) gzip(m Member, add func(Member) bool) string {
	z, err := gzip.NewReader(bytes.NewReader(m.Data))
	if err != nil {
		return Damaged
	}
	inner := Member{Name: memberName(z.Name)}
	if z.Name == "" {
		inner.Name = unpackedName(m.Name)
	}
	inner.Path = inner.Name
	inner.Data, inner.Problem = u.take(z, 0, 0)
	add(inner)
	return ""
}

// tar takes the files out of a .tar.
func (u *Unpacking) tar(m Member, add func(Member) bool) string {
	r := bytes.NewReader(m.Data)
	for t := tar.NewReader(r); ; {
		h, err := t.Next()
		switch {
		case err == io.EOF:
			return ""
		case err != nil:
			return Damaged
		case h.Typeflag != tar.TypeReg || litter(h.Name):
			continue
		}
		inner := Member{Name: memberName(h.Name)}
		inner.Path = inner.Name
		inner.Data, inner.Problem = u.take(t, h.Size, h.Size)
		if !add(inner) {
			return ""
		}
	}
}
