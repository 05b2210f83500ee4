package message

import (
	"fmt"
	"strings"
	"testing"
)

// copied is the letter of ours below the words of a server.
const copied = "Return-Path: <tiepnhan@bdv.example>\nReceived: from a.example by b.example; Mon, 3 Oct 2022 08:00:00 +0700\n" +
	"Message-ID: <dd.HU-X.T1@bdv.example>\nX-Dondoc-Key: invite/HU-X\nFrom: tiepnhan@bdv.example\nTo: vanthu@hu.example\nSubject: Giao mẫu\n\nKính gửi: nguoikhac@khac.example"

func TestABounceInWordsIsRead(t *testing.T) {
	const daemon = "From: MAILER-DAEMON@mx.example\nTo: tiepnhan@bdv.example\nSubject: failure notice"
	for _, row := range []struct {
		sentence, head, body, want string
	}{
		{"qmail names the address on a line of its own", daemon,
			"Hi. This is the qmail-send program at mx.example.\nI'm afraid I wasn't able to deliver your message to the following addresses.\n\n<vanthu@hu.example>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n--- Below this line is a copy of the message.\n\n" + copied,
			"{vanthu@hu.example 5.1.1  true} dd.HU-X.T1@bdv.example invite/HU-X"},
		{"a full mailbox is said in words alone", daemon, "Message from hu.example.\nUnable to deliver message to the following address(es).\n\n<vanthu@hu.example>:\nThis account is over quota.\n\n--- Original message follows.\n\n" + copied,
			"{vanthu@hu.example 5.2.2  true} dd.HU-X.T1@bdv.example invite/HU-X"},
		{"a code without a status is told by the words beside it", daemon, "RCPT TO:<vanthu@hu.example>\n<<< 550 <vanthu@hu.example>: User unknown", "{vanthu@hu.example 5.1.1  true}"},
		{"a domain that is not there", daemon, "<vanthu@khong-co.example>:\nHost or domain name not found.", "{vanthu@khong-co.example 5.1.2  true}"},
		{"spam filters refuse the letter, not the address", daemon, "Your message to vanthu@hu.example was not delivered: 550 blocked as spam", "{vanthu@hu.example 5.7.1  true}"},
		{"a delay is none for good", "From: MAILER-DAEMON@mx.example\nSubject: Delivery Status Notification (Delay)",
			"Delivery to the following recipient has been delayed:\n\n     vanthu@hu.example\n\nMessage will be retried for 2 more day(s)", "{vanthu@hu.example 4.0.0  false}"},
		{"in Vietnamese", "From: MAILER-DAEMON@mx.example\nSubject: Thư không gửi được", "Thư của bạn không gửi được tới địa chỉ sau:\n\n  vanthu@hu.example\n\nĐịa chỉ không tồn tại.", "{vanthu@hu.example 5.1.1  true}"},
		{"a full mailbox in Vietnamese", "From: postmaster@mx.example\nSubject: Không thể gửi: Giao mẫu", "Không gửi được thư đến vanthu@hu.example: hộp thư đã đầy.", "{vanthu@hu.example 5.2.2  true}"},
		{"our own address in the text is not the one", daemon, "A message from <tiepnhan@bdv.example> could not be delivered to vanthu@hu.example: no such user", "{vanthu@hu.example 5.1.1  true}"},
		{"only the copy says whom it was for", daemon, "Your message could not be delivered.\n\n----- Original message follows -----\n\n" + copied, "{vanthu@hu.example 5.0.0  true} dd.HU-X.T1@bdv.example invite/HU-X"},
		{"a server without any name that begins with saying so", "From: imss@hu.example\nSubject: Mail could not be delivered", "Unable to deliver message to <vanthu@hu.example>.\n550 5.1.1 unknown user", "{vanthu@hu.example 5.1.1  true}"},
		{"who writes that our letter did not arrive is a person", "From: vanthu@hu.example\nSubject: Thư không nhận được", "Kính gửi Ban, địa chỉ phong@hu.example hỏng, đề nghị gửi lại vào vanthu@hu.example.", "<nil>"},
		{"so is one who answers a bounce", "From: vanthu@hu.example\nSubject: Re: Undelivered Mail Returned to Sender", "Em gửi lại báo cáo ạ.\n\n> Unable to deliver message to <vanthu@hu.example>.", "<nil>"},
		{"an answering machine names who stands in", "From: a@hu.example\nReturn-Path: <>\nSubject: Re: Giao mẫu", "I am out of the office until Monday. For urgent matters write to b@hu.example.", "<nil>"},
		{"a copy with parts of its own is not taken apart", daemon,
			"<vanthu@hu.example>:\nno mailbox here by that name\n\n--- Below this line is a copy of the message.\n\nReturn-Path: <tiepnhan@bdv.example>\nContent-Type: multipart/mixed; boundary=c\n\n--c\nContent-Type: text/plain\n\nxin gửi\n--c--", "{vanthu@hu.example 5.1.1  true}"},
	} {
		m := Parse(letter(strings.Split(row.head+"\n\n"+row.body, "\n")...), "", Limits{})
		got := "<nil>"
		if b := m.Bounce; b != nil {
			got = fmt.Sprintf("{%s %s %s %v}", b.Address, b.Status, b.Meaning, b.Permanent)
			if m.Machine != "bounce" {
				t.Errorf("%s: a bounce by %q", row.sentence, m.Machine)
			}
		}
		for _, x := range m.Threads {
			got += " " + x.Value
		}
		if got != row.want {
			t.Errorf("%s: got %s, want %s", row.sentence, got, row.want)
		}
	}
}

