package standing

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"dondoc/config"
	"dondoc/intake/finding"
)

// roster is a district, a body without a number of models, two that share a
// dossier, the lesser of them first, and a department that owes one model.
func roster() *config.Campaign {
	c := campaign()
	all := config.Obligation{Report: true, Appendix: true}
	with := func(models int) config.Obligation { o := all; o.Models = models; return o }
	unit := func(code, group string, models int) config.Unit {
		return config.Unit{Code: code, DupGroup: group, Obligation: with(models), Active: true, AutoRemind: true,
			Emails: []string{"vanthu@" + strings.ToLower(code) + ".example"}}
	}
	c.Units = []config.Unit{unit("HU", "", 2), unit("BCSD", "", 0), unit("S-CA", "CA", 1), unit("DU-CA", "CA", 2), unit("S-CT", "", 1)}
	return c
}

// mail is a filed mail of the unit with the given parts.
func mail(id, unit, received string, parts ...finding.Part) *finding.Verdict {
	return &finding.Verdict{ID: id, Unit: &unit, Received: at(received), Verdict: finding.Filed, Class: finding.ClassReport,
		From: "vanthu@" + strings.ToLower(unit) + ".example", Parts: parts}
}

func held(id, received string, candidates []string, parts ...finding.Part) *finding.Verdict {
	return &finding.Verdict{ID: id, Received: at(received), Verdict: finding.HeldMail, Class: finding.ClassReport,
		From: "ai.do@mail.example", Candidates: candidates, Parts: parts}
}

func claimed(m *finding.Verdict) *finding.Verdict {
	m.Claimed, m.From = true, "ca.nhan@mail.example"
	return m
}

func statement(m *finding.Verdict) *finding.Verdict {
	m.Class = finding.ClassStatement
	return m
}

// part makes a file; its words are kind, name, and problems as "C01/E".
func part(kind, name string, problems ...string) finding.Part {
	p := finding.Part{Kind: kind, Name: name, SHA256: name, Verdict: finding.Accepted}
	for _, s := range problems {
		code, severity, _ := strings.Cut(s, "/")
		p.Problems = append(p.Problems, finding.Problem{Code: code, Severity: finding.Severity(severity)})
	}
	return p
}

func report(name string, problems ...string) finding.Part {
	return part(finding.Report, name, problems...)
}
func appendix(name string, problems ...string) finding.Part {
	return part(finding.Appendix, name, problems...)
}
func model(name string, problems ...string) finding.Part {
	return part(finding.Model, name, problems...)
}

func titled(p finding.Part, title string) finding.Part { p.Title = title; return p }
func writeUps(p finding.Part, n int) finding.Part      { p.Models = n; return p }
func sha(p finding.Part, sum string) finding.Part      { p.SHA256 = sum; return p }

func everything(id, unit, received string) *finding.Verdict {
	return mail(id, unit, received, report("bc.docx"), appendix("pl.xlsx"), model("mh1.docx"), model("mh2.docx"))
}

// decide is a decision of kind, made at, about a unit (or an arrival).
func decide(id, kind, made, unit string, more ...func(*Decision)) Decision {
	d := Decision{ID: id, Kind: kind, At: at(made), By: "desk"}
	if unit != "" {
		d.Units = []string{unit}
	}
	for _, f := range more {
		f(&d)
	}
	return d
}

func until(s string) func(*Decision)   { return func(d *Decision) { d.Until = at(s) } }
func about(id string) func(*Decision)  { return func(d *Decision) { d.Arrival = id } }
func undoes(id string) func(*Decision) { return func(d *Decision) { d.Undoes = id } }
func what(part string, n int, day string) func(*Decision) {
	return func(d *Decision) {
		d.Part, d.Count = part, n
		if day != "" {
			d.Date = at(day)
		}
	}
}

// say puts a standing into one line: what a person would read off the table.
func say(u *Unit) string {
	words := []string{string(u.State)}
	if len(u.Missing) > 0 {
		words = append(words, "misses "+strings.Join(u.Missing, "+"))
	}
	if u.Timeliness != "" {
		words = append(words, string(u.Timeliness))
	}
	for _, c := range u.Counted {
		from := c.Arrival
		if from == "" {
			from = "outside " + c.Decision
		}
		words = append(words, fmt.Sprintf("%s:%s#%d", c.Kind, from, c.Version))
	}
	for _, c := range u.Waiting {
		words = append(words, "waiting "+c.Kind+":"+c.Arrival)
	}
	for _, p := range u.Open {
		words = append(words, "open "+p.Code)
	}
	for _, flag := range []struct {
		on   bool
		word string
	}{
		{u.CoveredBy != "", "covered by " + u.CoveredBy},
		{u.Claimed, "claimed"}, {u.Held, "held"}, {u.Extended, "extended"},
		{u.Paused, "paused"}, {u.ResumedBy != nil, "resumed"},
		{!u.Promise.IsZero(), "promised " + u.Promise.Format("02/01")},
		{u.Said, "said"}, {!u.Reachable, "unreachable"},
	} {
		if flag.on {
			words = append(words, flag.word)
		}
	}
	return strings.Join(words, ", ")
}

