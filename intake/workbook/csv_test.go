package workbook

import (
	"strings"
	"testing"
)

func marked(s string) []byte { return append([]byte{0xFF, 0xFE}, wide(s)...) }

func TestCSV(t *testing.T) {
	for _, test := range []struct {
		sentence string
		data     []byte
		guess    Guess
		want     string // kinds: n is a number, f an error
	}{
		{"commas", []byte("TT,Cấp,Số\n1,Tỉnh,3\n2,Huyện,4\n"), Guess{"UTF-8", ',', 0}, "A1=TT B1=Cấp C1=Số A2=1n B2=Tỉnh C2=3n A3=2n B3=Huyện C3=4n"},
		{"semicolons, decimals with a comma", []byte("TT;Số\r\n1;91,5\r\n2;1,234\r\n"), Guess{"UTF-8", ';', ','}, "A1=TT B1=Số A2=1n B2=91.5n A3=2n B3=1.234n"},
		{"tabs, decimals with a point", []byte("TT\tSố\r1\t91.5\r2\t1,234\r"), Guess{"UTF-8", '\t', '.'}, "A1=TT B1=Số A2=1n B2=91.5n A3=2n B3=1,234"},
		{"what could be read either way stays text", []byte("a;b\n1.234;1,234\n"), Guess{"UTF-8", ';', 0}, "A1=a B1=b A2=1.234 B2=1,234"},
		{"as it was typed", []byte("a;b\n03;3 mô hình\n"), Guess{"UTF-8", ';', 0}, "A1=a B1=b A2=03 B2=3 mô hình"},
		{"errors", []byte("a;b\n#REF!;#ngoài\n"), Guess{"UTF-8", ';', 0}, "A1=a B1=b A2=#REF!f B2=#ngoài"},
		{"UTF-8 with its mark", []byte("\xef\xbb\xbfCấp;Số\n1;2\n"), Guess{"UTF-8", ';', 0}, "A1=Cấp B1=Số A2=1n B2=2n"},
		{"UTF-16", marked("Cấp\tSố\r\n1\t2\r\n"), Guess{"UTF-16", '\t', 0}, "A1=Cấp B1=Số A2=1n B2=2n"},
		{"UTF-16 without its mark", wide("a\tb\r\n1\t2\r\n"), Guess{"UTF-16", '\t', 0}, "A1=a B1=b A2=1n B2=2n"},
		{"UTF-8 with a letter cut in half", []byte("Tên đơn vị báo cáo;Số\n1;Cấp t\xe1\xbb\n"), Guess{"UTF-8", ';', 0}, "A1=Tên đơn vị báo cáo B1=Số A2=1n B2=Cấp t\ufffd"},
		{"windows-1258", []byte("\xf0\xe3ng ky\xec;\xf0\xfd\xf5\xf2c x\xe2y d\xfd\xf2ng\n1;2\n"), Guess{"windows-1258", ';', 0}, "A1=đăng ký B1=được xây dựng A2=1n B2=2n"},
		{"letters of .VnTime stay as they are", []byte("\xae\xb7 x\xa9y d\xf9ng;Kinh t\xd5\n1;2\n"), Guess{"windows-1252", ';', 0}, "A1=®· x©y dùng B1=Kinh tÕ A2=1n B2=2n"},
		{"quotes, doubled ones and lines within", []byte("a,b\n\"x, \"\"y\"\"\nz\",2\n"), Guess{"UTF-8", ',', 0}, "A1=a B1=b A2=x, \"y\"\nz B2=2n"},
		{"a quote that is never closed ends with its line", []byte("a;b\n\"x;2\n3;4\n"), Guess{"UTF-8", ';', 0}, "A1=a B1=b A2=\"x B2=2n A3=3n B3=4n"},
		{"the same as above, between tabs", []byte("a\tb\tc\n1\t\"\t3\n2\t\"\t4\n"), Guess{"UTF-8", '\t', 0}, "A1=a B1=b C1=c A2=1n B2=\" C2=3n A3=2n B3=\" C3=4n"},
		{"empty lines and fields count", []byte("a;;c\n\n;;3\n1;2;\n"), Guess{"UTF-8", ';', 0}, "A1=a C1=c C3=3n A4=1n B4=2n"},
		{"the last field is empty", []byte("a;b;c\n1;2;"), Guess{"UTF-8", ';', 0}, "A1=a B1=b C1=c A2=1n B2=2n"},
		{"Excel says that it is a tab", []byte("sep=\t\na\tb\n"), Guess{"UTF-8", '\t', 0}, "A1=a B1=b"},
		{"Excel says the separator", []byte("sep=|\na|b\n"), Guess{"UTF-8", '|', 0}, "A1=a B1=b"},
		{"a form whose lines were trimmed", []byte("PHỤ LỤC\n\nTT;Cấp;Mã;1\n1;Tỉnh;11;3\n2;Huyện;12\nghi chú\n"), Guess{"UTF-8", ';', 0}, "A1=PHỤ LỤC A3=TT B3=Cấp C3=Mã D3=1n A4=1n B4=Tỉnh C4=11n D4=3n A5=2n B5=Huyện C5=12n A6=ghi chú"},
	} {
		t.Run(test.sentence, func(t *testing.T) {
			b, err := Open(test.data)
			if err != nil {
				t.Fatal(err)
			}
			if *b.Guess != test.guess || b.Format != "csv" {
				t.Errorf("guessed %+v, want %+v", *b.Guess, test.guess)
			}
			if got := kinds(b.Sheets[0]); got != test.want {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
}

// kinds writes down cells with their types.
func kinds(s *Sheet) string {
	var out []string
	for _, c := range s.Cells() {
		out = append(out, c.Address()+"="+c.Raw+map[Type]string{Number: "n", Fault: "f", Date: "d", Bool: "b"}[c.Type])
	}
	return strings.Join(out, " ")
}

func TestTextIsNoCSV(t *testing.T) {
	for sentence, data := range map[string]string{
		"a letter":           "Kính gửi Ban Dân vận,\nChúng tôi xin gửi báo cáo, phụ lục, danh mục.\nTrân trọng, cảm ơn,\nVăn thư, Huyện ủy\n",
		"a decree":           "Điều 1. Sửa đổi như sau:\n1. Đối tượng: cá nhân; tổ chức; doanh nghiệp;\nhai dòng;\nba; bốn; năm.\nKhông có gì.\n2. Phạm vi: tỉnh; huyện; xã.\nHết\nNơi nhận:\n- Như trên;\n- Lưu.\n",
		"one line":           "a,b,c",
		"nothing to split":   "một\nhai\nba\n",
		"a decree of commas": "a, b, c\nd\ne\nf, g\nh\n",
		"binary":             "a;b;c\n\x01\x02;d;e\n1;2;3\n",
	} {
		b, err := Open([]byte(data))
		if e, ok := err.(*Error); !ok || e.Kind != NotAWorkbook {
			t.Errorf("%s: %+v %v", sentence, b, err)
		}
	}
}

func FuzzCSV(f *testing.F) {
	f.Add([]byte("TT;Số\r\n1;\"91,5\"\r\n2;1,234\r\n"))
	f.Add([]byte("\xff\xfea\x00;\x00b\x00\n\x001\x00;\x002\x00"))
	f.Fuzz(check)
}