func TestAStatusThatSaysNothingIsToldByItsWords(t *testing.T) {
	for _, row := range []struct {
		sentence, status, words, meaning string
		dead                             bool
	}{
		{"failed, because full", "5.0.0", "552 disk quota exceeded", "5.2.2", false},
		{"failed, because nobody is there", "5.0.0", "550 user unknown", "5.1.1", true},
		{"failed, and no more", "5.0.0", "", "", true},
		{"other address status, because of a policy", "5.1.0", "550 5.1.0 blocked by policy", "5.7.1", false},
		{"access denied is how one large server says unknown", "5.4.1", "550 5.4.1 Recipient address rejected: Access denied", "5.1.1", true},
		{"a status that says it stands", "5.2.2", "550 user unknown", "", false},
	} {
		m := Parse(report("Final-Recipient: rfc822; vanthu@hu.example", "Action: failed", "Status: "+row.status, "Diagnostic-Code: smtp; "+row.words), "", Limits{})
		b := m.Bounce
		if b == nil || b.Status != row.status && row.status != "5.0.0" || b.Meaning != row.meaning {
			t.Errorf("%s: %+v", row.sentence, b)
			continue
		}
		b.Ours = true
		if b.Dead() != row.dead {
			t.Errorf("%s: dead %t", row.sentence, b.Dead())
		}
	}
}

func TestAMachineSaysSo(t *testing.T) {
	for _, row := range []struct {
		sentence, head, body, want string
	}{
		{"a complaint about a letter (RFC 5965)", "Content-Type: multipart/mixed; boundary=b", "--b\n\nspam\n--b\nContent-Type: message/feedback-report\n\nFeedback-Type: abuse\n--b--", "report"},
		{"an appointment that a button accepted", "Content-Type: multipart/mixed; boundary=b", "--b\n\n\n--b\nContent-Type: text/calendar; method=REPLY\n\nBEGIN:VCALENDAR\n--b--", "calendar"},
		{"and its subject alone", "Subject: =?UTF-8?Q?=C4=90=C3=A3_ch=E1=BA=A5p_nh=E1=BA=ADn:_N=E1=BB=99p?=", "", "subject"},
		{"a question whether one is a person", "X-BoxTrapper: 3", "Please verify", "challenge"},
		{"and without a field", "Subject: Please confirm your email to a@hu.example", "click", "subject"},
		{"a note of absence that calls itself automatic", "Subject: Re: Giao mẫu", "Đây là thư trả lời tự động. Tôi đã nhận được thư của quý Ban.", "subject"},
		{"one that does not", "Subject: Re: Giao mẫu", "Hiện tôi đang nghỉ phép đến hết tuần. Tôi sẽ trả lời thư của quý vị ngay khi trở lại làm việc.", "subject"},
		{"in English", "Subject: Re: form", "I am out of the office until 20 October. I will reply when I return.", "subject"},
		{"who is away and promises the report wrote it himself", "Subject: Re: Giao mẫu", "Tôi đang đi công tác đến 18/10, sẽ gửi báo cáo ngay khi trở lại cơ quan.", ""},
		{"who writes of a colleague's absence too", "Subject: Re: Giao mẫu", "Đồng chí phụ trách đang nghỉ thai sản, đề nghị gửi cho tôi.", ""},
		{"the mailbox is nearly full", "Subject: =?UTF-8?Q?C=E1=BA=A3nh_b=C3=A1o_dung_l=C6=B0=E1=BB=A3ng_h=E1=BB=99p_th=C6=B0?=", "90%", "subject"},
		{"a filter of the mailbox", "X-Vacation: yes", "", "autoreply"},
		{"a clerk whose signature forbids nothing", "Subject: Hỏi", "Biểu 2 ghi thế nào? Please consider the environment before printing this e-mail.", ""},
	} {
		m := Parse(letter(strings.Split("From: a@hu.example\n"+row.head+"\n\n"+row.body, "\n")...), "", Limits{})
		if m.Machine != row.want {
			t.Errorf("%s: got %q, want %q", row.sentence, m.Machine, row.want)
		}
	}
}
