package simulator

import (
	"bytes"
	"encoding/binary"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// zipped is all of it in one archive, in a folder with a Vietnamese name.
func zipped(p *party, m *member, files []file) []file {
	var all []entry
	for _, f := range files {
		all = append(all, entry{"Báo cáo DVK/" + f.name, string(f.data), false})
	}
	return []file{{"Bao cao DVK 2022.zip", packed(all)}}
}

// winmail is what Outlook makes of a mail's files for people without Outlook
// ([MS-OXTNEF]).
func winmail(p *party, m *member, files []file) []file {
	le := binary.LittleEndian
	var out bytes.Buffer
	out.Write([]byte{0x78, 0x9F, 0x3E, 0x22, 1, 0}) // the signature and a key
	attribute := func(level byte, id uint32, data []byte) {
		out.WriteByte(level)
		out.Write(le.AppendUint32(le.AppendUint32(nil, id), uint32(len(data))))
		out.Write(data)
		var sum uint16
		for _, c := range data {
			sum += uint16(c)
		}
		out.Write(le.AppendUint16(nil, sum))
	}
	const message, attachment = 1, 2
	attribute(message, 0x00089006, []byte{0, 0, 1, 0})                // the version of the format
	attribute(message, 0x00069007, []byte{0xEA, 4, 0, 0, 0, 0, 0, 0}) // codepage 1258
	for _, f := range files {
		attribute(attachment, 0x00069002, append([]byte{1, 0, 0xFF, 0xFF, 0xFF, 0xFF}, make([]byte, 8)...)) // a file follows
		attribute(attachment, 0x00018010, append([]byte(f.name), 0))
		attribute(attachment, 0x0006800F, f.data)
	}
	return []file{{"winmail.dat", out.Bytes()}}
}

// forwarded is a mail that the clerk had sent from home to the office, and
// that the office passes on as a file.
func forwarded(p *party, m *member, files []file) []file {
	inner := draft{from: m.own(), fromName: m.Name, to: []string{m.mailbox()}, subject: "Báo cáo Dân vận khéo", text: "Gửi cơ quan.\n", files: files}
	return []file{{"Bao cao Dan van kheo.eml", inner.bytes("h."+strings.ToLower(m.Code)+"@thucanhan.example", p.now)}}
}

// decorated adds what programs put under every mail; the names are composed as
// macOS composes them.
func decorated(p *party, m *member, files []file) []file {
	dot := []byte("GIF89a\x01\x00\x01\x00\x80\x00\x00\xff\xff\xff\x00\x00\x00!\xf9\x04\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;")
	card := "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Văn thư\r\nORG:" + m.Name + "\r\nEND:VCARD\r\n"
	for i, f := range files {
		files[i].name = norm.NFD.String(strings.NewReplacer("Bao cao Dan van kheo", "Báo cáo Dân vận khéo", "Phu luc so lieu", "Phụ lục số liệu", "Mo hinh", "Mô hình").Replace(f.name))
	}
	return append(files, file{"image001.gif", dot}, file{"vanthu.vcf", []byte(card)})
}
