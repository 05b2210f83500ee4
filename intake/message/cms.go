package message

import "bytes"

// unsigned takes the content out of a signed message (RFC 5652 §5.1) without
// asking whether the signature holds: whom a mail comes from is decided by
// other signs, and a signature that is broken on its way must not hide a
// report. It reads BER, because Outlook and others leave lengths open.
func unsigned(b []byte) (content []byte, ok bool) {
	outer, _, ok := element(b, 0x30)
	if !ok {
		return nil, false
	}
	kind, rest, ok := element(outer, 0x06)
	if !ok || !bytes.Equal(kind, signedData) {
		return nil, false
	}
	if rest, _, ok = element(rest, 0xA0); ok {
		rest, _, ok = element(rest, 0x30)
	}
	if !ok {
		return nil, false
	}
	for _, tag := range []byte{0x02, 0x31} { // its version, and the digests used
		if _, rest, ok = element(rest, tag); !ok {
			return nil, false
		}
	}
	info, _, ok := element(rest, 0x30)
	if !ok {
		return nil, false
	}
	if _, rest, ok = element(info, 0x06); !ok {
		return nil, false
	}
	if rest, _, ok = element(rest, 0xA0); !ok {
		return nil, false // a signature without what it signs
	}
	return octets(rest, 0)
}

// signedData is the object identifier 1.2.840.113549.1.7.2.
var signedData = []byte{0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x02}

// octets reads a string of bytes, which may come in pieces (X.690 §8.7).
func octets(b []byte, depth int) (content []byte, ok bool) {
	if content, _, ok = element(b, 0x04); ok {
		return content, true
	}
	pieces, _, ok := element(b, 0x24)
	if !ok || depth > 2 {
		return nil, false
	}
	for len(pieces) > 0 {
		var piece []byte
		var rest []byte
		if piece, rest, ok = element(pieces, 0x04); !ok {
			if piece, ok = octets(pieces, depth+1); !ok {
				return nil, false
			}
			_, rest, _ = element(pieces, 0x24)
		}
		content, pieces = append(content, piece...), rest
	}
	return content, true
}

// element reads an element of the tag at the start of b, and returns what
// comes after it. Where the length is left open, it ends with two zero bytes
// (X.690 §8.1.3.6).
func element(b []byte, tag byte) (content, rest []byte, ok bool) {
	if len(b) < 2 || b[0] != tag {
		return nil, nil, false
	}
	head, n, open, ok := length(b)
	switch {
	case !ok:
		return nil, nil, false
	case !open && n > len(b)-head:
		return b[head:], nil, true // cut short
	case !open:
		return b[head : head+n], b[head+n:], true
	}
	end := head + openEnd(b[head:])
	return b[head:end], b[min(end+2, len(b)):], true
}

// length reads the head of the element at the start of b.
func length(b []byte) (head, n int, open, ok bool) {
	if len(b) < 2 || b[0]&0x1F == 0x1F {
		return 0, 0, false, false
	}
	switch c := b[1]; {
	case c == 0x80:
		return 2, 0, true, b[0]&0x20 != 0
	case c < 0x80:
		return 2, int(c), false, true
	case c > 0x84 || len(b) < 2+int(c&0x7F):
		return 0, 0, false, false
	default:
		head = 2 + int(c&0x7F)
		for _, d := range b[2:head] {
			n = n<<8 | int(d)
		}
		return head, n, false, true
	}
}

// openEnd is where the content of an element of open length ends. Elements of
// open length within it are counted, not called: nesting costs nothing.
func openEnd(b []byte) int {
	depth := 1
	for at := 0; ; {
		if at+2 > len(b) {
			return len(b)
		}
		if b[at] == 0 && b[at+1] == 0 {
			if depth--; depth == 0 {
				return at
			}
			at += 2
			continue
		}
		head, n, open, ok := length(b[at:])
		switch {
		case !ok:
			return len(b)
		case open:
			depth++
			at += head
		case n > len(b)-at-head:
			return len(b)
		default:
			at += head + n
		}
	}
}
