package message

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"time"

	"dondoc/intake/finding"
)

// letter makes a mail of lines.
func letter(lines ...string) []byte {
	return []byte(strings.Join(lines, "\r\n") + "\r\n")
}

// with makes a mail that carries one file, described by fields.
func with(fields ...string) []byte {
	return letter("From: vanthu@hu.example", "Content-Type: multipart/mixed; boundary=b", "",
		"--b", "Content-Type: text/plain; charset=utf-8", "", "Kính gửi.",
		"--b", strings.Join(fields, "\r\n"), "", "tep", "--b--")
}

func TestTheNameOfAFileIsTheOneItsSenderGave(t *testing.T) {
	const octets = "Content-Type: application/octet-stream"
	attached := func(parameter string) []byte {
		return with(octets, "Content-Disposition: attachment; "+parameter)
	}
	long := strings.Repeat("báo cáo ", 60)
	for _, row := range []struct {
		sentence string
		raw      []byte
		want     string
	}{
		{"a plain name is taken as it is", attached(`filename="bc.docx"`), "bc.docx"},
		{"a name without quotes keeps its spaces", attached(`filename=bao cao so 1.docx`), "bao cao so 1.docx"},
		{"quotes within a name do not end it", attached(`filename="BC "Dan van kheo" 2022.docx"; size=3`), `BC "Dan van kheo" 2022.docx`},
		{"doubled semicolons are nothing", attached(`;; filename="a.docx";;`), "a.docx"},
		{"RFC 2231 names are decoded", attached(`filename*=UTF-8''B%C3%A1o%20c%C3%A1o.docx`), "Báo cáo.docx"},
		{"RFC 2231 names beat the plain ones beside them", attached(`filename="B?o c?o.docx"; filename*=UTF-8''B%C3%A1o%20c%C3%A1o.docx`), "Báo cáo.docx"},
		{"pieces that cut a character apart are joined first", attached(`filename*0*=UTF-8''B%C3; filename*1*=%A1o%20c; filename*2*=%C3%A1o.docx`), "Báo cáo.docx"},
		{"pieces come in the order of their numbers", attached(`filename*1="o.docx"; filename*0="bao ca"`), "bao cao.docx"},
		{"RFC 2231 in windows-1258 is decoded", attached(`filename*=windows-1258''B%E1o%20c%E1o.docx`), "Báo cáo.docx"},
		{"encoded words within quotes are decoded", attached(`filename="=?UTF-8?B?QsOhbyBjw6FvLmRvY3g=?="`), "Báo cáo.docx"},
		{"encoded words cut in the middle of a character are joined first", attached(`filename="=?UTF-8?B?QsM=?= =?UTF-8?B?oW8uZG9jeA==?="`), "Báo.docx"},
		{"encoded words in pieces are decoded", attached(`filename*0="=?UTF-8?Q?B=C3=A1o_c"; filename*1="=C3=A1o.docx?="`), "Báo cáo.docx"},
		{"raw UTF-8 is read", attached(`filename="Báo cáo.docx"`), "Báo cáo.docx"},
		{"raw windows-1258 is read, and composed", attached("filename=\"B\xe1o ca\xeco.docx\""), "Báo cáo.docx"},
		{"decomposed names are composed", attached("filename=\"Ba\u0301o ca\u0301o.docx\""), "Báo cáo.docx"},
		{"a name as in an address is decoded", attached(`filename="B%C3%A1o_c%C3%A1o.docx"`), "Báo_cáo.docx"},
		{"a percent sign that means nothing stays", attached(`filename="dat 100%.docx"`), "dat 100%.docx"},
		{"the name of the content type will do", with(`Content-Type: application/pdf; name="a.pdf"`), "a.pdf"},
		{"a part that is shown in the text and has a name is a file", with(`Content-Type: image/png`, `Content-Disposition: inline; filename="a.png"`), "a.png"},
		{"a path is cut to its last name", attached(`filename="../../etc/passwd"`), "passwd"},
		{"a path of Windows is too", attached(`filename="C:\Users\vanthu\bc.docx"`), "bc.docx"},
		{"a stroke in a name is no path", attached(`filename="Vv gui BC 15/10.docx"`), "Vv gui BC 15_10.docx"},
		{"marks that turn the direction of writing go away", attached("filename=\"bc\u202excod.exe\""), "bcxcod.exe"},
		{"line ends and NULs go away", attached(`filename*=UTF-8''a%0D%0AX%3A%20y%00.docx`), "a X: y .docx"},
		{"a name of dots is none", attached(`filename=".."`), "tep-1.bin"},
		{"a file without a name gets one by its type", with(`Content-Type: application/pdf`), "tep-1.pdf"},
		{"a long name keeps its extension", attached(`filename="` + long + `.docx"`), strings.TrimRight(bounded(long, maxName-5), " ") + ".docx"},
	} {
		m := Parse(row.raw, "", Limits{})
		if len(m.Attachments) != 1 || m.Attachments[0].Name != row.want {
			t.Errorf("%s: got %+v, want %q", row.sentence, m.Attachments, row.want)
		}
		sound(t, row.sentence, m)
	}
}

