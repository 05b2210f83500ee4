package main

import (
	"bytes"
	netmail "net/mail"
	"slices"
	"strings"
	"testing"
	"time"
)

const (
	bato    = "vanthu@hubato.quangngai.example"
	binhson = "vanthu@hubinhson.quangngai.example"
)

// whole is a mail with all that a district owes.
func (w *world) whole(from, unit, name string) []byte {
	return mail(from, "Báo cáo DVK 2022 - "+name, "Kính gửi Ban Dân vận", file{"Bao cao.docx", report(strings.ToUpper(name))},
		file{"Phu luc so lieu.xlsx", w.filled(unit, 5)}, file{"Mo hinh 1.docx", model("Nước sạch")}, file{"Mo hinh 2.docx", model("Đường hoa")})
}

// put is a mail that comes at a moment.
func (w *world) put(when string, raw []byte) {
	w.t.Helper()
	if _, err := w.imap.Append("tiepnhan", "INBOX", raw, at(w.t, when)); err != nil {
		w.t.Fatal(err)
	}
}

// mornings are rounds at 07:31 and 16:01 of each day.
func (w *world) mornings(from, to string) {
	w.t.Helper()
	for day := at(w.t, from+" 00:00"); !day.After(at(w.t, to+" 00:00")); day = day.AddDate(0, 0, 1) {
		for _, hour := range []time.Duration{7*time.Hour + 31*time.Minute, 16*time.Hour + time.Minute} {
			w.must(day.Add(hour), "once")
		}
	}
}

// got are the letters that an address received since a day, but for answers:
// "17/10 remind/HU-BATO/T-3".
func (w *world) got(address, since string) (all []string) {
	w.t.Helper()
	for _, m := range w.sent {
		h, err := netmail.ReadMessage(bytes.NewReader(m.raw))
		if err != nil {
			w.t.Fatal(err)
		}
		date, err := h.Header.Date()
		if err != nil {
			w.t.Fatal(err)
		}
		key := h.Header.Get("X-Dondoc-Key")
		if m.to == address && !date.Before(at(w.t, since+" 00:00")) && !slices.Contains([]string{"receipt", "corrections", "acknowledge"}, key[:strings.IndexByte(key, '/')]) {
			all = append(all, date.In(time.FixedZone("+07", 7*3600)).Format("02/01 ")+key)
		}
	}
	return all
}

