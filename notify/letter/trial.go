package letter

import (
	"slices"
	"time"

	"dondoc/config"
	"dondoc/intake/finding"
	"dondoc/schedule/standing"
)

// trials are letters of a campaign in the states that they can meet, of units
// that it has and files that nobody sent: a text of the campaign's own is tried
// on them before it has to say something.
func trials(c *config.Campaign, lang string) (views []*view) {
	var all []Facts
	if len(c.Units) == 0 {
		return nil
	}
	unit := c.Units[0]
	before := c.Deadline.Before
	moments := []time.Time{before.AddDate(0, 0, -10), before.Add(-time.Hour), before.Add(time.Hour), before.AddDate(0, 0, 4)}
	for at, now := range moments {
		for _, extended := range []bool{false, true} {
			if extended && at != 1 {
				continue // once is enough
			}
			start := func(kind string) Facts {
				f := Facts{Kind: kind, Campaign: c, Lang: lang, Now: now, Unit: &unit, Group: c.Group(unit.Code),
					FormFile: "form.xlsx", WriteUpFile: "form.docx", MarkedFile: "marked.xlsx", Enclosures: []string{"letter.pdf"}, Cause: "-",
					Deadline: Deadline{At: before, DaysLeft: 2, CorrectBy: now.AddDate(0, 0, 2)}}
				if extended {
					f.Deadline.At, f.Deadline.Extended = before.AddDate(0, 0, 3), true
				}
				return f
			}
			for n, situation := range situations(unit.Obligation) {
				mails, st := situation(now)
				for _, kind := range []string{Receipt, Corrections, Resumed, Invite} {
					f := start(kind)
					f.Mails, f.Standing = mails, st
					f.Deadline.Extended = f.Deadline.Extended || kind == Resumed
					all = append(all, f)
				}
				for _, reason := range []string{Granted, Decided, Declined, TakenBack} {
					f := start(Extended)
					f.Standing, f.Outcome = st, Outcome{Reason: reason, Was: before.AddDate(0, 0, 3)}
					all = append(all, f)
				}
				for _, kind := range []string{Escalate, Thanks, draft} {
					f := start(kind)
					f.Standing, f.Outcome = st, Outcome{Ref: "2/CV", Date: now, By: now.AddDate(0, 0, 3), File: "2-CV.pdf"}
					all = append(all, f)
				}
				for _, text := range []string{"notice", "state", "last_day", "grace_day", "last"} {
					f := start(Remind)
					f.Standing, f.Step = st, config.Step{Name: "T", Text: text}
					all = append(all, f)
				}
				if n > 2 {
					continue // what follows asks little of where the unit stands
				}
				said := []finding.Saying{{Kind: finding.SaysRight}, {Kind: finding.SaysSent, Parts: []string{finding.Report}, Ref: "1/BC", Via: "giay", Day: now.Format(time.DateOnly)},
					{Kind: finding.SaysWillSend, Day: now.Format(time.DateOnly)}, {Kind: finding.SaysYes}, {Kind: finding.SaysNo}, {Kind: finding.SaysNeedsTime, Day: now.Format(time.DateOnly)},
					{Kind: finding.SaysContact, Address: "a@b.example"}, {Kind: finding.SaysCorrection}, {Kind: finding.SaysForNow}, {Kind: finding.SaysAsks, Quote: "?"}}
				for i := range len(said) + 3 {
					f := start(Acknowledge)
					m := &finding.Verdict{ID: "AAAAA-AAAAA", Received: now, Class: finding.ClassQuestion}
					switch f.Standing, f.Mails = st, []*finding.Verdict{m}; {
					case i < len(said):
						m.Says = said[i : i+1]
					case i == len(said):
						m.Points = []finding.Point{{Number: 1, Outcome: finding.PointExplained}, {Number: 2, Outcome: finding.PointMustFix}, {Number: 3, Outcome: finding.PointUnknown}}
					case i == len(said)+1:
						m.Attests = []finding.Attestation{{Arrival: "BBBBB-AAAAA"}, {Arrival: "CCCCC-AAAAA", Denied: true}}
					default:
						m.Class = finding.ClassUnreadable
					}
					all = append(all, f)
				}
				f := start(Confirm)
				f.Mails = mails
				all = append(all, f)
				f.Kind, f.Outcome.Address = Registered, "a@unit.example"
				all = append(all, f)
				f.Kind, f.Unit, f.Group, f.Candidates = AskUnit, nil, nil, c.Units[:1]
				all = append(all, f)
			}
			f := start(DigestKind)
			f.Digest = &Digest{Rows: []Row{{Category: unit.Category, Total: 1, None: 1}}, DaysLeft: []time.Time{now}, LastFetch: now, Since: now.AddDate(0, 0, -1),
				Decisions: []Decision{{Kind: Paused, Unit: &unit, Reason: "-"}}, Calls: []Call{{Unit: unit, Standing: &standing.Unit{State: standing.None}}}, CallTotal: 2,
				Interim: &Interim{Units: 1, Models: 1, Owed: 2}, Next: &Next{At: now, Text: "last", Letters: 1}, Undelivered: c.Units[:1], Waiting: 1, Attached: []string{"a.xlsx"}}
			all = append(all, f)
			f.Digest = &Digest{Rows: f.Digest.Rows, Unread: now}
			all = append(all, f)
			f.Digest, f.Week = nil, &Week{First: now.AddDate(0, 0, -7), Last: now.AddDate(0, 0, -3), Begins: now, Rows: []Row{{Category: unit.Category, Total: 1, None: 1}},
				Unreachable: c.Units[:1], Steps: []time.Time{now}, Digests: []string{"16:00"}}
			all = append(all, f)
			told := []*finding.Verdict{{ID: "AAAAA-AAAAA", Received: now, From: "a@desk.example", Class: finding.ClassCommand,
				Command: &finding.Command{Unclear: []string{"-"}, Orders: []finding.Carried{{Order: finding.Order{Do: finding.OrderStop}, Outcome: finding.OrderDone, Text: "-"},
					{Order: finding.Order{Do: finding.OrderUndo, Number: 1}, Outcome: finding.OrderNothing}}}}}
			f = start(Acknowledge)
			f.Unit, f.Group, f.Mails = nil, nil, told
			all = append(all, f)
			for _, why := range []string{finding.CommandForged, finding.CommandFailed, finding.CommandForeign, finding.CommandStale} {
				f := start(AlarmKind)
				m := *told[0]
				m.Command = &finding.Command{Refused: why, Orders: told[0].Command.Orders}
				f.Alarm = &Alarm{What: AlarmCommand, Mail: &m}
				all = append(all, f)
			}
			for _, what := range []string{AlarmMailbox, AlarmDisk, AlarmHolidays, AlarmRestored, AlarmSMTP, AlarmLimit, AlarmStorage, AlarmQuota, AlarmReader, AlarmOffice, AlarmClock, "-"} {
				f := start(AlarmKind)
				f.Alarm = &Alarm{What: what, Since: now, Detail: "-"}
				if what == AlarmRestored {
					f.Alarm.Restored = &Restored{Noticed: now, Letters: 1, Unanswered: told}
				}
				all = append(all, f)
				f.Alarm = &Alarm{What: what, Since: now, Until: now, Detail: "-"}
				all = append(all, f)
			}
		}
	}
	for _, f := range all {
		// Only what can be written at all: a reminder of nothing owed cannot.
		if v, err := newView(f); err == nil {
			views = append(views, v)
		}
	}
	return views
}

