package intake

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"dondoc/config"
	"dondoc/intake/finding"
	"dondoc/intake/ledger"
	"dondoc/schedule/standing"
)

// roster is a committee with two districts, a department, two offices that
// pass mail on (one shares its address), two that share a dossier and an
// address, and six small bodies of one kind for the median.
func roster() *config.Campaign {
	zone := time.FixedZone("+07", 7*3600)
	day := func(d int) time.Time { return time.Date(2022, 10, d, 0, 0, 0, 0, zone) }
	c := &config.Campaign{
		ID: "DVK-2022", Location: zone,
		Deadline: config.Deadline{Before: day(20), GraceUntil: day(21), Closes: day(31)},
		Mailbox:  config.Mailbox{Since: day(3), Address: "hop@bdv.example"},
		SMTP:     config.SMTP{From: "tiepnhan@bdv.example"},
		Desk:     []string{"phong@bdv.example"},
		Categories: []config.Category{
			{Code: "huyen", Folder: "1-huyen"}, {Code: "so", Folder: "2-so"}, {Code: "nho", Folder: "3-nho"},
		},
	}
	add := func(code, category, name, address, group string, models int, relay bool) {
		c.Units = append(c.Units, config.Unit{Code: code, Category: category, Name: name, Emails: []string{address}, DupGroup: group,
			Obligation: config.Obligation{Report: true, Appendix: true, Models: models}, Relay: relay, Active: true, AutoRemind: true})
	}
	add("HU-A", "huyen", "Huyện ủy A", "vanthu@a.example", "", 2, false)
	add("HU-B", "huyen", "Huyện ủy B", "vanthu@b.example", "", 2, false)
	add("S-C", "so", "Sở C", "vanthu@c.example", "", 1, false)
	add("VP", "so", "Văn phòng", "vanthu@vp.example", "", 1, true)
	add("BCSD", "so", "Ban cán sự", "vanthu@ub.example", "", 0, false)
	add("S-VPUB", "so", "Văn phòng Ủy ban", "vanthu@ub.example", "", 1, true)
	add("S-CA", "so", "Công an", "vanthu@ca.example", "CA", 1, false)
	add("DU-CA", "so", "Đảng ủy Công an", "vanthu@duca.example", "CA", 2, false)
	for i := range 6 {
		add(fmt.Sprintf("N%d", i+1), "nho", fmt.Sprintf("Cơ quan %d", i+1), fmt.Sprintf("vanthu@n%d.example", i+1), "", 0, false)
	}
	c.Units[0].BackupEmail = "duphong@a.example"
	return c
}

// question is one question to Decide, put together by the words of a row.
type question struct {
	arrival ledger.Arrival
	reading finding.Reading
	known   Known
	now     time.Time
}

type word func(*question)

// marked is a mail of which a part bears the mark of classified content.
func marked(q *question) {
	for i := range q.reading.Parts {
		q.reading.Parts[i].Problems = []finding.Problem{{Code: "R07", Severity: finding.ForPerson}}
	}
}

func at(s string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", "2022-"+s, time.FixedZone("+07", 7*3600))
	if err != nil {
		panic(err)
	}
	return t
}

func from(address string) word {
	return func(q *question) { q.reading.From.Address = address }
}
func class(c string) word   { return func(q *question) { q.reading.Class = c } }
func machine(m string) word { return func(q *question) { q.reading.Machine = m } }
func auth(a string) word    { return func(q *question) { q.reading.Auth = a } }
func limit(l string) word   { return func(q *question) { q.reading.Limit = l } }
func receivedAt(s string) word {
	return func(q *question) { q.arrival.Received = at(s) }
}
func keyed(q *question) {
	q.reading.Threads = append(q.reading.Threads, finding.Thread{Where: "key_header", Value: "invite/HU-A"})
}
func forwarded(q *question) { q.reading.Forwarded = true }
func spam(q *question)      { q.arrival.Spam = true }
func askedAt(s string) word { return func(q *question) { q.known.Asked = at(s) } }
func readAt(s string) word  { return func(q *question) { q.known.Read = at(s) } }
func duplicate(id string) word {
	return func(q *question) { q.known.Duplicate = id }
}
func bounced(address string) word {
	return func(q *question) {
		q.reading.Class, q.reading.Machine = finding.ClassBounce, "bounce"
		q.reading.Bounce = &finding.Bounce{Address: address, Status: "5.1.1", Permanent: true}
	}
}

// thread is an answer to a letter of ours to the unit, proved by its token.
func thread(unit string) word {
	return func(q *question) {
		to := "vanthu@" + strings.ToLower(unit[strings.IndexByte(unit, '-')+1:]) + ".example"
		q.known.Threads = append(q.known.Threads, ledger.Letter{Key: "invite/" + unit, Unit: unit, To: []string{to}})
	}
}

// says is evidence as the child returns it: "subject HU-A", "from_name HU-A?".
func says(kind, unit string) word {
	return func(q *question) {
		unit, doubt := strings.CutSuffix(unit, "?")
		q.reading.Evidence = append(q.reading.Evidence, finding.Evidence{Kind: kind, Unit: unit, Detail: kind, Doubt: doubt})
	}
}

// file attaches a part with problems as "C01/E".
func file(kind, name string, problems ...string) word {
	return func(q *question) {
		q.reading.Parts = append(q.reading.Parts, part(kind, name, problems...))
	}
}

func part(kind, name string, problems ...string) finding.Part {
	p := finding.Part{Kind: kind, Name: name, Path: name, SHA256: name}
	for _, s := range problems {
		code, severity, _ := strings.Cut(s, "/")
		q := finding.Problem{Code: code, Severity: finding.Severity(severity)}
		if severity == "X+" {
			q.Severity, q.Explain = finding.FixOrExplain, "phát sinh ngoài đăng ký"
		}
		p.Problems = append(p.Problems, q)
	}
	return p
}

// nothing is a short letter that says that there is nothing to report.
func nothing(name string) word {
	return func(q *question) {
		p := part(finding.Other, name)
		p.Nothing = true
		q.reading.Parts = append(q.reading.Parts, p)
	}
}