func TestThePeopleOfAMail(t *testing.T) {
	for _, row := range []struct {
		sentence string
		from     string // whole fields
		want     finding.Address
	}{
		{"an address is in lower case", "From: VanThu@HU.Example", finding.Address{Address: "vanthu@hu.example"}},
		{"a name in quotes loses them", `From: "Văn thư" <vanthu@hu.example>`, finding.Address{Name: "Văn thư", Address: "vanthu@hu.example"}},
		{"an encoded name is decoded", "From: =?UTF-8?B?VsSDbiB0aMawIEh1eeG7h24g4buneQ==?= <vanthu@hu.example>", finding.Address{Name: "Văn thư Huyện ủy", Address: "vanthu@hu.example"}},
		{"an encoded name within quotes is decoded", `From: "=?UTF-8?Q?V=C4=83n_th=C6=B0?=" <vanthu@hu.example>`, finding.Address{Name: "Văn thư", Address: "vanthu@hu.example"}},
		{"a comma in an encoded name does not part it", "From: =?UTF-8?Q?A,_B?= <a@hu.example>", finding.Address{Name: "A, B", Address: "a@hu.example"}},
		{"a raw name is read", "From: V\xe3n thư <vanthu@hu.example>", finding.Address{Name: nfc(decodeText([]byte("V\xe3n thư"), "")), Address: "vanthu@hu.example"}},
		{"an address in a name is only a name", `From: "bithu@tinhuy.example" <ai-do@gmail.example>`, finding.Address{Name: "bithu@tinhuy.example", Address: "ai-do@gmail.example"}},
		{"a name in a comment is one", "From: vanthu@hu.example (Văn thư)", finding.Address{Name: "Văn thư", Address: "vanthu@hu.example"}},
		{"two addresses are nobody", "From: a@hu.example, b@hu.example", finding.Address{}},
		{"two From fields with two addresses are nobody", "From: A <a@hu.example>\r\nFrom: b@hu.example", finding.Address{Name: "A"}},
		{"the same address twice is one person", "From: a@hu.example, A <a@hu.example>", finding.Address{Address: "a@hu.example"}},
		{"a group of one is that one", "From: Van thu: a@hu.example;", finding.Address{Address: "a@hu.example"}},
		{"an empty group is nobody", "From: undisclosed-recipients:;", finding.Address{Name: "undisclosed-recipients:;"}},
		{"no From is nobody", "Subject: x", finding.Address{}},
		{"what is no address is a name", "From: Văn thư", finding.Address{Name: "Văn thư"}},
		{"a folded From is read whole", "From: \"Văn thư\"\r\n <vanthu@hu.example>", finding.Address{Name: "Văn thư", Address: "vanthu@hu.example"}},
		{"a lone quote does not swallow the address", "From: \"Văn thư <vanthu@hu.example>", finding.Address{Name: "Văn thư", Address: "vanthu@hu.example"}},
	} {
		m := Parse(letter(row.from, "", "x"), "", Limits{})
		if m.From != row.want {
			t.Errorf("%s: got %+v, want %+v", row.sentence, m.From, row.want)
		}
		sound(t, row.sentence, m)
	}
	m := Parse(letter("From: a@x.example", `To: "Ban, Phòng" <p@x.example>, q@x.example; R <R@X.example>`, "Cc: s@x.example", "Reply-To: t@x.example", "", ""), "", Limits{})
	if got := fmt.Sprint(m.To, m.Cc, m.ReplyTo); got != "[{Ban, Phòng p@x.example} { q@x.example} {R r@x.example}] [{ s@x.example}] [{ t@x.example}]" {
		t.Errorf("lists of people: %s", got)
	}
}

func TestTheFieldsOfAMail(t *testing.T) {
	for _, row := range []struct {
		sentence string
		raw      []byte
		get      func(*Mail) any
		want     any
	}{
		{"a subject in two encoded words is one", letter("Subject: =?UTF-8?B?QsOhbyBj?=", " =?UTF-8?B?w6Fv?=", "", ""), func(m *Mail) any { return m.Subject }, "Báo cáo"},
		{"an encoded subject without its padding is read", letter("Subject: =?utf-8?B?QsOhbyBjw6Fv?=", "", ""), func(m *Mail) any { return m.Subject }, "Báo cáo"},
		{"a raw subject in UTF-8 is read", letter("Subject: Báo cáo", "", ""), func(m *Mail) any { return m.Subject }, "Báo cáo"},
		{"a raw subject in windows-1258 is read", letter("Subject: B\xe1o ca\xeco", "", ""), func(m *Mail) any { return m.Subject }, "Báo cáo"},
		{"a subject of unknown charset does not harm", letter("Subject: =?x-nonsense?Q?B=C3=A1o?=", "", ""), func(m *Mail) any { return m.Subject }, "Báo"},
		{"a subject in TCVN3 is read", letter("Subject: B\xb8o c\xb8o D\xa9n v\xcbn kh\xd0o", "", ""), func(m *Mail) any { return m.Subject }, "Báo cáo Dân vận khéo"},
		{"a subject in TCVN3 that was made UTF-8 is read", letter("Subject: B¸o c¸o D©n vËn khÐo", "", ""), func(m *Mail) any { return m.Subject }, "Báo cáo Dân vận khéo"},
		{"a subject in VNI is read", letter("Subject: Baùo caùo Daân vaän kheùo", "", ""), func(m *Mail) any { return m.Subject }, "Báo cáo Dân vận khéo"},
		{"a subject that was encoded twice is read", letter("Subject: BÃ¡o cÃ¡o DÃ¢n váº\u00adn khÃ©o", "", ""), func(m *Mail) any { return m.Subject }, "Báo cáo Dân vận khéo"},
		{"a text in TCVN3 is read", letter("Content-Type: text/plain; charset=iso-8859-1", "", "KÝnh göi: Ban D©n vËn TØnh ñy"), func(m *Mail) any { return m.Text }, "Kính gửi: Ban Dân vận Tỉnh ủy"},
		{"a Message-ID loses its brackets", letter("Message-ID: <a.b@hu.example>", "", ""), func(m *Mail) any { return m.MessageID }, "a.b@hu.example"},
		{"a Message-ID without brackets is one", letter("Message-Id: a.b@hu.example", "", ""), func(m *Mail) any { return m.MessageID }, "a.b@hu.example"},
		{"delivery is dated by the topmost Received", letter("Received: from a by b; Wed, 19 Oct 2022 16:59:58 +0700 (ICT)", "Received: from c by a; Wed, 19 Oct 2022 09:00:00 +0000", "", ""),
			func(m *Mail) any { return m.Delivered.UTC().Format(time.RFC3339) }, "2022-10-19T09:59:58Z"},
		{"a mail without Received was delivered at no known time", letter("Date: Wed, 19 Oct 2022 16:59:58 +0700", "", ""), func(m *Mail) any { return m.Delivered.IsZero() }, true},
		{"a zone that no JSON can hold is turned into UTC", letter("Received: from a by b; Wed, 12 Oct 2022 09:30:00 +2400", "Date: Wed, 12 Oct 2022 09:30:00 -2400", "", ""),
			func(m *Mail) any { return m.Date.Format(time.RFC3339) + " " + m.Delivered.Format(time.RFC3339) }, "2022-10-13T09:30:00Z 2022-10-11T09:30:00Z"},
		{"a year that only its zone makes impossible is no date", letter("Date: Thu, 1 Jan 1970 00:00:00 +0700", "", ""), func(m *Mail) any { return m.Date.IsZero() }, true},
		{"a date that is none is no date", letter("Date: hôm qua", "", ""), func(m *Mail) any { return m.Date.IsZero() }, true},
		{"fields after an mbox line are read", letter("From a@hu.example Wed Oct 19 16:59:58 2022", "Subject: x", "", ""), func(m *Mail) any { return m.Subject }, "x"},
		{"bare CR ends lines where nothing else does", []byte("Subject: x\rFrom: a@hu.example\r\rChào"), func(m *Mail) any { return m.Subject + m.Text }, "xChào"},
		{"an empty mail is a mail", nil, func(m *Mail) any { return m.Limit + m.Text }, ""},
	} {
		m := Parse(row.raw, "", Limits{})
		if got := row.get(m); got != row.want {
			t.Errorf("%s: got %q, want %q", row.sentence, got, row.want)
		}
		sound(t, row.sentence, m)
	}
}

