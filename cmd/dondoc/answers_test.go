package main

import "testing"

// TestAReceiptDoesNotSilenceTheNextQuestion: a question that came with files is
// answered by their receipt, which says nothing of it. The next one has to be
// acknowledged, although the first had been decided to be within the day.
func TestAReceiptDoesNotSilenceTheNextQuestion(t *testing.T) {
	t.Parallel()
	w, mails := newInvited(t)
	put := func(raw []byte, when string) {
		if _, err := w.imap.Append("tiepnhan", "INBOX", raw, at(t, when)); err != nil {
			t.Fatal(err)
		}
		w.must(at(t, when), "once")
	}
	const unit = "vanthu@hubinhson.quangngai.example"
	question := mail(unit, "Hỏi về mẫu", "Xin hỏi cách ghi cấp cơ sở.")
	if _, err := w.imap.Append("tiepnhan", "INBOX", question, at(t, "2022-10-12 09:00")); err != nil {
		t.Fatal(err)
	}
	put(mails[0], "2022-10-12 09:30")
	put(mail(unit, "Hỏi thêm", "Xin hỏi cách ghi cấp tỉnh."), "2022-10-12 11:00")
	put(mail(unit, "Hỏi thêm nữa", "Xin hỏi cách ghi cấp huyện."), "2022-10-12 14:00")
	kinds := map[string]int{}
	for _, l := range lines[letterJSON](t, w.must(at(t, "2022-10-12 14:00"), "letters", "--json")) {
		if len(l.Answers) > 0 {
			kinds[l.Kind]++
		}
	}
	if kinds["receipt"] != 1 || kinds["acknowledge"] != 2 {
		t.Errorf("the answers are %v, want one receipt for the first question and the files, and an acknowledgement of each question after it", kinds)
	}
}