func report(problems ...string) word { return file(finding.Report, "bc.docx", problems...) }
func model(name string) word         { return file(finding.Model, name) }
func annex(name string, problems ...string) word {
	return file(finding.Appendix, name, problems...)
}

// formOf is a form that was issued to the unit, and says so; a token that
// verifies is "HU-A!".
func formOf(unit string, problems ...string) word {
	return func(q *question) {
		unit, proved := strings.CutSuffix(unit, "!")
		p := part(finding.Appendix, "pl.xlsx", problems...)
		p.Form = &finding.FormID{Campaign: "DVK-2022", Unit: unit}
		q.reading.Parts = append(q.reading.Parts, p)
		q.reading.Evidence = append(q.reading.Evidence, finding.Evidence{Kind: "form", Unit: unit, Detail: p.Name})
		if proved {
			q.known.Forms = map[string]bool{unit: true}
		}
	}
}

// with sets figures of the part attached last; figures are "NAME=3".
func with(values ...string) word {
	return func(q *question) { figures(&q.reading.Parts[len(q.reading.Parts)-1], values...) }
}

func figures(p *finding.Part, values ...string) {
	p.Values, p.Places = map[string]any{}, map[string]string{}
	for _, s := range values {
		name, value, _ := strings.Cut(s, "=")
		p.Places[name] = "Phụ lục!D11"
		var n float64
		if _, err := fmt.Sscan(value, &n); err == nil {
			p.Values[name] = n
		} else if value != "" {
			p.Values[name] = value
		} else {
			p.Values[name] = nil
		}
	}
}

// gave is a mail that the unit sent the day before and that counts.
func gave(unit string, parts ...finding.Part) word {
	return func(q *question) {
		u := unit
		u, claimed := strings.CutSuffix(u, "?")
		n := len(q.known.Facts.Mails)
		q.known.Facts.Mails = append(q.known.Facts.Mails, &finding.Verdict{
			ID: fmt.Sprintf("EARLY-%05d", n), Unit: &u, Claimed: claimed, Verdict: finding.Filed, Class: finding.ClassReport,
			Received: at("10-11 08:00").Add(time.Duration(n) * time.Minute), Parts: parts,
		})
	}
}

func decided(d standing.Decision) word {
	return func(q *question) {
		d.ID, d.At = fmt.Sprint(len(q.known.Facts.Decisions)+1), at("10-11 09:00")
		q.known.Facts.Decisions = append(q.known.Facts.Decisions, d)
	}
}

// peers are appendices of N2 to N6 with the same figure each.
func peers(figure string) word {
	return func(q *question) {
		for i := 2; i <= 6; i++ {
			p := part(finding.Appendix, fmt.Sprintf("n%d.xlsx", i))
			figures(&p, figure)
			gave(fmt.Sprintf("N%d", i), p)(q)
		}
	}
}

// read puts a verdict into one line: what a person would read off it.
func read(v *finding.Verdict) string {
	words := []string{v.Verdict + " " + v.Reason, v.Class}
	switch {
	case v.Claimed:
		words = append(words, "claims "+v.UnitCode())
	case v.Unit != nil:
		words = append(words, v.UnitCode())
	default:
		words = append(words, "nobody")
	}
	if len(v.Candidates) > 0 {
		words = append(words, "may be "+strings.Join(v.Candidates, "+"))
	}
	words = append(words, v.Reply+" "+v.ReplyReason)
	for _, p := range v.Parts {
		s := p.Kind + "=" + p.Verdict
		for _, q := range p.Problems {
			s += " " + q.Code + "/" + string(q.Severity)
			if q.Audience != "" && q.Audience != finding.ToUnit {
				s += "→" + string(q.Audience)
			}
			if q.Explain != "" {
				s += "(" + q.Explain + ")"
			}
		}
		words = append(words, s)
	}
	if len(v.Missing) > 0 {
		words = append(words, "misses "+strings.Join(v.Missing, "+"))
	}
	return strings.Join(words, "; ")
}