func TestWhatMayNameTheLetterThatIsAnswered(t *testing.T) {
	m := Parse(letter("From: a@hu.example",
		"To: Tiep nhan <tiepnhan+ABCD2345@bdv.example>, tiepnhan@bdv.example", "Delivered-To: tiepnhan+abcd2345@bdv.example",
		"In-Reply-To: <dd.HU-X.T1@bdv.example>", "References: <r1@x.example> <dd.HU-X.T1@bdv.example>",
		"X-Dondoc-Key: invite/HU-X", "", "x"), "", Limits{})
	want := []finding.Thread{
		{Where: "in_reply_to", Value: "dd.HU-X.T1@bdv.example"},
		{Where: "references", Value: "r1@x.example"},
		{Where: "references", Value: "dd.HU-X.T1@bdv.example"},
		{Where: "key_header", Value: "invite/HU-X"},
		{Where: "reply_tag", Value: "abcd2345"},
	}
	if fmt.Sprint(m.Threads) != fmt.Sprint(want) {
		t.Errorf("got %v, want %v", m.Threads, want)
	}
	long := Parse(letter("References: "+strings.Repeat("<a@b.example> ", 5000)+"<last@b.example>", "", ""), "", Limits{})
	if n := len(long.Threads); n == 0 || n > maxThreads || long.Threads[n-1].Value != "last@b.example" {
		t.Errorf("of many references the nearest is kept: %d, %v", n, long.Threads)
	}
}

func TestAMachineIsKnownByASign(t *testing.T) {
	for _, row := range []struct {
		sentence string
		lines    []string
		want     string
	}{
		{"a plain mail is a person's", []string{"From: a@hu.example"}, ""},
		{"Auto-Submitted is a sign", []string{"Auto-Submitted: auto-replied (vacation)"}, "auto_submitted"},
		{"Auto-Submitted: no is none", []string{"Auto-Submitted: No"}, ""},
		{"Auto-Submitted: no with a comment is none", []string{"Auto-Submitted: no (a person)"}, ""},
		{"an empty return path is a sign", []string{"Return-Path: <>"}, "return_path"},
		{"a return path is none", []string{"Return-Path: <a@hu.example>"}, ""},
		{"a list is a sign", []string{"List-Id: <x.list.example>"}, "list"},
		{"a newsletter is a list", []string{"List-Unsubscribe: <https://x.example>"}, "list"},
		{"bulk is a sign", []string{"Precedence: bulk"}, "precedence"},
		{"first-class is none", []string{"Precedence: first-class"}, ""},
		{"X-Autoreply is a sign", []string{"X-Autoreply: yes"}, "autoreply"},
		{"X-Autorespond is a sign", []string{"X-Autorespond: vacation"}, "autoreply"},
		{"X-Auto-Response-Suppress is none", []string{"X-Auto-Response-Suppress: All"}, ""},
		{"a mailer daemon is a sign", []string{"From: Mail Delivery Subsystem <MAILER-DAEMON@mx.example>"}, "sender"},
		{"a mailer daemon without a domain is one", []string{"From: MAILER-DAEMON"}, "sender"},
		{"who takes no reply is a sign", []string{"From: no-reply@x.example"}, "sender"},
		{"who takes no reply under a name is a sign", []string{"From: Hệ thống <noreply-42@x.example>"}, "sender"},
		{"a name that begins alike is none", []string{"From: bounceland.office@x.example"}, ""},
		{"an answering machine says so in Vietnamese", []string{"Subject: =?UTF-8?B?VHLhuqMgbOG7nWkgdOG7sSDEkeG7mW5nOiBUw7RpIMSRYW5nIMSRaSBjw7RuZyB0w6Fj?="}, "subject"},
		{"an answering machine says so in English", []string{"Subject: Out of Office: Re: [DVK-2022]"}, "subject"},
		{"a receipt of reading says so", []string{"Subject: Đã đọc: Gửi mẫu phụ lục số liệu"}, "subject"},
		{"a person who writes of reading is a person", []string{"Subject: Tôi đã đọc công văn"}, ""},
		{"a report without a status is a report", []string{"Content-Type: multipart/report; report-type=feedback-report; boundary=b"}, "report"},
	} {
		m := Parse(letter(append(row.lines, "", "Kính gửi.")...), "", Limits{})
		if m.Machine != row.want {
			t.Errorf("%s: got %q, want %q", row.sentence, m.Machine, row.want)
		}
	}
	const subject = "Subject: Đã đọc: Gửi mẫu phụ lục số liệu\r\n"
	if m := Parse(append([]byte(subject), with(`Content-Type: application/pdf; name="bc.pdf"`)...), "", Limits{}); m.Machine != "" {
		t.Errorf("a machine attaches no report, whatever the subject: %q", m.Machine)
	}
}

// report makes a delivery status of one recipient.
func report(fields ...string) []byte {
	return letter("From: MAILER-DAEMON@mx.example", "Auto-Submitted: auto-replied", "Content-Type: multipart/report; report-type=delivery-status; boundary=b", "",
		"--b", "Content-Type: text/plain", "", "Sorry.",
		"--b", "Content-Type: message/delivery-status", "", "Reporting-MTA: dns; mx.example", "", strings.Join(fields, "\r\n"),
		"--b", "Content-Type: message/rfc822", "",
		"From: tiepnhan@bdv.example", "Message-ID: <dd.HU-X.T1@bdv.example>", "X-Dondoc-Key: invite/HU-X",
		"Content-Type: multipart/mixed; boundary=c", "", "--c", `Content-Type: application/octet-stream; name="Phu luc.xlsx"`, "", "tep", "--c--",
		"--b--")
}

