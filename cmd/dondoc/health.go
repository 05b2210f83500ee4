package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	"dondoc/intake/ledger"
	"dondoc/schedule/standing"
)

// healthJSON is what /healthz answers: status 200 where nothing is wrong, 503
// otherwise.
type healthJSON struct {
	Healthy bool        `json:"healthy"`
	Issues  []issueJSON `json:"issues"`
}

// issueJSON is one thing that is wrong, by an id that monitoring can hold on to.
type issueJSON struct {
	ID    string  `json:"id"` // ledger, mailbox_not_read, or of incidentWords
	Since *string `json:"since,omitempty"`
	Text  string  `json:"text"`
}

// vitals are what health and metrics tell, as the ledger has it. It is read
// anew for each question: a daemon that hangs cannot say that it is well.
type vitals struct {
	now     time.Time
	read    time.Time // the begin of the last round that read every folder whole
	wrong   []incidentJSON
	waiting int            // mails without a verdict
	mails   map[string]int // by verdict
	letters map[string]int // deliveries, by outcome
	units   map[string]int // by state
	held    int
}

func (o *office) vitals(ctx context.Context, now time.Time) (v vitals, err error) {
	v = vitals{now: now, mails: map[string]int{}, letters: map[string]int{}, units: map[string]int{}}
	err = o.ledger.Read(ctx, func(tx *ledger.Tx) error {
		facts, err := tx.Facts()
		if err != nil {
			return err
		}
		for _, m := range facts.Mails {
			v.mails[m.Verdict]++
		}
		table := standing.Fold(o.campaign, facts, now)
		v.held = table.Held + table.Quarantined
		for _, u := range table.Units {
			v.units[string(u.State)]++
		}
		letters, err := tx.Letters("")
		if err != nil {
			return err
		}
		for _, l := range letters {
			for _, d := range l.Deliveries {
				v.letters[d.Outcome]++
			}
		}
		if v.waiting, err = tx.Waiting(); err != nil {
			return err
		}
		read, err := tx.Marked(ledger.MarkRead)
		if err != nil {
			return err
		}
		v.read, _ = time.Parse(time.RFC3339Nano, read)
		var s statusJSON
		err = s.troubles(o, tx, now)
		v.wrong = s.Incidents
		return err
	})
	return v, err
}

// slow is how long after it was to be read for the third time the mailbox may
// be unread before that is worth a word.
const slow = 5 * time.Minute

// health says what is wrong.
func (o *office) health(ctx context.Context, now time.Time) healthJSON {
	h := healthJSON{Issues: []issueJSON{}}
	v, err := o.vitals(ctx, now)
	add := func(id string, since *string, text string) {
		h.Issues = append(h.Issues, issueJSON{id, since, inert(text)})
	}
	if err != nil {
		add("ledger", nil, o.either("không đọc được sổ: ", "the ledger cannot be read: ")+err.Error())
		return h
	}
	begun := v.read
	if begun.IsZero() {
		begun = o.began
	}
	if due := o.plan.Poll.Next(o.plan.Poll.Next(o.plan.Poll.Next(begun))); now.After(due.Add(slow)) {
		add("mailbox_not_read", o.stamp(ms(v.read)), o.either("đã lâu chưa đọc hết được hộp thư", "the mailbox has not been read whole for long"))
	}
	for _, w := range v.wrong {
		add(w.ID, &w.Since, masked(w.Text))
	}
	h.Healthy = len(h.Issues) == 0
	return h
}