func TestDecide(t *testing.T) {
	private, desk := from("ca.nhan@mail.example"), from("phong@bdv.example")
	a, b, n1 := from("vanthu@a.example"), from("vanthu@b.example"), from("vanthu@n1.example")
	whole := func(q *question) { report()(q); annex("pl.xlsx")(q); model("mh1.docx")(q); model("mh2.docx")(q) }
	both := "; report=accepted; appendix=accepted"
	all := both + "; model=accepted; model=accepted"
	alias := standing.Decision{Kind: standing.Alias, Units: []string{"HU-A"}, Address: "ca.nhan@mail.example"}

	for _, row := range []struct {
		sentence string
		words    []word
		want     string
	}{
		// What nobody answers.
		{"a mail older than the letter is none of ours", []word{a, class(finding.ClassReport), receivedAt("10-02 23:59"), whole},
			"ignored before_campaign; report; nobody; none before_campaign; report=ignored; appendix=ignored; model=ignored; model=ignored"},
		{"one of the letter's own day is read", []word{a, receivedAt("10-03 00:00"), whole}, "filed sender; report; HU-A; receipt received" + all},
		{"a letter that there is nothing to report waits for a person", []word{a, nothing("cv.docx")},
			"held nothing_to_report; question; HU-A; may be HU-A; acknowledge read_by_a_person; other=accepted; misses report+appendix+model:2"},
		{"with the figures it is no more than a letter", []word{a, nothing("cv.docx"), annex("pl.xlsx")},
			"filed sender; report; HU-A; receipt received; other=accepted; appendix=accepted; misses report+model:2"},
		{"the same mail in a second folder is one mail", []word{a, whole, duplicate("7K3M5-QXA2P")},
			"ignored duplicate; duplicate; nobody; none duplicate; report=ignored; appendix=ignored; model=ignored; model=ignored"},
		{"our own letter comes back as a copy", []word{from("tiepnhan@bdv.example"), machine("auto_submitted"), annex("pl.xlsx")},
			"ignored our_own_mail; automatic; nobody; none our_own_mail; appendix=ignored"},
		{"a server that drops fields left its key", []word{from("tiepnhan@bdv.example"), annex("pl.xlsx"), keyed},
			"ignored our_own_mail; automatic; nobody; none our_own_mail; appendix=ignored"},
		{"a colleague passes on a report from the mailbox itself: a person looks, nobody is answered", []word{from("tiepnhan@bdv.example"), report(), says("letterhead", "HU-A")},
			"held sent_from_our_own_address; question; nobody; none sent_from_our_own_address; report=accepted"},
		{"so does one from the address that units write to", []word{from("hop@bdv.example")}, "ignored our_own_mail; automatic; nobody; none our_own_mail"},
		{"anybody can write a bounce that names a unit: it is left to a person, and no reminder waits for it", []word{from("mailer-daemon@mx.example"), bounced("vanthu@a.example")},
			"held bounce_not_of_a_letter_of_ours; bounce; nobody; none bounce"},
		{"one that brings a letter of ours to another is no proof either", []word{from("mailer-daemon@mx.example"), bounced("vanthu@a.example"), thread("HU-B")},
			"held bounce_not_of_a_letter_of_ours; bounce; HU-B; none bounce; misses report+appendix+model:2"},
		{"a bounce of what others wrote is never answered", []word{from("mailer-daemon@mx.example"), bounced("khac@mail.example")},
			"ignored bounce; bounce; nobody; none bounce"},
		{"a bounce of a letter of ours is shown with its unit", []word{from(""), bounced("vanthu@a.example"), thread("HU-A")},
			"ignored bounce; bounce; HU-A; none bounce; misses report+appendix+model:2"},
		{"an out-of-office answer of a unit is not answered", []word{a, machine("auto_submitted"), class(finding.ClassAutomatic), thread("HU-A")},
			"ignored automatic_auto_submitted; automatic; HU-A; none automatic_auto_submitted; misses report+appendix+model:2"},
		{"a newsletter with a picture is a machine's", []word{from("tin@bao.example"), machine("list"), class(finding.ClassAutomatic), file(finding.Decoration, "logo.png")},
			"ignored automatic_list; automatic; nobody; none automatic_list; decoration=ignored"},
		{"a machine that brings a report is kept for a person and not answered", []word{a, machine("auto_submitted"), class(finding.ClassAutomatic), report()},
			"held automatic_with_report; automatic; nobody; may be HU-A; none automatic_auto_submitted; report=accepted"},
		{"a scanner that nobody registered brings one too", []word{from("scan@mfp.example"), machine("sender"), class(finding.ClassAutomatic), report()},
			"held automatic_with_report; automatic; nobody; none automatic_sender; report=accepted"},
		{"words of the desk are a command", []word{desk, class(finding.ClassQuestion)}, "ignored command; command; nobody; none command"},
		{"a signature picture makes the desk's words no files", []word{desk, class(finding.ClassQuestion), file(finding.Decoration, "logo.png")},
			"ignored command; command; nobody; none command; decoration=ignored"},

		// Forged and beyond the limits.
		{"our server says the sender is forged: silence, and a person looks", []word{a, auth("fail"), whole},
			"held sender_authentication_failed; report; nobody; may be HU-A; none sender_authentication_failed" + all},
		{"a forged stranger's report is not asked about either", []word{private, auth("fail"), report()},
			"held sender_authentication_failed; report; nobody; none sender_authentication_failed; report=accepted"},
		{"a forged mail too large to read is held, not answered", []word{a, auth("fail"), limit("size")},
			"held sender_authentication_failed; question; nobody; may be HU-A; none sender_authentication_failed"},
		{"a mail of 60 MB from a unit is kept and the unit told", []word{a, limit("size")},
			"quarantined limit_size; unreadable; nobody; may be HU-A; acknowledge not_readable"},
		{"a unit whose note was acknowledged an hour ago was not told that its report of 60 MB is unreadable", []word{a, limit("size"), readAt("10-12 08:30"), askedAt("10-12 08:30")},
			"quarantined limit_size; unreadable; nobody; may be HU-A; acknowledge not_readable"},
		{"a reply in our thread without a sender, beyond the limits, was acknowledged to nobody", []word{from(""), limit("size"), thread("HU-A")},
			"quarantined limit_size; unreadable; nobody; may be HU-A; none no_sender"},
		{"words in our thread without a sender are held, and nobody is answered", []word{from(""), thread("HU-A")},
			"held no_files; question; HU-A; may be HU-A; none no_sender; misses report+appendix+model:2"},
		{"a stranger's mail of 10,000 parts is kept and not answered", []word{private, limit("parts")},
			"quarantined limit_parts; unreadable; nobody; none stranger"},
		{"a reply to our letter from elsewhere that killed two readers is told", []word{private, limit("crash"), thread("HU-A")},
			"quarantined limit_crash; unreadable; nobody; may be HU-A; acknowledge not_readable"},
		{"a monthly report alone is no answer to the letter: a person looks, and nothing is said to be missing", []word{a, report("R08/H")},
			"held other_subject; out_of_scope; HU-A; may be HU-A; acknowledge read_by_a_person; report=held R08/H; misses report+appendix+model:2"},
		{"a stranger's monthly report is held and not answered", []word{private, says("letterhead", "HU-A"), report("R08/H")},
			"held other_subject; out_of_scope; claims HU-A; may be HU-A; none stranger_without_report; report=held R08/H; misses report+appendix+model:2"},
		{"a print of the form whose workbook came before is a copy", []word{a, filed("HU-A", "A=1"), report(), file(finding.Appendix, "pl.pdf", "S03/E")},
			"filed sender; report; HU-A; receipt received; report=accepted; other=accepted; misses model:2"},
		{"beside the form it is a report with a doubt", []word{a, annex("pl.xlsx"), report("R08/H")},
			"filed sender; report; HU-A; receipt received; appendix=accepted; report=held R08/H; misses model:2"},
		{"a unit's mail with a mark of classified content is set apart whole, and the unit told to call", []word{a, whole, marked},
			"quarantined classified_content; unreadable; nobody; may be HU-A; acknowledge not_readable" + strings.ReplaceAll(all, "=accepted", "=held R07/H")},
		{"a stranger's is set apart and not answered", []word{private, report(), marked},
			"quarantined classified_content; unreadable; nobody; none stranger; report=held R07/H"},
		{"a forged one is held like any forged mail", []word{a, auth("fail"), report(), marked},
			"held sender_authentication_failed; report; nobody; may be HU-A; none sender_authentication_failed; report=held R07/H"},
		{"a scanner's mail of 60 MB may hold a report: it was ignored, and nobody saw it", []word{private, machine("sender"), class(finding.ClassAutomatic), limit("size")},
			"quarantined limit_size; unreadable; nobody; none automatic_sender"},
		{"a unit's mail through a list that killed two readers was lost as well", []word{a, machine("list"), class(finding.ClassAutomatic), limit("crash")},
			"quarantined limit_crash; unreadable; nobody; may be HU-A; none automatic_list"},
		{"the desk forwards a mail of 60 MB: that was taken for a command", []word{desk, forwarded, limit("size")},
			"quarantined limit_size; unreadable; nobody; none sent_by_the_desk"},
		{"a colleague passes on one of 60 MB from the mailbox itself: that was taken for our letter", []word{from("tiepnhan@bdv.example"), machine("list"), limit("size")},
			"held sent_from_our_own_address; question; nobody; none sent_from_our_own_address"},
		{"our own letter beyond the limits is still known by its key", []word{from("tiepnhan@bdv.example"), keyed, limit("header")},
			"ignored our_own_mail; automatic; nobody; none our_own_mail"},
		{"a message that the server never gave up is in quarantine", []word{from(""), limit("unfetched")},
			"quarantined limit_unfetched; unreadable; nobody; none stranger"},

		// Strangers.
		{"a stranger with a report that names nobody is asked", []word{private, report()},
			"held unknown_sender; report; nobody; ask_unit unknown_sender; report=accepted"},
		{"he is not asked twice within a day", []word{private, report(), askedAt("10-11 10:00")},
			"held unknown_sender; report; nobody; none asked_within_a_day; report=accepted"},
		{"the day after he is asked again", []word{private, report(), askedAt("10-11 09:29")},
			"held unknown_sender; report; nobody; ask_unit unknown_sender; report=accepted"},
		{"a stranger without a report is held and not answered", []word{private, class(finding.ClassQuestion)},
			"held unknown_sender; question; nobody; none stranger_without_report"},
		{"a stranger with a file like none is not answered", []word{private, file(finding.Other, "anh.zip")},
			"held unknown_sender; question; nobody; none stranger_without_report; other=accepted"},
		{"a report from nobody at all is held", []word{from(""), report()},
			"held unknown_sender; report; nobody; none no_sender; report=accepted"},
		{"a name that fits two districts is asked about", []word{private, report(), says("subject", "HU-A?"), says("subject", "HU-B?")},
			"held ambiguous_name; report; nobody; may be HU-A+HU-B; ask_unit ambiguous_name; report=accepted"},
		{"a signature alone is asked about", []word{private, report(), says("body", "HU-A")},
			"held weak_sign; report; nobody; may be HU-A; ask_unit weak_sign; report=accepted"},
		{"a damaged file of a stranger that says nothing is asked about", []word{private, annex("pl.xlsx", "S01/E")},
			"held unknown_sender; report; nobody; ask_unit unknown_sender; appendix=needs_fix S01/E"},

		// Claimed, and what proves it.
		{"a private address with a letterhead is a claim", []word{private, report(), says("letterhead", "HU-A")},
			"filed content; report; claims HU-A; receipt received; report=accepted; misses appendix+model:2"},
		{"a form whose token does not verify is a claim", []word{private, formOf("HU-A")},
			"filed form; report; claims HU-A; receipt received; appendix=accepted; misses report+model:2"},
		{"a form whose token verifies is none", []word{private, formOf("HU-A!")},
			"filed form; report; HU-A; receipt received; appendix=accepted; misses report+model:2"},
		{"nor is an answer in the thread of our letter", []word{private, whole, thread("HU-A")}, "filed thread; report; HU-A; receipt received" + all},
		{"nor one from an address that the desk added", []word{private, whole, decided(alias)}, "filed sender; report; HU-A; receipt received" + all},
		{"the roster's second address is the unit's", []word{from("duphong@a.example"), whole}, "filed sender; report; HU-A; receipt received" + all},
		{"a claim does not take the place of what the unit itself sent", []word{private, formOf("HU-A", "C01/E"), gave("HU-A", part(finding.Appendix, "old.xlsx"))},
			"filed form; report; claims HU-A; corrections problems; appendix=needs_fix C01/E; misses report+model:2"},
		{"words of a private address that claim a unit wait for a person", []word{private, class(finding.ClassStatement), says("subject", "HU-A")},
			"held no_files; statement; claims HU-A; may be HU-A; none stranger_without_report; misses report+appendix+model:2"},
		{"a stranger who only names a unit in the subject was acknowledged like the unit itself", []word{private, says("subject", "HU-A")},
			"held no_files; question; claims HU-A; may be HU-A; none stranger_without_report; misses report+appendix+model:2"},
		{"a stranger's flyer with a unit's name was filed for it and got a receipt", []word{private, says("subject", "HU-A"), file(finding.Other, "quang cao.pdf")},
			"held unknown_sender; question; nobody; may be HU-A; none stranger_without_report; other=accepted"},
		{"the same from an address that the unit registered is filed", []word{a, says("subject", "HU-A"), file(finding.Other, "anh.pdf")},
			"filed sender; question; HU-A; receipt received; other=accepted; misses report+appendix+model:2"},
		{"a picture that the desk passes on with a unit's name waits for the desk", []word{desk, forwarded, says("subject", "HU-A"), file(finding.Other, "anh.jpg")},
			"held unknown_sender; question; nobody; may be HU-A; none sent_by_the_desk; other=accepted"},

		// Contradictions.
		{"A sends B's form: held, nobody's, and the form says whose it is", []word{a, formOf("HU-B")},
			"held contradiction; report; nobody; may be HU-A+HU-B; ask_unit contradiction; appendix=held S08/H"},
		{"even if B's token verifies", []word{a, formOf("HU-B!"), report()},
			"held contradiction; report; nobody; may be HU-A+HU-B; ask_unit contradiction; appendix=held S08/H; report=accepted"},
		{"what else is wrong with B's form is kept", []word{a, formOf("HU-B", "C01/E")},
			"held contradiction; report; nobody; may be HU-A+HU-B; ask_unit contradiction; appendix=needs_fix C01/E S08/H"},
		{"A's form and B's form in one mail of A", []word{a, formOf("HU-A"), formOf("HU-B")},
			"held two_units; report; nobody; may be HU-A+HU-B; ask_unit two_units; appendix=accepted; appendix=held S08/H"},
		{"reports of two units in a stranger's mail", []word{private, report(), report(), says("letterhead", "HU-A"), says("letterhead", "HU-B")},
			"held two_units; report; nobody; may be HU-A+HU-B; ask_unit two_units; report=accepted; report=accepted"},
		{"A answers in the thread of B's letter", []word{a, report(), thread("HU-B")},
			"held contradiction; report; nobody; may be HU-A+HU-B; ask_unit contradiction; report=accepted"},
		{"A's report has B's letterhead", []word{a, report(), says("letterhead", "HU-B")},
			"held contradiction; report; nobody; may be HU-A+HU-B; ask_unit contradiction; report=accepted"},
		{"A writes, and only the subject says B: the address counts", []word{a, whole, says("subject", "HU-B")}, "filed sender; report; HU-A; receipt received" + all},
		{"A forwards, and only the subject says B", []word{a, forwarded, report(), says("subject", "HU-B")},
			"held contradiction; report; nobody; may be HU-A+HU-B; ask_unit contradiction; report=accepted"},
		{"a form of a unit that the roster does not have", []word{a, formOf("HU-X")},
			"held contradiction; report; nobody; may be HU-A; ask_unit contradiction; appendix=held S08/H"},
		{"the desk forwards a unit's report: it is a claim, by its content", []word{desk, forwarded, report(), says("letterhead", "HU-A")},
			"filed content; report; claims HU-A; receipt received; report=accepted; misses appendix+model:2"},
		{"the desk forwards a report that names nobody: it is not asked", []word{desk, forwarded, report()},
			"held unknown_sender; report; nobody; none sent_by_the_desk; report=accepted"},
		{"an office that passes mail on sends a district's report", []word{from("vanthu@vp.example"), forwarded, report(), says("subject", "HU-A")},
			"held contradiction; report; nobody; may be VP+HU-A; ask_unit contradiction; report=accepted"},
		{"and one of which nothing says that it is its own", []word{from("vanthu@vp.example"), report()},
			"held relay; report; nobody; may be VP; ask_unit relay; report=accepted"},
		{"its own report, with its own letterhead, is its own", []word{from("vanthu@vp.example"), report(), says("letterhead", "VP")},
			"filed sender; report; VP; receipt received; report=accepted; misses appendix+model:1"},
		{"a shared address alone names two", []word{from("vanthu@ub.example"), report()},
			"held shared_address; report; nobody; may be BCSD+S-VPUB; ask_unit shared_address; report=accepted"},
		{"one that promised a report this morning, and was acknowledged, is asked all the same whose it is", []word{from("vanthu@ub.example"), report(), readAt("10-12 08:00")},
			"held shared_address; report; nobody; may be BCSD+S-VPUB; ask_unit shared_address; report=accepted"},
		{"a shared address with a letterhead names one", []word{from("vanthu@ub.example"), report(), annex("pl.xlsx"), says("letterhead", "BCSD")},
			"filed shared_address; report; BCSD; receipt received" + both},
		{"a shared address without files waits for a person, who is announced", []word{from("vanthu@ub.example"), class(finding.ClassQuestion)},
			"held shared_address; question; nobody; may be BCSD+S-VPUB; acknowledge read_by_a_person"},

		// Words.
		{"words that say nothing that we know wait for a person", []word{a, wrote("Kính gửi Ban Dân vận.")},
			"held no_files; question; HU-A; may be HU-A; acknowledge read_by_a_person; misses report+appendix+model:2"},
		{"the second ones of the day are not acknowledged again", []word{a, wrote("Kính gửi Ban Dân vận."), readAt("10-12 08:00")},
			"held no_files; question; HU-A; may be HU-A; none acknowledged_within_a_day; misses report+appendix+model:2"},

		// Filed, and what is wrong.
		{"everything at once", []word{a, whole}, "filed sender; report; HU-A; receipt received" + all},
		{"everything, from the spam folder", []word{a, whole, spam}, "filed sender; report; HU-A; receipt received" + all},
		{"a picture of a street counts for nothing and is received", []word{a, file(finding.Other, "anh.jpg")},
			"filed sender; question; HU-A; receipt received; other=accepted; misses report+appendix+model:2"},
		{"a rest that came later completes", []word{a, model("mh1.docx"), gave("HU-A", part(finding.Report, "b"), part(finding.Appendix, "x"), part(finding.Model, "m2"))},
			"filed sender; report; HU-A; receipt received; model=accepted"},
		{"an exempted part is not missing", []word{a, report(), annex("pl.xlsx"), decided(standing.Decision{Kind: standing.Exempt, Units: []string{"HU-A"}, Part: "model", Count: 2})},
			"filed sender; report; HU-A; receipt received" + both},
		{"a sum that is wrong asks for corrections", []word{a, annex("pl.xlsx", "C03/E")},
			"filed sender; report; HU-A; corrections problems; appendix=needs_fix C03/E; misses report+model:2"},
		{"an X without an explanation does too", []word{a, annex("pl.xlsx", "C04/X")},
			"filed sender; report; HU-A; corrections problems; appendix=needs_fix C04/X; misses report+model:2"},
		{"an X with one is accepted with a note", []word{a, annex("pl.xlsx", "C04/X+")},
			"filed sender; report; HU-A; receipt received; appendix=accepted_with_notes C04/X(phát sinh ngoài đăng ký); misses report+model:2"},
		{"blanks taken as 0 are noted", []word{a, annex("pl.xlsx", "N01/W")},
			"filed sender; report; HU-A; receipt received; appendix=accepted_with_notes N01/W; misses report+model:2"},
		{"what is only recorded leaves it accepted", []word{a, annex("pl.xlsx", "N11/I")},
			"filed sender; report; HU-A; receipt received; appendix=accepted N11/I; misses report+model:2"},
		{"1.234 may be two numbers: the unit is asked", []word{a, annex("pl.xlsx", "N05/H")},
			"filed sender; report; HU-A; corrections problems; appendix=needs_fix N05/H; misses report+model:2"},
		{"every other H is for a person", []word{a, annex("pl.xlsx", "S11/H")},
			"filed sender; report; HU-A; receipt received; appendix=held S11/H; misses report+model:2"},
		{"a link is no file: the unit is asked for it", []word{a, class(finding.ClassReport), file(finding.Other, "", "L01/E")},
			"filed sender; report; HU-A; corrections problems; other=needs_fix L01/E; misses report+appendix+model:2"},
		{"figures typed into the mail are no appendix", []word{a, class(finding.ClassReport), report(), file(finding.Appendix, "", "L03/E")},
			"filed sender; report; HU-A; corrections problems; report=accepted; appendix=needs_fix L03/E; misses appendix+model:2"},
		{"the desk's word with a link in it is the desk's word", []word{desk, class(finding.ClassReport), file(finding.Other, "", "L01/E")},
			"ignored command; command; nobody; none command; other=ignored L01/E"},
		{"a statement with a link is heard, and the file asked for", []word{a, class(finding.ClassStatement), file(finding.Other, "", "L01/E")},
			"filed sender; statement; HU-A; corrections problems; other=needs_fix L01/E; misses report+appendix+model:2"},
		{"a stranger's link is nobody's", []word{private, class(finding.ClassReport), file(finding.Other, "", "L01/E")},
			"held unknown_sender; report; nobody; none stranger_without_report; other=needs_fix L01/E"},
		{"a damaged workbook leaves the appendix missing", []word{a, report(), annex("pl.xlsx", "S01/E")},
			"filed sender; report; HU-A; corrections problems; report=accepted; appendix=needs_fix S01/E; misses appendix+model:2"},
		{"so does a blank one", []word{a, annex("pl.xlsx", "S15/E")},
			"filed sender; report; HU-A; corrections problems; appendix=needs_fix S15/E; misses report+appendix+model:2"},
		{"and one of another campaign", []word{a, annex("pl.xlsx", "S07/E")},
			"filed sender; report; HU-A; corrections problems; appendix=needs_fix S07/E; misses report+appendix+model:2"},
		{"macros that could be read past are noted", []word{a, annex("pl.xlsm", "S06/W")},
			"filed sender; report; HU-A; receipt received; appendix=accepted_with_notes S06/W; misses report+model:2"},
		{"macros that could not are to be mended", []word{a, annex("pl.xlsm", "S06/E")},
			"filed sender; report; HU-A; corrections problems; appendix=needs_fix S06/E; misses report+appendix+model:2"},
		{"our own form failed to compute: a person looks, the unit is not blamed", []word{a, ours("P01")},
			"filed sender; report; HU-A; receipt received; appendix=held P01/H→desk; misses report+model:2"},

		// Models, and what the form says of them.
		{"a row of the list without a file's name, and no write-up: mend", []word{a, annex("pl.xlsx", "M03/E", "M04/X")},
			"filed sender; report; HU-A; corrections problems; appendix=needs_fix M03/E M04/X; misses report+model:2"},
		{"the write-up came along, which the form cannot know: the desk's", []word{a, annex("pl.xlsx", "M03/E", "M04/X"), model("mh1.docx")},
			"filed sender; report; HU-A; receipt received; appendix=accepted_with_notes M03/W→desk M04/W→desk; model=accepted; misses report+model:1"},
		{"it had come before", []word{a, annex("pl.xlsx", "M03/E"), gave("HU-A", part(finding.Model, "mh1.docx"))},
			"filed sender; report; HU-A; receipt received; appendix=accepted_with_notes M03/W→desk; misses report+model:1"},
		{"it stands within the report", []word{a, func(q *question) {
			p := part(finding.Report, "bc.docx")
			p.Models = 1
			q.reading.Parts = append(q.reading.Parts, p)
		}, annex("pl.xlsx", "M04/X")}, "filed sender; report; HU-A; receipt received; report=accepted; appendix=accepted_with_notes M04/W→desk; misses model:1"},
		{"a write-up that cannot be opened is none", []word{a, annex("pl.xlsx", "M03/E"), file(finding.Model, "mh.docx", "S01/E")},
			"filed sender; report; HU-A; corrections problems; appendix=needs_fix M03/E; model=needs_fix S01/E; misses report+model:2"},
		{"a mail that is nobody's yet keeps the same rule", []word{private, annex("pl.xlsx", "M03/E"), model("mh1.docx")},
			"held unknown_sender; report; nobody; ask_unit unknown_sender; appendix=accepted_with_notes M03/W→desk; model=accepted"},
		{"three write-ups where two are asked for", []word{a, model("1.docx"), model("2.docx"), model("3.docx")},
			"filed sender; report; HU-A; receipt received; model=accepted; model=accepted; model=accepted_with_notes M02/W; misses report+appendix"},
		{"the third came later", []word{a, model("3.docx"), gave("HU-A", part(finding.Model, "1.docx"), part(finding.Model, "2.docx"))},
			"filed sender; report; HU-A; receipt received; model=accepted_with_notes M02/W; misses report+appendix"},
		{"one sent again in its own place is not one too many", []word{a, model("2.docx"), gave("HU-A", part(finding.Model, "1.docx"), part(finding.Model, "2.docx"))},
			"filed sender; report; HU-A; receipt received; model=accepted; misses report+appendix"},
		{"where none is asked for, one is welcome", []word{n1, report(), annex("pl.xlsx"), model("1.docx")},
			"filed sender; report; N1; receipt received; report=accepted; appendix=accepted; model=accepted"},

		// Rules that look at other units.
		{"the same workbook as another unit's", []word{b, annex("x.xlsx"), gave("HU-A", part(finding.Appendix, "x.xlsx"))},
			"filed sender; report; HU-B; receipt received; appendix=held D02/H; misses report+model:2"},
		{"the same report as another unit's", []word{b, file(finding.Report, "r"), gave("HU-A", part(finding.Report, "r"))},
			"filed sender; report; HU-B; receipt received; report=held D02/H; misses appendix+model:2"},
		{"one's own file again is no copy", []word{a, annex("x.xlsx"), gave("HU-A", part(finding.Appendix, "x.xlsx"))},
			"filed sender; report; HU-A; receipt received; appendix=accepted; misses report+model:2"},
		{"the same file from both of a dossier is one", []word{from("vanthu@ca.example"), annex("x.xlsx"), gave("DU-CA", part(finding.Appendix, "x.xlsx"))},
			"filed sender; report; S-CA; receipt received; appendix=accepted; misses report+model:2"},
		{"other figures from the other of a dossier: a person chooses", []word{from("vanthu@ca.example"), annex("y.xlsx"), with("N=3"), filed("DU-CA", "N=4")},
			"filed sender; report; S-CA; receipt received; appendix=held D03/H→desk; misses report+model:2"},
		{"a figure that only the newer has is another figure", []word{from("vanthu@ca.example"), annex("y.xlsx"), with("N=3", "M=1"), filed("DU-CA", "N=3", "M=")},
			"filed sender; report; S-CA; receipt received; appendix=held D03/H→desk; misses report+model:2"},
		{"the same figures in other words are the same", []word{from("vanthu@ca.example"), annex("y.xlsx"), with("N=3", "GC=khác"), filed("DU-CA", "N=3", "GC=như cũ")},
			"filed sender; report; S-CA; receipt received; appendix=accepted; misses report+model:2"},
		{"two of a dossier are complete together", []word{from("vanthu@ca.example"), whole, gave("DU-CA", part(finding.Report, "other"))},
			"filed sender; report; S-CA; receipt received" + all},
		{"eleven times the group's median is to be mended or explained", []word{n1, annex("pl.xlsx"), with("N=55"), peers("N=5")},
			"filed sender; report; N1; corrections problems; appendix=needs_fix N09/X; misses report"},
		{"a note in its row explains it", []word{n1, annex("pl.xlsx"), with("N=55", "GC=mới mở rộng"), peers("N=5")},
			"filed sender; report; N1; receipt received; appendix=accepted_with_notes N09/X(mới mở rộng); misses report"},
		{"a note in another row does not", []word{n1, annex("pl.xlsx"), with("N=55", "GC2=mới mở rộng"), peers("N=5")},
			"filed sender; report; N1; corrections problems; appendix=needs_fix N09/X; misses report"},
		{"ten times is not more than ten times", []word{n1, annex("pl.xlsx"), with("N=50"), peers("N=5")},
			"filed sender; report; N1; receipt received; appendix=accepted; misses report"},
		{"a small number stays one however small the others", []word{n1, annex("pl.xlsx"), with("N=15"), peers("N=1")},
			"filed sender; report; N1; receipt received; appendix=accepted; misses report"},
		{"what the form reported already is not reported twice", []word{n1, annex("pl.xlsx", "N09/X"), pointing("N"), with("N=55"), peers("N=5")},
			"filed sender; report; N1; corrections problems; appendix=needs_fix N09/X; misses report"},
		{"another group's figures say nothing", []word{a, annex("pl.xlsx"), with("N=55"), peers("N=5")},
			"filed sender; report; HU-A; receipt received; appendix=accepted; misses report+model:2"},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			q := ask(row.words...)
			v := Decide(roster(), q.arrival, q.reading, q.known, q.now)
			if got := read(v); got != row.want {
				t.Errorf("\n got %s\nwant %s", got, row.want)
			}
			complete(t, v)
		})
	}
}