func TestABounceIsTakenApart(t *testing.T) {
	for _, row := range []struct {
		sentence string
		fields   []string
		want     string
	}{
		{"a failure is permanent", []string{"Final-Recipient: rfc822; vanthu@hu.example", "Action: failed", "Status: 5.1.1"}, "{vanthu@hu.example 5.1.1 true}"},
		{"what we wrote to is named, not what became of it", []string{"Original-Recipient: rfc822;vanthu@hu.example", "Final-Recipient: rfc822;x@backend.example", "Action: failed", "Status: 5.2.2 (full)"}, "{vanthu@hu.example 5.2.2 true}"},
		{"a delay is not permanent", []string{"Final-Recipient: rfc822; vanthu@hu.example", "Action: delayed", "Status: 4.4.1"}, "{vanthu@hu.example 4.4.1 false}"},
		{"a failure for want of time is not permanent", []string{"Final-Recipient: rfc822; vanthu@hu.example", "Action: failed", "Status: 4.4.7"}, "{vanthu@hu.example 4.4.7 false}"},
		{"the diagnosis tells where the status does not", []string{"Final-Recipient: rfc822; vanthu@hu.example", "Action: failed", "Status: 5.0.0", "Diagnostic-Code: smtp; 550 5.1.1 unknown"}, "{vanthu@hu.example 5.1.1 true}"},
		{"an SMTP code will do", []string{"Final-Recipient: rfc822; vanthu@hu.example", "Action: failed", "Diagnostic-Code: smtp; 452 full"}, "{vanthu@hu.example 4.0.0 false}"},
		{"of several recipients the first that failed is named", []string{"Final-Recipient: rfc822; a@hu.example", "Action: delayed", "Status: 4.0.0", "", "Final-Recipient: rfc822; b@hu.example", "Action: failed", "Status: 5.1.1"}, "{b@hu.example 5.1.1 true}"},
		{"a success is no bounce", []string{"Final-Recipient: rfc822; vanthu@hu.example", "Action: delivered", "Status: 2.0.0"}, "<nil>"},
	} {
		m := Parse(report(row.fields...), "", Limits{})
		got := "<nil>"
		if m.Bounce != nil {
			got = fmt.Sprintf("{%s %s %v}", m.Bounce.Address, m.Bounce.Status, m.Bounce.Permanent)
		}
		if got != row.want || m.Machine != "bounce" {
			t.Errorf("%s: got %s by %q, want %s", row.sentence, got, m.Machine, row.want)
		}
		if len(m.Attachments) != 0 {
			t.Errorf("%s: the files of our own letter came back as somebody's", row.sentence)
		}
		if got := fmt.Sprint(m.Threads); got != "[{returned dd.HU-X.T1@bdv.example} {returned invite/HU-X}]" {
			t.Errorf("%s: threads %s", row.sentence, got)
		}
		if m.Forwarded {
			t.Errorf("%s: what came back was not forwarded", row.sentence)
		}
	}
	forwarded := letter("From: a@hu.example", "Content-Type: multipart/mixed; boundary=m", "", "--m", "", "Thư của quý Ban bị trả lại.",
		"--m", "Content-Type: message/rfc822", "", string(report("Final-Recipient: rfc822; a@hu.example", "Action: failed", "Status: 5.1.1")), "--m--")
	if m := Parse(forwarded, "", Limits{}); m.Machine != "" || m.Bounce != nil {
		t.Errorf("a bounce that a person sends on is a person's mail: %q, %v", m.Machine, m.Bounce)
	}
	receipt := letter("From: a@hu.example", "Content-Type: multipart/report; report-type=disposition-notification; boundary=b", "",
		"--b", "", "Your message was displayed.", "--b", "Content-Type: message/disposition-notification", "",
		"Final-Recipient: rfc822;a@hu.example", "Original-Message-ID: <dd.HU-X.T1@bdv.example>", "Disposition: manual-action/MDN-sent-manually; displayed", "--b--")
	if m := Parse(receipt, "", Limits{}); m.Machine != "read_receipt" || len(m.Threads) != 1 || m.Bounce != nil {
		t.Errorf("a receipt of reading: %q, %v, %v", m.Machine, m.Threads, m.Bounce)
	}
}

func TestOnlyOurOwnServersJudgementCounts(t *testing.T) {
	const us = "mx.bdv.example"
	for _, row := range []struct {
		sentence string
		lines    []string
		want     string
	}{
		{"no result concludes nothing", nil, "none"},
		{"DMARC passes", []string{"Authentication-Results: mx.bdv.example; dmarc=pass header.from=hu.example; spf=fail smtp.mailfrom=x@hu.example"}, "pass"},
		{"DMARC fails, whatever SPF says", []string{"Authentication-Results: mx.bdv.example; spf=pass smtp.mailfrom=x@evil.example; dmarc=fail header.from=hu.example"}, "fail"},
		{"one pass is enough without DMARC", []string{"Authentication-Results: mx.bdv.example; spf=fail smtp.mailfrom=a@hu.example; dkim=pass header.d=hu.example"}, "pass"},
		{"SPF alone may fail", []string{"Authentication-Results: mx.bdv.example; spf=fail smtp.mailfrom=a@hu.example"}, "fail"},
		{"a signature of another's domain proves nothing", []string{"Authentication-Results: mx.bdv.example; spf=fail smtp.mailfrom=a@hu.example; dkim=pass header.d=evil.example"}, "fail"},
		{"nor does another's envelope", []string{"Authentication-Results: mx.bdv.example; spf=pass smtp.mailfrom=x@evil.example"}, "none"},
		{"a forwarder's envelope does not speak against the sender", []string{"Authentication-Results: mx.bdv.example; spf=fail smtp.mailfrom=srs@forwarder.example"}, "none"},
		{"the domain above signs for those below", []string{"Authentication-Results: mx.bdv.example; dkim=pass header.d=mail.hu.example"}, "pass"},
		{"a domain that only ends alike does not", []string{"Authentication-Results: mx.bdv.example; dkim=pass header.d=evilhu.example"}, "none"},
		{"a server that names no domain means the sender's", []string{"Authentication-Results: mx.bdv.example; spf=fail"}, "fail"},
		{"softfail concludes nothing", []string{"Authentication-Results: mx.bdv.example; spf=softfail smtp.mailfrom=a@hu.example"}, "none"},
		{"another server's result is the sender's claim", []string{"Authentication-Results: mx.evil.example; dmarc=pass header.from=hu.example"}, "none"},
		{"of two of ours the topmost counts", []string{"Authentication-Results: MX.bdv.example; dmarc=fail header.from=hu.example", "Authentication-Results: mx.bdv.example; dmarc=pass header.from=hu.example"}, "fail"},
	} {
		if m := Parse(letter(append(row.lines, "From: a@hu.example", "", "x")...), us, Limits{}); m.Auth != row.want {
			t.Errorf("%s: got %q, want %q", row.sentence, m.Auth, row.want)
		}
	}
	if m := Parse(letter("Authentication-Results: mx.bdv.example; dmarc=pass header.from=hu.example", "", ""), "", Limits{}); m.Auth != "none" {
		t.Errorf("without an id of ours nothing is believed: %q", m.Auth)
	}
}