// metrics writes the figures as Prometheus reads them (text format 0.0.4).
func (o *office) metrics(ctx context.Context, now time.Time, out io.Writer) error {
	v, err := o.vitals(ctx, now)
	if err != nil {
		return err
	}
	gauge := func(name, help string, value float64) {
		fmt.Fprintf(out, "# HELP dondoc_%s %s\n# TYPE dondoc_%[1]s gauge\ndondoc_%[1]s %[3]v\n", name, help, value)
	}
	counted := func(name, kind, label, help string, values map[string]int, names ...string) {
		fmt.Fprintf(out, "# HELP dondoc_%s %s\n# TYPE dondoc_%[1]s %[3]s\n", name, help, kind)
		for _, x := range names {
			fmt.Fprintf(out, "dondoc_%s{%s=%q} %d\n", name, label, x, values[x])
		}
	}
	yes := func(b bool) float64 {
		if b {
			return 1
		}
		return 0
	}
	gauge("healthy", "1 where /healthz answers 200.", yes(o.health(ctx, now).Healthy))
	gauge("mailbox_last_read_timestamp_seconds", "Begin of the last round that read every folder whole; 0: never.", float64(ms(v.read))/1000)
	is := map[string]int{}
	var ids []string
	for _, what := range ledger.Incidents {
		ids = append(ids, incidentWords[what].id)
	}
	for _, w := range v.wrong {
		is[w.ID] = 1
	}
	gauge("mailbox_unreadable", "1 while the mailbox cannot be read.", float64(is["mailbox_unreadable"]))
	gauge("smtp_refusing", "1 while the mail server takes no letters.", float64(is["letters_refused"]))
	gauge("disk_low", "1 while the disk is nearly full.", float64(is["disk_low"]))
	counted("incident", "gauge", "what", "1 while this is wrong.", is, ids...)
	gauge("mails_unjudged", "Mails that are kept and have no verdict yet.", float64(v.waiting))
	gauge("held", "Mails that wait for a person.", float64(v.held))
	counted("mails_total", "counter", "verdict", "Mails, by verdict.", v.mails, "filed", "held", "ignored", "quarantined")
	counted("deliveries", "gauge", "outcome", "Letters to one recipient each, by what became of them.", v.letters,
		ledger.Waiting, ledger.Accepted, ledger.Refused, ledger.Trouble, ledger.Unknown)
	counted("units", "gauge", "state", "Units, by where they stand.", v.units,
		string(standing.None), string(standing.Partial), string(standing.Fixing), string(standing.Complete))
	return nil
}

// listen opens the campaign's http address; without one it does nothing. What
// is told there names no unit and no address, and it is told on this machine alone.
func (o *office) listen(ctx context.Context) (stop func(), err error) {
	if o.campaign.HTTP == "" {
		return func() {}, nil
	}
	l, err := net.Listen("tcp", o.campaign.HTTP)
	if err != nil {
		return nil, wrong{VI: fmt.Sprintf("http: không mở được %s (%v); chọn cổng khác, hoặc để \"\" để tắt", o.campaign.HTTP, err),
			EN: fmt.Sprintf("http: %s cannot be opened (%v); choose another port, or \"\" to turn it off", o.campaign.HTTP, err)}
	}
	o.say("Tình trạng: http://%s/healthz, http://%[1]s/metrics", "Health: http://%s/healthz, http://%[1]s/metrics", l.Addr())
	s := &http.Server{Handler: o.pages(), ReadTimeout: 10 * time.Second, WriteTimeout: 30 * time.Second, IdleTimeout: time.Minute, MaxHeaderBytes: 16 << 10,
		BaseContext: func(net.Listener) context.Context { return ctx }}
	go s.Serve(l)
	return func() { s.Close() }, nil
}

// pages are /healthz and /metrics.
//
// A stranger who reaches them is another user of this machine, or a page in the
// browser of one. He may want to know who writes to the committee, or to have
// the program do something. They answer GET alone and change nothing; they tell
// counts and what servers said, no name, address or figure of a unit; the
// address is of loopback, or config refuses it, and a request under another name
// is turned away (TestMetrics).
func (o *office) pages() http.Handler {
	pages := http.NewServeMux()
	pages.HandleFunc("GET /healthz", func(w http.ResponseWriter, r *http.Request) {
		h := o.health(r.Context(), o.Clock.Now())
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		if !h.Healthy {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
		e := json.NewEncoder(w)
		e.SetEscapeHTML(false)
		e.Encode(h)
	})
	pages.HandleFunc("GET /metrics", func(w http.ResponseWriter, r *http.Request) {
		var text strings.Builder
		if err := o.metrics(r.Context(), o.Clock.Now(), &text); err != nil {
			http.Error(w, "the ledger cannot be read", http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
		io.WriteString(w, text.String())
	})
	return loopback(pages)
}

// loopback refuses requests that a page elsewhere makes in somebody's browser:
// they come under a name of its own choosing (DNS rebinding).
func loopback(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host, _, err := net.SplitHostPort(r.Host)
		if err != nil {
			host = r.Host
		}
		if ip := net.ParseIP(strings.Trim(host, "[]")); !(ip != nil && ip.IsLoopback()) && !slices.Contains([]string{"localhost", ""}, host) {
			http.Error(w, "only on this machine", http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}
