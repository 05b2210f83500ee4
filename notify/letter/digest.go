package letter

import (
	"slices"
	"strings"
	"time"

	"dondoc/config"
	"dondoc/intake/finding"
	"dondoc/schedule/standing"
)

// Digest is what the committee is told: where things stand, what changed,
// what it has to decide. All of it is values; the words are made here.
type Digest struct {
	Rows []Row // one a category, in the order of the letter; empty ones left out
	// Shared are the dossiers of several units that count for each of them, by
	// the unit in whose name letters go.
	Shared []config.Unit

	Since  time.Time // of the digest before; zero: there was none
	Before int       // how many units were complete then
	News   News      // since then

	// DaysLeft are the working days after today, up to the last on which a
	// report is in time.
	DaysLeft []time.Time

	Decisions []Decision
	// MoreDecisions are there to be made besides, too many for one letter.
	MoreDecisions int
	Code          string // shown at the end: an answer that quotes it answers this digest
	Calls         []Call // whom to telephone, the most urgent first
	CallTotal     int    // units that have something to send or to mend, of whom Calls are the most urgent
	Interim       *Interim
	Next          *Next

	LastFetch   time.Time // when the mailbox was last read to the end; zero: never
	Unread      time.Time // since when it cannot be read; zero: it can
	Unsent      Outage    // when letters could not go out, now or since the digest before
	DiskLow     time.Time // since when the disk is nearly full; zero: it is not
	Undelivered []config.Unit
	Soft        []config.Unit // whose letters came back of late for reasons that pass
	Waiting     int           // letters that have waited to be sent for too long
	Escalations int           // letters to leaders that wait for approval
	// GivenUp are the units for whom a letter was given up since the digest
	// before, GivenUpOthers how many letters for others were.
	GivenUp       []config.Unit
	GivenUpOthers int
	// Attached are the names of files that go with the digest.
	Attached []string
}

// Outage is when the mail server took no letters; a zero Since: it took all.
type Outage struct {
	Since, Until time.Time // a zero Until: it still does
	Text         string    // what it said
}

// Row counts the units of one category by their state.
type Row struct {
	Category                               string // its code
	Total, Complete, Partial, Fixing, None int
}

// News is what happened since the digest before.
type News struct {
	Mails     int // of units
	Completed int // units that became complete
	Mended    int // corrections that were right
	Corrected int // files replaced by other numbers
}

// The kinds of a Decision are those of a matter.
const (
	HeldMail   = standing.MatterMail
	HeldPart   = standing.MatterPart
	ClaimedOne = standing.MatterClaimed
	Reply      = standing.MatterWords
	Paused     = standing.MatterPaused
)

// Decision is one thing that a person has to decide.
type Decision struct {
	Kind       string
	Matter     string             // standing.Matter.Key
	Mail       *finding.Verdict   // the mail it is about; nil for paused
	File       string             // sha256 of the part it is about
	Unit       *config.Unit       // whom it concerns, if that is known
	Candidates []config.Unit      // whom it may concern
	Problem    *finding.Problem   // of part: what is the matter
	Besides    []*finding.Problem // of part: what the same answer settles
	Reason     string             // of paused: the reason given; of a held mail: why it waits, if its verdict does not say
	Until      time.Time          // of paused: when it ends by itself; zero: by a decision
	Answered   time.Time          // when a person of the desk answered the mail by hand; zero: nobody has
	// Options are the ways to settle it by an answer, with their letters.
	Options []standing.Option
	// Commands are full command lines for what cannot be settled by an answer.
	Commands []string
}

// Call is a unit to telephone.
type Call struct {
	Unit     config.Unit
	Standing *standing.Unit
	Reminded time.Time // when the last reminder reached it; zero: none did
	Promised time.Time // the last day that it named, kept or not; zero: none
	Bounced  bool      // letters to it do not arrive
	Lost     time.Time // since when they do not; zero: not known
	Status   string    // what the server said of it, "5.2.2" (RFC 3463); empty: nothing
}

