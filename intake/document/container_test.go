package document

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"hash/crc32"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/ulikunitz/xz/lzma"
)

var le = binary.LittleEndian

// lockedZIP sets bit 0 of the flags of the first file, in both its headers.
func lockedZIP(z []byte) []byte {
	for mark, at := range map[string]int{"PK\x03\x04": 6, "PK\x01\x02": 8} {
		z[bytes.Index(z, []byte(mark))+at] |= 1
	}
	return z
}

// alsoNamed puts a Unicode name into the extra field of the only file of a .zip
// (APPNOTE.TXT §4.6.9).
func alsoNamed(z []byte, name string) []byte {
	extra := le.AppendUint16(nil, 0x7075)
	extra = le.AppendUint16(extra, uint16(5+len(name)))
	extra = append(append(extra, 1, 0, 0, 0, 0), name...)
	at := bytes.Index(z, []byte("PK\x01\x02"))
	n := int(le.Uint16(z[at+28:]))
	old := int(le.Uint16(z[at+30:]))
	out := append([]byte{}, z[:at+46+n]...)
	le.PutUint16(out[at+30:], uint16(len(extra)))
	out = append(append(out, extra...), z[at+46+n+old:]...)
	end := bytes.LastIndex(out, []byte("PK\x05\x06"))
	le.PutUint32(out[end+12:], uint32(end-at))
	return out
}

// rar4 makes a .rar of version 4 with files that are stored, not packed.
func rar4(flags uint16, pairs ...string) []byte {
	block := func(kind byte, flags uint16, fields, data []byte) []byte {
		b := le.AppendUint16([]byte{kind}, flags)
		b = le.AppendUint16(b, uint16(7+len(fields)))
		b = append(b, fields...)
		return append(append(le.AppendUint16(nil, uint16(crc32.ChecksumIEEE(b))), b...), data...)
	}
	out := append([]byte("Rar!\x1a\x07\x00"), block(0x73, 0, make([]byte, 6), nil)...)
	for i := 0; i < len(pairs); i += 2 {
		name, data := pairs[i], []byte(pairs[i+1])
		f := le.AppendUint32(nil, uint32(len(data)))
		f = le.AppendUint32(f, uint32(len(data))+uint32(flags&2)) // bit 1: there is more in the next volume
		f = append(f, 2)                                          // made by Windows
		f = le.AppendUint32(f, crc32.ChecksumIEEE(data))
		f = le.AppendUint32(f, 0x55555555)
		f = append(f, 29, 0x30)
		f = le.AppendUint16(f, uint16(len(name)))
		f = le.AppendUint32(f, 0x20)
		out = append(out, block(0x74, 0x8000|flags, append(f, name...), data)...)
	}
	return append(out, block(0x7B, flags>>1&1, nil, nil)...)
}

// rar5 makes a .rar of version 5 with files that are stored, not packed.
func rar5(pairs ...string) []byte {
	vint := func(b []byte, n int) []byte { return binary.AppendUvarint(b, uint64(n)) }
	block := func(b, data []byte) []byte {
		b = append(vint(nil, len(b)), b...)
		return append(append(le.AppendUint32(nil, crc32.ChecksumIEEE(b)), b...), data...)
	}
	out := append([]byte("Rar!\x1a\x07\x01\x00"), block([]byte{1, 0, 0}, nil)...)
	for i := 0; i < len(pairs); i += 2 {
		name, data := pairs[i], pairs[i+1]
		f := vint([]byte{2, 2}, len(data))
		f = vint(append(f, 4), len(data)) // with a checksum
		f = append(f, 0x20)
		f = le.AppendUint32(f, crc32.ChecksumIEEE([]byte(data)))
		f = vint(append(f, 0, 0), len(name))
		out = append(out, block(append(f, name...), []byte(data))...)
	}
	return append(out, block([]byte{5, 0, 0}, nil)...)
}

