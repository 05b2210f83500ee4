package main

import (
	"encoding/json"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"dondoc/intake/ledger"
)

func TestHealth(t *testing.T) {
	t.Parallel()
	w, mails := newInvited(t)
	w.fillMailbox(mails)
	w.must(at(t, "2022-10-12 10:00"), "once")
	mark := func(name, value string) func(*testing.T, *office) {
		return func(t *testing.T, o *office) {
			err := o.ledger.Write(t.Context(), o.Clock.Now(), func(tx *ledger.Tx) error { return tx.Mark(name, value) })
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, row := range []struct {
		sentence string
		when     string
		change   func(*testing.T, *office)
		status   int
		issues   []string
	}{
		{"the mailbox was read a moment ago", "2022-10-12 10:01", nil, 200, []string{}},
		{"a round is late, as rounds are", "2022-10-12 10:07", nil, 200, []string{}},
		{"nobody has read it for an hour", "2022-10-12 11:00", nil, 503, []string{"mailbox_not_read"}},
		{"the server refuses us", "2022-10-12 10:01", mark(ledger.MarkTrouble, "2022-10-12T02:50:00Z NO [AUTHENTICATIONFAILED]"), 503, []string{"mailbox_unreadable"}},
		{"the disk is nearly full, and that is said besides", "2022-10-12 10:01", mark(ledger.MarkDisk, "2022-10-12T02:50:00Z 1000"), 503, []string{"mailbox_unreadable", "disk_low"}},
		{"both are over", "2022-10-12 10:01", func(t *testing.T, o *office) { mark(ledger.MarkDisk, "")(t, o); mark(ledger.MarkTrouble, "")(t, o) }, 200, []string{}},
		{"the ledger does not answer", "2022-10-12 10:01", func(t *testing.T, o *office) { o.ledger.Close() }, 503, []string{"ledger"}},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			p, _ := w.program(at(t, row.when))
			p.cli = &cli{Dir: w.dir}
			o, err := p.open()
			if err != nil {
				t.Fatal(err)
			}
			defer o.Close()
			if row.change != nil {
				row.change(t, o)
			}
			answer := httptest.NewRecorder()
			o.pages().ServeHTTP(answer, httptest.NewRequest("GET", "http://127.0.0.1:8080/healthz", nil))
			var h healthJSON
			if err := json.Unmarshal(answer.Body.Bytes(), &h); err != nil {
				t.Fatalf("%v in %s", err, answer.Body)
			}
			ids := []string{}
			for _, i := range h.Issues {
				ids = append(ids, i.ID)
			}
			if answer.Code != row.status || h.Healthy != (row.status == 200) || !slices.Equal(ids, row.issues) {
				t.Errorf("status %d, issues %v, want %d, %v", answer.Code, ids, row.status, row.issues)
			}
		})
	}
}

func TestMetrics(t *testing.T) {
	t.Parallel()
	w, mails := newInvited(t)
	w.fillMailbox(mails)
	w.must(at(t, "2022-10-12 10:00"), "once")
	p, _ := w.program(at(t, "2022-10-12 10:01"))
	p.cli = &cli{Dir: w.dir}
	o, err := p.open()
	if err != nil {
		t.Fatal(err)
	}
	defer o.Close()
	o.began = at(t, "2022-10-12 09:00").Add(-time.Hour)
	ask := func(url string) (int, string) {
		answer := httptest.NewRecorder()
		o.pages().ServeHTTP(answer, httptest.NewRequest("GET", url, nil))
		return answer.Code, answer.Body.String()
	}
	code, text := ask("http://localhost:8080/metrics")
	if code != 200 {
		t.Fatalf("status %d: %s", code, text)
	}
	line := regexp.MustCompile(`^(# (HELP|TYPE) dondoc_[a-z_]+ .+|dondoc_[a-z_]+(\{[a-z]+="[a-z_]+"\})? [0-9.e+]+)$`)
	for l := range strings.Lines(text) {
		if !line.MatchString(strings.TrimSuffix(l, "\n")) {
			t.Errorf("no line of the text format: %q", l)
		}
	}
	for _, want := range []string{"dondoc_healthy 1\n", "dondoc_mails_total{verdict=\"filed\"} ", "dondoc_units{state=\"complete\"} 1\n", "dondoc_deliveries{outcome=\"accepted\"} "} {
		if !strings.Contains(text, want) {
			t.Errorf("says nothing like %q:\n%s", want, text)
		}
	}
	if strings.Contains(text, "HU-") || strings.Contains(text, "@") {
		t.Errorf("names a unit or an address:\n%s", text)
	}
	for _, host := range []string{"elsewhere.example", "localhost.elsewhere.example", "192.0.2.1", "127.0.0.1.elsewhere.example", "0.0.0.0"} {
		for _, page := range []string{"/healthz", "/metrics"} {
			if code, _ := ask("http://" + host + ":8080" + page); code != 403 {
				t.Errorf("a page of %s is answered with %d", host, code)
			}
		}
	}
	for _, method := range []string{"POST", "PUT", "DELETE", "OPTIONS"} {
		answer := httptest.NewRecorder()
		if o.pages().ServeHTTP(answer, httptest.NewRequest(method, "http://127.0.0.1:8080/healthz", nil)); answer.Code != 405 {
			t.Errorf("%s is answered with %d", method, answer.Code)
		}
	}
}
