package document

import (
	"strings"
	"testing"
)

func TestSaysNothing(t *testing.T) {
	for _, c := range []struct {
		sentence, text string
		want           bool
	}{
		{"a letter that nothing was done", "HUYỆN ỦY BA TƠ\nSố: 15-CV/HU\nNăm 2022, đơn vị không triển khai, không phát sinh mô hình “Dân vận khéo”.", true},
		{"without marks", "Don vi khong phat sinh mo hinh nao", true},
		{"over a line's end", "đơn vị không\nphát sinh số liệu", true},
		{"no model was registered", "Năm 2022 cơ quan không đăng ký mô hình.", true},
		{"a question about zeros", "Ô không có số liệu thì ghi 0 phải không ạ?", false},
		{"a report that also says so", "không phát sinh" + strings.Repeat(" kết quả thực hiện phong trào thi đua", 100), false},
		{"an ordinary letter", "Kính gửi Ban Dân vận Tỉnh ủy báo cáo kết quả thực hiện.", false},
		{"nothing at all", "", false},
	} {
		if got := SaysNothing(c.text); got != c.want {
			t.Errorf("%s: %v", c.sentence, got)
		}
	}
}