func TestFold(t *testing.T) {
	const lies = "2022-10-17 09:00"
	for _, tt := range []struct {
		name  string
		unit  string
		now   string
		facts Facts
		want  string
	}{
		{"a unit that sent nothing owes all", "HU", lies, Facts{},
			"none, misses report+appendix+model:2"},
		{"a unit that sent all is complete", "HU", lies, Facts{Mails: mails(everything("m1", "HU", "2022-10-12"))},
			"complete, on_time, report:m1#1, appendix:m1#1, model:m1#1, model:m1#1"},
		{"what arrives after now has not happened", "HU", lies, Facts{Mails: mails(everything("m1", "HU", "2022-10-17 09:01"))},
			"none, misses report+appendix+model:2"},
		{"three mails within ten minutes add up", "HU", lies, Facts{Mails: mails(
			mail("m1", "HU", "2022-10-12 08:00", report("bc.docx")),
			mail("m2", "HU", "2022-10-12 08:04", appendix("pl.xlsx")),
			mail("m3", "HU", "2022-10-12 08:09", model("a.docx"), model("b.docx")))},
			"complete, on_time, report:m1#1, appendix:m2#1, model:m3#1, model:m3#1"},
		{"a report without its appendix is partial", "HU", lies, Facts{Mails: mails(mail("m1", "HU", "2022-10-12", report("bc.docx"), model("a.docx")))},
			"partial, misses appendix+model:1, report:m1#1, model:m1#1"},
		{"wrong cells leave nothing missing", "HU", lies, Facts{Mails: mails(mail("m1", "HU", "2022-10-12",
			report("bc.docx"), appendix("pl.xlsx", "C01/E", "N01/W"), model("a"), model("b")))},
			"fixing, on_time, report:m1#1, appendix:m1#1, model:m1#1, model:m1#1, open C01"},
		{"an X that was explained needs no fixing", "HU", lies, Facts{Mails: mails(mail("m1", "HU", "2022-10-12",
			report("bc.docx"), explained(appendix("pl.xlsx", "C04/X")), model("a"), model("b")))},
			"complete, on_time, report:m1#1, appendix:m1#1, model:m1#1, model:m1#1"},
		{"an ambiguous thousand is asked of the unit", "HU", lies, Facts{Mails: mails(mail("m1", "HU", "2022-10-12",
			report("bc.docx"), appendix("pl.xlsx", "N05/H"), model("a"), model("b")))},
			"fixing, on_time, report:m1#1, appendix:m1#1, model:m1#1, model:m1#1, open N05"},
		{"every other H waits for a person, and the unit has nothing to do", "HU", lies, Facts{Mails: mails(mail("m1", "HU", "2022-10-12",
			report("bc.docx"), appendix("pl.xlsx", "S11/H"), model("a"), model("b")))},
			"fixing, on_time, report:m1#1, appendix:m1#1, model:m1#1, model:m1#1, held"},
		{"missing models are missing, not wrong", "HU", lies, Facts{Mails: mails(mail("m1", "HU", "2022-10-12",
			report("bc.docx", "R01/E"), appendix("pl.xlsx", "M01/E"), model("a")))},
			"partial, misses model:1, report:m1#1, appendix:m1#1, model:m1#1"},
		{"what only the desk is told is no task of the unit", "HU", lies, Facts{Mails: mails(mail("m1", "HU", "2022-10-12",
			toDesk(report("bc.docx", "R09/E")), appendix("pl.xlsx"), model("a"), model("b")))},
			"complete, on_time, report:m1#1, appendix:m1#1, model:m1#1, model:m1#1"},
		{"an encrypted appendix is missing, and what is wrong with it is said", "HU", lies, Facts{Mails: mails(mail("m1", "HU", "2022-10-12",
			report("bc.docx"), appendix("pl.xlsx", "S02/E")))},
			"partial, misses appendix+model:2, report:m1#1, open S02"},
		{"a scan of an appendix is forgotten once the Excel file came", "HU", lies, Facts{Mails: mails(
			mail("m1", "HU", "2022-10-12", appendix("scan.pdf", "S03/E")), everything("m2", "HU", "2022-10-13"))},
			"complete, on_time, report:m2#1, appendix:m2#1, model:m2#1, model:m2#1"},
		{"an unreadable file does not take the place of a readable one", "HU", lies, Facts{Mails: mails(
			everything("m1", "HU", "2022-10-12"), mail("m2", "HU", "2022-10-13", appendix("pl.xlsx", "S01/E")))},
			"complete, on_time, report:m1#1, appendix:m1#1, model:m1#1, model:m1#1"},
		{"only the newest of the unreadable is spoken of", "HU", lies, Facts{Mails: mails(
			mail("m1", "HU", "2022-10-12", appendix("pl.xlsx", "S02/E")), mail("m2", "HU", "2022-10-13", appendix("pl.jpg", "S03/E")))},
			"none, misses report+appendix+model:2, open S03"},
		{"an archive that cannot be opened may have been anything", "HU", lies, Facts{Mails: mails(mail("m1", "HU", "2022-10-12", part(finding.Other, "a.rar", "L02/E")))},
			"none, misses report+appendix+model:2, open L02"},
		{"pictures of a signature are nothing", "HU", lies, Facts{Mails: mails(mail("m1", "HU", "2022-10-12", part(finding.Decoration, "logo.png")))},
			"none, misses report+appendix+model:2"},
		{"numbers sent again replace the old ones", "HU", lies, Facts{Mails: mails(
			everything("m1", "HU", "2022-10-12"), mail("m2", "HU", "2022-10-13", appendix("pl2.xlsx")))},
			"complete, on_time, report:m1#1, appendix:m2#2, model:m1#1, model:m1#1"},
		{"the newest counts even with more wrong in it", "HU", lies, Facts{Mails: mails(
			everything("m1", "HU", "2022-10-12"), mail("m2", "HU", "2022-10-13", appendix("pl2.xlsx", "C03/E")))},
			"fixing, on_time, report:m1#1, appendix:m2#2, model:m1#1, model:m1#1, open C03"},
		{"the same file again is no new version", "HU", lies, Facts{Mails: mails(
			everything("m1", "HU", "2022-10-12"), mail("m2", "HU", "2022-10-13", appendix("pl.xlsx")))},
			"complete, on_time, report:m1#1, appendix:m2#1, model:m1#1, model:m1#1"},
		{"mended problems end the fixing", "HU", lies, Facts{Mails: mails(
			mail("m1", "HU", "2022-10-12", report("bc"), appendix("pl.xlsx", "C01/E"), model("a"), model("b")),
			mail("m2", "HU", "2022-10-13", appendix("pl2.xlsx")))},
			"complete, on_time, report:m1#1, appendix:m2#2, model:m1#1, model:m1#1"},
		{"a mail that is known late but came earlier is older", "HU", lies, Facts{Mails: mails(
			mail("m2", "HU", "2022-10-13", appendix("new.xlsx")), mail("m1", "HU", "2022-10-12", appendix("old.xlsx")))},
			"partial, misses report+model:2, appendix:m2#2"},
		{"the signed copy beside the Word file is the same report", "HU", lies, Facts{Mails: mails(
			mail("m1", "HU", "2022-10-12", report("bc.docx"), report("bc-ky.pdf")))},
			"partial, misses appendix+model:2, report:m1#1"},
		{"of two appendices in one mail the clean one counts", "HU", lies, Facts{Mails: mails(
			mail("m1", "HU", "2022-10-12", appendix("cu.xlsx", "C01/E"), appendix("sua.xlsx")))},
			"partial, misses report+model:2, appendix:m1#1"},

		{"two write-ups in one file are two models", "HU", lies, Facts{Mails: mails(mail("m1", "HU", "2022-10-12", writeUps(model("mh.docx"), 2)))},
			"partial, misses report+appendix, model:m1#1"},
		{"a model sent again under its title is not a second one", "HU", lies, Facts{Mails: mails(
			mail("m1", "HU", "2022-10-12", titled(model("mh.docx"), `Dân vận khéo "Đường hoa"`)),
			mail("m2", "HU", "2022-10-13", titled(sha(model("mh sua.docx"), "2"), "DAN VAN KHEO: ĐƯỜNG HOA")))},
			"partial, misses report+appendix+model:1, model:m2#2"},
		{"two models under one file name are told apart by their titles", "HU", lies, Facts{Mails: mails(
			mail("m1", "HU", "2022-10-12", titled(model("mh.docx"), "Đường hoa")),
			mail("m2", "HU", "2022-10-13", titled(sha(model("mh.docx"), "2"), "Bếp ăn tình thương")))},
			"partial, misses report+appendix, model:m1#1, model:m2#1"},
		{"without titles a file of the same name is the same model", "HU", lies, Facts{Mails: mails(
			mail("m1", "HU", "2022-10-12", model("Mô hình.docx")), mail("m2", "HU", "2022-10-13", sha(model("mo hinh.docx"), "2")))},
			"partial, misses report+appendix+model:1, model:m2#2"},
		{"unless both came in one mail", "HU", lies, Facts{Mails: mails(
			mail("m1", "HU", "2022-10-12", sha(model("mh.docx"), "1"), sha(model("mh.docx"), "2")))},
			"partial, misses report+appendix, model:m1#1, model:m1#1"},
		{"the same bytes under two names are one model", "HU", lies, Facts{Mails: mails(
			mail("m1", "HU", "2022-10-12", sha(model("a.docx"), "1"), sha(model("b.docx"), "1")))},
			"partial, misses report+appendix+model:1, model:m1#1"},
		{"models written up within the report count", "HU", lies, Facts{Mails: mails(mail("m1", "HU", "2022-10-12", writeUps(report("bc.docx"), 2)))},
			"partial, misses appendix, report:m1#1, model:m1#1"},
		{"more models than asked for are welcome", "HU", lies, Facts{Mails: mails(mail("m1", "HU", "2022-10-12", model("a"), model("b"), model("c")))},
			"partial, misses report+appendix, model:m1#1, model:m1#1, model:m1#1"},
		{"who owes no model never misses one", "BCSD", lies, Facts{Mails: mails(mail("m1", "BCSD", "2022-10-12", report("bc"), appendix("pl")))},
			"complete, on_time, report:m1#1, appendix:m1#1"},
		{"and may give one", "BCSD", lies, Facts{Mails: mails(mail("m1", "BCSD", "2022-10-12", model("a")))},
			"partial, misses report+appendix, model:m1#1"},

		{"the day of the deadline is grace", "HU", "2022-10-22", Facts{Mails: mails(everything("m1", "HU", "2022-10-20"))},
			"complete, grace, report:m1#1, appendix:m1#1, model:m1#1, model:m1#1"},
		{"the last minute of the day before is in time", "HU", "2022-10-22", Facts{Mails: mails(everything("m1", "HU", "2022-10-19 23:59"))},
			"complete, on_time, report:m1#1, appendix:m1#1, model:m1#1, model:m1#1"},
		{"the day after is late", "HU", "2022-10-22", Facts{Mails: mails(everything("m1", "HU", "2022-10-21"))},
			"complete, late, report:m1#1, appendix:m1#1, model:m1#1, model:m1#1"},
		{"what was there in time with errors stays in time when it is mended late", "HU", "2022-10-25", Facts{Mails: mails(
			mail("m1", "HU", "2022-10-19", report("bc"), appendix("pl", "C01/E"), model("a"), model("b")),
			mail("m2", "HU", "2022-10-24", appendix("pl2")))},
			"complete, on_time, report:m1#1, appendix:m2#2, model:m1#1, model:m1#1"},
		{"the last missing part decides", "HU", "2022-10-25", Facts{Mails: mails(
			mail("m1", "HU", "2022-10-12", report("bc"), appendix("pl"), model("a")), mail("m2", "HU", "2022-10-24", model("b")))},
			"complete, late, report:m1#1, appendix:m1#1, model:m1#1, model:m2#1"},

		{"an extension makes a late report timely", "HU", "2022-10-26 09:00", Facts{
			Mails: mails(everything("m1", "HU", "2022-10-25 17:00")), Decisions: []Decision{decide("d1", Extend, "2022-10-18", "HU", until("2022-10-26"))}},
			"complete, on_time, report:m1#1, appendix:m1#1, model:m1#1, model:m1#1, extended"},
		{"after an extension there is no grace", "HU", "2022-10-26 09:00", Facts{
			Mails: mails(everything("m1", "HU", "2022-10-20 08:00")), Decisions: []Decision{decide("d1", Extend, "2022-10-10", "HU", until("2022-10-18"))}},
			"complete, late, report:m1#1, appendix:m1#1, model:m1#1, model:m1#1, extended"},
		{"an extension of tomorrow is unknown today", "HU", lies, Facts{Decisions: []Decision{decide("d1", Extend, "2022-10-18", "HU", until("2022-10-26"))}},
			"none, misses report+appendix+model:2"},

		{"an exempted report is not missed", "HU", lies, Facts{Decisions: []Decision{decide("d1", Exempt, "2022-10-12", "HU", what("report", 0, ""))}},
			"none, misses appendix+model:2"},
		{"one model less", "HU", lies, Facts{Decisions: []Decision{decide("d1", Exempt, "2022-10-12", "HU", what("model", 0, ""))}},
			"none, misses report+appendix+model:1"},
		{"more models taken off than owed leaves none owed", "HU", lies, Facts{Decisions: []Decision{decide("d1", Exempt, "2022-10-12", "HU", what("model", 5, ""))}},
			"none, misses report+appendix"},
		{"who owes nothing has done its part", "HU", lies, Facts{Decisions: []Decision{
			decide("d1", Exempt, "2022-10-12", "HU", what("report", 0, "")), decide("d2", Exempt, "2022-10-12", "HU", what("appendix", 0, "")),
			decide("d3", Exempt, "2022-10-12", "HU", what("model", 2, ""))}},
			"complete"},
		{"an exemption undone is owed again", "HU", lies, Facts{Decisions: []Decision{
			decide("d1", Exempt, "2022-10-12", "HU", what("report", 0, "")), decide("d2", Undo, "2022-10-13", "", undoes("d1"))}},
			"none, misses report+appendix+model:2"},
		{"an undo undone takes effect no more", "HU", lies, Facts{Decisions: []Decision{
			decide("d1", Exempt, "2022-10-12", "HU", what("report", 0, "")), decide("d2", Undo, "2022-10-13", "", undoes("d1")),
			decide("d3", Undo, "2022-10-14", "", undoes("d2"))}},
			"none, misses appendix+model:2"},
		{"an undo of tomorrow changes nothing today", "HU", lies, Facts{Decisions: []Decision{
			decide("d1", Exempt, "2022-10-12", "HU", what("report", 0, "")), decide("d2", Undo, "2022-10-18", "", undoes("d1"))}},
			"none, misses appendix+model:2"},

		{"a report on paper counts from the day it came", "HU", "2022-10-25", Facts{
			Mails:     mails(mail("m1", "HU", "2022-10-19", appendix("pl"), model("a"), model("b"))),
			Decisions: []Decision{decide("d1", ReceivedOut, "2022-10-24", "HU", what("report", 0, "2022-10-18"))}},
			"complete, on_time, report:outside d1#1, appendix:m1#1, model:m1#1, model:m1#1"},
		{"nothing can have come after it was recorded", "HU", "2022-10-25", Facts{
			Mails:     mails(mail("m1", "HU", "2022-10-18", appendix("pl"), model("a"), model("b"))),
			Decisions: []Decision{decide("d1", ReceivedOut, "2022-10-19", "HU", what("report", 0, "2022-10-24"))}},
			"complete, on_time, report:outside d1#1, appendix:m1#1, model:m1#1, model:m1#1"},
		{"two models on paper are two", "HU", lies, Facts{Decisions: []Decision{decide("d1", ReceivedOut, "2022-10-14", "HU", what("model", 2, "2022-10-14"))}},
			"partial, misses report+appendix, model:outside d1#1"},
		{"a paper without a file does not take the numbers away", "HU", lies, Facts{
			Mails:     mails(everything("m1", "HU", "2022-10-12")),
			Decisions: []Decision{decide("d1", ReceivedOut, "2022-10-14", "HU", what("appendix", 0, "2022-10-14"))}},
			"complete, on_time, report:m1#1, appendix:m1#1, model:m1#1, model:m1#1"},
		{"a file by mail takes the place of the paper", "HU", lies, Facts{
			Mails:     mails(mail("m1", "HU", "2022-10-15", appendix("pl.xlsx"))),
			Decisions: []Decision{decide("d1", ReceivedOut, "2022-10-14", "HU", what("appendix", 0, "2022-10-14"))}},
			"partial, misses report+model:2, appendix:m1#2"},
		{"a scan that a person took in counts", "HU", lies, Facts{Decisions: []Decision{
			decide("d1", ReceivedOut, "2022-10-14", "HU", what("appendix", 0, "2022-10-14"), file(appendix("scan.pdf", "S03/E")))}},
			"partial, misses report+model:2, appendix:outside d1#1"},
		{"a recorded workbook is checked like any other", "HU", lies, Facts{Decisions: []Decision{
			decide("d1", ReceivedOut, "2022-10-14", "HU", what("appendix", 0, "2022-10-14"), file(appendix("pl.xlsx", "C01/E")))}},
			"partial, misses report+model:2, appendix:outside d1#1, open C01"},

		{"a mail that may be one's own is held, and gives nothing", "HU", lies, Facts{Mails: mails(held("m1", "2022-10-12", []string{"HU", "BCSD"}, report("bc")))},
			"none, misses report+appendix+model:2, held"},
		{"it concerns nobody else", "DU-CA", lies, Facts{Mails: mails(held("m1", "2022-10-12", []string{"HU", "BCSD"}, report("bc")))},
			"none, misses report+appendix+model:2"},
		{"a held mail that was attributed concerns its unit", "HU", lies, Facts{Mails: mails(attributed(held("m1", "2022-10-12", nil), "HU"))},
			"none, misses report+appendix+model:2, held"},
		{"so does one that could not be judged", "HU", lies, Facts{Mails: mails(quarantined(held("m1", "2022-10-12", []string{"HU"})))},
			"none, misses report+appendix+model:2, held"},
		{"assigned, it counts from its time of receipt", "HU", "2022-10-25", Facts{
			Mails:     mails(held("m1", "2022-10-19", []string{"HU", "BCSD"}, report("bc"), appendix("pl", "S08/H"), model("a"), model("b"))),
			Decisions: []Decision{decide("d1", Assign, "2022-10-24", "HU", about("m1"))}},
			"complete, on_time, report:m1#1, appendix:m1#1, model:m1#1, model:m1#1"},
		{"assigned to another, it is nobody's candidate any more", "HU", lies, Facts{
			Mails:     mails(held("m1", "2022-10-12", []string{"HU", "BCSD"}, report("bc"))),
			Decisions: []Decision{decide("d1", Assign, "2022-10-14", "BCSD", about("m1"))}},
			"none, misses report+appendix+model:2"},
		{"before the assignment it was held", "HU", "2022-10-13", Facts{
			Mails:     mails(held("m1", "2022-10-12", []string{"HU"}, report("bc"))),
			Decisions: []Decision{decide("d1", Assign, "2022-10-14", "HU", about("m1"))}},
			"none, misses report+appendix+model:2, held"},
		{"a wrong assignment is moved by a later one", "HU", lies, Facts{
			Mails:     mails(held("m1", "2022-10-12", []string{"HU", "BCSD"}, report("bc"))),
			Decisions: []Decision{decide("d1", Assign, "2022-10-14", "BCSD", about("m1")), decide("d2", Assign, "2022-10-15", "HU", about("m1"))}},
			"partial, misses appendix+model:2, report:m1#1"},
		{"an assignment undone is held again", "HU", lies, Facts{
			Mails:     mails(held("m1", "2022-10-12", []string{"HU"}, report("bc"))),
			Decisions: []Decision{decide("d1", Assign, "2022-10-14", "HU", about("m1")), decide("d2", Undo, "2022-10-15", "", undoes("d1"))}},
			"none, misses report+appendix+model:2, held"},
		{"a rejected mail is set aside", "HU", lies, Facts{
			Mails:     mails(held("m1", "2022-10-12", []string{"HU"}, report("bc"))),
			Decisions: []Decision{decide("d1", Reject, "2022-10-14", "", about("m1"))}},
			"none, misses report+appendix+model:2"},
		{"a filing too can be set aside, and the older one counts again", "HU", lies, Facts{
			Mails:     mails(everything("m1", "HU", "2022-10-12"), mail("m2", "HU", "2022-10-13", appendix("sai.xlsx"))),
			Decisions: []Decision{decide("d1", Reject, "2022-10-14", "", about("m2"))}},
			"complete, on_time, report:m1#1, appendix:m1#1, model:m1#1, model:m1#1"},
		{"an ignored mail counts once a person says whose it is", "HU", lies, Facts{
			Mails:     mails(ignored(held("m1", "2022-10-12", nil, report("bc")))),
			Decisions: []Decision{decide("d1", Assign, "2022-10-14", "HU", about("m1"))}},
			"partial, misses appendix+model:2, report:m1#1"},

		{"a claimed filing counts, with a mark", "HU", lies, Facts{Mails: mails(claimed(everything("m1", "HU", "2022-10-12")))},
			"complete, on_time, report:m1#1, appendix:m1#1, model:m1#1, model:m1#1, claimed"},
		{"it never takes the place of one that is not", "HU", lies, Facts{Mails: mails(
			everything("m1", "HU", "2022-10-12"), claimed(mail("m2", "HU", "2022-10-13", appendix("pl2.xlsx"))))},
			"complete, on_time, report:m1#1, appendix:m1#1, model:m1#1, model:m1#1, waiting appendix:m2"},
		{"it does of another claimed one", "HU", lies, Facts{Mails: mails(
			claimed(mail("m1", "HU", "2022-10-12", appendix("pl.xlsx"))), claimed(mail("m2", "HU", "2022-10-13", appendix("pl2.xlsx"))))},
			"partial, misses report+model:2, appendix:m2#2, claimed"},
		{"the unit's own mail takes the place of a claimed one", "HU", lies, Facts{Mails: mails(
			claimed(mail("m1", "HU", "2022-10-12", appendix("pl.xlsx"))), mail("m2", "HU", "2022-10-13", appendix("pl2.xlsx")))},
			"partial, misses report+model:2, appendix:m2#2"},
		{"a stranger's package does not add to the unit's own", "S-CT", lies, Facts{Mails: mails(
			claimed(mail("m1", "S-CT", "2022-10-11", report("la.docx"), appendix("la.xlsx"), titled(model("Mo hinh 1.docx"), "Mô hình của người lạ"))),
			mail("m2", "S-CT", "2022-10-12", report("bc.docx"), appendix("pl.xlsx"), titled(sha(model("Mo hinh 1.docx"), "2"), "Chợ văn minh")))},
			"complete, on_time, report:m2#2, appendix:m2#2, model:m2#1, waiting model:m1"},
		{"nor when it comes after it", "S-CT", lies, Facts{Mails: mails(
			mail("m1", "S-CT", "2022-10-11", report("bc.docx"), appendix("pl.xlsx"), titled(model("Mo hinh 1.docx"), "Chợ văn minh")),
			claimed(mail("m2", "S-CT", "2022-10-12", report("la.docx"), appendix("la.xlsx"), titled(sha(model("Mo hinh 1.docx"), "2"), "Mô hình của người lạ"))))},
			"complete, on_time, report:m1#1, appendix:m1#1, model:m1#1, waiting report:m2, waiting appendix:m2, waiting model:m2"},
		{"claimed models fill what the unit's own leave missing, and no more", "HU", lies, Facts{Mails: mails(
			claimed(mail("m1", "HU", "2022-10-11", model("a"), model("b"))), mail("m2", "HU", "2022-10-12", report("bc"), appendix("pl"), model("c")))},
			"complete, on_time, report:m2#1, appendix:m2#1, model:m2#1, model:m1#1, waiting model:m1, claimed"},
		{"more claimed models than owed wait", "HU", lies, Facts{Mails: mails(claimed(mail("m1", "HU", "2022-10-11", model("a"), model("b"), model("c"))))},
			"partial, misses report+appendix, model:m1#1, model:m1#1, waiting model:m1, claimed"},
		{"who owes no model gains none by a claim", "BCSD", lies, Facts{Mails: mails(claimed(mail("m1", "BCSD", "2022-10-11", model("a"))))},
			"none, misses report+appendix, waiting model:m1"},
		{"a claimed model is time for nobody who owes nothing", "BCSD", lies, Facts{
			Mails: mails(claimed(mail("m1", "BCSD", "2022-10-13", model("a")))),
			Decisions: []Decision{decide("d1", Exempt, "2022-10-12", "BCSD", what("report", 0, "")),
				decide("d2", Exempt, "2022-10-12", "BCSD", what("appendix", 0, ""))}},
			"complete, waiting model:m1"},
		{"confirmed, a model that waited counts as one more", "HU", lies, Facts{
			Mails:     mails(everything("m1", "HU", "2022-10-12"), claimed(mail("m2", "HU", "2022-10-13", model("c")))),
			Decisions: []Decision{decide("d1", Assign, "2022-10-14", "HU", about("m2"))}},
			"complete, on_time, report:m1#1, appendix:m1#1, model:m1#1, model:m1#1, model:m2#1"},
		{"a claimed file of a like name does not come between two versions of a model", "HU", lies, Facts{Mails: mails(
			claimed(mail("m1", "HU", "2022-10-11", model("mh.docx"))),
			mail("m2", "HU", "2022-10-12", titled(model("x.docx"), "Đường hoa")), mail("m3", "HU", "2022-10-13", titled(sha(model("mh.docx"), "3"), "Đường hoa")))},
			"partial, misses report+appendix+model:1, model:m3#2"},
		{"the unit's own counts before a claimed one even while a person looks at it", "HU", lies, Facts{Mails: mails(
			claimed(mail("m1", "HU", "2022-10-11", appendix("la.xlsx"))), mail("m2", "HU", "2022-10-12", appendix("pl.xlsx", "S11/H")))},
			"partial, misses report+model:2, appendix:m2#2, held"},
		{"a claimed one does not push out the unit's own that waits", "HU", lies, Facts{Mails: mails(
			everything("m1", "HU", "2022-10-12"), mail("m2", "HU", "2022-10-13", appendix("pl2.xlsx", "D02/H")),
			claimed(mail("m3", "HU", "2022-10-14", appendix("la.xlsx"))))},
			"fixing, on_time, report:m1#1, appendix:m1#1, model:m1#1, model:m1#1, waiting appendix:m2, waiting appendix:m3, held"},
		{"what came on paper is the unit's, and a claimed file waits beside it", "HU", lies, Facts{
			Mails:     mails(claimed(mail("m1", "HU", "2022-10-11", appendix("la.xlsx")))),
			Decisions: []Decision{decide("d1", ReceivedOut, "2022-10-14", "HU", what("appendix", 0, "2022-10-14"))}},
			"partial, misses report+model:2, appendix:outside d1#2, waiting appendix:m1"},
		{"claimed parts count in time until the unit's own come late", "HU", "2022-10-25", Facts{Mails: mails(
			claimed(everything("m1", "HU", "2022-10-19")), mail("m2", "HU", "2022-10-24", report("bc2"), appendix("pl2"), model("c"), model("d")))},
			"complete, on_time, report:m2#2, appendix:m2#2, model:m2#1, model:m2#1, waiting model:m1, waiting model:m1"},
		{"one claimed model was not all that was owed, and the day decides when the rest came", "HU", "2022-10-25", Facts{Mails: mails(
			claimed(mail("m1", "HU", "2022-10-12", model("a"))), mail("m2", "HU", "2022-10-20", report("bc"), appendix("pl"), model("b")),
			mail("m3", "HU", "2022-10-24", model("c")))},
			"complete, grace, report:m2#1, appendix:m2#1, model:m2#1, model:m3#1, waiting model:m1"},
		{"confirmed, it takes the place of the older one", "HU", lies, Facts{
			Mails:     mails(everything("m1", "HU", "2022-10-12"), claimed(mail("m2", "HU", "2022-10-13", appendix("pl2.xlsx")))),
			Decisions: []Decision{decide("d1", Assign, "2022-10-14", "HU", about("m2"))}},
			"complete, on_time, report:m1#1, appendix:m2#2, model:m1#1, model:m1#1"},
		{"an alias confirms what came from that address", "HU", lies, Facts{
			Mails:     mails(everything("m1", "HU", "2022-10-12"), claimed(mail("m2", "HU", "2022-10-13", appendix("pl2.xlsx")))),
			Decisions: []Decision{decide("d1", Alias, "2022-10-14", "HU", address("Ca.Nhan@mail.example"))}},
			"complete, on_time, report:m1#1, appendix:m2#2, model:m1#1, model:m1#1"},
		{"an alias of another unit does not", "HU", lies, Facts{
			Mails:     mails(claimed(mail("m2", "HU", "2022-10-13", appendix("pl2.xlsx")))),
			Decisions: []Decision{decide("d1", Alias, "2022-10-14", "BCSD", address("ca.nhan@mail.example"))}},
			"partial, misses report+model:2, appendix:m2#1, claimed"},
		{"what waits is forgotten when the unit sends again itself", "HU", lies, Facts{Mails: mails(
			everything("m1", "HU", "2022-10-12"), claimed(mail("m2", "HU", "2022-10-13", appendix("pl2.xlsx"))),
			mail("m3", "HU", "2022-10-14", appendix("pl3.xlsx")))},
			"complete, on_time, report:m1#1, appendix:m3#2, model:m1#1, model:m1#1"},
		{"taken as it stands, an X counts as explained and an E does not", "HU", lies, Facts{
			Mails:     mails(mail("m1", "HU", "2022-10-12", report("bc"), appendix("pl", "C04/X", "C01/E", "S11/H"), model("a"), model("b"))),
			Decisions: []Decision{decide("d1", Assign, "2022-10-14", "HU", about("m1"))}},
			"fixing, on_time, report:m1#1, appendix:m1#1, model:m1#1, model:m1#1, open C01"},
		{"a file that waits for a person does not take the place of one that does not", "HU", lies, Facts{Mails: mails(
			everything("m1", "HU", "2022-10-12"), mail("m2", "HU", "2022-10-13", appendix("pl2.xlsx", "D02/H")))},
			"fixing, on_time, report:m1#1, appendix:m1#1, model:m1#1, model:m1#1, waiting appendix:m2, held"},
		{"the older one counts if a person took that one", "HU", lies, Facts{
			Mails:     mails(everything("m1", "HU", "2022-10-12"), mail("m2", "HU", "2022-10-13", appendix("pl2.xlsx"))),
			Decisions: []Decision{decide("d1", Assign, "2022-10-14", "HU", about("m1"))}},
			"complete, on_time, report:m1#1, appendix:m1#1, model:m1#1, model:m1#1"},
		{"until the unit sends again", "HU", lies, Facts{
			Mails:     mails(everything("m1", "HU", "2022-10-12"), mail("m2", "HU", "2022-10-15", appendix("pl2.xlsx"))),
			Decisions: []Decision{decide("d1", Assign, "2022-10-14", "HU", about("m1"))}},
			"complete, on_time, report:m1#1, appendix:m2#2, model:m1#1, model:m1#1"},

		{"of two that share a dossier the higher obligation is owed", "S-CA", lies, Facts{},
			"none, misses report+appendix+model:2"},
		{"what one of them sends counts for the other", "S-CA", lies, Facts{Mails: mails(everything("m1", "DU-CA", "2022-10-12"))},
			"complete, on_time, report:m1#1, appendix:m1#1, model:m1#1, model:m1#1, covered by DU-CA"},
		{"and for itself it is its own", "DU-CA", lies, Facts{Mails: mails(everything("m1", "DU-CA", "2022-10-12"))},
			"complete, on_time, report:m1#1, appendix:m1#1, model:m1#1, model:m1#1"},
		{"the lesser may file for both", "DU-CA", lies, Facts{Mails: mails(mail("m1", "S-CA", "2022-10-12", report("bc"), appendix("pl"), model("a")))},
			"partial, misses model:1, report:m1#1, appendix:m1#1, model:m1#1, covered by S-CA"},
		{"both may give their share", "S-CA", lies, Facts{Mails: mails(
			mail("m1", "S-CA", "2022-10-12", report("bc"), model("a")), mail("m2", "DU-CA", "2022-10-13", appendix("pl"), model("b")))},
			"complete, on_time, report:m1#1, appendix:m2#1, model:m1#1, model:m2#1"},
		{"of two appendices of one dossier the chosen one counts", "DU-CA", lies, Facts{
			Mails: mails(mail("m1", "S-CA", "2022-10-12", appendix("ca.xlsx")), mail("m2", "DU-CA", "2022-10-13", appendix("du.xlsx", "D03/H"))),
			Decisions: []Decision{
				decide("d1", Assign, "2022-10-14", "DU-CA", about("m2"))}},
			"partial, misses report+model:2, appendix:m2#2"},
		{"an extension for one is one for both", "S-CA", lies, Facts{Decisions: []Decision{decide("d1", Extend, "2022-10-13", "DU-CA", until("2022-10-26"))}},
			"none, misses report+appendix+model:2, extended"},
		{"an exemption that names both is taken off once", "S-CA", lies, Facts{Decisions: []Decision{
			decide("d1", Exempt, "2022-10-13", "DU-CA", what("model", 1, ""), also("S-CA"))}},
			"none, misses report+appendix+model:1"},
		{"a mail that may be the other's holds both", "DU-CA", lies, Facts{Mails: mails(held("m1", "2022-10-12", []string{"S-CA"}))},
			"none, misses report+appendix+model:2, held"},

		{"paused for the storm", "HU", lies, Facts{Decisions: []Decision{decide("d1", Pause, "2022-10-14 16:00", "HU")}},
			"none, misses report+appendix+model:2, paused"},
		{"a pause until a day ends with it", "HU", lies, Facts{Decisions: []Decision{decide("d1", Pause, "2022-10-14 16:00", "HU", until("2022-10-17"))}},
			"none, misses report+appendix+model:2, resumed"},
		{"resumed with a new date", "HU", lies, Facts{Decisions: []Decision{
			decide("d1", Pause, "2022-10-14 16:00", "HU"), decide("d2", Extend, "2022-10-16", "HU", until("2022-10-25")), decide("d3", Resume, "2022-10-16", "HU")}},
			"none, misses report+appendix+model:2, extended, resumed"},
		{"to resume what was never paused is nothing", "HU", lies, Facts{Decisions: []Decision{decide("d3", Resume, "2022-10-16", "HU")}},
			"none, misses report+appendix+model:2"},
		{"a decision about nobody touches nobody", "HU", lies, Facts{Decisions: []Decision{decide("d1", Pause, "2022-10-14", "")}},
			"none, misses report+appendix+model:2"},
		{"a promise is pending until its day is over", "HU", "2022-10-18 23:59", Facts{Decisions: []Decision{decide("d1", Note, "2022-10-14", "HU", until("2022-10-18"))}},
			"none, misses report+appendix+model:2, promised 18/10"},
		{"and no longer", "HU", "2022-10-19", Facts{Decisions: []Decision{decide("d1", Note, "2022-10-14", "HU", until("2022-10-18"))}},
			"none, misses report+appendix+model:2"},
		{"a promise kept is none", "HU", lies, Facts{Mails: mails(everything("m1", "HU", "2022-10-16")),
			Decisions: []Decision{decide("d1", Note, "2022-10-14", "HU", until("2022-10-18"))}},
			"complete, on_time, report:m1#1, appendix:m1#1, model:m1#1, model:m1#1"},

		{`"ĐÃ GỬI" is noted`, "HU", lies, Facts{Mails: mails(statement(mail("m1", "HU", "2022-10-16")))},
			"none, misses report+appendix+model:2, said"},
		{"until the desk records what came", "HU", lies, Facts{Mails: mails(statement(mail("m1", "HU", "2022-10-16"))),
			Decisions: []Decision{decide("d1", ReceivedOut, "2022-10-17", "HU", what("report", 0, "2022-10-15"))}},
			"partial, misses appendix+model:2, report:outside d1#1"},
		{"what was recorded before does not answer it", "HU", lies, Facts{Mails: mails(statement(mail("m1", "HU", "2022-10-16"))),
			Decisions: []Decision{decide("d1", ReceivedOut, "2022-10-15", "HU", what("report", 0, "2022-10-15"))}},
			"partial, misses appendix+model:2, report:outside d1#1, said"},
		{"or sets it aside", "HU", lies, Facts{Mails: mails(statement(mail("m1", "HU", "2022-10-16"))),
			Decisions: []Decision{decide("d1", Reject, "2022-10-17", "", about("m1"))}},
			"none, misses report+appendix+model:2"},
		{"with the files attached it is no mere statement", "HU", lies, Facts{Mails: mails(statement(everything("m1", "HU", "2022-10-16")))},
			"complete, on_time, report:m1#1, appendix:m1#1, model:m1#1, model:m1#1"},

		{"a unit whose only address is dead cannot be reached", "HU", lies, Facts{Dead: map[string]time.Time{"vanthu@hu.example": at("2022-10-04")}},
			"none, misses report+appendix+model:2, unreachable"},
		{"it could be until then", "HU", "2022-10-03", Facts{Dead: map[string]time.Time{"vanthu@hu.example": at("2022-10-04")}},
			"none, misses report+appendix+model:2"},
		{"an alias reaches it again", "HU", lies, Facts{Dead: map[string]time.Time{"vanthu@hu.example": at("2022-10-04")},
			Decisions: []Decision{decide("d1", Alias, "2022-10-14", "HU", address("moi@hu.example"))}},
			"none, misses report+appendix+model:2"},
		{"who shares a dossier is reached through the other", "S-CA", lies, Facts{Dead: map[string]time.Time{"vanthu@s-ca.example": at("2022-10-04")}},
			"none, misses report+appendix+model:2"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			table := Fold(roster(), tt.facts, at(tt.now))
			if got := say(table.Units[tt.unit]); got != tt.want {
				t.Errorf("\n got %s\nwant %s", got, tt.want)
			}
			if again := Fold(roster(), tt.facts, at(tt.now)); !reflect.DeepEqual(table, again) {
				t.Error("the same facts and the same now gave another table")
			}
		})
	}
}

