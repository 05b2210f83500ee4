package document

import (
	"bytes"
	"io"
	"slices"

	"dondoc/intake/finding"
)

// The kinds of containers that nobody packs a form in on purpose.
const (
	GZIP   = "gz"
	TAR    = "tar"
	MSG    = "msg"    // a mail that Outlook has saved
	Sealed = "sealed" // a mail for one reader, of whose key we know nothing
)

// sealed reports whether data is encrypted as mails are: by S/MIME (RFC 8551
// §3.3, enveloped-data or authEnveloped-data) or by PGP (RFC 9580 §6.2).
func sealed(head []byte) bool {
	if len(head) > 32 && head[0] == 0x30 {
		start := head[:32]
		return bytes.Contains(start, []byte("\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07\x03")) ||
			bytes.Contains(start, []byte("\x06\x0B\x2A\x86\x48\x86\xF7\x0D\x01\x09\x10\x01\x17"))
	}
	return bytes.HasPrefix(bytes.TrimLeft(head, " \t\r\n"), []byte("-----BEGIN PGP MESSAGE-----"))
}

// Limits bound what is taken out of the containers of one mail, those within
// others included. A zero field takes the value of DefaultLimits.
type Limits struct {
	Members int   // files
	Depth   int   // containers within containers
	Bytes   int64 // unpacked, all files together
	// Dictionary is what a decompressor may keep of what it has unpacked, in
	// bytes: a header asks for it before anything can be checked.
	Dictionary int64
}

// DefaultLimits hold what a unit has to send many times over. Bytes is a
// fifth of what the reader may use at all: beside them it holds the mail, its
// parts decoded, and the document that it reads. Dictionary is the largest
// that the packers take by themselves for anything that fits into a mail.
var DefaultLimits = Limits{Members: 200, Depth: 3, Bytes: 64 << 20, Dictionary: 64 << 20}

// Member is a file of a container, or one that is none itself.
type Member struct {
	Name    string // NFC, without path
	Path    string // "a.zip/b.zip/c.xlsx"
	Data    []byte // nil when it could not be taken out of its container
	Problem string // encrypted, damaged, too_large, unopened
}

// Letter is what a mail says that came as a file.
type Letter struct {
	Path    string
	From    finding.Address
	Subject string
	Text    string // bounded; only of what Outlook writes (winmail.dat, .msg)
}

// Unpacking takes the files out of the containers of one mail and keeps count
// of them: all containers of the mail share its limits.
type Unpacking struct {
	// Mail opens a mail that is a file (.eml): its files, and what it says.
	// Without it such a mail stays a file.
	Mail func(data []byte) (files []Member, says Letter, problem string)
	// Letters are what the mails say that were opened.
	Letters []Letter

	lim     Limits
	members int
	bytes   int64
}

// NewUnpacking begins to count.
func NewUnpacking(lim Limits) *Unpacking {
	d := DefaultLimits
	if lim.Members == 0 {
		lim.Members = d.Members
	}
	if lim.Depth == 0 {
		lim.Depth = d.Depth
	}
	if lim.Bytes == 0 {
		lim.Bytes = d.Bytes
	}
	if lim.Dictionary == 0 {
		lim.Dictionary = d.Dictionary
	}
	return &Unpacking{lim: lim}
}

// Open is the files that a file is, or holds: itself, if it is no container.
// They come in their order, out of containers within containers too. A name
// is only ever a name: folders within a container are not kept.
//
// Nothing is dropped in silence. What could not be taken out is a Member with
// a Problem; a container of which nothing came out is itself one, and one that
// held more than the limits allow is one more after what could be taken.
func (u *Unpacking) Open(name, path string, data []byte) []Member {
	return u.open(Member{Name: name, Path: path, Data: data}, u.lim.Depth)
}