func TestWhatTheSenderNewlyWrote(t *testing.T) {
	for _, row := range []struct {
		sentence  string
		text      string
		want      string
		forwarded bool
	}{
		{"all of a new mail is new", "Kính gửi Ban,\n\nĐơn vị gửi báo cáo.", "Kính gửi Ban,\n\nĐơn vị gửi báo cáo.", false},
		{"quoted lines are not", "ĐÃ GỬI\n> Đề nghị gửi\n> báo cáo", "ĐÃ GỬI", false},
		{"what Gmail introduces in Vietnamese is not", "ĐÃ GỬI\n\nVào Th 4, 12 thg 10, 2022 vào lúc 09:30 Ban Dân vận <tiepnhan@bdv.example>\nđã viết:\n\n> Kính gửi\n", "ĐÃ GỬI", false},
		{"what Gmail introduces in English is not", "Sent.\n\nOn Wed, Oct 12, 2022 at 9:30 AM Ban <x@bdv.example> wrote:\n> Kính gửi", "Sent.", false},
		{"an answer below the quotation is", "Vào T4 đã viết 12/10/2022, Ban <x@bdv.example> đã viết:\n> Đã gửi chưa?\n\nĐÃ GỬI", "ĐÃ GỬI", false},
		{"an unmarked copy is not", "ĐÃ GỬI\n\nOn 12/10/2022 9:30, Ban wrote:\nKính gửi đơn vị", "ĐÃ GỬI", false},
		{"Outlook's copy is not", "ĐÃ GỬI\n\n-----Original Message-----\nFrom: Ban\nKính gửi", "ĐÃ GỬI", false},
		{"Outlook's header in Vietnamese ends it", "ĐÃ GỬI\n________________________________\nTừ: Ban Dân vận <x@bdv.example>\nĐã gửi: Thứ Tư, 12 Tháng Mười 2022\nĐến: HU\nChủ đề: Nhắc\n\nKính gửi", "ĐÃ GỬI", false},
		{"Outlook's header in English ends it", "ĐÃ GỬI\n\nFrom: Ban <x@bdv.example>\nSent: Wednesday\nTo: HU\nSubject: Nhắc\n\nKính gửi", "ĐÃ GỬI", false},
		{"a sentence with From in it does not", "From: our side all is sent.\nThank you.", "From: our side all is sent.\nThank you.", false},
		{"a signature is not", "ĐÃ GỬI\n-- \nVăn phòng Huyện ủy", "ĐÃ GỬI", false},
		{"the telephone's own line is not", "ĐÃ GỬI\n\nĐược gửi từ iPhone của tôi", "ĐÃ GỬI", false},
		{"a forwarded mail is not, and is noticed", "Chuyển Ban Dân vận.\n\n---------- Forwarded message ---------\nTừ: HU\nKính gửi", "Chuyển Ban Dân vận.", true},
		{"Apple's forwarded mail is not", "Begin forwarded message:\n\nFrom: HU", "", true},
		{"Zimbra's is noticed", "Chuyển Ban.\n\n----- Thông điệp đã được chuyển tiếp -----\nTừ: \"HU\" <a@hu.example>\nĐến: VP", "Chuyển Ban.", true},
		{"Thunderbird's is noticed", "-------- Thư chuyển tiếp --------\nTiêu đề: BC", "", true},
		{"one that a person marked is noticed", "Kính chuyển.\nNội dung thư chuyển tiếp:\nTừ: HU", "Kính chuyển.", true},
		{"to pass on is also a word", "Chuyển tiếp: đề nghị Ban xem.", "Chuyển tiếp: đề nghị Ban xem.", false},
		{"a forwarded mail is noticed in Vietnamese", "---------- Thư đã chuyển tiếp ---------\nTừ: HU", "", true},
		{"a line of hyphens is no end", "Một\n----------\nHai", "Một\n----------\nHai", false},
	} {
		raw := letter("Content-Type: text/plain; charset=utf-8", "", row.text)
		m := Parse(raw, "", Limits{})
		if m.Text != row.want || m.Forwarded != row.forwarded {
			t.Errorf("%s: got %q (forwarded %t), want %q", row.sentence, m.Text, m.Forwarded, row.want)
		}
	}
}

func TestTheTextOfAMail(t *testing.T) {
	const html = "Content-Type: text/html; charset=utf-8"
	for _, row := range []struct {
		sentence string
		raw      []byte
		want     string
	}{
		{"HTML is turned into text", letter(html, "", "<html><head><title>x</title><style>p{}</style></head><body><p>Kính gửi&nbsp;Ban,</p><p>Đã <b>gửi</b><br>rồi</p></body></html>"), "Kính gửi Ban,\n\nĐã gửi\nrồi"},
		{"a quotation in HTML is one", letter(html, "", "<div>ĐÃ GỬI</div><div>Vào T4, 12/10/2022, Ban &lt;x@bdv.example&gt; đã viết:<br></div><blockquote><p>Kính gửi</p></blockquote>"), "ĐÃ GỬI"},
		{"cells are parted", letter(html, "", "<table><tr><td>Đăng ký</td><td>5</td></tr></table>"), "Đăng ký\t5"},
		{"of alternatives the plain one is read", letter("Content-Type: multipart/alternative; boundary=b", "", "--b", "Content-Type: text/plain", "", "plain", "--b", html, "", "<p>html</p>", "--b--"), "plain"},
		{"an empty plain alternative is passed over", letter("Content-Type: multipart/alternative; boundary=b", "", "--b", "Content-Type: text/plain", "", " ", "--b", html, "", "<p>html</p>", "--b--"), "html"},
		{"quoted-printable is decoded", letter("Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: quoted-printable", "", "=C4=90=C3=83 G=E1=BB=\r\n=ACI"), "ĐÃ GỬI"},
		{"broken quoted-printable is read as far as it goes", letter("Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: quoted-printable", "", "100=% =ZZ =C3=A1"), "100=% =ZZ á"},
		{"broken base64 is read as far as it goes", letter("Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: base64", "", "xJDDgyBH!4bus\r\nSQ=="), "ĐÃ GỬI"},
		{"UTF-8 that calls itself something else is UTF-8", letter("Content-Type: text/plain; charset=iso-8859-1", "", "ĐÃ GỬI"), "ĐÃ GỬI"},
		{"windows-1258 is composed", letter("Content-Type: text/plain; charset=windows-1258", "", "Ba\xeco ca\xeco"), "Báo cáo"},
		{"a multipart without a boundary is found out", letter("Content-Type: multipart/mixed", "", "--abcde", "Content-Type: text/plain", "", "Chào", "--abcde--"), "Chào"},
		{"a multipart that is none is read as it stands", letter("Content-Type: multipart/mixed; boundary=b", "", "Chào"), "Chào"},
		{"a type that is none is text", letter("Content-Type: <html>", "", "Chào"), "Chào"},
	} {
		m := Parse(row.raw, "", Limits{})
		if m.Text != row.want {
			t.Errorf("%s: got %q, want %q", row.sentence, m.Text, row.want)
		}
		sound(t, row.sentence, m)
	}
}

func TestALinkToAFileStoreIsNoticed(t *testing.T) {
	for _, row := range []struct {
		sentence string
		text     string
		want     bool
	}{
		{"Drive is one", "https://drive.google.com/file/d/1", true},
		{"OneDrive is one", "https://1drv.ms/x/s!A", true},
		{"Dropbox is one", "Tải tại www.dropbox.com/s/1", true},
		{"Google's photographs are one", "Ảnh chụp báo cáo: https://photos.app.goo.gl/x", true},
		{"a link behind words is one", `<a href="https://drive.google.com/x">tại đây</a>`, true},
		{"a Zalo number is how people sign", "https://zalo.me/0905000000", false},
		{"a home page is none", "https://quangngai.gov.example/", false},
		{"what is quoted is ours", "> https://drive.google.com/x", false},
	} {
		kind := "plain"
		if strings.HasPrefix(row.text, "<a") {
			kind = "html"
		}
		if m := Parse(letter("Content-Type: text/"+kind, "", row.text), "", Limits{}); m.Links != row.want {
			t.Errorf("%s: got %t", row.sentence, m.Links)
		}
	}
}