func mails(m ...*finding.Verdict) []*finding.Verdict { return m }

func explained(p finding.Part) finding.Part {
	for i := range p.Problems {
		p.Problems[i].Explain = "05 mô hình năm 2021"
	}
	return p
}

func toDesk(p finding.Part) finding.Part {
	for i := range p.Problems {
		p.Problems[i].Audience = finding.ToDesk
	}
	return p
}

func attributed(m *finding.Verdict, unit string) *finding.Verdict { m.Unit = &unit; return m }
func quarantined(m *finding.Verdict) *finding.Verdict             { m.Verdict = finding.Quarantined; return m }
func ignored(m *finding.Verdict) *finding.Verdict                 { m.Verdict = finding.IgnoredMail; return m }
func address(a string) func(*Decision)                            { return func(d *Decision) { d.Address = a } }
func also(unit string) func(*Decision)                            { return func(d *Decision) { d.Units = append(d.Units, unit) } }
func file(p finding.Part) func(*Decision)                         { return func(d *Decision) { d.File = &p } }

func TestTheTableAsAWhole(t *testing.T) {
	c := roster()
	table := Fold(c, Facts{Mails: mails(
		everything("m1", "HU", "2022-10-12 09:30"), held("m2", "2022-10-13", []string{"HU"}), held("m3", "2022-10-13", nil),
		quarantined(held("m4", "2022-10-13", nil)), mail("m5", "KHONG-CO", "2022-10-13", report("bc")),
		mail("m6", "HU", "2022-10-11", model("x")))}, at("2022-10-17"))
	if !slices.Equal(table.Order, []string{"HU", "BCSD", "S-CA", "DU-CA", "S-CT"}) {
		t.Errorf("order %v", table.Order)
	}
	if table.Held != 2 || table.Quarantined != 1 {
		t.Errorf("held %d, quarantined %d", table.Held, table.Quarantined)
	}
	hu := table.Units["HU"]
	if !hu.LastReceived.Equal(at("2022-10-12 09:30")) || !hu.CompletedAt.Equal(at("2022-10-12 09:30")) {
		t.Errorf("last received %v, completed %v", hu.LastReceived, hu.CompletedAt)
	}
	if !slices.Equal(hu.HeldMails, []string{"m2"}) || hu.Models != 3 {
		t.Errorf("held %v, models %d", hu.HeldMails, hu.Models)
	}
	for i, u := range c.Units {
		got := table.Units[u.Code]
		if want := c.Group(u.Code)[0]; got.Lead != want.Code || got.Owes != want.Obligation {
			t.Errorf("%s is led by %s, the campaign says %s", u.Code, got.Lead, want.Code)
		}
		if got.Code != c.Units[i].Code {
			t.Errorf("%s calls itself %s", u.Code, got.Code)
		}
	}
}