// sevenZipOf makes a .7z with one stream of all files, packed by a method;
// header changes what describes them.
func sevenZipOf(coder, stream []byte, total int, header func([]byte) []byte, pairs ...string) []byte {
	num := func(b []byte, n int) []byte { // up to 2^14
		if n < 0x80 {
			return append(b, byte(n))
		}
		return append(b, 0x80|byte(n>>8), byte(n))
	}
	files := len(pairs) / 2
	h := num([]byte{1, mainStreams7z, packInfo7z, 0, 1, size7z}, len(stream))
	h = append(h, end7z, unpackInfo7z, folder7z, 1, 0, 1)
	h = num(append(append(h, coder...), unpackSizes7z), total)
	h = num(append(h, end7z, subStreams7z, unpackStreams7z), files)
	if files > 1 {
		h = append(h, size7z)
		for i := 1; i < len(pairs)-2; i += 2 {
			h = num(h, len(pairs[i]))
		}
	}
	h = append(h, crc7z, 1)
	var names []byte
	for i := 0; i < len(pairs); i += 2 {
		h = le.AppendUint32(h, crc32.ChecksumIEEE([]byte(pairs[i+1])))
		for _, unit := range append(utf16.Encode([]rune(pairs[i])), 0) {
			names = le.AppendUint16(names, unit)
		}
	}
	h = num(append(h, end7z, end7z, files7z), files)
	h = append(num(append(h, 0x11), len(names)+1), 0)
	h = append(append(h, names...), end7z, end7z)
	if header != nil {
		h = header(h)
	}
	start := le.AppendUint64(nil, uint64(len(stream)))
	start = le.AppendUint64(start, uint64(len(h)))
	start = le.AppendUint32(start, crc32.ChecksumIEEE(h))
	out := append([]byte("7z\xBC\xAF\x27\x1C\x00\x04"), le.AppendUint32(nil, crc32.ChecksumIEEE(start))...)
	return append(append(append(out, start...), stream...), h...)
}

// stored7z is a .7z whose files are not packed.
func stored7z(pairs ...string) []byte {
	var stream []byte
	for i := 1; i < len(pairs); i += 2 {
		stream = append(stream, pairs[i]...)
	}
	return sevenZipOf([]byte{1, 0}, stream, len(stream), nil, pairs...)
}

// lzma7zOf is one whose files, and whose header, are packed as 7-Zip does it.
func lzma7zOf(t testing.TB, dictionary uint32, pairs ...string) []byte {
	t.Helper()
	pack := func(data []byte) (coder, packed []byte) {
		var out bytes.Buffer
		w, err := lzma.WriterConfig{DictCap: 1 << 16, Size: int64(len(data)), SizeInHeader: true}.NewWriter(&out)
		if err != nil {
			t.Fatal(err)
		}
		w.Write(data)
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		packed = out.Bytes()
		properties := le.AppendUint32(packed[:1:1], dictionary)
		return append([]byte{0x23, 3, 1, 1, 5}, properties...), packed[13:]
	}
	var data []byte
	for i := 1; i < len(pairs); i += 2 {
		data = append(data, pairs[i]...)
	}
	coder, stream := pack(data)
	var header []byte
	sevenZipOf(coder, stream, len(data), func(h []byte) []byte { header = h; return h }, pairs...)
	how, packed := pack(header)
	h := append([]byte{encodedHeader7z, packInfo7z, byte(len(stream)), 1, size7z, 0x80 | byte(len(packed)>>8), byte(len(packed)), end7z, unpackInfo7z, folder7z, 1, 0, 1}, how...)
	h = append(h, unpackSizes7z, 0x80|byte(len(header)>>8), byte(len(header)), end7z, end7z)
	return sevenZipOf(coder, append(stream, packed...), len(data), func([]byte) []byte { return h }, pairs...)
}

// tnefOf makes a winmail.dat of attributes: id, content.
func tnefOf(attributes ...any) []byte {
	out := []byte("\x78\x9F\x3E\x22\x01\x00")
	for i := 0; i < len(attributes); i += 2 {
		value := attributes[i+1].([]byte)
		out = le.AppendUint32(append(out, 1), uint32(attributes[i].(int)))
		out = append(le.AppendUint32(out, uint32(len(value))), value...)
		out = append(out, 0, 0)
	}
	return out
}

