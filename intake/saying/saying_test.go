package saying

import (
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"dondoc/intake/finding"
)

// tell puts sayings into one line.
func tell(all []finding.Saying) string {
	var out []string
	for _, s := range all {
		t := s.Kind
		for _, n := range s.Items {
			t += fmt.Sprintf(" %d", n)
		}
		for _, x := range []struct{ name, value string }{{"parts", strings.Join(s.Parts, "+")}, {"ref", s.Ref}, {"via", s.Via}, {"day", s.Day}, {"to", s.Address}, {"because", s.Reason}} {
			if x.value != "" {
				t += " " + x.name + " " + x.value
			}
		}
		out = append(out, t)
	}
	return strings.Join(out, "; ")
}

func TestWhatWordsSay(t *testing.T) {
	for _, c := range []struct{ sentence, subject, text, want string }{
		// Points that are right as they stand.
		{"the words that the letter gives", "", "XÁC NHẬN ĐÚNG 2,4", "right 2 4"},
		{"without marks", "", "xac nhan dung 2, 4", "right 2 4"},
		{"in quotation marks, after a greeting", "", "Kính gửi Ban Dân vận Tỉnh ủy,\n\n\"XÁC NHẬN ĐÚNG 4\"\n\nTrân trọng./.", "right 4"},
		{"in a sentence, with the reason", "", "Huyện ủy xác nhận đúng nội dung 2 và 4, lý do: 05 mô hình năm 2021 chuyển sang.", "right 2 4 because 05 mô hình năm 2021 chuyển sang"},
		{"by the number first", "", "2. đúng, vì 05 mô hình đăng ký từ năm 2021", "right 2 because 05 mô hình đăng ký từ năm 2021"},
		{"one line a point, each with its reason", "", "2. Đúng, vì chuyển từ năm 2021.\n4. Đúng, do phát sinh ngoài đăng ký.", "right 2 because chuyển từ năm 2021; right 4 because phát sinh ngoài đăng ký"},
		{"the reason in a sentence of its own", "", "XÁC NHẬN ĐÚNG 4\nLý do: 05 mô hình năm 2021 chuyển sang.", "right 4 because 05 mô hình năm 2021 chuyển sang"},
		{"the reason goes on after a semicolon", "", "xac nhan dung 2,3. Lý do: 15 mô hình gồm 03 mô hình phát sinh ngoài đăng ký; 20 mô hình năm 2021 được công nhận năm 2022.\nTrân trọng.",
			"right 2 3 because 15 mô hình gồm 03 mô hình phát sinh ngoài đăng ký; 20 mô hình năm 2021 được công nhận năm 2022"},
		{"so does one in the same sentence", "", "XÁC NHẬN ĐÚNG 2, 3 vì 2 phát sinh ngoài đăng ký; 3 chuyển từ năm 2021. Cảm ơn Ban.",
			"right 2 3 because 2 phát sinh ngoài đăng ký; 3 chuyển từ năm 2021"},
		{"what says something else after the semicolon is no reason", "", "XÁC NHẬN ĐÚNG 2, do phát sinh ngoài đăng ký; mô hình sẽ gửi ngày 18/10.",
			"right 2 because phát sinh ngoài đăng ký; will_send parts model day --10-18"},
		{"a range", "", "Xác nhận đúng 2-4", "right 2 3 4"},
		{"numbers with a word each", "", "Xác nhận đúng nội dung 2, nội dung 5", "right 2 5"},
		{"right, and what is not", "", "Nội dung 2 đúng, nội dung 3 không đúng.", "right 2"},
		{"what is not right is not confirmed", "", "Nội dung 2 chưa đúng, sẽ sửa lại.", "will_send"},
		{"after a greeting in the same line", "", "Kính gửi Ban Dân vận Tỉnh ủy, Sở Y tế xin xác nhận số liệu tại nội dung 2 và nội dung 4 là đúng. Lý do: phát sinh ngoài kế hoạch.", "right 2 4 because phát sinh ngoài kế hoạch"},
		{"asked to be noted", "", "Đề nghị Ban ghi nhận: nội dung số 4 đúng, vì năm 2021 có 05 mô hình.", "right 4 because năm 2021 có 05 mô hình"},
		{"a list with semicolons", "", "Xác nhận đúng: 2; 4", "right 2 4"},
		{"all of it", "", "XÁC NHẬN ĐÚNG", "right"},
		{"figures are confirmed in a sentence", "", "Sở xác nhận số liệu đúng.", "right"},
		{"a figure is no point", "", "Xác nhận đúng 41 mô hình.", "right because 41 mô hình"},
		{"in English", "", "We confirm items 2 and 4, because they were registered in 2021.", "right 2 4 because they were registered in 2021"},
		{"that a letter came is no point", "", "We confirm receipt of your letter.", ""},
		{"confirmed is confirmed", "", "Confirmed.", "right"},
		{"to use is not to be right", "", "Sử dụng biểu 2, 4 như mẫu.", ""},
		{"to stop is not either", "", "Xác nhận dừng 2", ""},
		{"whether it is right is a question", "", "Ghi ở ô 2 có đúng không?", "asks"},

		// Sent by another channel.
		{"a number of the State, a day, the document exchange", "", "ĐÃ GỬI Báo cáo số 45/BC-SNV ngày 17/10/2022 qua trục liên thông.", "sent parts report ref 45/BC-SNV via lien-thong day 2022-10-17"},
		{"a number of the Party, on paper", "", "ĐÃ GỬI bản giấy số 125-BC/HU, ngày 14/10", "sent ref 125-BC/HU via giay day --10-14"},
		{"a number with spaces about its dash", "", "Da gui, so 382 -BC/TU qua van thu", "sent ref 382-BC/TU via giay"},
		{"what is passed on within the unit was not sent to us", "", "Đã chuyển đồng chí Lan xử lý.", ""},
		{"nor did a document move with the office", "", "Đơn vị đã chuyển trụ sở.", ""},
		{"but what was taken to the registry is", "", "Đã chuyển báo cáo qua văn thư Ban.", "sent parts report"},
		{"Zalo and no number", "", "đã gửi qua Zalo rồi ạ", "sent via zalo"},
		{"the number itself is not taken for a day", "", "ĐÃ GỬI 12/BC", "sent ref 12/BC"},
		{"a write-up of two is no day", "", "Đã gửi 01/02 mô hình qua Zalo", "sent parts model via zalo"},
		{"a day that does not exist", "", "ĐÃ GỬI ngày 31/13/2022", "sent"},
		{"nothing but the word", "", "ĐÃ GỬI", "sent"},
		{"several parts", "", "Đã gửi báo cáo và phụ lục số liệu qua trục liên thông chiều qua.", "sent parts report+appendix via lien-thong day -1d"},
		{"everything", "", "Sở đã phát hành đầy đủ báo cáo, phụ lục qua ioffice.", "sent via lien-thong"},
		{"the letter that is answered has a number too", "", "Thực hiện Công văn số 624-CV/BDVTU ngày 03/10/2022, Sở đã phát hành Báo cáo số 45/BC-SNV ngày 17/10/2022.", "sent parts report ref 45/BC-SNV day 2022-10-17"},
		{"one part was sent and another will be", "", "Đã gửi báo cáo qua trục liên thông, phụ lục sẽ gửi ngày 18/10.", "sent parts report via lien-thong; will_send parts appendix day --10-18"},
		{"what the committee sent is not what the unit did", "", "Huyện ủy không mở được tệp mẫu Ban đã gửi.", ""},
		{"nor is what was not sent", "", "Đơn vị chưa gửi báo cáo.", ""},
		{"a polite word is no past tense", "", "Dạ gửi Ban báo cáo.", ""},
		{"in English", "", "The report No. 45/BC-SNV was already sent through the document exchange on 17 October 2022.", "sent parts report ref 45/BC-SNV via lien-thong day 2022-10-17"},

		// Promises.
		{"a day", "", "Sở sẽ gửi báo cáo ngày 18/10.", "will_send parts report day --10-18"},
		{"tomorrow afternoon", "", "Chiều mai Sở sẽ gửi.", "will_send day +1d"},
		{"Thursday of this week", "", "Dự kiến thứ Năm tuần này gửi phụ lục.", "will_send parts appendix day W+0-4"},
		{"a weekday", "", "Huyện ủy xin phép gửi vào sáng thứ Hai.", "will_send day W-1"},
		{"the year of a letter is no Thursday", "", "Sở sẽ gửi thư năm 2022 sau.", "will_send"},
		{"the end of the week", "", "Sẽ nộp cuối tuần ạ", "will_send day W+0-5"},
		{"next week", "", "Đơn vị đang trình ký, tuần sau sẽ gửi.", "will_send day W+1-5"},
		{"before a day, as deadlines are said", "", "Sẽ gửi trước ngày 18/10.", "will_send day <--10-18"},
		{"before an hour of a day", "", "Sẽ gửi trước 17h ngày 18/10.", "will_send day --10-18"},
		{"within days", "", "Sẽ gửi trong 3 ngày tới.", "will_send day +3d"},
		{"a day of the month", "", "Sở sẽ gửi vào ngày 18.", "will_send day ---18"},
		{"the deadline is not promised", "", "Sở sẽ gửi ngày 18/10, kịp thời hạn 20/10.", "will_send day --10-18"},
		{"the day of our letter is not either", "", "Thực hiện Công văn số 624-CV/BDVTU ngày 03/10/2022, Sở sẽ gửi báo cáo ngày 18/10.", "will_send parts report day --10-18"},
		{"by hand is no document exchange", "", "Sở đã nộp bản giấy trực tiếp tại Văn phòng Ban chiều 17/10.", "sent via giay day --10-17"},
		{"a day before the verb", "", "Dự kiến 18/10 gửi báo cáo.", "will_send parts report day --10-18"},
		{"a weekday before the verb", "", "Sáng thứ 5 em gửi ạ", "will_send day W-4"},
		{"what the committee will send is no promise of the unit", "", "Mong quý Ban sẽ gửi lại tệp mẫu.", "asks"},
		{"soon", "", "Đơn vị đang tổng hợp, sẽ gửi sớm.", "will_send"},
		{"a line that a program broke", "", "Do đang chờ lãnh đạo trình ký, Sở Giáo dục và Đào tạo dự kiến gửi\nbáo cáo ngày 24/10/2022.", "will_send parts report day 2022-10-24"},
		{"whether one may is a question", "", "Có thể gửi báo cáo vào ngày 21/10 không?", "asks"},
		{"in English", "", "We will send the annex on 18 October.", "will_send parts appendix day --10-18"},

		// More time.
		{"until a day, for a reason", "", "Do mưa bão, Huyện ủy Lý Sơn kính đề nghị lùi thời hạn gửi báo cáo đến ngày 24/10/2022.", "needs_time day 2022-10-24 because mưa bão"},
		{"by its formal name", "", "Đề nghị gia hạn đến 24/10.", "needs_time day --10-24"},
		{"days more", "", "Xin lùi thời hạn thêm 05 ngày.", "needs_time day D+5d"},
		{"in the subject of a new mail", "Xin lùi thời hạn gửi báo cáo DVK 2022", "Kính gửi.", "needs_time"},
		{"a subject of ours asks for nothing", "Re: Đã nhận đề nghị lùi thời hạn gửi báo cáo", "Cảm ơn Ban.", ""},
		{"asked as a question", "", "Sở xin gửi chậm đến 22/10 được không ạ?", "needs_time day --10-22"},
		{"leave to send it late", "", "Sở xin phép gửi báo cáo chậm đến hết ngày 24/10/2022 vì lãnh đạo đi công tác.", "needs_time day 2022-10-24 because lãnh đạo đi công tác"},
		{"what was granted is not asked for", "", "Huyện ủy đã được Ban gia hạn đến 24/10.", ""},
		{"who needs none asks for none", "", "Huyện ủy không xin lùi thời hạn.", ""},
		{"in English", "", "We request an extension until 24 October because of the flood.", "needs_time day --10-24 because the flood"},

		// Another address or person.
		{"a new address", "", "Từ hôm nay Sở thay đổi địa chỉ email sang vanthu.moi@sct.example.", "contact to vanthu.moi@sct.example"},
		{"from an old one to a new one", "", "Thay đổi địa chỉ email từ cu@sct.example sang Moi@sct.example", "contact to moi@sct.example"},
		{"a new person, and the address in a sentence of its own", "", "Người phụ trách mới là đồng chí A. Email: a.moi@syt.example", "contact to a.moi@syt.example"},
		{"another person", "V/v cử đầu mối báo cáo DVK (Sở TT&TT)", "", "contact"},
		{"nothing has changed", "", "Đơn vị không thay đổi đầu mối.", ""},

		// Yes and no.
		{"yes", "", "ĐÚNG", "yes"},
		{"yes, politely", "", "Dạ, đúng ạ.", "yes"},
		{"yes, and whose it is", "", "Đúng là báo cáo của Sở Công Thương.", "yes"},
		{"no", "", "KHÔNG", "no"},
		{"no, and why", "", "Không, báo cáo này không phải của Sở.", "no"},
		{"not ours", "", "Báo cáo này không phải của Sở Công Thương.", "no"},
		{"a sentence that begins with a denial is none", "", "Không mở được tệp mẫu.", ""},
		{"whose it is, in a sentence", "", "Tôi xác nhận đây là báo cáo của Sở Công Thương.", "yes"},
		{"in time is not yes", "", "Đúng hạn Sở sẽ gửi.", "will_send"},

		// Corrections, and what is sent ahead.
		{"a correction", "", "Sở Y tế đính chính số liệu Biểu 2, ô D20: 15 thay cho 51.", "correction"},
		{"asked to be corrected", "", "Đề nghị sửa lại số liệu ô D11 thành 5.", "correction"},
		{"nothing to correct", "", "Sở không có đính chính.", ""},
		{"ahead of the signed copy", "", "Gửi trước bản Word, bản ký gửi sau.", "provisional"},
		{"the signed copy follows on a day", "", "Bản ký sẽ gửi sau vào ngày 20/10.", "provisional day --10-20"},

		// Questions.
		{"a question with its mark", "", "Cấp cơ sở của sở, ngành ghi thế nào?", "asks"},
		{"the word asks", "", "Cho Sở hỏi cách ghi cấp cơ sở.", "asks"},
		{"the word without its marks asks", "", "xin hoi cach ghi cap co so", "asks"},
		{"who wants guidance asks", "", "Đề nghị hướng dẫn cách nhập Biểu 2.", "asks"},
		{"the subject of a new mail may ask", "Vướng mắc khi nhập phụ lục", "", "asks"},
		{"the subject of an answer is ours", "Re: Đã nhận câu hỏi của quý cơ quan [DVK-2022][S-TP]", "Vâng.", ""},
		{"who asks how, and to be guided", "", "Mẫu biểu 2 ghi như thế nào, đề nghị hướng dẫn giúp.", "asks"},
		{"who wants the form once more asks", "", "Đề nghị Ban gửi lại mẫu phụ lục, đơn vị chưa nhận được.", "asks"},
		{"who sends the form back does not", "", "Sở gửi kèm phụ lục theo mẫu.", ""},
		{"late, said at length", "", "Kính đề nghị Ban Dân vận xem xét cho đơn vị nộp báo cáo muộn đến 25/10.", "needs_time day --10-25"},
		{"who follows guidance asks nothing", "", "Sở đã nhập theo hướng dẫn tại công văn.", ""},
		{"an association is no question", "", "Hội Nông dân tỉnh kính chào Ban.", ""},
		{"a link asks nothing", "", "Tệp ở https://drive.example/x?id=1", ""},
		{"a promise and a question", "", "Sở sẽ gửi ngày 18/10. Biểu 3 ghi ở cấp nào?", "will_send day --10-18; asks"},
		{"thanks say nothing", "", "Cảm ơn Ban.", ""},
		{"what somebody else sent to the sender says nothing of the unit", "", "This is the e-mail that the company has sent us.", ""},
		{"below the closing words stands a signature", "", "Sở xin cảm ơn.\n\nTrân trọng,\nVăn phòng Sở, đã gửi từ máy tính", ""},
	} {
		if got := tell(Read(c.subject, c.text)); got != c.want {
			t.Errorf("%s: %q says %q, want %q", c.sentence, c.text, got, c.want)
		}
	}
}

