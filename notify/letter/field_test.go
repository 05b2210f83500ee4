package letter

import (
	"mime"
	netmail "net/mail"
	"strings"
	"testing"
	"unicode/utf8"
)

// unfold takes a field apart as a strict reader does (RFC 5322 §2.2.3): only
// the line breaks go, and nothing is trimmed.
func unfold(t testing.TB, name, value string) string {
	t.Helper()
	for i, line := range strings.Split(name+": "+value, "\r\n") {
		if len(line) > maxLine {
			t.Errorf("line %d has %d characters: %q", i, len(line), line)
		}
		if strings.TrimSpace(line) == "" || i == 0 && strings.TrimSpace(line) == name+":" {
			t.Errorf("line %d says nothing: %q", i, line)
		}
		if i > 0 && !strings.HasPrefix(line, " ") {
			t.Errorf("line %d is no continuation: %q", i, line)
		}
	}
	value = strings.ReplaceAll(value, "\r\n", "")
	for _, word := range strings.Fields(value) {
		if strings.HasPrefix(word, "=?") {
			if len(word) > maxEncoded {
				t.Errorf("an encoded word of %d characters: %q", len(word), word)
			}
			text, err := new(mime.WordDecoder).Decode(word)
			if err != nil || !utf8.ValidString(text) {
				t.Errorf("%q alone is %q, %v: a character was cut in two", word, text, err)
			}
		}
	}
	return value
}

func TestSubjectField(t *testing.T) {
	for _, c := range []struct{ sentence, text, want string }{
		{"nothing", "", ""},
		{"ASCII stays as it is", "Data annex received [RIV-9]", "Data annex received [RIV-9]"},
		{"long ASCII is folded between words", "This is a subject that is written in plain words and goes on for more than a line does",
			"This is a subject that is written in plain words and goes on for\r\n more than a line does"},
		{"one Vietnamese word", "Đủ", "=?utf-8?B?xJDhu6c=?="},
		{"codes before and after stay readable", "[DVK-2022] còn thiếu một [HU-BATO]", "[DVK-2022] =?utf-8?B?Y8OybiB0aGnhur91IG3hu5l0?= [HU-BATO]"},
		{"an ASCII word between two others goes with them", "đã nhận trong hôm nay", "=?utf-8?B?xJHDoyBuaOG6rW4gdHJvbmcgaMO0bQ==?= nay"},
		{"what looks like an encoded word is one of ours then", "=?utf-8?Q?x?=", "=?utf-8?B?PT91dGYtOD9RP3g/PQ==?="},
		{"a whole subject", `Đã nhận đủ báo cáo "Dân vận khéo" năm 2022 [DVK-2022][HU-NGHIAHANH]`,
			"=?utf-8?B?xJDDoyBuaOG6rW4gxJHhu6cgYsOhbyBjw6FvICJEw6JuIA==?=\r\n =?utf-8?B?duG6rW4ga2jDqW8iIG7Eg20=?= 2022 [DVK-2022][HU-NGHIAHANH]"},
	} {
		got := subjectField(c.text)
		if got != c.want {
			t.Errorf("%s:\n%q, want\n%q", c.sentence, got, c.want)
		}
		if c.text != "" {
			back, err := new(mime.WordDecoder).DecodeHeader(unfold(t, "Subject", got))
			if err != nil || back != c.text {
				t.Errorf("%s: read back as %q, %v", c.sentence, back, err)
			}
		}
	}
}

func TestFromField(t *testing.T) {
	for _, c := range []struct{ sentence, name, want string }{
		{"no name", "", "<a@b.example>"},
		{"an ASCII name", "River Council", `"River Council" <a@b.example>`},
		{"an ASCII name with specials is quoted", "Office (north), No. 3", `"Office (north), No. 3" <a@b.example>`},
		{"a Vietnamese name, its ASCII words with it", "Phòng TH-DT&TG (tổng hợp) A.B", "=?utf-8?B?UGjDsm5nIFRILURUJlRHICh04buVbmcgaOG7o3ApIEEuQg==?=\r\n <a@b.example>"},
	} {
		got := fromField(c.name, "a@b.example")
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.sentence, got, c.want)
		}
		a, err := netmail.ParseAddress(unfold(t, "From", got))
		if err != nil || a.Name != c.name || a.Address != "a@b.example" {
			t.Errorf("%s: read back as %v, %v", c.sentence, a, err)
		}
	}
}

// Whatever a committee calls itself, and whatever a template makes of a
// subject, comes back as it was, within the lengths of RFC 2047 §2.
func FuzzFields(f *testing.F) {
	f.Add("Đã nhận; còn thiếu Phụ lục số liệu, 01 mô hình [DVK-2022][S-YT]")
	f.Add("[DIỄN TẬP → vanthu@hunghiahanh.quangngai.example +1] Đã nhận đủ")
	f.Add(strings.Repeat("ệ", 200))
	f.Add(strings.Repeat("x", 200) + " 👩‍👩‍👧 y")
	f.Add("a ệệệệệệệệệệệệệệệ b =?c?= \"d\" \\")
	f.Fuzz(func(t *testing.T, text string) {
		want := tidy(text)
		if len(want) > 2000 || want == "" {
			return
		}
		got, err := new(mime.WordDecoder).DecodeHeader(unfold(t, "Subject", subjectField(text)))
		if err != nil || got != want {
			t.Errorf("the subject %q came back as %q, %v", want, got, err)
		}
		a, err := netmail.ParseAddress(unfold(t, "From", fromField(text, "a@b.example")))
		if err != nil || a.Name != want {
			t.Errorf("the name %q came back as %v, %v", want, a, err)
		}
	})
}