// Interim is the sum so far.
type Interim struct {
	Units   int // units whose appendix was checked and is in the sum; those that share it count each
	Values  map[string]float64
	Claimed int // units left out because their sender is not confirmed
	// ClaimedValues are the sums of those.
	ClaimedValues map[string]float64
	Models, Owed  int // write-ups received and asked for
	// Open are units left out because something in their appendix is to be
	// mended or waits for a person. In are Correcting, who have taken back
	// figures and not sent others yet, and Provisional, of whom the signed
	// papers are still to come.
	Open                    int
	Correcting, Provisional []config.Unit
}

// Next is the next letter that nobody asks for.
type Next struct {
	At      time.Time
	Text    string // the step's text: state, last_day, …
	Letters int    // as things stand
	Omitted []Omitted
	Changes []Change
}

// Change is how many letters it would be if one of the choices were taken.
type Change struct {
	Letters int
	Choices []string // "5A"
}

// Omitted is a unit that still owes something and gets no letter, and why.
type Omitted struct {
	Unit config.Unit
	Why  config.Text
}

// digestView is a Digest in phrases.
type digestView struct {
	Complete, Total        string
	None                   int
	NoneCount              string
	Change                 string // "+7", "không thay đổi"; empty if there is nothing to compare with
	Versus                 string // "thứ Sáu"
	Quiet                  bool   // nothing new and nothing to decide
	Days                   string // "02"
	DayList                string // "18, 19/10"
	LastDay, Over          bool
	Deadline               string // "19/10"
	First                  bool   // there was none before
	Well                   bool   // the machine works as it should
	Unread                 string // "08:10"
	Unsent, SentAgain      string // "08:10", "09:40"
	UnsentText             string
	DiskLow                string
	Chart                  string
	NewSince               string // "10:30", where it is not the day
	SinceClock             string // "16:00 ", before Versus where that has no hour
	Decisions              []string
	DecisionCount          string
	MoreDecisions          string
	Code                   string // by which an answer proves that it answers this digest
	Answerable             bool   // some decision can be settled by an answer
	Table                  string
	Shared, SharedNames    string
	News                   string
	Calls                  []string
	CallCount, CallTotal   string
	MoreCalls              bool
	Interim                string
	InterimCount, Claimed  string
	ClaimedFigures, Models string
	InterimOpen            string
	Correcting             string
	Provisional            string
	NextAt, NextText       string
	NextLetters            string
	NextOmitted            string
	NextChanges            string
	Fetch                  string
	Undelivered            string
	UndeliveredN, Soft     string
	Waiting                string
	Escalations            string
	GivenUp                string
	Attached               string
}

// weekend is how long two digests lie apart at most that tell of one working
// day each, with a little to spare.
const weekend = 73 * time.Hour