func TestDay(t *testing.T) {
	loc := time.FixedZone("+07", 7*3600)
	received := time.Date(2022, 10, 12, 9, 30, 0, 0, loc) // a Wednesday
	last := time.Date(2022, 10, 19, 0, 0, 0, 0, loc)
	for _, c := range []struct {
		sentence, form string
		past           bool
		want           string
	}{
		{"a whole date", "2022-10-18", false, "2022-10-18"},
		{"a date without a year is the nearest", "--10-18", false, "2022-10-18"},
		{"at the turn of the year too", "--01-05", false, "2023-01-05"},
		{"a day of the month to come", "---18", false, "2022-10-18"},
		{"a day of next month", "---05", false, "2022-11-05"},
		{"a day of the month that is over", "---05", true, "2022-10-05"},
		{"tomorrow", "+1d", false, "2022-10-13"},
		{"Thursday of this week", "W+0-4", false, "2022-10-13"},
		{"Monday of this week is over", "W+0-1", false, ""},
		{"Friday of next week", "W+1-5", false, "2022-10-21"},
		{"the next Monday", "W-1", false, "2022-10-17"},
		{"the last Monday", "W-1", true, "2022-10-10"},
		{"the same weekday is a week on", "W-3", false, "2022-10-19"},
		{"the end of the month", "M+0", false, "2022-10-31"},
		{"days after the deadline", "D+5d", false, "2022-10-24"},
		{"before a day", "<--10-18", false, "2022-10-17"},
		{"a day that does not exist", "--02-31", false, ""},
		{"a day in ten years", "2032-10-18", false, ""},
		{"nonsense", "soon", false, ""},
	} {
		got := ""
		if day, ok := Day(c.form, received, last, c.past); ok {
			got = day.Format(time.DateOnly)
		}
		if got != c.want {
			t.Errorf("%s: %s is %q, want %q", c.sentence, c.form, got, c.want)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add("Xin lùi thời hạn", "Đã gửi Báo cáo số 45/BC-SNV ngày 17/10/2022, phụ lục sẽ gửi thứ Năm tuần này.\n2. đúng, vì …\n")
	f.Add("", "XÁC NHẬN ĐÚNG 2-4, 7\nLý do: x\nĐÚNG. KHÔNG? trước 18.10 \u0301\u0000")
	received := time.Date(2022, 10, 12, 9, 30, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, subject, text string) {
		all := Read(subject, text)
		if len(all) > 3*most {
			t.Fatalf("%d sayings", len(all))
		}
		for _, s := range all {
			for _, n := range s.Items {
				if n < 1 || n > 99 {
					t.Fatalf("the number %d", n)
				}
			}
			if utf8.RuneCountInString(s.Quote) > maxQuote || utf8.RuneCountInString(s.Reason) > maxReason || len(s.Items) > 99 {
				t.Fatalf("unbounded: %+v", s)
			}
			if s.Day != "" && !forms.MatchString(strings.TrimPrefix(s.Day, "<")) {
				t.Fatalf("no form of a day: %q", s.Day)
			}
			Day(s.Day, received, received, false)
		}
	})
}
