package main

import (
	"bytes"
	"regexp"
	"strings"
	"testing"
)

// TestHostileMailsLeaveTheLogClean: names, subjects and files made to look like
// lines of the log or like orders to a terminal reach none, in text or in JSON.
func TestHostileMailsLeaveTheLogClean(t *testing.T) {
	t.Parallel()
	for _, format := range []string{"text", "json"} {
		w := newWorld(t, "HU-BINHSON", "HU-BATO")
		w.must(at(t, "2022-10-04 07:30"), "invite", "--yes")
		evil := "CHUDE\r\ntime=now level=ERROR msg=gia\x1b[31m\u202e\u009b nan-nhan@bi-mat.quangngai.example"
		w.put("2022-10-12 09:00", mail("nguoila@mail.example", evil, evil, file{evil + ".xlsx", []byte("PK\x03\x04" + evil)}, file{evil + ".zip", []byte("PK\x05\x06")}))
		w.put("2022-10-12 09:01", mail(bato, evil, evil, file{"a\x1b\n.docx", report("HUYỆN ỦY BA TƠ")}))
		w.smtp.Close()
		for _, when := range []string{"2022-10-12 10:00", "2022-10-12 10:20", "2022-10-12 16:05"} {
			p, _ := w.program(at(t, when))
			var log bytes.Buffer
			p.Stderr = &log
			p.Run(t.Context(), []string{"once", "-v", "--log", format, "-C", w.dir})
			if m := regexp.MustCompile(`[\pL\d._-]+@[\pL\d-]+\.[\pL\d.-]+|CHUDE|mat-khau|msg=gia|[\x00-\x09\x0b-\x1f\x{7f}-\x{9f}\x{202e}\x{2028}]`).FindString(log.String()); m != "" {
				t.Errorf("%s at %s: %q in\n%s", format, when, m, &log)
			}
			if when == "2022-10-12 10:00" && !strings.Contains(log.String(), "không gửi được thư") {
				t.Errorf("%s: the log says nothing:\n%s", format, &log)
			}
		}
	}
}