func TestEffectiveDeadline(t *testing.T) {
	c := roster()
	first := decide("d1", Extend, "2022-10-13", "HU", until("2022-10-26"))
	second := decide("d2", Extend, "2022-10-14", "HU", until("2022-10-22"))
	undone := decide("d3", Undo, "2022-10-15", "", undoes("d2"))
	shared := decide("d4", Extend, "2022-10-13", "S-CA", until("2022-10-28"))
	for _, tt := range []struct {
		name      string
		unit      string
		now       string
		decisions []Decision
		want      string
		by        string
	}{
		{"without decisions it is the letter's", "HU", "2022-10-17", nil, "2022-10-20", ""},
		{"an extension moves it", "HU", "2022-10-17", []Decision{first}, "2022-10-26", "d1"},
		{"not before it is decided", "HU", "2022-10-12", []Decision{first}, "2022-10-20", ""},
		{"the latest decision holds, even for an earlier day", "HU", "2022-10-17", []Decision{first, second}, "2022-10-22", "d2"},
		{"undone, the one before holds again", "HU", "2022-10-17", []Decision{first, second, undone}, "2022-10-26", "d1"},
		{"another unit's changes nothing", "BCSD", "2022-10-17", []Decision{first}, "2022-10-20", ""},
		{"who shares the dossier shares it", "DU-CA", "2022-10-17", []Decision{shared}, "2022-10-28", "d4"},
		{"a unit unknown to the campaign has the letter's", "X", "2022-10-17", []Decision{first}, "2022-10-20", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, by := EffectiveDeadline(c, tt.decisions, tt.unit, at(tt.now))
			if !got.Equal(at(tt.want)) {
				t.Errorf("got %v, want %s", got, tt.want)
			}
			if by == nil && tt.by != "" || by != nil && by.ID != tt.by {
				t.Errorf("by %v, want %q", by, tt.by)
			}
			if u := Fold(c, Facts{Decisions: tt.decisions}, at(tt.now)).Units[tt.unit]; u != nil && !u.Deadline.Equal(got) {
				t.Errorf("the table says %v", u.Deadline)
			}
		})
	}
}