// ask is the question of a row: a mail of 12 October, half past nine.
func ask(words ...word) *question {
	q := &question{now: at("10-12 09:30"), arrival: ledger.Arrival{ID: "7K3M5-QXA2P", Received: at("10-12 09:30")}}
	q.reading.Class = finding.ClassQuestion
	q.known.Form = finding.Form{Inputs: []finding.Input{
		{Name: "N", Sheet: "Phụ lục", Cell: "D11", Type: "whole", Table: "Biểu 1", Row: "Cấp tỉnh", Column: "Tập thể"},
		{Name: "GC", Sheet: "Phụ lục", Cell: "G11", Type: "text", Table: "Biểu 1", Row: "Cấp tỉnh", Column: "Ghi chú"},
		{Name: "GC2", Sheet: "Phụ lục", Cell: "G12", Type: "text", Table: "Biểu 1", Row: "Cấp huyện", Column: "Ghi chú"},
	}}
	for _, w := range words {
		w(q)
	}
	return q
}

// ours is an appendix that the program failed to compute.
func ours(code string) word {
	return func(q *question) {
		annex("pl.xlsx", code+"/H")(q)
		q.reading.Parts[len(q.reading.Parts)-1].Problems[0].Audience = finding.ToDesk
	}
}

func pointing(name string) word {
	return func(q *question) {
		q.reading.Parts[len(q.reading.Parts)-1].Problems[0].Inputs = []string{name}
	}
}