func newDigest(v *view) *digestView {
	g := v.f.Digest
	d := &digestView{Unread: clock(v, g.Unread), Fetch: clock(v, g.LastFetch)}
	sum := total(g.Rows)
	d.Complete, d.Total = count(v.Lang, sum.Complete), count(v.Lang, sum.Total)
	d.None, d.NoneCount = sum.None, count(v.Lang, sum.None)
	if !g.Since.IsZero() {
		d.Change = v.changed(sum.Complete - g.Before)
		d.Versus = v.when(g.Since)
		switch at := g.Since.In(v.now.Location()); {
		case sameDay(at, v.now):
			d.NewSince = at.Format("15:04")
		case v.now.Sub(at) > weekend:
			d.NewSince = shortDay(v.Lang, at)
		default:
			d.SinceClock = at.Format("15:04") + " "
		}
	}
	d.First = g.Since.IsZero()
	d.Chart = v.chart(sum)
	d.days(v, g)
	d.Table = v.table(g.Rows, sum)
	if len(g.Shared) > 0 {
		d.Shared, d.SharedNames = count(v.Lang, len(g.Shared)), v.names(g.Shared)
	}
	for _, x := range g.Decisions {
		d.Decisions = append(d.Decisions, v.decision(x)+v.ways(x))
	}
	d.Code, d.Answerable = tidy(g.Code), g.Code != "" && slices.ContainsFunc(g.Decisions, func(x Decision) bool { return len(x.Options) > 0 })
	if n := len(d.Decisions); n > 0 {
		d.DecisionCount = count(v.Lang, n+g.MoreDecisions)
	}
	if g.MoreDecisions > 0 {
		d.MoreDecisions = count(v.Lang, g.MoreDecisions)
	}
	d.News = v.news(g.News)
	for _, c := range g.Calls {
		d.Calls = append(d.Calls, v.call(c))
	}
	d.CallCount, d.CallTotal = count(v.Lang, len(g.Calls)), count(v.Lang, g.CallTotal)
	d.MoreCalls = g.CallTotal > len(g.Calls)
	d.interim(v, g.Interim)
	if g.Next != nil {
		at := g.Next.At.In(v.now.Location())
		d.NextAt, d.NextText, d.NextLetters = at.Format("15:04")+" "+v.onDay(at), g.Next.Text, count(v.Lang, g.Next.Letters)
		d.NextOmitted = v.omitted(g.Next.Omitted)
		var changes []string
		for _, c := range g.Next.Changes {
			changes = append(changes, count(v.Lang, c.Letters)+v.either(" nếu chọn ", " if ")+or(v.Lang, c.Choices))
		}
		d.NextChanges = strings.Join(changes, "; ")
	}
	var names []string
	for _, u := range g.Undelivered {
		names = append(names, shortName(u))
	}
	d.Undelivered = strings.Join(names, "; ")
	var soft []string
	for _, u := range g.Soft {
		soft = append(soft, shortName(u))
	}
	d.Soft = strings.Join(soft, "; ")
	if len(names) > 0 {
		d.UndeliveredN = count(v.Lang, len(names))
	}
	if g.Waiting > 0 {
		d.Waiting = count(v.Lang, g.Waiting)
	}
	if g.Escalations > 0 {
		d.Escalations = count(v.Lang, g.Escalations)
	}
	var files []string
	for _, a := range g.Attached {
		files = append(files, clean(a))
	}
	d.Attached = strings.Join(files, "; ")
	d.machine(v, g)
	d.Quiet = !g.Since.IsZero() && sum.Complete == g.Before && len(d.Decisions) == 0 && g.News == News{} && d.Well && len(names) == 0 && g.Waiting == 0 && d.GivenUp == ""
	return d
}

// total adds up the categories.
func total(rows []Row) (sum Row) {
	for _, r := range rows {
		sum.Total += r.Total
		sum.Complete += r.Complete
		sum.Partial += r.Partial
		sum.Fixing += r.Fixing
		sum.None += r.None
	}
	return sum
}

// days says how much time is left; the day on which the digest goes out does
// not count.
func (d *digestView) days(v *view, g *Digest) {
	at := v.c.Deadline.Before.In(v.now.Location())
	last, _ := lastMoment(at)
	d.Deadline = shortDay(v.Lang, last)
	d.Over = !v.now.Before(at)
	d.LastDay = !d.Over && sameDay(v.now, last)
	if d.Over || d.LastDay || len(g.DaysLeft) == 0 {
		return
	}
	d.Days = count(v.Lang, len(g.DaysLeft))
	if len(g.DaysLeft) > 5 {
		return
	}
	var days []string
	for i, t := range g.DaysLeft {
		t = t.In(v.now.Location())
		next := i+1 < len(g.DaysLeft) && g.DaysLeft[i+1].In(v.now.Location()).Month() == t.Month()
		switch {
		case next && v.Lang == "en":
			days = append(days, t.Format("2"))
		case next:
			days = append(days, t.Format("02"))
		default:
			days = append(days, shortDay(v.Lang, t))
		}
	}
	d.DayList = strings.Join(days, ", ")
}

func clock(v *view, t time.Time) string {
	if t.IsZero() {
		return ""
	}
	t = t.In(v.now.Location())
	if sameDay(t, v.now) {
		return t.Format("15:04")
	}
	return t.Format("15:04") + " " + v.onDay(t)
}

