package document

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"strings"

	"github.com/bodgit/sevenzip"
	"github.com/ulikunitz/xz/lzma"
)

// sevenZip takes the files out of a .7z, after a look at what its header asks
// for: the library believes every count and every dictionary in it.
func (u *Unpacking) sevenZip(m Member, add func(Member) bool) string {
	if problem := weigh7z(m.Data, u.lim.Dictionary); problem != "" {
		return problem
	}
	z, err := sevenzip.NewReader(bytes.NewReader(m.Data), int64(len(m.Data)))
	if err != nil {
		return problemOf7z(err)
	}
	for _, f := range z.File {
		if f.FileInfo().IsDir() {
			continue
		}
		inner := Member{Name: memberName(f.Name)}
		inner.Path = inner.Name
		inner.Data, inner.Problem = u.un7z(f)
		// What is left out has been read all the same: files are packed in one
		// stream, and the next begins where this one ends.
		if !litter(f.Name) && !add(inner) {
			break
		}
	}
	return ""
}

func (u *Unpacking) un7z(f *sevenzip.File) ([]byte, string) {
	r, err := f.Open()
	if err != nil {
		return nil, problemOf7z(err)
	}
	defer r.Close()
	file := &lastError{r: r}
	data, problem := u.take(file, int64(min(f.UncompressedSize, 1<<40)), int64(min(f.UncompressedSize, 1<<20)))
	switch {
	case file.err != nil:
		problem = problemOf7z(file.err)
	case problem == "" && uint64(len(data)) < f.UncompressedSize:
		problem = Damaged
	}
	return data, problem
}

func problemOf7z(err error) string {
	var read *sevenzip.ReadError
	switch {
	case errors.As(err, &read) && read.Encrypted:
		return Locked
	case strings.Contains(err.Error(), "unsupported compression"), strings.Contains(err.Error(), "TODO"):
		return Unopened
	}
	return Damaged
}

// max7zHeader bounds the header of a .7z in bytes: one with 10,000 files has
// about as many kilobytes.
const max7zHeader = 4 << 20

// The marks in the header of a .7z (7zFormat.txt of the LZMA SDK).
const (
	end7z = iota
	header7z
	archiveProperties7z
	additionalStreams7z
	mainStreams7z
	files7z
	packInfo7z
	unpackInfo7z
	subStreams7z
	size7z
	crc7z
	folder7z
	unpackSizes7z
	unpackStreams7z
	encodedHeader7z = 0x17
)

// weigh7z reads the header of a .7z for what it would cost to open it: ""
// when that is bearable.
func weigh7z(data []byte, dictionary int64) string {
	if len(data) < 32 {
		return Damaged
	}
	at, n := binary.LittleEndian.Uint64(data[12:]), binary.LittleEndian.Uint64(data[20:])
	rest := data[32:]
	if at > uint64(len(rest)) || n > uint64(len(rest))-at {
		return Damaged // cut short: the header stands at the end
	}
	h := &header7zReader{rest: rest[at : at+n], dictionary: dictionary}
	for range 4 { // a header that is packed may be packed in turn
		if len(h.rest) > max7zHeader {
			return TooLarge
		}
		switch h.byte() {
		case header7z:
			h.header()
			return h.problem
		case encodedHeader7z:
			packed := h.streams()
			if h.problem != "" {
				return h.problem
			}
			header, problem := packed.unpack(rest)
			if problem != "" {
				return problem
			}
			h = &header7zReader{rest: header, dictionary: dictionary}
		default:
			return Damaged
		}
	}
	return Damaged
}

// header7zReader reads a header to its end or to the first thing that is
// wrong with it.
type header7zReader struct {
	rest       []byte
	dictionary int64
	problem    string
}

// stream7z is a packed header.
type stream7z struct {
	at, packed, unpacked uint64
	method               string
	properties           []byte
}

func (h *header7zReader) fail(problem string) {
	if h.problem == "" {
		h.problem = problem
	}
	h.rest = nil
}