// filed is an appendix of the unit that counts, with figures.
func filed(unit string, values ...string) word {
	p := part(finding.Appendix, "filed.xlsx")
	figures(&p, values...)
	return gave(unit, p)
}

// complete holds what is true of every verdict: the JSON has every key of
// CONTRACT, lists are never null, codes are words a script can compare, and
// nobody is answered without a reason.
func complete(t testing.TB, v *finding.Verdict) {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var have map[string]any
	json.Unmarshal(text, &have)
	for _, key := range strings.Fields("id source sha256 message_id received from subject verdict reason class unit claimed candidates evidence parts missing reply reply_reason bounce") {
		if _, ok := have[key]; !ok {
			t.Errorf("the JSON has no %q", key)
		}
	}
	for _, key := range []string{"candidates", "evidence", "parts", "missing"} {
		if _, ok := have[key].([]any); !ok {
			t.Errorf("%q is %v, not a list", key, have[key])
		}
	}
	for _, p := range have["parts"].([]any) {
		for _, key := range strings.Fields("name path sha256 media_type kind verdict values problems") {
			if _, ok := p.(map[string]any)[key]; !ok {
				t.Errorf("a part has no %q", key)
			}
		}
		if _, ok := p.(map[string]any)["problems"].([]any); !ok {
			t.Errorf("problems of a part are no list")
		}
	}
	for _, code := range []string{v.Reason, v.ReplyReason} {
		if code == "" || strings.Trim(code, "abcdefghijklmnopqrstuvwxyz_") != "" {
			t.Errorf("the code %q is no snake_case", code)
		}
	}
	if v.Reply != finding.ReplyNone && (!v.Human() || v.From == "") {
		t.Errorf("a machine or nobody is answered: %s to %q", v.Reply, v.From)
	}
	if v.Unit == nil && v.Verdict == finding.Filed {
		t.Error("filed, and nobody's")
	}
}

