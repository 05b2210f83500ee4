package main

import (
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"dondoc/notify/blank"
)

// dayStories are the days of a campaign: what a unit gets, what it sends back,
// and what it is told then.
var dayStories = []story{
	{"a unit fills in the form of its invitation and gets a receipt", formFilledIn},
	{"a wrong form is sent back with its cells, mended, and received", wrongFormMended},
	{"who is not known is asked for the unit", strangerAsked},
	{"an automatic reply is answered by nobody", automaticReply},
	{"who has sent nothing is reminded in the invitation's thread, and nobody else", silentReminded},
	{"the desk reads in its digest what came", digestRead},
	{"a letter to nobody comes back, is understood, and the desk is told", letterComesBack},
}

// Units of the stories, by their addresses.
const (
	binhSon = "vanthu@hubinhson.quangngai.example"
	baTo    = "vanthu@hubato.quangngai.example"
)

// figures are such that no rule of the form objects to them.
func figures() map[string]any {
	in := map[string]any{"DVK_NGAY_CHOT": "2022-10-15", "DVK_SO_BC": "125-BC/HU"}
	for _, row := range []string{"B1_11", "B1_12", "B1_13"} {
		in["DVK_"+row+"_TT"], in["DVK_"+row+"_CN"] = 5, 1
	}
	for i, row := range []string{"B2_21", "B2_22", "B2_23", "B2_24"} {
		tt, cn := 0, 0
		if i == 0 {
			tt, cn = 15, 3
		}
		for _, column := range []string{"DK", "XD"} {
			in["DVK_"+row+"_"+column+"_TT"], in["DVK_"+row+"_"+column+"_CN"] = tt, cn
		}
	}
	for _, row := range []string{"B3_31", "B3_32", "B3_33"} {
		in["DVK_"+row+"_NR"], in["DVK_"+row+"_CNH"] = 1, 1
	}
	return in
}

// blankOf is the form that came with the invitation of a unit.
func (d *desk) blankOf(unit, address string) (invitation stored, name string, form []byte) {
	d.t.Helper()
	invitation = d.letter(address, "invite/"+unit)
	_, files := invitation.open(d.t)
	for name, data := range files {
		if path.Ext(name) == ".xlsx" {
			return invitation, name, data
		}
	}
	d.t.Fatalf("the invitation of %s has no form", unit)
	return
}

