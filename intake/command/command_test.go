package command

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"dondoc/intake/finding"
)

func said(m Message) string {
	var all []string
	for _, o := range m.Orders {
		switch o.Do {
		case finding.OrderChoose:
			all = append(all, fmt.Sprintf("%d%s", o.Number, o.Letter))
		case finding.OrderUndo:
			all = append(all, fmt.Sprintf("undo %d", o.Number))
		default:
			all = append(all, o.Do)
		}
	}
	for _, u := range m.Unclear {
		all = append(all, "?"+u)
	}
	return strings.Join(all, " | ")
}

func TestRead(t *testing.T) {
	for _, x := range []struct{ sentence, text, want string }{
		{"one order", "1A", "1A"},
		{"in small letters", "2b", "2B"},
		{"two on a line", "1A, 2B", "1A | 2B"},
		{"without a sign between them", "1A 2B", "1A | 2B"},
		{"with a word between them", "1A và 2B", "1A | 2B"},
		{"with a space", "1 A", "1A"},
		{"with a dot", "1.A", "1A"},
		{"as a list", "1) a\n2) b", "1A | 2B"},
		{"with semicolons", "3 C; 4 A", "3C | 4A"},
		{"as a telephone corrects it", "1 a. ", "1A"},
		{"with a full stop", "1A.", "1A"},
		{"with non-breaking spaces", "1\u00a0A\u202f, 2\u00a0B", "1A | 2B"},
		{"in full-width letters", "１Ａ， ２Ｂ", "1A | 2B"},
		{"in typographic quotes", "“1A”", "1A"},
		{"with invisible characters", "\u200b1A\ufeff", "1A"},
		{"with a thumb", "1A 👍🏽", "1A"},
		{"as items", "- 1A\n• 2B", "1A | 2B"},
		{"named as what it is", "Việc 1: A", "1A"},
		{"chosen", "1 chọn A, em chọn 2B nhé anh", "1A | 2B"},
		{"politely", "1A ạ", "1A"},
		{"decomposed letters are the same letters", "1A a\u0323", "1A"},
		{"a leading nought", "01A", "1A"},
		{"the same twice is once", "1A\n1a", "1A"},
		{"hold the reminders", "DỪNG NHẮC", "stop"},
		{"without marks", "dung nhac", "stop"},
		{"the quotes of the digest copied", "\"DỪNG NHẮC\".", "stop"},
		{"open again", "MỞ LẠI", "resume"},
		{"remind again", "nhắc lại ạ", "resume"},
		{"in English", "1A and 2b; stop reminders", "1A | 2B | stop"},
		{"take one back", "HOÀN TÁC 1", "undo 1"},
		{"take two back", "hoan tac 1, 2", "undo 1 | undo 2"},
		{"take one back and choose another", "HOÀN TÁC 1, 1B", "undo 1 | 1B"},
		{"take one back by its letter", "Hoàn tác 1A", "undo 1"},
		{"in English, take one back", "Undo 1", "undo 1"},
		{"take back the stop", "HOÀN TÁC DỪNG NHẮC", "undo 0"},
		{"take back who knows what", "HOÀN TÁC", "?HOÀN TÁC"},
		{"a greeting before, a farewell behind", "Kính gửi hệ thống,\n\n1A\n2B\n\nTrân trọng cảm ơn!\nNguyễn Văn A", "1A | 2B"},
		{"a name", "1A\n\nHà", "1A"},
		{"a whole signature", "1A\n\nThân,\nNguyễn Thị Bình Minh\nPhó Trưởng phòng TH-DT&TG\nĐT: 0914.000.006", "1A"},
		{"a number to call", "1A\n\n0914 000 006", "1A"},
		{"a name in capitals", "1A\n\nNGUYỄN VĂN A", "1A"},
		{"what is in capitals may be meant", "1A\n\nKHOAN ĐÃ", "1A | ?KHOAN ĐÃ"},
		{"below the order without a gap nobody signs", "1A\nSơn Hà", "1A | ?Sơn Hà"},
		{"what the telephone adds", "1A\n\nSent from my iPhone", "1A"},
		{"what the telephone adds, in Vietnamese", "1A\nGửi từ điện thoại của tôi", "1A"},
		{"an order that is none", "1A\n2B\n3 ok", "1A | 2B | ?3 ok"},
		{"only that", "3 ok", "?3 ok"},
		{"words that change it", "1A nhưng hỏi lại anh Tuấn đã", "?1A nhưng hỏi lại anh Tuấn đã"},
		{"a negation", "Không 1A\n2B", "2B | ?Không 1A"},
		{"a request besides", "1A\n\nNhờ anh xem lại đơn vị Sơn Tây giúp.", "1A | ?Nhờ anh xem lại đơn vị Sơn Tây giúp."},
		{"a negation in English", "No 1A\n1A: no", "?No 1A | ?1A: no"},
		{"two letters for one number are neither", "1A\n2C\n1B", "2C | ?1A | ?1B"},
		{"two letters on one line", "1A hoặc 1B", "?1A hoặc 1B"},
		{"two letters behind one number", "1A B", "?1A B"},
		{"two letters run together", "1AB", "?1AB"},
		{"stop and go", "dừng nhắc\nmở lại", "?dừng nhắc | ?mở lại"},
		{"an hour is no order", "8h", "?8h"},
		{"a day is no order", "Hẹn ngày 17/10", ""},
		{"a long number is no order", "1234A", ""},
		{"an ordinary mail", "Anh kiểm tra giúp số liệu Sơn Hà.\nTôi thấy 12 đơn vị chưa gửi.", ""},
		{"thanks", "Đã nhận, cảm ơn.", ""},
		{"nothing", "\n \n", ""},
		{"a digest copied below without a mark", "1A\n\n38/70 đơn vị đã đủ (+7 so với thứ Sáu).\n1. Thư J3YQ6. A: Huyện ủy Sơn Hà", "1A"},
	} {
		if got := said(Read(x.text)); got != x.want {
			t.Errorf("%s: %q gives %q, want %q", x.sentence, x.text, got, x.want)
		}
	}
}