// TestAFormThatNamesAnotherUnitSaysWhose proves what the question to the
// sender quotes.
func TestAFormThatNamesAnotherUnitSaysWhose(t *testing.T) {
	q := ask(from("vanthu@a.example"), formOf("HU-B"))
	v := Decide(roster(), q.arrival, q.reading, q.known, q.now)
	if i := slices.IndexFunc(v.Parts[0].Problems, func(p finding.Problem) bool { return p.Code == "S08" }); i < 0 {
		t.Fatal("no S08")
	} else if args := v.Parts[0].Problems[i].Args; args["dv_mau"] != "Huyện ủy B" || args["dv_gui"] != "Huyện ủy A" {
		t.Errorf("S08 says %v", args)
	}
	if v.Unit != nil {
		t.Error("it is attributed")
	}
}

// TestUnusualFigureHasAnAddress proves that N09 of the whole group points at
// the cell of the sender's own file.
func TestUnusualFigureHasAnAddress(t *testing.T) {
	q := ask(from("vanthu@n1.example"), annex("pl.xlsx"), with("N=55"), peers("N=5"))
	v := Decide(roster(), q.arrival, q.reading, q.known, q.now)
	p := v.Parts[0].Problems[0]
	if p.Code != "N09" || p.Sheet != "Phụ lục" || p.Cell != "D11" || p.Found != "55" || !slices.Equal(p.Inputs, []string{"N"}) ||
		p.Args["bieu"] != "Biểu 1" || p.Args["nhan"] != "Cấp tỉnh - Tập thể" {
		t.Errorf("%+v", p)
	}
}