func (v *view) onDay(t time.Time) string {
	if v.Lang == "en" {
		return "on " + shortDay(v.Lang, t)
	}
	return "ngày " + shortDay(v.Lang, t)
}

// when calls an earlier moment as people do: by its hour today, "hôm qua", by
// its weekday within a week, by its date before that.
func (v *view) when(t time.Time) string {
	t = t.In(v.now.Location())
	switch yesterday := v.now.AddDate(0, 0, -1); {
	case sameDay(t, v.now):
		return t.Format("15:04")
	case sameDay(t, yesterday) && v.Lang == "en":
		return "yesterday"
	case sameDay(t, yesterday):
		return "hôm qua"
	case v.now.Sub(t) < 6*24*time.Hour:
		return weekdays[v.Lang][t.Weekday()]
	}
	return v.onDay(t)
}

// changed is the difference to the digest before.
func (v *view) changed(n int) string {
	if n == 0 {
		return map[string]string{"vi": "không thay đổi", "en": "unchanged"}[v.Lang]
	}
	return signed(v.Lang, n)
}

func signed(lang string, n int) string {
	if n < 0 {
		return "-" + number(lang, float64(-n))
	}
	return "+" + number(lang, float64(n))
}

// table writes the progress by category, cells parted by tabs.
func (v *view) table(rows []Row, sum Row) string {
	var b strings.Builder
	line := func(name string, r Row) {
		cells := []string{name}
		for _, n := range []int{r.Total, r.Complete, r.Partial, r.Fixing, r.None} {
			cells = append(cells, number(v.Lang, float64(n)))
		}
		b.WriteString(strings.Join(cells, "\t") + "\n")
	}
	if v.Lang == "en" {
		b.WriteString("PROGRESS\tTotal\tComplete\tPartial\tTo mend\tNothing\n")
	} else {
		b.WriteString("TIẾN ĐỘ\tTổng\tĐủ\tThiếu\tChờ sửa\tChưa gửi\n")
	}
	for _, r := range rows {
		line(v.category(r.Category), r)
	}
	line(map[string]string{"vi": "Cộng", "en": "All"}[v.Lang], sum)
	return b.String()
}

func (v *view) news(n News) string {
	var out []string
	for _, x := range []struct {
		n      int
		vi, en string
	}{
		{n.Mails, "thư", "mail"},
		{n.Completed, "đơn vị thành đủ", "unit"},
		{n.Mended, "bản sửa đạt", "correction"},
		{n.Corrected, "đính chính", "file"},
	} {
		if x.n > 0 {
			out = append(out, count(v.Lang, x.n)+" "+v.either(x.vi, plural(v.Lang, x.en, x.n)+newsOf[x.en]))
		}
	}
	return strings.Join(out, "; ")
}

// newsOf is what became of the things that the English news count.
var newsOf = map[string]string{"unit": " became complete", "correction": " accepted", "file": " replaced by other figures"}

func shortName(u config.Unit) string {
	if s := tidy(u.ShortName); s != "" {
		return s
	}
	return tidy(u.Name)
}

// machine says whether the program can do its work.
func (d *digestView) machine(v *view, g *Digest) {
	d.DiskLow = clock(v, g.DiskLow)
	d.Unsent, d.SentAgain, d.UnsentText = clock(v, g.Unsent.Since), clock(v, g.Unsent.Until), shorten(strings.TrimRight(tidy(g.Unsent.Text), "."), 200)
	var lost []string
	if len(g.GivenUp) > 0 {
		lost = append(lost, v.names(g.GivenUp))
	}
	if n := g.GivenUpOthers; n > 0 {
		lost = append(lost, count(v.Lang, n)+v.either(" thư tới địa chỉ khác", plural(v.Lang, " letter", n)+" to other addresses"))
	}
	d.GivenUp = strings.Join(lost, ", ")
	d.Well = g.Unread.IsZero() && g.Unsent.Since.IsZero() && g.DiskLow.IsZero()
}