func TestCorrectionDeadline(t *testing.T) {
	cal := NewCalendar(campaign())
	for _, tt := range []struct {
		name, sent, effective, want string
	}{
		{"well before, it is the unit's own", "2022-10-17 10:20", "2022-10-20", "2022-10-20"},
		{"the day before the last day still leaves the last day", "2022-10-18 16:00", "2022-10-20", "2022-10-20"},
		{"on the last day it is the end of the next working day", "2022-10-19 15:00", "2022-10-20", "2022-10-21"},
		{"on a Friday that is Monday", "2022-10-21 09:00", "2022-10-20", "2022-10-25"},
		{"after the deadline it is never a day that has passed", "2022-10-25 09:00", "2022-10-20", "2022-10-27"},
		{"an extended unit has its own", "2022-10-21 09:00", "2022-10-29", "2022-10-29"},
		{"sent in the night of a Saturday it is still Monday", "2022-10-22 23:00", "2022-10-20", "2022-10-25"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := CorrectionDeadline(cal, at(tt.effective), at(tt.sent)); !got.Equal(at(tt.want)) {
				t.Errorf("got %v, want %s", got, tt.want)
			}
		})
	}
}

func BenchmarkFold(b *testing.B) {
	for _, size := range []struct{ units, mails int }{{70, 1000}, {10_000, 100_000}} {
		b.Run(fmt.Sprintf("%d units, %d mails", size.units, size.mails), func(b *testing.B) {
			c := campaign()
			for i := range size.units {
				c.Units = append(c.Units, config.Unit{Code: fmt.Sprintf("U%05d", i), Emails: []string{fmt.Sprintf("u%d@x.example", i)},
					Obligation: config.Obligation{Report: true, Appendix: true, Models: 2}})
			}
			var f Facts
			for i := range size.mails {
				m := everything(fmt.Sprintf("m%d", i), c.Units[i%size.units].Code, "2022-10-12")
				m.Received = m.Received.Add(time.Duration(i) * time.Second)
				for k := range m.Parts {
					m.Parts[k].SHA256 = fmt.Sprint(i, k)
					m.Parts[k].Title = fmt.Sprintf("Mô hình Dân vận khéo số %d của %s", k, *m.Unit)
				}
				f.Mails = append(f.Mails, m)
				if i%100 == 0 {
					f.Decisions = append(f.Decisions, decide(fmt.Sprintf("d%d", i), Note, "2022-10-12", c.Units[i%size.units].Code))
				}
			}
			now := at("2022-10-25")
			b.ReportAllocs()
			for b.Loop() {
				Fold(c, f, now)
			}
		})
	}
}