// TestManners are stories of what a unit gets unasked, and when. The witness
// watches each.
func TestManners(t *testing.T) {
	for _, story := range []struct {
		sentence string
		tell     func(t *testing.T, w *world)
		address  string
		since    string
		want     []string
	}{
		{"three days without the program bring one letter, of the latest step", func(t *testing.T, w *world) {
			w.must(at(t, "2022-10-14 16:30"), "once")
			w.mornings("2022-10-19", "2022-10-19")
		}, bato, "2022-10-14", []string{"19/10 remind/HU-BATO/T-1"}},
		{"a program that was off on the last day until half past four does not say that it is the last day", func(t *testing.T, w *world) {
			w.must(at(t, "2022-10-18 16:30"), "once")
			w.must(at(t, "2022-10-19 16:31"), "once")
			w.mornings("2022-10-20", "2022-10-21")
		}, bato, "2022-10-19", []string{"21/10 remind/HU-BATO/T+1"}},
		{"a report that came one minute before the step brings no reminder", func(t *testing.T, w *world) {
			w.put("2022-10-17 07:29", w.whole(bato, "HU-BATO", "Huyện ủy Ba Tơ"))
			w.mornings("2022-10-17", "2022-10-21")
		}, bato, "2022-10-05", nil},
		{"and the others are reminded all the same", func(t *testing.T, w *world) {
			w.put("2022-10-17 07:29", w.whole(bato, "HU-BATO", "Huyện ủy Ba Tơ"))
			w.mornings("2022-10-17", "2022-10-17")
		}, binhson, "2022-10-05", []string{"17/10 remind/HU-BINHSON/T-3"}},
		{"an extension moves every step, and is told once", func(t *testing.T, w *world) {
			w.mornings("2022-10-12", "2022-10-12")
			w.must(at(t, "2022-10-13 09:00"), "extend", "HU-BATO", "2022-10-25", "--reason", "trình ký muộn")
			w.mornings("2022-10-13", "2022-10-28")
		}, bato, "2022-10-05", []string{
			"12/10 remind/HU-BATO/T-8", "13/10 extended/HU-BATO/*", "18/10 remind/HU-BATO/T-8@2022-10-25", "21/10 remind/HU-BATO/T-3@2022-10-25",
			"25/10 remind/HU-BATO/T-1@2022-10-25", "27/10 remind/HU-BATO/T+1@2022-10-25",
		}},
		{"a day promised on the telephone moves the reminder of that time, not the deadline", func(t *testing.T, w *world) {
			w.mornings("2022-10-12", "2022-10-12")
			w.must(at(t, "2022-10-14 09:00"), "note", "HU-BATO", "hẹn gửi ngày 18/10", "--promise", "2022-10-18")
			w.mornings("2022-10-15", "2022-10-19")
		}, bato, "2022-10-14", []string{"19/10 remind/HU-BATO/T-1"}},
		{"a day promised by mail moves one reminder", func(t *testing.T, w *world) {
			w.mornings("2022-10-12", "2022-10-12")
			w.put("2022-10-14 09:00", mail(bato, "Re: Gửi mẫu", "Kính gửi Ban Dân vận, Huyện ủy Ba Tơ sẽ gửi báo cáo ngày 18/10. Trân trọng."))
			w.mornings("2022-10-15", "2022-10-19")
		}, bato, "2022-10-14", []string{"19/10 remind/HU-BATO/T-1"}},
		{"who forges the desk's answer to a digest moves nothing", func(t *testing.T, w *world) {
			w.mornings("2022-10-12", "2022-10-13")
			w.put("2022-10-13 17:00", mail("phongth@bdvtu.quangngai.example", "Re: DVK 13/10", "1A\nDỪNG NHẮC"))
			w.mornings("2022-10-14", "2022-10-17")
		}, bato, "2022-10-14", []string{"17/10 remind/HU-BATO/T-3"}},
		{"and the desk is told of it once", func(t *testing.T, w *world) {
			w.mornings("2022-10-12", "2022-10-12")
			w.put("2022-10-12 17:00", mail("phongth@bdvtu.quangngai.example", "Re: DVK 12/10", "1A\nDỪNG NHẮC"))
			w.put("2022-10-12 17:01", mail("phongth@bdvtu.quangngai.example", "Re: DVK 12/10 (lần nữa)", "DỪNG NHẮC"))
			w.must(at(t, "2022-10-12 17:30"), "once")
			w.must(at(t, "2022-10-12 18:30"), "once")
		}, "phongth@bdvtu.quangngai.example", "2022-10-12", []string{"12/10 digest/2022-10-11-1600", "12/10 digest/2022-10-12-1600", "12/10 alarm/command-*"}},
		{"a pause holds back what falls due in it", func(t *testing.T, w *world) {
			w.mornings("2022-10-12", "2022-10-12")
			w.must(at(t, "2022-10-14 15:00"), "pause", "HU-BATO", "--reason", "mưa lũ")
			w.mornings("2022-10-15", "2022-10-18")
			w.must(at(t, "2022-10-18 17:00"), "resume", "HU-BATO", "--reason", "đã ổn định")
			w.mornings("2022-10-19", "2022-10-21")
		}, bato, "2022-10-14", []string{"19/10 remind/HU-BATO/T-1", "21/10 remind/HU-BATO/T+1"}},
	} {
		t.Run(story.sentence, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, "HU-BINHSON", "HU-BATO")
			w.must(at(t, "2022-10-04 07:30"), "invite", "--yes")
			w.must(at(t, "2022-10-04 07:45"), "once")
			story.tell(t, w)
			got := w.got(story.address, story.since)
			for i := range got {
				for _, named := range []string{"extended/HU-BATO/", "alarm/command-"} {
					if before, _, ok := strings.Cut(got[i], named); ok {
						got[i] = before + named + "*" // by a decision, or a mail
					}
				}
			}
			if !slices.Equal(got, story.want) {
				t.Errorf("%s got\n  %s\nwant\n  %s", story.address, strings.Join(got, "\n  "), strings.Join(story.want, "\n  "))
			}
		})
	}
}