// mapi lists properties: tag, then a string for text, bytes or a number.
func mapi(list ...any) []byte {
	out := le.AppendUint32(nil, uint32(len(list)/2))
	for i := 0; i < len(list); i += 2 {
		tag := uint32(list[i].(int))
		out = le.AppendUint32(out, tag)
		var value []byte
		switch v := list[i+1].(type) {
		case int:
			out = le.AppendUint32(out, uint32(v))
			continue
		case string:
			value = mapiText(v, tag)
		case []byte:
			value = v
		}
		out = le.AppendUint32(le.AppendUint32(out, 1), uint32(len(value)))
		out = append(out, value...)
		out = append(out, make([]byte, (4-len(value)%4)%4)...)
	}
	return out
}

func mapiText(s string, tag uint32) (b []byte) {
	if uint16(tag) != mapiUnicode {
		return append([]byte(s), 0)
	}
	for _, unit := range append(utf16.Encode([]rune(s)), 0) {
		b = le.AppendUint16(b, unit)
	}
	return b
}

// node is a folder or a stream of an OLE file.
type node struct {
	name string
	data []byte // nil for a folder
	kids []node
}

// oleTree makes an OLE file of streams and folders. Every stream is filled up
// to 4,096 bytes, the least that needs no stream of small streams.
func oleTree(kids ...node) []byte {
	const sector, run = 512, 8
	type entry struct {
		node
		child, right, start, size uint32
	}
	none := uint32(0xFFFFFFFF)
	entries := []entry{{node: node{name: "Root Entry"}, child: none, right: none, start: 0xFFFFFFFE}}
	var streams [][]byte
	var place func(kids []node) uint32
	place = func(kids []node) uint32 {
		first := none
		at := make([]int, len(kids))
		for i, k := range kids {
			at[i] = len(entries)
			entries = append(entries, entry{node: k, child: none, right: none, start: 0xFFFFFFFE})
			if i == 0 {
				first = uint32(at[i])
			} else {
				entries[at[i-1]].right = uint32(at[i])
			}
		}
		for i, k := range kids {
			if k.data == nil {
				entries[at[i]].child = place(k.kids)
				continue
			}
			full := append(bytes.Clone(k.data), make([]byte, max(0, sector*run-len(k.data)))...)
			full = append(full, make([]byte, (sector-len(full)%sector)%sector)...)
			entries[at[i]].start, entries[at[i]].size = uint32(len(streams)), uint32(max(len(k.data), sector*run))
			streams = append(streams, full)
		}
		return first
	}
	entries[0].child = place(kids)
	directory := (len(entries) + 3) / 4
	body := 0
	for _, s := range streams {
		body += len(s) / sector
	}
	fats := 1
	for fats*128 < fats+directory+body {
		fats++
	}
	file := make([]byte, sector*(1+fats+directory+body))
	copy(file, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")
	le.PutUint16(file[24:], 0x3E)
	le.PutUint16(file[26:], 3)
	le.PutUint16(file[28:], 0xFFFE)
	le.PutUint16(file[30:], 9)
	le.PutUint16(file[32:], 6)
	le.PutUint32(file[44:], uint32(fats))
	le.PutUint32(file[48:], uint32(fats))
	le.PutUint32(file[56:], 4096)
	le.PutUint32(file[60:], 0xFFFFFFFE)
	le.PutUint32(file[68:], 0xFFFFFFFE)
	for i := range 109 {
		le.PutUint32(file[76+4*i:], none)
	}
	fat := file[sector : sector*(1+fats)]
	for i := 0; i < len(fat); i += 4 {
		le.PutUint32(fat[i:], none)
	}
	for i := range fats {
		le.PutUint32(file[76+4*i:], uint32(i))
		le.PutUint32(fat[4*i:], 0xFFFFFFFD)
	}
	chain := func(first, n int) {
		for i := range n {
			next := uint32(first + i + 1)
			if i == n-1 {
				next = 0xFFFFFFFE
			}
			le.PutUint32(fat[4*(first+i):], next)
		}
	}
	chain(fats, directory)
	at := fats + directory
	starts := make([]uint32, len(streams))
	for i, s := range streams {
		starts[i] = uint32(at)
		chain(at, len(s)/sector)
		copy(file[sector*(1+at):], s)
		at += len(s) / sector
	}
	for i, e := range entries {
		b := file[sector*(1+fats)+128*i:]
		for j, r := range e.name {
			le.PutUint16(b[2*j:], uint16(r))
		}
		le.PutUint16(b[64:], uint16(2*len(e.name)+2))
		b[66], b[67] = 1, 1
		if i == 0 {
			b[66] = 5
		}
		le.PutUint32(b[68:], none)
		le.PutUint32(b[72:], e.right)
		le.PutUint32(b[76:], e.child)
		le.PutUint32(b[116:], e.start)
		if e.data != nil {
			b[66] = 2
			le.PutUint32(b[116:], starts[e.start])
			le.PutUint32(b[120:], e.size)
		}
	}
	return file
}

// text is a property of a saved mail that is text.
func text(tag string, s string) node {
	return node{name: msgStream + tag, data: mapiText(s, map[bool]uint32{true: mapiUnicode, false: mapiString8}[strings.HasSuffix(tag, "001F")])}
}

func gzipOf(t testing.TB, name, content string) []byte {
	t.Helper()
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	w.Name = name
	w.Write([]byte(content))
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func tarOf(t testing.TB, pairs ...string) []byte {
	t.Helper()
	var out bytes.Buffer
	w := tar.NewWriter(&out)
	for i := 0; i < len(pairs); i += 2 {
		if err := w.WriteHeader(&tar.Header{Name: pairs[i], Size: int64(len(pairs[i+1])), Mode: 0o600, Format: tar.FormatUSTAR}); err != nil {
			t.Fatal(err)
		}
		w.Write([]byte(pairs[i+1]))
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// opened writes what came out of a container: path=content, path!problem.
func opened(u *Unpacking, name string, data []byte) string {
	var got []string
	for _, m := range u.Open(name, name, data) {
		if m.Problem != "" {
			got = append(got, m.Path+"!"+m.Problem)
		} else {
			got = append(got, m.Path+"="+strings.TrimRight(string(m.Data), "\x00"))
		}
	}
	return strings.Join(got, " ")
}

func TestTheFilesOfAContainer(t *testing.T) {
	deep := zipOf(t, "sau.txt", "x")
	for range 4 {
		deep = zipOf(t, "sau.zip", string(deep))
	}
	greedy := lzma7zOf(t, 1<<30, "a", "A")
	for _, row := range []struct {
		sentence string
		data     []byte
		lim      Limits
		want     string
	}{
		{"what is no container is itself", []byte("chỉ là chữ"), Limits{}, "t=chỉ là chữ"},
		{"files come in their order", zipOf(t, "a.docx", "A", "b.xlsx", "B"), Limits{}, "t/a.docx=A t/b.xlsx=B"},
		{"folders are left out of names", zipOf(t, "Bao cao/2022/a.docx", "A"), Limits{}, "t/a.docx=A"},
		{"no name leads out of its folder", zipOf(t, "../../etc/passwd", "A", `..\..\b.docx`, "B", "/c", "C"), Limits{}, "t/passwd=A t/b.docx=B t/c=C"},
		{"a container within is opened", zipOf(t, "b.zip", string(zipOf(t, "b.xlsx", "B"))), Limits{}, "t/b.zip/b.xlsx=B"},
		{"the fourth container within is not opened", deep, Limits{}, "t/sau.zip/sau.zip/sau.zip!too_large"},
		{"what computers add is left out", zipOf(t, "__MACOSX/._a.docx", "x", ".DS_Store", "x", "~$a.docx", "x", "a.docx", "A"), Limits{}, "t/a.docx=A"},
		{"a container of nothing is not passed over", zipOf(t, "Bao cao/", ""), Limits{}, "t!damaged"},
		{"names in the Vietnamese code page are read", zipOf(t, "B\xe1o c\xe1o.docx", "A"), Limits{}, "t/Báo cáo.docx=A"},
		{"names in the code page of DOS are read", zipOf(t, "B\xa0o c\xa0o s\x93.docx", "A"), Limits{}, "t/Báo cáo sô.docx=A"},
		{"names in TCVN3 are read", zipOf(t, "B\xb8o c\xb8o D\xa9n v\xcbn kh\xd0o.docx", "A", "Phô lôc sè liÖu.xlsx", "B"), Limits{}, "t/Báo cáo Dân vận khéo.docx=A t/Phụ lục số liệu.xlsx=B"},
		{"names are composed", zipOf(t, "Ba\u0301o ca\u0301o.docx", "A"), Limits{}, "t/Báo cáo.docx=A"},
		{"the Unicode name that WinRAR adds is the name", alsoNamed(zipOf(t, "B?o c?o.docx", "A"), "Báo cáo.docx"), Limits{}, "t/Báo cáo.docx=A"},
		{"a nameless file gets a name", zipOf(t, "...", "A"), Limits{}, "t/tep=A"},
		{"one password for all is the container's", lockedZIP(zipOf(t, "mat.xlsx", "x")), Limits{}, "t!encrypted"},
		{"a file under a password among others is named", lockedZIP(zipOf(t, "mat.xlsx", "x", "b.docx", "B")), Limits{}, "t/mat.xlsx!encrypted t/b.docx=B"},
		{"more files than the limit are one problem", zipOf(t, "a", "A", "b", "B", "c", "C"), Limits{Members: 2}, "t/a=A t/b=B t!too_large"},
		{"more bytes than the limit are one problem", zipOf(t, "a", "AAAA", "b", "BBBB", "c", "C"), Limits{Bytes: 6}, "t/a=AAAA t/b!too_large"},
		{"containers within containers share the limits", zipOf(t, "z.zip", string(zipOf(t, "a", "A", "b", "B")), "c", "C"), Limits{Members: 3}, "t/z.zip/a=A t/z.zip/b=B t!too_large"},
		{"a damaged container is one problem", zipOf(t, "a", "A")[:30], Limits{}, "t!damaged"},

		{"a .rar of version 4 is opened", rar4(0, `Bao cao\a.docx`, "A", "b.xlsx", "B"), Limits{}, "t/a.docx=A t/b.xlsx=B"},
		{"a .rar of version 5 is opened", rar5("Báo cáo/a.docx", "A", "b.xlsx", "B"), Limits{}, "t/a.docx=A t/b.xlsx=B"},
		{"a .rar under a password is one problem", rar4(4, "a.docx", "A"), Limits{}, "t!encrypted"},
		{"a damaged file of a .rar is one problem", bytes.Replace(rar5("a.docx", "NGUYEN", "b", "B"), []byte("NGUYEN"), []byte("HONG.."), 1), Limits{}, "t/a.docx!damaged t/b=B"},
		{"a .rar that goes on in another file is not opened", rar4(2, "a.docx", "A"), Limits{}, "t/a.docx!damaged t!unopened"},
		{"a .rar cut short keeps what was whole", rar5("a.docx", "A", "b.xlsx", strings.Repeat("B", 99))[:90], Limits{}, "t/a.docx=A t/b.xlsx!damaged t!damaged"},

		{"a .7z is opened", stored7z("Báo cáo/a.docx", "A", "b.xlsx", "BB"), Limits{}, "t/a.docx=A t/b.xlsx=BB"},
		{"a .7z whose header is packed is opened", lzma7zOf(t, 1<<16, "a.docx", "AAAAAAAA", "b.xlsx", "BB"), Limits{}, "t/a.docx=AAAAAAAA t/b.xlsx=BB"},
		{"a .7z that asks for a gigabyte is refused before it is given", greedy, Limits{}, "t!too_large"},
		{"a .7z under a password is one problem", sevenZipOf([]byte{0x24, 6, 0xf1, 7, 1, 2, 0x3f, 0}, []byte("A"), 1, nil, "a", "A"), Limits{}, "t!encrypted"},
		{"a .7z packed as 7-Zip does not is asked for otherwise", sevenZipOf([]byte{4, 4, 0xf7, 0x11, 1}, []byte("A"), 1, nil, "a", "A"), Limits{}, "t!unopened"},
		{"a .7z cut short is one problem", stored7z("a.docx", "A")[:40], Limits{}, "t!damaged"},

		{"a .tar.gz is opened", gzipOf(t, "", string(tarOf(t, "BC/a.docx", "A", "b.xlsx", "B"))), Limits{}, "t/t/a.docx=A t/t/b.xlsx=B"},
		{"the one file of a .gz has its own name", gzipOf(t, "a.xlsx", "A"), Limits{}, "t/a.xlsx=A"},

		{"a winmail.dat gives long names in Unicode", tnefOf(
			tnefNewAttachment, make([]byte, 14), tnefAttachmentName, []byte("BAOCAO~1.DOC\x00"), tnefAttachmentData, []byte("A"),
			tnefAttachment, mapi(mapiAttachLongName<<16|mapiUnicode, "Báo cáo.docx"),
			tnefNewAttachment, make([]byte, 14), tnefAttachmentName, []byte("pl.xlsx\x00"), tnefAttachmentData, []byte("B")),
			Limits{}, "t/Báo cáo.docx=A t/pl.xlsx=B"},
		{"its names are in its own code page", tnefOf(tnefCodePage, []byte("\xea\x04\x00\x00\x00\x00\x00\x00"),
			tnefNewAttachment, make([]byte, 14), tnefAttachment, mapi(mapiAttachLongName<<16|mapiString8, "B\xe1o c\xe1o.docx", mapiAttachData<<16|mapiBinary, []byte("A"))),
			Limits{}, "t/Báo cáo.docx=A"},
		{"a mail within it is opened", tnefOf(tnefNewAttachment, make([]byte, 14), tnefAttachment, mapi(mapiDisplayName<<16|mapiUnicode, "Chuyển",
			mapiAttachData<<16|mapiObject, append(make([]byte, 16), tnefOf(tnefNewAttachment, make([]byte, 14), tnefAttachmentName, []byte("pl.xlsx"), tnefAttachmentData, []byte("B"))...))),
			Limits{}, "t/Chuyển.msg/pl.xlsx=B"},
		{"a winmail.dat cut short keeps what was whole", tnefOf(tnefNewAttachment, make([]byte, 14), tnefAttachmentName, []byte("pl.xlsx"), tnefAttachmentData, []byte("B"), tnefNewAttachment, make([]byte, 14))[:80],
			Limits{}, "t/pl.xlsx=B t!damaged"},

		{"a saved mail gives its files under their long names", oleTree(
			node{name: msgProperties, data: make([]byte, 32)}, text("0037001F", "Báo cáo"),
			node{name: msgAttachment + "00000001", kids: []node{text("3704001F", "PL~1.XLS"), text("3707001F", "Phụ lục.xlsx"), {name: msgStream + "37010102", data: []byte("B")}}},
			node{name: msgAttachment + "00000000", kids: []node{text("3707001E", "B\xe1o c\xe1o.docx"), {name: msgStream + "37010102", data: []byte("A")}}}),
			Limits{}, "t/Báo cáo.docx=A t/Phụ lục.xlsx=B"},
		{"a mail within a saved mail is opened", oleTree(node{name: msgProperties, data: make([]byte, 32)}, text("0037001F", "Fwd"),
			node{name: msgAttachment + "00000000", kids: []node{{name: msgStream + "3701000D", kids: []node{text("0037001F", "Báo cáo HU"),
				{name: msgAttachment + "00000000", kids: []node{text("3707001F", "pl.xlsx"), {name: msgStream + "37010102", data: []byte("B")}}}}}}}),
			Limits{}, "t/Báo cáo HU.msg/pl.xlsx=B"},
	} {
		if got := opened(NewUnpacking(row.lim), "t", row.data); got != row.want {
			t.Errorf("%s:\n got %q\nwant %q", row.sentence, got, row.want)
		}
	}
}

func TestTheContainersOfAMailShareItsLimits(t *testing.T) {
	u := NewUnpacking(Limits{Members: 3})
	z := zipOf(t, "a", "A", "b", "B")
	if got := opened(u, "1.zip", z) + " " + opened(u, "2.zip", z); got != "1.zip/a=A 1.zip/b=B 2.zip/a=A 2.zip!too_large" {
		t.Error(got)
	}
}

func TestWhatAMailInAFileSays(t *testing.T) {
	packed := append([]byte("\x2d\x00\x00\x00\x2b\x00\x00\x00LZFu\xf1\xc5\xc7\xa7"), "\x03\x00\x0a\x00rcpg125\x42\x32\x0a\xf3 hel\x09\x00 bw\x05\xb0ld}\x0a\x80\x0f\xa0"...)
	for _, row := range []struct {
		sentence string
		data     []byte
		want     Letter
	}{
		{"a winmail.dat says who wrote what", tnefOf(tnefSubject, []byte("Bao cao\x00"), tnefMessage, mapi(mapiSenderName<<16|mapiUnicode, "Văn thư", mapiSenderSMTP<<16|mapiUnicode, "VanThu@hu.example", mapiBody<<16|mapiUnicode, "Kính gửi\r\nBan")),
			Letter{Path: "t", Subject: "Bao cao", Text: "Kính gửi\nBan"}},
		{"the body may be a page", tnefOf(tnefMessage, mapi(mapiHTML<<16|mapiBinary, []byte("<style>p{}</style><p>K&iacute;nh g&#7917;i</p><p>Ban</p>"))), Letter{Path: "t", Text: "Kính gửi \n\nBan"}},
		{"the body may be in the mail's code page", tnefOf(tnefCodePage, []byte("\xea\x04\x00\x00"), tnefBody, []byte("B\xe1o c\xe1o\x00")), Letter{Path: "t", Text: "Báo cáo"}},
		{"a saved mail says it too", oleTree(node{name: msgProperties, data: make([]byte, 32)}, text("0037001F", "Báo cáo"), text("1000001F", "Kính gửi")), Letter{Path: "t", Subject: "Báo cáo", Text: "Kính gửi"}},
	} {
		u := NewUnpacking(Limits{})
		out := u.Open("t", "t", row.data)
		if len(u.Letters) != 1 || u.Letters[0].Subject != row.want.Subject || u.Letters[0].Text != row.want.Text || u.Letters[0].Path != row.want.Path {
			t.Errorf("%s: %+v", row.sentence, u.Letters)
		}
		if len(out) != 1 || out[0].Problem != "" {
			t.Errorf("%s: a mail without files is a file: %+v", row.sentence, out)
		}
	}
	if got := string(unpackRTF(packed)); got != "{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n" {
		t.Errorf("packed RTF: %q", got)
	}
}

func TestASealedMailIsKnown(t *testing.T) {
	for _, row := range []struct {
		sentence string
		data     string
	}{
		{"S/MIME", "\x30\x80\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07\x03\xA0\x80" + strings.Repeat("x", 40)},
		{"PGP", "-----BEGIN PGP MESSAGE-----\n\nhQ\n"},
	} {
		if d := Read("smime.p7m", []byte(row.data)); d.Kind != Sealed || d.Problem != Locked {
			t.Errorf("%s: %+v", row.sentence, d)
		}
	}
}

func FuzzContainer(f *testing.F) {
	f.Add(zipOf(f, "a/b.xlsx", "B", "c.zip", string(zipOf(f, "d", "D"))))
	f.Add(rar4(0, `Bao cao\a.docx`, "A", "b.xlsx", "B"))
	f.Add(rar5("a.docx", "A", "b.xlsx", "B"))
	f.Add(stored7z("a.docx", "A", "b.xlsx", "BB"))
	f.Add(lzma7zOf(f, 1<<16, "a.docx", "A", "b.xlsx", "BB"))
	f.Add(gzipOf(f, "", string(tarOf(f, "a.docx", "A"))))
	f.Add(tnefOf(tnefNewAttachment, make([]byte, 14), tnefAttachmentName, []byte("a"), tnefAttachmentData, []byte("A"), tnefAttachment, mapi(mapiAttachLongName<<16|mapiUnicode, "Báo cáo.docx")))
	f.Add(oleTree(node{name: msgProperties, data: make([]byte, 32)}, text("0037001F", "Fwd"),
		node{name: msgAttachment + "00000000", kids: []node{text("3707001F", "pl.xlsx"), {name: msgStream + "37010102", data: []byte("B")}}}))
	f.Fuzz(func(t *testing.T, data []byte) {
		lim := Limits{Members: 20, Depth: 2, Bytes: 1 << 20, Dictionary: 1 << 20}
		var total int64
		out := NewUnpacking(lim).Open("a", "a", data)
		for _, m := range out {
			if m.Path != "a" && m.Problem == "" {
				total += int64(len(m.Data))
			}
			if strings.ContainsAny(m.Name, "/\\\x00\r\n") || m.Name == "" {
				t.Errorf("name %q", m.Name)
			}
		}
		if total > lim.Bytes || len(out) > 3*lim.Members+1 || len(out) == 0 {
			t.Errorf("%d files of %d bytes", len(out), total)
		}
	})
}

// Fuzz7zHeader gives every header the checksum without which none is read.
func Fuzz7zHeader(f *testing.F) {
	f.Add([]byte("A"), sevenZipOf([]byte{1, 0}, []byte("A"), 1, nil, "a", "A")[33:])
	packed := lzma7zOf(f, 1<<16, "a.docx", "AAAAAAAA", "b.xlsx", "BB")
	at := 32 + int(le.Uint64(packed[12:]))
	f.Add(packed[32:at], packed[at:])
	f.Fuzz(func(t *testing.T, stream, header []byte) {
		data := sevenZipOf([]byte{1, 0}, stream, len(stream), func([]byte) []byte { return header }, "a", "A")
		lim := Limits{Members: 20, Depth: 2, Bytes: 1 << 20, Dictionary: 1 << 20}
		for _, m := range NewUnpacking(lim).Open("a", "a", data) {
			if m.Path != "a" && int64(len(m.Data)) > lim.Bytes {
				t.Errorf("%d bytes", len(m.Data))
			}
		}
	})
}

// FuzzRARBlocks gives every block of a .rar the checksum without which none is
// read, in both generations of the format.
func FuzzRARBlocks(f *testing.F) {
	f.Add(true, rar5("a.docx", "A")[21:40], []byte("A"))
	f.Add(false, rar4(0, "a.docx", "A")[22:58], []byte("A"))
	f.Fuzz(func(t *testing.T, five bool, block, data []byte) {
		var file []byte
		if five {
			block = append(binary.AppendUvarint(nil, uint64(len(block))), block...)
			file = append(le.AppendUint32(rar5()[:16:16], crc32.ChecksumIEEE(block)), block...)
		} else {
			if len(block) < 5 {
				return
			}
			block = bytes.Clone(block)
			le.PutUint16(block[3:], uint16(len(block)+2)) // where its own size stands
			file = append(le.AppendUint16(rar4(0)[:20:20], uint16(crc32.ChecksumIEEE(block))), block...)
		}
		file = append(file, data...)
		lim := Limits{Members: 20, Depth: 2, Bytes: 1 << 20, Dictionary: 1 << 20}
		for _, m := range NewUnpacking(lim).Open("a", "a", file) {
			if m.Path != "a" && int64(len(m.Data)) > lim.Bytes {
				t.Errorf("%d bytes", len(m.Data))
			}
		}
	})
}