// containers open a container each: they hand every file to add until it
// returns false, and return the problem that the container has as a whole.
var containers = map[string]func(u *Unpacking, m Member, add func(Member) bool) (problem string){
	ZIP:      (*Unpacking).zip,
	RAR:      (*Unpacking).rar,
	SevenZip: (*Unpacking).sevenZip,
	GZIP:     (*Unpacking).gzip,
	TAR:      (*Unpacking).tar,
	TNEF:     (*Unpacking).tnef,
	MSG:      (*Unpacking).msg,
	EML:      (*Unpacking).eml,
}

// open opens one file; depth counts the containers that may still be.
func (u *Unpacking) open(m Member, depth int) (out []Member) {
	if m.Problem != "" {
		return []Member{m}
	}
	d := sniff(m.Name, m.Data)
	taken := containers[d.Kind]
	switch {
	case taken == nil || d.Kind == EML && u.Mail == nil:
		return []Member{m}
	case d.Problem != "":
		m.Problem = d.Problem
		return []Member{m}
	case depth == 0:
		m.Problem = TooLarge
		return []Member{m}
	}
	full := false
	count, said := 0, len(u.Letters)
	problem := u.guarded(taken, m, func(inner Member) bool {
		inner.Path = m.Path + "/" + inner.Path
		if count++; u.members >= u.lim.Members {
			full = true
			return false
		}
		u.members++
		out = append(out, u.open(inner, depth-1)...)
		full = full || inner.Problem == TooLarge && u.bytes >= u.lim.Bytes
		return !full
	})
	switch {
	case full && problem == "":
		problem = TooLarge
	case count == 0 && len(u.Letters) > said:
		// A mail that brings no file is kept as it came.
		return []Member{m}
	case count == 0 && problem == "":
		problem = Damaged
	case problem == "" && !slices.ContainsFunc(out, func(f Member) bool { return f.Problem != Locked }):
		// The password is the container's, not that of each file.
		out, problem = nil, Locked
	}
	if problem != "" && !(full && len(out) > 0 && out[len(out)-1].Problem == TooLarge) {
		m.Problem = problem
		out = append(out, m)
	}
	return out
}

// guarded opens a container by a library that may break on it.
func (u *Unpacking) guarded(open func(*Unpacking, Member, func(Member) bool) string, m Member, add func(Member) bool) (problem string) {
	defer func() {
		if r := recover(); r != nil {
			problem = Damaged
		}
	}()
	return open(u, m, add)
}

// take reads one file out of a container. The sizes that containers state are
// not believed; stated only saves copying, packed is how much the file can
// have come from. What goes beyond the limit has cost the limit and no more:
// it is read in pieces, which are put together once it has ended.
func (u *Unpacking) take(r io.Reader, stated, packed int64) (data []byte, problem string) {
	const piece, modest = 1 << 20, 4 << 20
	left := u.lim.Bytes - u.bytes
	var pieces [][]byte
	buf := make([]byte, 0, max(0, min(stated, left, modest+256*packed))+1)
	for n := int64(0); ; {
		if len(buf) == cap(buf) {
			pieces = append(pieces, buf)
			buf = make([]byte, 0, min(piece, left-n+1))
		}
		k, err := r.Read(buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+k]
		n += int64(k)
		switch {
		case n > left:
			u.bytes = u.lim.Bytes
			return nil, TooLarge
		case err == io.EOF:
			u.bytes += n
			if pieces == nil {
				return buf, ""
			}
			return bytes.Join(append(pieces, buf), nil), ""
		case err != nil:
			u.bytes += n
			return nil, Damaged
		}
	}
}

// eml opens a mail that came as a file.
func (u *Unpacking) eml(m Member, add func(Member) bool) string {
	files, says, problem := u.Mail(m.Data)
	if problem != "" {
		return problem
	}
	says.Path = m.Path
	u.Letters = append(u.Letters, says)
	for _, f := range files {
		if u.bytes += int64(len(f.Data)); u.bytes > u.lim.Bytes {
			f.Data, f.Problem = nil, TooLarge
		}
		if !add(f) {
			break
		}
	}
	return ""
}