// TestADayThatIsNotYetThere proves that figures are not taken to stand for a
// day after their arrival (C11), however the sender wrote the day.
func TestADayThatIsNotYetThere(t *testing.T) {
	for _, c := range []struct {
		sentence string
		day      any
		said     bool
	}{
		{"a day before the mail came", "2022-10-10", false},
		{"the day itself", "2022-10-12", false},
		{"a day after", "2022-10-25", true},
		{"no day", nil, false},
		{"the day that the form was sent out with", "2022-10-15", false},
		{"a day of another century", "9999-12-31", true},
	} {
		q := ask(from("vanthu@n1.example"), annex("pl.xlsx"), receivedAt("10-12 09:00"))
		q.known.Form.Rules = []finding.Rule{{Code: "C11", Severity: finding.Noted, Inputs: []string{"CHOT"}}}
		q.known.Form.Inputs = append(q.known.Form.Inputs, finding.Input{Name: "CHOT", Type: "date", Row: "Tính đến ngày", Preset: "15/10/2022"})
		p := &q.reading.Parts[0]
		if p.Values == nil {
			p.Values = map[string]any{}
		}
		p.Values["CHOT"], p.Places = c.day, map[string]string{"CHOT": "Phụ lục!C6"}
		v := Decide(roster(), q.arrival, q.reading, q.known, q.now)
		got := v.Parts[0].Problems
		if c.said != (len(got) == 1) {
			t.Errorf("%s: %+v", c.sentence, got)
		}
		if c.said && (got[0].Code != "C11" || got[0].Cell != "C6" || got[0].Args["ngay"] != "12/10/2022" || v.Parts[0].Verdict != finding.AcceptedWithNotes) {
			t.Errorf("%s: %s %+v", c.sentence, v.Parts[0].Verdict, got[0])
		}
	}
}