// The standing of last Tuesday must be the same whether it is asked today or
// was asked then: nothing that came later may change it.
func TestLaterFactsDoNotChangeThePast(t *testing.T) {
	c := roster()
	random := rand.New(rand.NewPCG(624, 2022))
	pick := func(s ...string) string { return s[random.IntN(len(s))] }
	for range 300 {
		var f Facts
		for i := range 40 {
			id := fmt.Sprintf("m%d", i)
			m := mail(id, pick("HU", "BCSD", "S-CA", "DU-CA"), "2022-10-04",
				part(pick(finding.Report, finding.Appendix, finding.Model, finding.Other), pick("a", "b", "c"), pick("C01/E", "C04/X", "S02/E", "D02/H", "N01/W")))
			m.Received = m.Received.Add(time.Duration(random.IntN(20*24)) * time.Hour)
			m.Verdict = pick(finding.Filed, finding.Filed, finding.HeldMail, finding.Quarantined, finding.IgnoredMail)
			m.Claimed = random.IntN(4) == 0
			f.Mails = append(f.Mails, m)
			d := decide(fmt.Sprintf("d%d", i), pick(Extend, Exempt, Pause, Resume, ReceivedOut, Note, Alias, Undo, Assign, Reject), "2022-10-04",
				pick("HU", "BCSD", "S-CA", "DU-CA"), what(pick(finding.Report, finding.Appendix, finding.Model), random.IntN(3), ""),
				about(pick("m1", "m2", "m3", id)), undoes(fmt.Sprintf("d%d", random.IntN(i+1))), until("2022-10-25"), address(m.From))
			d.At = d.At.Add(time.Duration(i*12) * time.Hour)
			f.Decisions = append(f.Decisions, d)
		}
		now := at("2022-10-04").Add(time.Duration(random.IntN(20*24)) * time.Hour)
		then := Facts{
			Mails:     slices.DeleteFunc(slices.Clone(f.Mails), func(m *finding.Verdict) bool { return m.Received.After(now) }),
			Decisions: slices.DeleteFunc(slices.Clone(f.Decisions), func(d Decision) bool { return d.At.After(now) }),
		}
		today := Fold(c, f, now)
		if !reflect.DeepEqual(today, Fold(c, then, now)) {
			t.Fatalf("at %v later facts changed the table", now)
		}
		for _, u := range today.Units {
			lacks := len(u.Missing) > 0
			switch {
			case lacks != (u.State == None || u.State == Partial):
				t.Fatalf("%s misses %v and is %s", u.Code, u.Missing, u.State)
			case !lacks && u.Gave() && u.Timeliness == "":
				t.Fatalf("%s has everything, and no time for it", u.Code)
			case lacks && u.State == None && u.Gave():
				t.Fatalf("%s gave %v and is none", u.Code, u.Counted)
			}
		}
	}
}
