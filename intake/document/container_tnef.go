package document

import (
	"bytes"
	"encoding/binary"
	"strings"
)

// The attributes of a TNEF stream that matter here ([MS-OXTNEF] §2.1.3.2).
const (
	tnefCodePage       = 0x00069007
	tnefSubject        = 0x00018004
	tnefBody           = 0x0002800C
	tnefMessage        = 0x00069003
	tnefNewAttachment  = 0x00069002
	tnefAttachmentName = 0x00018010
	tnefAttachmentData = 0x0006800F
	tnefAttachment     = 0x00069005
)

// tnef takes the files out of a winmail.dat, in which Outlook hides them from
// everybody else, and reads what the mail says ([MS-OXTNEF]). A mail within
// is a stream of the same kind.
func (u *Unpacking) tnef(m Member, add func(Member) bool) string {
	const head, tail = 9, 2 // level, id, length; checksum
	rest := m.Data[min(6, len(m.Data)):]
	page := uint32(1258)
	message := properties{}
	type attachment struct {
		title string
		data  []byte
		more  properties
	}
	var files []attachment
	last := func() *attachment {
		if len(files) == 0 {
			files = append(files, attachment{})
		}
		return &files[len(files)-1]
	}
	problem := ""
	for len(rest) > 0 {
		if len(rest) < head {
			problem = Damaged
			break
		}
		id, n := binary.LittleEndian.Uint32(rest[1:]), int64(binary.LittleEndian.Uint32(rest[5:]))
		if rest = rest[head:]; n > int64(len(rest)) {
			problem = Damaged
			break
		}
		value := rest[:n]
		rest = rest[min(n+tail, int64(len(rest))):]
		switch id {
		case tnefCodePage:
			if len(value) >= 4 {
				page = binary.LittleEndian.Uint32(value)
			}
		case tnefSubject:
			message[mapiSubject] = property{mapiString8, value}
		case tnefBody:
			message[mapiBody] = property{mapiString8, value}
		case tnefMessage:
			for id, v := range tnefProperties(value) {
				message[id] = v
			}
		case tnefNewAttachment:
			if len(files) > u.lim.Members {
				return TooLarge
			}
			files = append(files, attachment{})
		case tnefAttachmentName:
			last().title = memberName(strings.TrimRight(inCodePage(value, page), "\x00"))
		case tnefAttachmentData:
			last().data = value
		case tnefAttachment:
			last().more = tnefProperties(value)
		}
	}
	said := message.letter(page)
	said.Path = m.Path
	u.Letters = append(u.Letters, said)
	for _, f := range files {
		inner := Member{Name: f.more.attachmentName(page)}
		if inner.Name == "" {
			inner.Name = f.title
		}
		data, object := f.data, f.more[mapiAttachData]
		switch {
		case object.kind == mapiObject && len(object.data) > 16:
			data = object.data[16:] // after the kind of object
			if bytes.HasPrefix(data, []byte("\x78\x9F\x3E\x22")) && suffix(inner.Name) == "" {
				inner.Name += ".msg"
			}
		case len(data) == 0:
			data = object.data
		}
		if inner.Name == "" {
			inner.Name = "tep"
		}
		if len(data) == 0 && f.more == nil && f.title == "" {
			continue // a place in the text where nothing is
		}
		inner.Path = inner.Name
		inner.Data, inner.Problem = u.take(bytes.NewReader(data), int64(len(data)), int64(len(data)))
		if !add(inner) {
			return ""
		}
	}
	return problem
}

// tnefProperties reads a list of properties ([MS-OXTNEF] §2.1.3.4) as far as
// it goes.
func tnefProperties(b []byte) properties {
	all := properties{}
	ok := true
	next := func(n int) []byte {
		if !ok || n < 0 || n > len(b) {
			ok = false
			return make([]byte, 4)
		}
		v := b[:n]
		b = b[min((n+3)&^3, len(b)):] // everything stands at a multiple of four
		return v
	}
	long := func() int { return int(binary.LittleEndian.Uint32(next(4))) }
	for count := long(); count > 0 && ok; count-- {
		tag := uint32(long())
		kind, id := uint16(tag), uint16(tag>>16)
		if id >= 0x8000 { // named: by a number or by words
			next(16)
			if long() == 0 {
				next(4)
			} else {
				next(long())
			}
		}
		several := kind&0x1000 != 0
		kind &^= 0x1000
		values, width := 1, 0
		switch kind {
		case mapiString8, mapiUnicode, mapiBinary, mapiObject:
			values = long()
		case 0x0002, mapiLong, 0x0004, 0x000A, 0x000B:
			width = 4
		case 0x0005, 0x0006, 0x0007, 0x0014, 0x0040:
			width = 8
		case 0x0048:
			width = 16
		case 0x0001:
			width = 0
		default:
			return all // what follows cannot be found
		}
		if several && width > 0 {
			values = long()
		}
		for i := 0; i < values && ok; i++ {
			n := width
			if width == 0 && kind != 0x0001 {
				n = long()
			}
			if v := next(n); ok && i == 0 {
				all[id] = property{kind, v}
			}
			if n == 0 && width == 0 && len(b) == 0 {
				break
			}
		}
	}
	return all
}