func TestFilesInMailsWithinMails(t *testing.T) {
	inner := func(subject string, file string) string {
		return string(letter("From: HU <vanthu@hu.example>", "Subject: "+subject, "Content-Type: multipart/mixed; boundary=i"+subject, "",
			"--i"+subject, "", "Kính gửi, thư "+subject, "--i"+subject, "Content-Disposition: attachment; filename=\""+file+"\"", "Content-Type: application/octet-stream", "", "tep", "--i"+subject+"--"))
	}
	outer := func(name, content string) []byte {
		return letter("From: vp@tu.example", "Content-Type: multipart/mixed; boundary=o", "", "--o", "", "Chuyển Ban.",
			"--o", "Content-Type: message/rfc822"+name, "", content, "--o--")
	}
	paths := func(m *Mail) string {
		var list []string
		for _, a := range m.Attachments {
			list = append(list, a.Path)
		}
		return strings.Join(list, " ")
	}
	m := Parse(outer(`; name="bc.eml"`, inner("A", "a.xlsx")), "", Limits{})
	if paths(m) != "bc.eml/a.xlsx" || m.Attachments[0].Name != "a.xlsx" {
		t.Errorf("a file in a forwarded mail: %s", paths(m))
	}
	if !m.Forwarded || m.Text != "Chuyển Ban." || !strings.Contains(m.Body, "vanthu@hu.example") || !strings.Contains(m.Body, "Kính gửi, thư A") {
		t.Errorf("a forwarded mail: forwarded %t, text %q, body %q", m.Forwarded, m.Text, m.Body)
	}
	if m := Parse(outer("", inner("A", "a.xlsx")), "", Limits{}); paths(m) != "A.eml/a.xlsx" {
		t.Errorf("a forwarded mail without a name has that of its subject: %s", paths(m))
	}
	if m := Parse(outer(`; name="thu.eml"`, "From: a@hu.example\r\nSubject: x\r\n\r\nHẹn ngày 18."), "", Limits{}); paths(m) != "thu.eml" || len(m.Attachments[0].Data) == 0 {
		t.Errorf("a forwarded mail without files is kept itself: %s", paths(m))
	}
	deep := inner("Z", "z.xlsx")
	for i := range 4 {
		deep = string(outerText(fmt.Sprint("s", i), deep))
	}
	m = Parse([]byte(deep), "", Limits{})
	if paths(m) != "s2.eml/s1.eml/s0.eml/tep-1.eml" || m.Limit != "" {
		t.Errorf("the fourth mail within stays a file: %s, limit %q", paths(m), m.Limit)
	}
	uu := Parse(letter("From: a@hu.example", "", "Gửi Ban.", "begin 644 bc.txt", "#0V%T", "`", "end", "Trân trọng."), "", Limits{})
	if paths(uu) != "bc.txt" || string(uu.Attachments[0].Data) != "Cat" || uu.Text != "Gửi Ban.\nTrân trọng." {
		t.Errorf("a file from before MIME: %s, text %q", paths(uu), uu.Text)
	}
}

func TestTheFilesOfAMailThatIsAFile(t *testing.T) {
	raw := letter("From: HU <vanthu@hu.example>", "Subject: =?utf-8?Q?B=C3=A1o_c=C3=A1o?=", "Content-Type: multipart/mixed; boundary=b", "",
		"--b", "", "begin 644 bc.txt", "#0V%T", "`", "end", "--b", "Content-Disposition: attachment; filename=pl.xlsx", "", "tep",
		"--b", "Content-Type: message/rfc822", "", "Subject: goc", "Content-Disposition: attachment; filename=a.pdf", "", "%PDF", "--b--")
	files, says, limit := Files(raw, Limits{})
	var list []string
	for _, f := range files {
		list = append(list, f.Path+"="+string(f.Data))
	}
	if got := strings.Join(list, " "); got != "bc.txt=Cat pl.xlsx=tep goc.eml/a.pdf=%PDF" || limit != "" {
		t.Errorf("files %s, limit %q", got, limit)
	}
	if says.Subject != "Báo cáo" || says.From.Address != "vanthu@hu.example" {
		t.Errorf("of %+v", says)
	}
	if files, _, limit := Files(raw, Limits{Parts: 2}); limit != "parts" || files != nil {
		t.Errorf("beyond a limit there are no files: %d, limit %q", len(files), limit)
	}
}

// outerText encloses a mail in another with the subject.
func outerText(subject, content string) []byte {
	return letter("From: vp@tu.example", "Subject: "+subject, "Content-Type: multipart/mixed; boundary=o"+subject, "", "--o"+subject, "Content-Type: message/rfc822", "", content, "--o"+subject+"--")
}

// TestFilesInMailsThatAreBroken: programs lose boundaries and empty lines get
// into headers; what the sender attached is there all the same.
func TestFilesInMailsThatAreBroken(t *testing.T) {
	parts := func(boundary string) string {
		return strings.Join([]string{"--" + boundary, "Content-Type: text/plain", "", "Kinh gui Ban", "--" + boundary,
			"Content-Type: application/octet-stream; name=pl.xlsx", "", "tep", "--" + boundary + "--"}, "\r\n")
	}
	for _, row := range []struct {
		sentence string
		raw      []byte
	}{
		{"another boundary than was declared", letter("From: a@hu.example", "Content-Type: multipart/mixed; boundary=khac", "", parts("=_1"))},
		{"no boundary declared", letter("From: a@hu.example", "Content-Type: multipart/mixed", "", parts("=_1"))},
		{"not declared to have parts", letter("From: a@hu.example", "", parts("=_1"))},
		{"an empty line in the header", letter("From: a@hu.example", "Subject: x", "", "MIME-Version: 1.0", "Content-Type: multipart/mixed;", " boundary=\"=_1\"", "", parts("=_1"))},
		{"no closing boundary", letter("From: a@hu.example", "Content-Type: multipart/mixed; boundary=\"=_1\"", "", strings.TrimSuffix(parts("=_1"), "--"))},
		{"a part that declares nothing and holds nothing", letter("From: a@hu.example", "Content-Type: multipart/mixed; boundary=\"=_1\"", "", "--=_1", "Content-Disposition: attachment", "", "", parts("=_1"))},
	} {
		m := Parse(row.raw, "", Limits{})
		if m.Text != "Kinh gui Ban" || len(m.Attachments) != 1 || m.Attachments[0].Name != "pl.xlsx" {
			t.Errorf("%s: text %q, files %v", row.sentence, m.Text, m.Attachments)
		}
	}
	forged := letter("From: a@hu.example", "Subject: x", "", "MIME-Version: 1.0", "From: b@hu.example", "Auto-Submitted: no", "Authentication-Results: mx.example; dmarc=pass header.from=hu.example", "Content-Type: text/plain", "", "Chào")
	if m := Parse(forged, "mx.example", Limits{}); m.Auth != "none" || m.From.Address != "a@hu.example" || m.Text != "Chào" {
		t.Errorf("what stands below an empty line was believed: auth %s, from %s, text %q", m.Auth, m.From.Address, m.Text)
	}
}