// TestDecideIsPure asks the same question twice and looks whether anything of
// it was written to.
func TestDecideIsPure(t *testing.T) {
	q := ask(from("vanthu@b.example"), annex("x.xlsx", "M03/E"), model("1.docx"), gave("HU-A", part(finding.Appendix, "x.xlsx")))
	before, _ := json.Marshal([]any{q.reading, q.known})
	first, _ := json.Marshal(Decide(roster(), q.arrival, q.reading, q.known, q.now))
	second, _ := json.Marshal(Decide(roster(), q.arrival, q.reading, q.known, q.now))
	if string(first) != string(second) {
		t.Errorf("the second answer differs\n%s\n%s", first, second)
	}
	if after, _ := json.Marshal([]any{q.reading, q.known}); string(after) != string(before) {
		t.Errorf("the question was changed\n%s\n%s", before, after)
	}
}

// TestAProvedBounceIsMarked, in the verdict and not in the reading.
func TestAProvedBounceIsMarked(t *testing.T) {
	q := ask(from(""), bounced("vanthu@a.example"), thread("HU-A"))
	if v := Decide(roster(), q.arrival, q.reading, q.known, q.now); !v.Bounce.Dead() || q.reading.Bounce.Ours {
		t.Errorf("%+v of %+v", v.Bounce, q.reading.Bounce)
	}
}

// TestFiledFromSpamIsMarked proves that what is filed from there is marked.
func TestFiledFromSpamIsMarked(t *testing.T) {
	q := ask(from("vanthu@a.example"), report(), spam)
	if v := Decide(roster(), q.arrival, q.reading, q.known, q.now); !v.Spam || v.Verdict != finding.Filed {
		t.Errorf("%s, spam %v", v.Verdict, v.Spam)
	}
}
