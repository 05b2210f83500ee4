package letter

import (
	"testing"

	"dondoc/intake/finding"
)

func TestOnlyAQuestionIsCalledOne(t *testing.T) {
	v := &view{c: peopleWork()}
	for _, x := range []struct {
		sentence string
		m        finding.Verdict
		want     bool
	}{
		{"a question mark asks", finding.Verdict{Class: finding.ClassQuestion, Text: "Ghi ở cấp nào?"}, true},
		{"the word asks", finding.Verdict{Class: finding.ClassQuestion, Text: "Cho Sở hỏi cách ghi cấp cơ sở."}, true},
		{"the word without its marks asks", finding.Verdict{Class: finding.ClassQuestion, Text: "xin hoi cach ghi cap co so"}, true},
		{"who wants guidance asks", finding.Verdict{Class: finding.ClassQuestion, Text: "Đề nghị hướng dẫn cách nhập Biểu 2."}, true},
		{"the subject of a new mail may ask", finding.Verdict{Class: finding.ClassQuestion, Subject: "Vướng mắc khi nhập phụ lục"}, true},
		{"the subject of an answer is ours", finding.Verdict{Class: finding.ClassQuestion, Subject: "Re: Đã nhận câu hỏi của quý cơ quan [DVK-2022][S-TP]", Text: "Vâng."}, false},
		{"an association is no question", finding.Verdict{Class: finding.ClassQuestion, Text: "Hội Nông dân tỉnh kính chào Ban."}, false},
		{"a promise is none, whatever it asks", finding.Verdict{Class: finding.ClassPromise, Text: "Sẽ gửi ngày 18/10, được không?"}, false},
		{"an empty mail asks nothing", finding.Verdict{Class: finding.ClassQuestion}, false},
	} {
		if got := v.asks(&x.m); got != x.want {
			t.Errorf("%s: %t", x.sentence, got)
		}
	}
}
