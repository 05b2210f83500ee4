package notify

import (
	"testing"
	"time"

	"dondoc/intake/finding"
	"dondoc/notify/letter"
)

func TestSaid(t *testing.T) {
	loc := time.FixedZone("+07", 7*3600)
	received := time.Date(2022, 10, 18, 9, 0, 0, 0, loc)
	day := func(m time.Month, d int) time.Time { return time.Date(2022, m, d, 0, 0, 0, 0, loc) }
	for _, c := range []struct {
		sentence, text string
		want           letter.Said
	}{
		{"a number of the State, a day, the document exchange", "ĐÃ GỬI Báo cáo số 45/BC-SNV ngày 17/10/2022 qua trục liên thông.", letter.Said{Ref: "45/BC-SNV", Day: day(10, 17), Via: "lien-thong"}},
		{"a number of the Party, on paper", "ĐÃ GỬI bản giấy số 125-BC/HU, ngày 14/10", letter.Said{Ref: "125-BC/HU", Day: day(10, 14), Via: "giay"}},
		{"a number with spaces about its dash", "Da gui, so 382 -BC/TU qua van thu", letter.Said{Ref: "382-BC/TU", Via: "giay"}},
		{"Zalo and no number", "đã gửi qua Zalo rồi ạ", letter.Said{Via: "zalo"}},
		{"the number itself is not taken for a day", "ĐÃ GỬI 12/BC", letter.Said{Ref: "12/BC"}},
		{"a day that does not exist", "ĐÃ GỬI ngày 31/02/2022", letter.Said{}},
		{"nothing but the word", "ĐÃ GỬI", letter.Said{}},
	} {
		got := said(&finding.Verdict{Text: c.text, Received: received}, loc)
		if got.Ref != c.want.Ref || got.Via != c.want.Via || !got.Day.Equal(c.want.Day) {
			t.Errorf("%s: %+v, want %+v", c.sentence, got, c.want)
		}
	}
}