func TestBeyondALimitTheHeaderIsStillRead(t *testing.T) {
	const top = "From: vanthu@hu.example\r\nSubject: BC\r\nMessage-ID: <1@hu.example>\r\nIn-Reply-To: <dd@bdv.example>\r\n"
	var nested strings.Builder
	nested.WriteString(top)
	for i := range 30 {
		fmt.Fprintf(&nested, "Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n", i, i)
	}
	for _, row := range []struct {
		sentence, limit, raw string
		lim                  Limits
	}{
		{"unclosed multiparts within multiparts", "depth", nested.String(), Limits{}},
		{"ten thousand parts", "parts", top + "Content-Type: multipart/mixed; boundary=b\r\n\r\n" + strings.Repeat("--b\r\n\r\nx\r\n", 10_000), Limits{}},
		{"parts in parts in parts", "parts", top + "Content-Type: multipart/mixed; boundary=b\r\n\r\n" + strings.Repeat("--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\n\r\nx\r\n--c--\r\n", 400), Limits{}},
		{"two hundred thousand fields", "header", top + strings.Repeat("X-A: b\r\n", 200_000), Limits{}},
		{"a field of ten megabytes", "header", top + "X-A: " + strings.Repeat("a", 10<<20) + "\r\n\r\nx", Limits{}},
		{"a field of ten megabytes, folded", "header", top + "X-A: b\r\n" + strings.Repeat(" a\r\n", 3<<20) + "\r\nx", Limits{}},
		{"a field of a part that has no end", "header", top + "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nX: " + strings.Repeat("a", 1<<20) + "\r\n\r\n", Limits{}},
		{"a mail larger than is read", "size", top + "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Disposition: attachment\r\n\r\n" + strings.Repeat("a", 1<<20), Limits{Size: 1 << 20}},
	} {
		m := Parse([]byte(row.raw), "", row.lim)
		if m.Limit != row.limit {
			t.Errorf("%s: limit %q, want %q", row.sentence, m.Limit, row.limit)
		}
		if m.From.Address != "vanthu@hu.example" || m.Subject != "BC" || m.MessageID != "1@hu.example" || len(m.Threads) != 1 {
			t.Errorf("%s: the header is lost: %+v %q %q %v", row.sentence, m.From, m.Subject, m.MessageID, m.Threads)
		}
		sound(t, row.sentence, m)
	}
}

func TestTwoCopiesHaveOneDigest(t *testing.T) {
	base := with(`Content-Type: application/pdf; name="a.pdf"`)
	digest := func(raw []byte) string { return Parse(raw, "", Limits{}).Digest }
	same := map[string][]byte{
		"the way of a mail does not count": append([]byte("Received: from x by y; Wed, 19 Oct 2022 16:59:58 +0700\r\nDelivered-To: b@bdv.example\r\n"), base...),
		"line ends do not count":           bytes.ReplaceAll(base, []byte("Kính gửi.\r\n"), []byte("Kính gửi.\n")),
		"the transfer encoding does not count": bytes.Replace(base, []byte("name=\"a.pdf\"\r\n\r\ntep"),
			[]byte("name=\"a.pdf\"\r\nContent-Transfer-Encoding: base64\r\n\r\n"+base64.StdEncoding.EncodeToString([]byte("tep"))), 1),
	}
	for sentence, raw := range same {
		if digest(raw) != digest(base) {
			t.Error(sentence)
		}
	}
	other := map[string][]byte{
		"another subject is another mail": append([]byte("Subject: x\r\n"), base...),
		"another file is another mail":    bytes.Replace(base, []byte("\r\ntep\r\n"), []byte("\r\ntap\r\n"), 1),
		"another text is another mail":    bytes.Replace(base, []byte("gửi"), []byte("gởi"), 1),
		"another sender is another mail":  bytes.Replace(base, []byte("vanthu"), []byte("vanphong"), 1),
	}
	for sentence, raw := range other {
		if digest(raw) == digest(base) {
			t.Error(sentence)
		}
	}
}