func (h *header7zReader) bytes(n uint64) []byte {
	if n > uint64(len(h.rest)) {
		h.fail(Damaged)
		return nil
	}
	b := h.rest[:n]
	h.rest = h.rest[n:]
	return b
}

func (h *header7zReader) byte() byte {
	if b := h.bytes(1); b != nil {
		return b[0]
	}
	return 0
}

// number reads a number of one to nine bytes: the ones at the front of the
// first byte count those that follow.
func (h *header7zReader) number() uint64 {
	first := h.byte()
	var n uint64
	for i := range 8 {
		mask := byte(0x80) >> i
		if first&mask == 0 {
			return n | uint64(first&(mask-1))<<(8*i)
		}
		n |= uint64(h.byte()) << (8 * i)
	}
	return n
}

// count reads a number of things that are kept in memory.
func (h *header7zReader) count() uint64 {
	n := h.number()
	if n > maxEntries {
		h.fail(TooLarge)
		return 0
	}
	return n
}

// digests skips checksums of n things.
func (h *header7zReader) digests(n uint64) {
	defined := n
	if h.byte() == 0 {
		defined = 0
		for i, b := range h.bytes((n + 7) / 8) {
			for bit := range 8 {
				if uint64(i*8+bit) < n && b&(0x80>>bit) != 0 {
					defined++
				}
			}
		}
	}
	h.bytes(4 * defined)
}

// streams reads what is packed where, and how.
func (h *header7zReader) streams() (first stream7z) {
	mark := h.byte()
	if mark == packInfo7z {
		first.at = h.number()
		n := h.count()
		if mark = h.byte(); mark == size7z {
			for i := range n {
				if size := h.number(); i == 0 {
					first.packed = size
				}
			}
			mark = h.byte()
		}
		if mark == crc7z {
			h.digests(n)
			mark = h.byte()
		}
		if mark != end7z {
			h.fail(Damaged)
		}
		mark = h.byte()
	}
	var folders uint64
	if mark == unpackInfo7z {
		if h.byte() != folder7z {
			h.fail(Damaged)
		}
		folders = h.count()
		if h.byte() != 0 {
			h.fail(Unopened) // folders described elsewhere: nobody writes that
		}
		var outs uint64
		for i := uint64(0); i < folders && h.problem == ""; i++ {
			outs += h.folder(i == 0, &first)
		}
		if h.byte() != unpackSizes7z {
			h.fail(Damaged)
		}
		for i := uint64(0); i < outs && h.problem == ""; i++ {
			if n := h.number(); i == 0 {
				first.unpacked = n
			}
		}
		if mark = h.byte(); mark == crc7z {
			h.digests(folders)
			mark = h.byte()
		}
		if mark != end7z {
			h.fail(Damaged)
		}
		mark = h.byte()
	}
	if mark == subStreams7z {
		h.subStreams(folders)
		mark = h.byte()
	}
	if mark != end7z {
		h.fail(Damaged)
	}
	return first
}

// folder reads how one stream is packed, and returns the number of sizes that
// are told of it.
func (h *header7zReader) folder(isFirst bool, first *stream7z) (outs uint64) {
	coders := h.count()
	if coders == 0 || coders > 8 {
		h.fail(Damaged)
	}
	var ins uint64
	for i := uint64(0); i < coders && h.problem == ""; i++ {
		flags := h.byte()
		method := string(h.bytes(uint64(flags & 0xf)))
		in, out := uint64(1), uint64(1)
		if flags&0x10 != 0 {
			in, out = h.count(), h.count()
		}
		if in > 8 || out > 8 {
			h.fail(Damaged)
		}
		var properties []byte
		if flags&0x20 != 0 {
			properties = h.bytes(h.count())
		}
		h.coder(method, properties)
		if isFirst && i == 0 && coders == 1 {
			first.method, first.properties = method, properties
		}
		ins, outs = ins+in, outs+out
	}
	if outs == 0 || ins+1 < outs {
		h.fail(Damaged)
		return 0
	}
	for range 2 * (outs - 1) { // which output goes into which input
		h.number()
	}
	if packed := ins + 1 - outs; packed > 1 {
		for range packed {
			h.number()
		}
	}
	return outs
}