func entered(t testing.TB, form []byte, inputs map[string]any) []byte {
	t.Helper()
	data, err := blank.Fill(form, inputs)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// prose are the other parts that a district owes.
var prose = []file{{"Bao cao.docx", report("HUYỆN ỦY BÌNH SƠN")}, {"Mo hinh 1.docx", model("Nước sạch")}, {"Mo hinh 2.docx", model("Đường hoa")}}

func formFilledIn(t *testing.T, s site) {
	now := at(t, "2022-10-11 10:00")
	d := s.open(t, "HU-BINHSON", "HU-BATO")
	invitation, name, form := d.blankOf("HU-BINHSON", binhSon)
	answer := invitation.reply(binhSon, invitation.header("Subject"), "Kính gửi Ban Dân vận", append(slices.Clone(prose), file{name, entered(t, form, figures())})...)
	d.swaks(binhSon, answer)
	d.arrived(1)
	if got := lines[done](t, d.must(now, "once", "--json"))[0]; got.Filed != 1 {
		t.Errorf("the round made %+v", got)
	}
	if u := d.standing(now, "HU-BINHSON"); u.State != "complete" || u.Claimed {
		t.Errorf("the unit is %+v", u)
	}
	if u := d.standing(now, "HU-BATO"); u.State != "none" {
		t.Errorf("the other unit is %+v", u)
	}
	receipt := d.answer(binhSon, messageID(answer))
	if key := receipt.header("X-Dondoc-Key"); !strings.HasPrefix(key, "receipt/") {
		t.Errorf("the answer is %s", key)
	}
	d.wantLetters(now, map[string]int{"receipt": 1})
	d.idle(now)
}

func wrongFormMended(t *testing.T, s site) {
	d := s.open(t, "HU-BINHSON")
	invitation, name, form := d.blankOf("HU-BINHSON", binhSon)
	wrong := figures()
	wrong["DVK_B1_11_TT"] = "chưa rõ"
	first := invitation.reply(binhSon, "Báo cáo", "Kính gửi Ban Dân vận", append(slices.Clone(prose), file{name, entered(t, form, wrong)})...)
	d.swaks(binhSon, first)
	d.arrived(1)
	monday := at(t, "2022-10-10 10:00")
	d.must(monday, "once")
	if u := d.standing(monday, "HU-BINHSON"); u.State != "fixing" {
		t.Errorf("after the wrong form the unit is %+v", u)
	}
	corrections := d.answer(binhSon, messageID(first))
	text, _ := corrections.open(t)
	if key := corrections.header("X-Dondoc-Key"); !strings.HasPrefix(key, "corrections/") || !strings.Contains(text, cellOf(t, form, "DVK_B1_11_TT")) || !strings.Contains(text, "chưa rõ") {
		t.Errorf("%s does not say which cell is wrong:\n%s", key, text)
	}

	second := corrections.reply(binhSon, "Báo cáo, đã sửa", "Gửi lại phụ lục đã sửa", file{name, entered(t, form, figures())})
	d.swaks(binhSon, second)
	d.arrived(2)
	tuesday := at(t, "2022-10-11 10:00")
	d.must(tuesday, "once")
	if u := d.standing(tuesday, "HU-BINHSON"); u.State != "complete" {
		t.Errorf("after the mended form the unit is %+v", u)
	}
	if key := d.answer(binhSon, messageID(second)).header("X-Dondoc-Key"); !strings.HasPrefix(key, "receipt/") {
		t.Errorf("the mended form is answered by %s", key)
	}
	d.wantLetters(tuesday, map[string]int{"corrections": 1, "receipt": 1})
	d.idle(tuesday)
}

// cellOf is the address of an input of the form, as people write it.
func cellOf(t testing.TB, form []byte, name string) string {
	t.Helper()
	f, err := excelize.OpenReader(strings.NewReader(string(form)))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, n := range f.GetDefinedName() {
		if n.Name == name {
			_, cell, _ := strings.Cut(n.RefersTo, "!")
			return strings.ReplaceAll(cell, "$", "")
		}
	}
	t.Fatalf("the form has no %s", name)
	return ""
}

func strangerAsked(t *testing.T, s site) {
	now := at(t, "2022-10-11 10:00")
	d := s.open(t, "HU-BINHSON", "HU-BATO")
	raw := mail(strangerAddress, "Gửi báo cáo", "Xin gửi báo cáo.", file{"Bao cao.docx", report("ĐƠN VỊ")})
	d.swaks(strangerAddress, raw)
	d.arrived(1)
	d.must(now, "once")
	if key := d.answer(strangerAddress, messageID(raw)).header("X-Dondoc-Key"); !strings.HasPrefix(key, "ask_unit/") {
		t.Errorf("the answer is %s", key)
	}
	for _, unit := range []string{"HU-BINHSON", "HU-BATO"} {
		if u := d.standing(now, unit); u.State != "none" {
			t.Errorf("%s is %+v", unit, u)
		}
	}
	d.wantLetters(now, map[string]int{"ask_unit": 1})
	d.idle(now)
}

func automaticReply(t *testing.T, s site) {
	now := at(t, "2022-10-11 10:00")
	d := s.open(t, "HU-BINHSON")
	raw := d.letter(binhSon, "invite/HU-BINHSON").reply(binhSon, "Trả lời tự động", "Tôi đi công tác đến ngày 20/10.")
	raw = append([]byte("Auto-Submitted: auto-replied\r\n"), raw...)
	d.swaks(binhSon, raw)
	d.arrived(1)
	if got := lines[done](t, d.must(now, "once", "--json"))[0]; got.Ignored != 1 {
		t.Errorf("the round made %+v", got)
	}
	d.wantLetters(now, map[string]int{})
	d.idle(now)
}

func silentReminded(t *testing.T, s site) {
	d := s.open(t, "HU-BINHSON", "HU-BATO")
	d.swaks(binhSon, d.complete("HU-BINHSON", binhSon, "Huyện ủy Bình Sơn"))
	d.arrived(1)
	d.must(at(t, "2022-10-11 10:00"), "once")
	now := at(t, "2022-10-12 07:31") // T-8
	d.must(now, "once")
	reminder := d.letter(baTo, "remind/HU-BATO/T-8")
	if thread := reminder.header("References"); !strings.Contains(thread, d.letter(baTo, "invite/HU-BATO").header("Message-ID")) {
		t.Errorf("the reminder stands in the thread %s", thread)
	}
	d.wantLetters(now, map[string]int{"receipt": 1, "remind": 1})
	d.idle(now)
}

func digestRead(t *testing.T, s site) {
	d := s.open(t, "HU-BINHSON", "HU-BATO")
	d.must(at(t, "2022-10-10 16:01"), "once")
	d.swaks(binhSon, d.complete("HU-BINHSON", binhSon, "Huyện ủy Bình Sơn"))
	d.arrived(1)
	now := at(t, "2022-10-11 16:01")
	d.must(now, "once")
	text, _ := d.letter(deskAddress, "digest/2022-10-11*").open(t)
	if !strings.Contains(text, "01/02 đơn vị đã đủ") || !strings.Contains(text, "01 thư; 01 đơn vị thành đủ") {
		t.Errorf("the digest does not say that one of two has sent everything:\n%s", text)
	}
	d.idle(now)
}

func letterComesBack(t *testing.T, s site) {
	const nobody = "khong-co-ai@hubato.quangngai.example"
	d := s.declare(t, "HU-BINHSON", "HU-BATO")
	d.edit("units.csv", `vanthu@hubato\.quangngai\.example`, nobody)
	d.watch()
	d.invite()
	d.arrived(1)
	now := at(t, "2022-10-04 09:00")
	got := lines[done](t, d.must(now, "once", "--json"))[0]
	if got.Fetched != 1 || got.Ignored != 1 || got.Sent != 0 {
		t.Errorf("the notification made the round %+v", got)
	}
	for unit, want := range map[string]bool{"HU-BINHSON": true, "HU-BATO": false} {
		if u := d.standing(now, unit); u.Reachable != want {
			t.Errorf("%s: reachable is %v", unit, u.Reachable)
		}
	}
	evening := at(t, "2022-10-04 16:01")
	d.must(evening, "once")
	if text, _ := d.letter(deskAddress, "digest/2022-10-04*").open(t); !strings.Contains(text, "Ba Tơ, 0255.000.0055: chưa gửi; thư không chuyển được") {
		t.Errorf("the digest does not say whom no mail reaches:\n%s", text)
	}
	d.idle(evening)
}