func TestAMailIsClassedByItsWords(t *testing.T) {
	for _, row := range []struct {
		sentence, subject, text string
		want                    string
	}{
		{"the words for what came another way", "", "ĐÃ GỬI qua trục liên thông, số 45/BC-SNV ngày 17/10/2022.", finding.ClassStatement},
		{"the same without accents", "", "da gui truc lien thong", finding.ClassStatement},
		{"the same after a greeting", "", "Kính gửi Ban Dân vận,\n\nĐã gửi bản giấy hôm qua.", finding.ClassStatement},
		{"the same within a sentence", "", "Sở đã phát hành báo cáo số 45/BC-SNV qua trục liên thông.", finding.ClassStatement},
		{"a date is promised", "", "Sở sẽ gửi báo cáo ngày 18/10.", finding.ClassPromise},
		{"to ask leave to send it on a day is to promise", "", "Đơn vị xin gửi báo cáo vào ngày 18/10/2022.", finding.ClassPromise},
		{"so is to send it on a weekday", "", "Huyện ủy xin phép gửi vào sáng thứ Hai.", finding.ClassPromise},
		{"to ask whether one may is a question", "", "Có thể gửi báo cáo vào ngày 21/10 không?", finding.ClassQuestion},
		{"a promise without a date", "", "Đơn vị đang tổng hợp, sẽ gửi sớm.", finding.ClassPromise},
		{"what is expected is promised", "", "Dự kiến ngày 18/10 hoàn thành.", finding.ClassPromise},
		{"more time is asked for", "", "Huyện ủy xin lùi thời hạn đến ngày 24/10 do mưa bão, sẽ gửi đủ.", finding.ClassExtension},
		{"more time is asked for in the subject", "Xin lùi thời hạn gửi báo cáo DVK 2022 - Huyện ủy Lý Sơn", "Kính gửi.", finding.ClassExtension},
		{"more time by its formal name", "", "Đề nghị gia hạn đến 24/10.", finding.ClassExtension},
		{"a reply under a subject of ours asks for nothing by it", "Re: Đã nhận đề nghị lùi thời hạn gửi báo cáo", "Cảm ơn Ban.", finding.ClassQuestion},
		{"figures are confirmed", "", "XÁC NHẬN ĐÚNG", finding.ClassConfirmation},
		{"figures are confirmed in a word", "", "Đúng.", finding.ClassConfirmation},
		{"figures are denied", "", "KHÔNG", finding.ClassConfirmation},
		{"a sentence that begins with a denial is none", "", "Không mở được tệp mẫu, đề nghị gửi lại?", finding.ClassQuestion},
		{"an address changes", "Thay đổi địa chỉ email Văn phòng HU Sơn Tây", "", finding.ClassContactChange},
		{"another person is in charge", "V/v cử đầu mối báo cáo DVK (Sở TT&TT)", "", finding.ClassContactChange},
		{"a question has its mark", "", "Cấp cơ sở của sở, ngành ghi thế nào?", finding.ClassQuestion},
		{"what is none of these is a question", "", "Kính gửi Ban Dân vận.", finding.ClassQuestion},
		{"a decision of the desk", "", "1A, 2B", finding.ClassCommand},
		{"a decision taken back", "", "HOÀN TÁC 1", finding.ClassCommand},
	} {
		m := Parse(letter("From: a@hu.example", "Subject: "+row.subject, "Content-Type: text/plain; charset=utf-8", "", row.text), "", Limits{})
		if got := Classify(m); got != row.want {
			t.Errorf("%s: %q is %s, want %s", row.sentence, row.subject+" "+row.text, got, row.want)
		}
	}
	for _, row := range []struct {
		sentence string
		raw      []byte
		want     string
	}{
		{"a workbook makes a report, whatever the words", with(`Content-Type: application/octet-stream; name="a.xlsx"`), finding.ClassReport},
		{"a container does too", with(`Content-Type: application/octet-stream; name="a.rar"`), finding.ClassReport},
		{"a logo does not", with(`Content-Type: image/png; name="image001.png"`, "Content-ID: <x>", "Content-Disposition: inline"), finding.ClassQuestion},
		{"a visiting card does not", with(`Content-Type: text/vcard; name="a.vcf"`), finding.ClassQuestion},
		{"a bounce is one", report("Final-Recipient: rfc822; a@hu.example", "Action: failed", "Status: 5.1.1"), finding.ClassBounce},
		{"a machine's mail is one, files or not", append([]byte("Auto-Submitted: auto-replied\r\n"), with(`Content-Type: application/pdf; name="a.pdf"`)...), finding.ClassAutomatic},
	} {
		if got := Classify(Parse(row.raw, "", Limits{})); got != row.want {
			t.Errorf("%s: %s, want %s", row.sentence, got, row.want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(with(`Content-Type: application/pdf; name*0*=UTF-8''B%C3; name*1*=%A1o.pdf`))
	f.Add(report("Final-Recipient: rfc822; a@hu.example", "Action: failed", "Status: 5.1.1"))
	f.Add(outerText("A", string(with(`Content-Type: image/png`))))
	f.Add(letter("From: =?UTF-8?B?VsSDbg==?= <a@hu.example>, (x) b", "Content-Type: text/html", "", "<blockquote><p>x<a href=https://drive.google.com/>"))
	f.Add(letter("Received: a; Wed, 19 Oct 2022 16:59:58 +0700", "Authentication-Results: mx.bdv.example; spf=pass", "", "begin 644 a", "#0V%T", "end"))
	f.Add(letter("Content-Type: application/pkcs7-mime", "", string(sealedBy(ber, within[:50], within[50:]))))
	f.Fuzz(func(t *testing.T, raw []byte) {
		m := Parse(raw, "mx.bdv.example", Limits{Size: 1 << 20, Parts: 40, Depth: 4})
		sound(t, "fuzz", m)
		_ = Classify(m)
		if files, _, limit := Files(raw, Limits{Size: 1 << 20, Parts: 40, Depth: 4}); limit == "crash" || limit != "" && files != nil {
			t.Errorf("%d files, limit %q", len(files), limit)
		}
	})
}

// filled is a mail of about 1 MB with a form, a report, a model and a scan.
func filled(sizes ...int) []byte {
	var raw bytes.Buffer
	raw.WriteString("From: vanthu@hu.example\r\nSubject: =?UTF-8?B?QsOhbyBjw6Fv?=\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" +
		"--b\r\nContent-Type: multipart/alternative; boundary=c\r\n\r\n--c\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nKính gửi Ban Dân vận.\r\n" +
		"--c\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>Kính gửi Ban Dân vận.</p>\r\n--c--\r\n")
	for i, size := range sizes {
		data := make([]byte, size)
		for j := range data {
			data[j] = byte(j*7 + j>>8)
		}
		fmt.Fprintf(&raw, "--b\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment; filename=\"tep %d.docx\"\r\nContent-Transfer-Encoding: base64\r\n\r\n", i)
		text := base64.StdEncoding.EncodeToString(data)
		for len(text) > 76 {
			raw.WriteString(text[:76] + "\r\n")
			text = text[76:]
		}
		raw.WriteString(text + "\r\n")
	}
	raw.WriteString("--b--\r\n")
	return raw.Bytes()
}

func BenchmarkParse(b *testing.B) {
	for _, row := range []struct {
		name  string
		sizes []int
	}{
		{"1MB", []int{30 << 10, 200 << 10, 120 << 10, 400 << 10}},
		{"30MB", []int{7 << 20, 5 << 20, 9 << 20, 1 << 20}},
	} {
		b.Run(row.name, func(b *testing.B) {
			raw := filled(row.sizes...)
			b.SetBytes(int64(len(raw)))
			b.ReportAllocs()
			for b.Loop() {
				if m := Parse(raw, "", Limits{}); len(m.Attachments) != len(row.sizes) {
					b.Fatal(len(m.Attachments))
				}
			}
		})
	}
}

func TestTheCodeOfADigestIsFoundInWhatIsQuoted(t *testing.T) {
	for _, x := range []struct{ sentence, body, want string }{
		{"quoted", "1A\n> ...\n> Mã bản tin: ABCDE-FGH27", "ABCDE-FGH27"},
		{"broken by the quoting", "1A\n> Mã bản tin:\n> abcde-fgh27", "ABCDE-FGH27"},
		{"in English", "1A\n> Code of this digest: ABCDEFGH27.", "ABCDE-FGH27"},
		{"no code", "1A\n> Mã bản tin: 12345-67890", ""},
		{"longer than one", "1A\n> Mã bản tin: ABCDE-FGH27X", ""},
	} {
		m := Parse([]byte("From: a@b.example\r\nSubject: Re: x\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"+x.body+"\r\n"), "", Limits{})
		got := ""
		for _, th := range m.Threads {
			if th.Where == "digest_code" {
				got += th.Value
			}
		}
		if got != x.want {
			t.Errorf("%s: %q, want %q", x.sentence, got, x.want)
		}
	}
}