// situations are what a unit sent, and where it stands then.
func situations(o config.Obligation) []func(time.Time) ([]*finding.Verdict, *standing.Unit) {
	part := func(kind string, problems ...finding.Problem) finding.Part {
		return finding.Part{Name: kind + ".xlsx", SHA256: kind, Kind: kind, Verdict: finding.VerdictOf(problems), Problems: problems, Values: map[string]any{}}
	}
	wrong := finding.Problem{Code: "N02", Severity: finding.MustFix, Sheet: "A", Cell: "D11", Found: "-"}
	explain := finding.Problem{Code: "N09", Severity: finding.FixOrExplain, Sheet: "A", Cell: "D12", Found: "900"}
	noted := finding.Problem{Code: "S05", Severity: finding.Noted}
	file := func(code string) finding.Problem { return finding.Problem{Code: code, Severity: finding.MustFix} }
	of := func(state standing.State, missing []string, claimed bool, parts ...finding.Part) func(time.Time) ([]*finding.Verdict, *standing.Unit) {
		return func(now time.Time) ([]*finding.Verdict, *standing.Unit) {
			m := &finding.Verdict{ID: "AAAAA-AAAAA", Received: now, From: "a@unit.example", Class: finding.ClassReport, Claimed: claimed, Parts: parts}
			s := &standing.Unit{State: state, Missing: missing, Owes: o, Claimed: claimed, Timeliness: standing.OnTime}
			for _, p := range parts {
				if p.Readable() && slices.Contains(kinds, p.Kind) {
					s.Counted = append(s.Counted, standing.Counted{Kind: p.Kind, Arrival: m.ID, Received: now, Version: 1, Part: p, Claimed: claimed})
					for _, q := range p.Problems {
						if q.Open() {
							s.Open = append(s.Open, q)
						}
					}
				}
				if p.Kind == finding.Model {
					s.Models++
				}
			}
			return []*finding.Verdict{m}, s
		}
	}
	report, appendix, model := part(finding.Report), part(finding.Appendix, noted), part(finding.Model)
	all := []string{"report", "appendix", "model:2"}
	return []func(time.Time) ([]*finding.Verdict, *standing.Unit){
		of(standing.None, all, false),
		of(standing.Complete, nil, false, report, appendix, model),
		of(standing.Complete, nil, true, report, appendix, model),
		of(standing.Partial, []string{"appendix", "model:1"}, false, report, model, part(finding.Other)),
		of(standing.Partial, []string{"model:1"}, true, report, part(finding.Appendix, wrong, explain)),
		of(standing.Fixing, nil, false, report, part(finding.Appendix, wrong, explain), model),
		of(standing.Partial, all, false, part(finding.Appendix, file("S02"))),
		of(standing.Partial, all, false, part(finding.Appendix, file("S03"))),
		of(standing.Partial, all, false, part(finding.Appendix, file("S06"))),
		of(standing.Partial, all, false, part(finding.Appendix, file("S15"))),
		of(standing.Partial, all, false, part(finding.Other, file("L01"))),
		of(standing.Partial, all, false, part(finding.Appendix, file("S01")), part(finding.Other, file("L02"))),
	}
}
