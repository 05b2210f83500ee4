package notify

import (
	"bytes"
	"encoding/base64"
	"flag"
	"fmt"
	"io"
	"maps"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"dondoc/intake/finding"
	"dondoc/notify/blank"
	"dondoc/notify/letter"
	"dondoc/schedule/standing"
)

var update = flag.Bool("update", false, "write the golden mails anew")

// TestACampaignInMails plays a few days of a small campaign from facts to the
// wire and compares every mail with testdata: the envelope, what the reader
// sees in the list, the text, and what is attached.
func TestACampaignInMails(t *testing.T) {
	o := newOffice(t, "HU-BINHSON", "HU-BATO", "HU-MODUC", "HU-TRABONG", "HU-SONHA", "HU-SONTINH", "S-YT", "S-CA", "DU-CA", "BCSD-UBND")
	template, err := blank.Open(o.Campaign.Form)
	if err != nil {
		t.Fatal(err)
	}
	defer template.Close()
	o.Blank, o.Form.Version = template, "1"
	for _, name := range slices.Sorted(maps.Keys(filledAppendix("").Values)) {
		o.Form.Inputs = append(o.Form.Inputs, finding.Input{Name: name, Type: "whole"})
	}

	o.day("04 07:30")
	o.filed("11 09:15", "7K3M5-QXA2P", "S-CA", "vanthu@congan.quangngai.example", report("Bao cao.docx"), filledAppendix("Phu luc so lieu.xlsx"), model("Bốn không"), model("Camera an ninh"))
	o.filed("11 10:20", "M5RW2-QXA2P", "HU-MODUC", "vanthu@humoduc.quangngai.example", report("BC.docx"), filledAppendix("PL DVK Mo Duc.xlsx", wrong), model("Một"), model("Hai"))
	o.filed("11 14:40", "QX4TB-QXA2P", "S-YT", "vanthu@syt.quangngai.example", report("BC DVK 2022.docx"))
	o.filed("11 14:50", "R2D2K-QXA2P", "HU-SONTINH", "vanthu@husontinh.quangngai.example", report("BC.docx"), filledAppendix("PL.xlsx", wrong, unexplained), model("Một"), model("Hai"))
	o.claimed("11 15:00", "D6HPA-QXA2P", "HU-SONHA", clerk)
	o.arrival("11 15:10", finding.Verdict{ID: "H2J7K-QXA2P", From: "vp.hu.son@mail.example", Verdict: finding.HeldMail, Reason: "unknown_sender", Class: finding.ClassReport, Reply: finding.ReplyAskUnit,
		Candidates: []string{"HU-SONHA"}, Evidence: []finding.Evidence{{Kind: "subject", Unit: "HU-SONHA", Detail: "H. Sơn Hà"}}, Parts: dossier()})
	binhson := "HU-BINHSON"
	o.arrival("11 15:20", finding.Verdict{ID: "4ZCNK-QXA2P", From: binhSon, Unit: &binhson, Candidates: []string{binhson}, Verdict: finding.HeldMail, Reason: "no_files", Class: finding.ClassQuestion,
		Reply: finding.ReplyAcknowledge, Text: "Xin hỏi số liệu tính đến ngày nào?", Says: []finding.Saying{{Kind: finding.SaysAsks}}})
	o.day("11 15:40")
	o.decide("11 15:50", standing.Decision{Kind: standing.Reject, Arrival: "4ZCNK-QXA2P"})
	o.day("11 16:00", letter.DigestKind)
	o.day("12 07:30")
	o.filed("13 08:00", "2QW8E-QXA2P", "HU-MODUC", "vanthu@humoduc.quangngai.example", filledAppendix("PL DVK Mo Duc (sua).xlsx"))
	o.day("13 08:30")
	o.decide("14 17:00", standing.Decision{Kind: standing.Pause, Units: []string{"HU-TRABONG"}, Reason: "bão số 5"})
	o.day("17 07:30")
	o.day("17 16:00", letter.DigestKind)
	o.decide("18 08:00", standing.Decision{Kind: standing.Extend, Units: []string{"HU-TRABONG"}, Until: at(t, "25 00:00"), Cause: "thien-tai", Reason: "mưa lũ"})
	o.decide("18 08:01", standing.Decision{ID: "d-resume", Kind: standing.Resume, Units: []string{"HU-TRABONG"}})
	o.day("18 08:05")
	o.trouble("19 07:00", "dial tcp 127.0.0.1:993: connect: connection refused")
	o.owed("19 07:20", letter.AlarmKind)
	o.deliver("19 07:20")
	o.trouble("19 07:25", "")
	o.day("19 07:30")
	o.day("21 07:30")
	o.asks("21 08:00", "LYS2N-QXA2P", "HU-BINHSON", binhSon)
	o.day("21 08:15")
	o.decide("21 09:00", standing.Decision{Kind: standing.Extend, Units: []string{"HU-BINHSON"}, Until: at(t, "26 00:00"), Arrival: "LYS2N-QXA2P"})
	o.day("21 09:01")
	o.moves("21 10:00", "NEW2A-QXA2P", "HU-SONHA", "vanthu@husonha.quangngai.example", "vanthu.moi@husonha.quangngai.example")
	o.decide("21 10:05", standing.Decision{Kind: standing.Alias, Units: []string{"HU-SONHA"}, Address: "vanthu.moi@husonha.quangngai.example", Arrival: "NEW2A-QXA2P"})
	o.day("21 10:06", letter.Registered)
	o.approve("25 14:00", letter.Escalate, "2022-10-28", "HU-BATO")
	o.day("25 14:01")
	o.approve("2022-11-14 16:00", letter.Thanks, "", "S-CA", "DU-CA")
	o.day("2022-11-15 08:00")

	seen := map[string]bool{}
	for _, m := range o.smtp.sent {
		key := field(t, m.raw, "X-Dondoc-Key")
		name := strings.NewReplacer("/", "_", "@", "_").Replace(key)
		text := golden(t, m)
		if seen[name] {
			continue // to another recipient: the same bytes, which other tests prove
		}
		seen[name] = true
		path := filepath.Join("testdata", "mails", name+".txt")
		if *update {
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Errorf("%s: %v; run go test ./notify -update and read what it wrote", key, err)
			continue
		}
		if text != string(want) {
			t.Errorf("%s differs from %s:\n%s", key, path, text)
		}
	}
	files, err := filepath.Glob(filepath.Join("testdata", "mails", "*.txt"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if name := strings.TrimSuffix(filepath.Base(f), ".txt"); !seen[name] {
			if *update {
				os.Remove(f)
				continue
			}
			t.Errorf("%s was not sent", name)
		}
	}
	for _, kind := range letter.Kinds {
		if !slices.ContainsFunc(o.smtp.sent, func(m carried) bool { return strings.HasPrefix(field(t, m.raw, "X-Dondoc-Key"), kind+"/") }) {
			t.Errorf("the campaign has no %s", kind)
		}
	}
}

// day is a round of the program: the mailbox was read, what is owed is posted
// and delivered.
func (o *office) day(when string, kinds ...string) {
	o.t.Helper()
	o.read(when)
	o.owed(when, kinds...)
	o.deliver(when)
}

// filledAppendix has figures for all that receipts and digests speak of.
func filledAppendix(name string, problems ...finding.Problem) finding.Part {
	p := appendix(name, problems...)
	p.Values = map[string]any{}
	for i, row := range []string{"B1_11", "B1_12", "B1_13"} {
		p.Values["DVK_"+row+"_TT"], p.Values["DVK_"+row+"_CN"] = float64(12+i), float64(3+i)
	}
	for i, row := range []string{"B2_21", "B2_22", "B2_23", "B2_24"} {
		for j, col := range []string{"DK_TT", "DK_CN", "XD_TT", "XD_CN"} {
			p.Values["DVK_"+row+"_"+col] = float64(5 + i - j)
		}
	}
	for i, row := range []string{"B3_31", "B3_32", "B3_33"} {
		p.Values["DVK_"+row+"_NR"], p.Values["DVK_"+row+"_CNH"] = float64(i), float64(7*i)
	}
	return p
}

var (
	token = regexp.MustCompile(`\.[a-z2-7]{20}@`)
	code  = regexp.MustCompile(`(Mã bản tin: )[A-Z2-7]{5}-[A-Z2-7]{5}`)
)

// golden is a mail as a person would describe it.
func golden(t testing.TB, m carried) string {
	t.Helper()
	msg, err := mail.ReadMessage(bytes.NewReader(m.raw))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, name := range []string{"Date", "From", "To", "Cc", "Reply-To", "Subject", "Message-ID", "In-Reply-To", "References", "Auto-Submitted", "X-Auto-Response-Suppress", "Content-Language", "X-Dondoc-Key"} {
		if value := msg.Header.Get(name); value != "" {
			if value, err = new(mime.WordDecoder).DecodeHeader(value); err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(&b, "%s: %s\n", name, token.ReplaceAllString(value, ".T@"))
		}
	}
	var text string
	var attached []string
	html := false
	var walk func(header map[string][]string, body io.Reader)
	walk = func(header map[string][]string, body io.Reader) {
		h := mail.Header(header)
		kind, params, err := mime.ParseMediaType(h.Get("Content-Type"))
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(kind, "multipart/") {
			r := multipart.NewReader(body, params["boundary"])
			for {
				p, err := r.NextRawPart()
				if err == io.EOF {
					return
				}
				if err != nil {
					t.Fatal(err)
				}
				walk(p.Header, p)
			}
		}
		switch strings.ToLower(h.Get("Content-Transfer-Encoding")) {
		case "quoted-printable":
			body = quotedprintable.NewReader(body)
		case "base64":
			body = base64.NewDecoder(base64.StdEncoding, body)
		}
		data, err := io.ReadAll(body)
		if err != nil {
			t.Fatal(err)
		}
		switch {
		case strings.HasPrefix(h.Get("Content-Disposition"), "attachment"):
			begins := "PK"
			if strings.HasSuffix(params["name"], ".ics") {
				begins = "BEGIN:VCALENDAR"
			}
			if strings.HasSuffix(params["name"], ".pdf") {
				begins = "%PDF"
			}
			if !bytes.HasPrefix(data, []byte(begins)) {
				t.Errorf("%s does not begin with %s", params["name"], begins)
			}
			attached = append(attached, params["name"])
		case kind == "text/plain":
			text = strings.ReplaceAll(string(data), "\r\n", "\n")
		case kind == "text/html":
			html = true
		}
	}
	walk(msg.Header, msg.Body)
	if !html {
		t.Errorf("%s has no HTML", msg.Header.Get("X-Dondoc-Key"))
	}
	if len(attached) > 0 {
		fmt.Fprintf(&b, "Attached: %s\n", strings.Join(attached, "; "))
	}
	return b.String() + "\n" + code.ReplaceAllString(text, "${1}C")
}