// The methods of a .7z that ask for memory, or for a password.
const (
	copy7z  = "\x00"
	lzma7z  = "\x03\x01\x01"
	ppmd7z  = "\x03\x04\x01"
	lzma27z = "\x21"
	aes7z   = "\x06\xf1\x07\x01"
)

// coder judges one method. Without the password nothing is tried: to make a
// key of one takes as long as the header says.
func (h *header7zReader) coder(method string, properties []byte) {
	var asked uint64
	switch {
	case method == aes7z:
		h.fail(Locked)
	case (method == lzma7z || method == ppmd7z) && len(properties) >= 5:
		asked = uint64(binary.LittleEndian.Uint32(properties[1:]))
	case method == lzma27z && len(properties) == 1:
		if properties[0] > 40 {
			h.fail(Damaged)
		}
		asked = uint64(2|properties[0]&1) << (properties[0]/2 + 11)
	case len(method) == 4 && method[:2] == "\x04\xf7": // of packers that are not 7-Zip
		h.fail(Unopened)
	}
	if asked > uint64(h.dictionary) {
		h.fail(TooLarge)
	}
}

// subStreams reads how many files each stream holds.
func (h *header7zReader) subStreams(folders uint64) {
	var files, sizes uint64
	mark := h.byte()
	if mark == unpackStreams7z {
		for range folders {
			n := h.count()
			if files += n; files > maxEntries {
				h.fail(TooLarge)
				return
			}
			sizes += max(n, 1) - 1
		}
		mark = h.byte()
	} else {
		files = folders
	}
	if mark == size7z {
		for range sizes {
			h.number()
		}
		mark = h.byte()
	}
	if mark == crc7z {
		h.digests(files)
		mark = h.byte()
	}
	if mark != end7z {
		h.fail(Damaged)
	}
}

// header reads a header that is not packed.
func (h *header7zReader) header() {
	mark := h.byte()
	if mark == mainStreams7z {
		h.streams()
		mark = h.byte()
	}
	if mark == files7z {
		h.count()
		// Their names, times and attributes take as many bytes as they say.
		for h.problem == "" {
			if h.byte() == end7z {
				break
			}
			h.bytes(h.number())
		}
		mark = h.byte()
	}
	switch mark {
	case end7z:
	case archiveProperties7z, additionalStreams7z:
		h.fail(Unopened)
	default:
		h.fail(Damaged)
	}
}

// unpack unpacks a header.
func (s stream7z) unpack(data []byte) ([]byte, string) {
	if s.unpacked > max7zHeader {
		return nil, TooLarge
	}
	if s.at > uint64(len(data)) || s.packed > uint64(len(data))-s.at {
		return nil, Damaged
	}
	packed := bytes.NewReader(data[s.at : s.at+s.packed])
	var r io.Reader
	var err error
	switch {
	case s.method == copy7z:
		r = packed
	case s.method == lzma7z && len(s.properties) == 5:
		// The header of an .lzma file is these properties and the size.
		head := binary.LittleEndian.AppendUint64(bytes.Clone(s.properties), s.unpacked)
		r, err = lzma.NewReader(io.MultiReader(bytes.NewReader(head), packed))
	case s.method == lzma27z && len(s.properties) == 1:
		r, err = lzma.Reader2Config{DictCap: int(2|s.properties[0]&1) << (s.properties[0]/2 + 11)}.NewReader2(packed)
	default:
		return nil, Unopened
	}
	if err != nil {
		return nil, Damaged
	}
	header := make([]byte, s.unpacked)
	if _, err := io.ReadFull(r, header); err != nil {
		return nil, Damaged
	}
	return header, ""
}
