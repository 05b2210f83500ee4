package message

import (
	"bytes"
	"encoding/base64"
	"strings"
	"testing"
)

// der makes an element of definite length.
func der(tag byte, content ...[]byte) []byte {
	all := bytes.Join(content, nil)
	head := []byte{tag, byte(len(all))}
	if len(all) > 127 {
		head = []byte{tag, 0x82, byte(len(all) >> 8), byte(len(all))}
	}
	return append(head, all...)
}

// ber makes one of open length.
func ber(tag byte, content ...[]byte) []byte {
	return append(append([]byte{tag, 0x80}, bytes.Join(content, nil)...), 0, 0)
}

var (
	version = []byte{2, 1, 1}
	digests = []byte{0x31, 0}
	plain   = der(6, []byte{0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x01})
	signers = der(0x31, []byte{5, 0})
)

// sealedBy makes a signed message by either way of writing lengths; pieces are
// the content, in as many strings.
func sealedBy(as func(byte, ...[]byte) []byte, pieces ...string) []byte {
	content := der(4, []byte(pieces[0]))
	if len(pieces) > 1 {
		var all []byte
		for _, p := range pieces {
			all = append(all, der(4, []byte(p))...)
		}
		content = as(0x24, all)
	}
	return as(0x30, der(6, signedData), as(0xA0, as(0x30, version, digests, as(0x30, plain, as(0xA0, content)), signers)))
}

const within = "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nKính gửi Ban\r\n--b\r\nContent-Disposition: attachment; filename=pl.xlsx\r\n\r\ntep\r\n--b--\r\n"

func TestASignatureHidesNothing(t *testing.T) {
	mail := func(fields string, content []byte) []byte {
		return letter("From: a@hu.example", fields, "Content-Transfer-Encoding: base64", "", base64.StdEncoding.EncodeToString(content))
	}
	const opaque = "Content-Type: application/pkcs7-mime; smime-type=signed-data; name=smime.p7m"
	for _, row := range []struct {
		sentence string
		raw      []byte
		text     string
		files    string
	}{
		{"what was signed is read as it was sent", mail(opaque, sealedBy(der, within)), "Kính gửi Ban", "pl.xlsx=tep"},
		{"as Outlook writes it, its lengths left open", mail(opaque, sealedBy(ber, within)), "Kính gửi Ban", "pl.xlsx=tep"},
		{"in as many pieces as it likes", mail(opaque, sealedBy(ber, within[:10], within[10:100], within[100:])), "Kính gửi Ban", "pl.xlsx=tep"},
		{"under the name of octets too", mail("Content-Type: application/octet-stream; name=smime.p7m", sealedBy(der, within)), "Kính gửi Ban", "pl.xlsx=tep"},
		{"one signature around another", mail(opaque, sealedBy(der, opaque+"\r\nContent-Transfer-Encoding: base64\r\n\r\n"+base64.StdEncoding.EncodeToString(sealedBy(der, within)))), "Kính gửi Ban", "pl.xlsx=tep"},
		{"a file that was signed by itself is the file", mail("Content-Type: application/pkcs7-mime; name=bc.pdf.p7m", sealedBy(der, "%PDF-1.4")), "", "bc.pdf.p7m/bc.pdf=%PDF-1.4"},
		{"a signature cut short still gives what it has", mail(opaque, sealedBy(ber, within)[:len(within)+40]), "Kính gửi Ban", "pl.xlsx=tep"},
		{"what is not signed stays what it is", mail(opaque, []byte("0\x03abc")), "", "smime.p7m=0\x03abc"},
		{"a signature beside the mail is a file of its own", letter("From: a@hu.example", "Content-Type: multipart/signed; boundary=s", "", "--s", strings.TrimSuffix(within, "\r\n"),
			"--s", "Content-Type: application/pkcs7-signature; name=smime.p7s", "", "ky", "--s--"), "Kính gửi Ban", "pl.xlsx=tep smime.p7s=ky"},
	} {
		m := Parse(row.raw, "", Limits{})
		var files []string
		for _, a := range m.Attachments {
			files = append(files, a.Path+"="+string(a.Data))
		}
		if got := strings.Join(files, " "); m.Text != row.text || got != row.files {
			t.Errorf("%s: text %q, files %q", row.sentence, m.Text, got)
		}
	}
}

func FuzzUnsigned(f *testing.F) {
	f.Add(sealedBy(der, within))
	f.Add(sealedBy(ber, within[:10], within[10:]))
	f.Fuzz(func(t *testing.T, b []byte) {
		if content, _ := unsigned(b); len(content) > len(b) {
			t.Error("more came out than went in")
		}
	})
}

func TestLinesThatAMailerBrokeAreOne(t *testing.T) {
	for _, row := range []struct {
		sentence, fields, text, want string
	}{
		{"a space at the end says that the line goes on", "format=flowed", "Đơn vị sẽ gửi \r\nbáo cáo vào \r\nngày 18.\r\nTrân trọng", "Đơn vị sẽ gửi báo cáo vào ngày 18.\nTrân trọng"},
		{"unless the mailer says that it put it there", "format=flowed; delsp=yes", "Đơn v \r\nị\r\n", "Đơn vị"},
		{"the mark of a signature is none", "format=flowed", "Chào\r\n-- \r\nVăn thư", "Chào"},
		{"lines of different quotations stay apart", "format=flowed", "> cũ \r\nmới", "mới"},
		{"without the word a space is a space", "charset=utf-8", "Đơn vị \r\nsẽ gửi", "Đơn vị\nsẽ gửi"},
	} {
		if m := Parse(letter("Content-Type: text/plain; "+row.fields, "", row.text), "", Limits{}); m.Text != row.want {
			t.Errorf("%s: %q", row.sentence, m.Text)
		}
	}
}