func TestAMailBeginsWithAnOrder(t *testing.T) {
	for _, x := range []struct {
		sentence, text string
		want           bool
	}{
		{"at once", "1A\nvà việc khác", true},
		{"after a greeting", "Kính gửi Phòng,\n1A", true},
		{"not after something else", "Gửi kèm biểu:\n1A", false},
	} {
		if got := Read(x.text).First; got != x.want {
			t.Errorf("%s: %t", x.sentence, got)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{"1A, 2b", "HOÀN TÁC 1, 2", "Kính gửi\n１Ａ\n\nNguyễn Văn A\n0914 000 006", "1A nhưng\n\x00\xff", strings.Repeat("1A ", 200), "3 ok\n3A\n3B"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		m := Read(s)
		if len(m.Orders) > maxOrders || len(m.Unclear) > maxUnclear {
			t.Fatalf("%d orders, %d lines", len(m.Orders), len(m.Unclear))
		}
		letters := map[int]string{}
		for _, o := range m.Orders {
			if o.Number < 0 || o.Number > 999 || len(o.Letter) > 1 {
				t.Fatalf("%+v", o)
			}
			if have, ok := letters[o.Number]; o.Do == finding.OrderChoose && ok && have != o.Letter {
				t.Fatalf("%d is both %s and %s", o.Number, have, o.Letter)
			} else if o.Do == finding.OrderChoose {
				letters[o.Number] = o.Letter
			}
		}
		for _, u := range m.Unclear {
			if utf8.RuneCountInString(u) > maxQuote || strings.ContainsAny(u, "\n\x00") {
				t.Fatalf("%q", u)
			}
		}
		if again := Read(s); said(again) != said(m) {
			t.Fatal("read differently the second time")
		}
	})
}
