package document

import (
	"encoding/binary"
	"strings"
	"unicode/utf16"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/unicode/norm"

	"dondoc/intake/finding"
)

// What Outlook writes of a mail and its attachments ([MS-OXPROPS]).
const (
	mapiSubject        = 0x0037
	mapiSenderName     = 0x0C1A
	mapiSenderAddress  = 0x0C1F
	mapiSenderSMTP     = 0x5D01
	mapiBody           = 0x1000
	mapiRTF            = 0x1009
	mapiHTML           = 0x1013
	mapiDisplayName    = 0x3001
	mapiAttachData     = 0x3701
	mapiAttachName     = 0x3704 // 8.3
	mapiAttachMethod   = 0x3705
	mapiAttachLongName = 0x3707
	mapiInternetPage   = 0x3FDE
	mapiMessagePage    = 0x3FFD
)

// The types of a property ([MS-OXCDATA] §2.11.1).
const (
	mapiLong    = 0x0003
	mapiObject  = 0x000D
	mapiString8 = 0x001E
	mapiUnicode = 0x001F
	mapiBinary  = 0x0102
)

// properties are those of one mail or attachment.
type properties map[uint16]property

type property struct {
	kind uint16
	data []byte
}

// text is a property that is text, in NFC; page is the code page of what is
// not in Unicode.
func (p properties) text(id uint16, page uint32) string {
	v := p[id]
	var s string
	switch v.kind {
	case mapiUnicode:
		units := make([]uint16, len(v.data)/2)
		for i := range units {
			units[i] = binary.LittleEndian.Uint16(v.data[2*i:])
		}
		s = string(utf16.Decode(units))
	case mapiString8, mapiBinary:
		s = inCodePage(v.data, page)
	}
	s, _, _ = strings.Cut(s, "\x00")
	return norm.NFC.String(s)
}

// number is a property that is a number; 0 when it is missing.
func (p properties) number(id uint16) uint32 {
	if v := p[id]; len(v.data) >= 4 && v.kind == mapiLong {
		return binary.LittleEndian.Uint32(v.data)
	}
	return 0
}

// attachmentName is the best name that an attachment has.
func (p properties) attachmentName(page uint32) string {
	for _, id := range []uint16{mapiAttachLongName, mapiDisplayName, mapiAttachName} {
		if s := strings.TrimSpace(p.text(id, page)); s != "" {
			return memberName(s)
		}
	}
	return ""
}

// letter is what a mail says. Its text may be there in three ways; RTF comes
// last because it is made of one of the others.
func (p properties) letter(page uint32) Letter {
	l := Letter{Subject: oneLine(p.text(mapiSubject, page))}
	l.From.Name = oneLine(p.text(mapiSenderName, page))
	for _, id := range []uint16{mapiSenderSMTP, mapiSenderAddress} {
		if a := strings.ToLower(oneLine(p.text(id, page))); strings.Contains(a, "@") && l.From.Address == "" {
			l.From = finding.Address{Name: l.From.Name, Address: a}
		}
	}
	l.Text = p.text(mapiBody, page)
	if strings.TrimSpace(l.Text) == "" {
		in := page
		if own := p.number(mapiInternetPage); own != 0 {
			in = own
		}
		l.Text = seenText(inCodePage(p[mapiHTML].data, in))
	}
	if strings.TrimSpace(l.Text) == "" {
		if rtf := unpackRTF(p[mapiRTF].data); len(rtf) > 0 {
			l.Text = Read("body.rtf", rtf).Text
		}
	}
	l.Text = bounded(strings.ReplaceAll(l.Text, "\r\n", "\n"), maxLetter)
	return l
}

// seenText is the text of a page that a person sees, bounded.
func seenText(page string) string {
	var out strings.Builder
	z := html.NewTokenizer(strings.NewReader(page))
	z.SetMaxBuf(maxLetter)
	silent := false
	for out.Len() < maxLetter {
		kind := z.Next()
		name, _ := z.TagName()
		switch tag := atom.Lookup(name); {
		case kind == html.ErrorToken:
			return strings.TrimSpace(out.String())
		case kind == html.TextToken && !silent:
			out.WriteString(strings.Join(strings.Fields(" "+html.UnescapeString(string(z.Raw()))+" "), " ") + " ")
		case tag == atom.Style || tag == atom.Script || tag == atom.Title:
			silent = kind == html.StartTagToken
		case tag == atom.P || tag == atom.Br || tag == atom.Div || tag == atom.Tr || tag == atom.Li:
			out.WriteByte('\n')
		}
	}
	return out.String()
}

// maxLetter bounds what one mail says, in bytes: there may be as many mails as
// files.
const maxLetter = 64 << 10

// oneLine makes s a single short line.
func oneLine(s string) string { return bounded(strings.Join(strings.Fields(s), " "), 1000) }

// inCodePage reads text in a code page of Windows; what is unknown is read as
// the Vietnamese one.
func inCodePage(b []byte, page uint32) string {
	var enc encoding.Encoding
	switch page {
	case 65001:
		return strings.ToValidUTF8(string(b), "_")
	case 874:
		enc = charmap.Windows874
	case 932:
		enc = japanese.ShiftJIS
	case 936:
		enc = simplifiedchinese.GBK
	case 949:
		enc = korean.EUCKR
	case 950:
		enc = traditionalchinese.Big5
	case 1250:
		enc = charmap.Windows1250
	case 1251:
		enc = charmap.Windows1251
	case 1252, 28591:
		enc = charmap.Windows1252
	default:
		enc = charmap.Windows1258
	}
	out, _ := enc.NewDecoder().Bytes(b)
	return strings.ToValidUTF8(string(out), "_")
}

// maxRTF bounds the unpacked text of a mail in bytes.
const maxRTF = 4 << 20

// startRTF is what every packed RTF may refer back to ([MS-OXRTFCP] §2.2.3.1).
const startRTF = `{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0` +
	"\r\n" + `\par \pard\plain\f0\fs20\b\i\u\tab\tx`

// unpackRTF unpacks the RTF of a mail ([MS-OXRTFCP]); nil when it is damaged.
func unpackRTF(b []byte) []byte {
	if len(b) < 16 {
		return nil
	}
	size := binary.LittleEndian.Uint32(b[4:])
	kind := string(b[8:12])
	b = b[16:]
	switch kind {
	case "MELA":
		return b[:min(uint32(len(b)), size, maxRTF)]
	case "LZFu":
	default:
		return nil
	}
	var window [4096]byte
	w := copy(window[:], startRTF)
	var out []byte
	put := func(c byte) {
		out = append(out, c)
		window[w&4095] = c
		w++
	}
	for len(b) > 0 && len(out) < maxRTF {
		flags := b[0]
		b = b[1:]
		for bit := range 8 {
			if flags&(1<<bit) == 0 {
				if len(b) < 1 {
					return out
				}
				put(b[0])
				b = b[1:]
				continue
			}
			if len(b) < 2 {
				return out
			}
			token := int(b[0])<<8 | int(b[1])
			b = b[2:]
			from, n := token>>4, token&15+2
			if from == w&4095 {
				return out // the end
			}
			for i := range n {
				put(window[(from+i)&4095])
			}
		}
	}
	return out
}
