package schedule

import (
	"testing"

	"dondoc/config"
	"dondoc/schedule/standing"
)

func approved(q *Question) { q.Approved = []string{"T+3"} }

func TestEscalation(t *testing.T) {
	for _, tt := range []struct {
		name string
		now  string
		more []change
		want string
	}{
		{"before its day nobody needs to approve anything", "2022-10-24 16:00", nil, "not: not_due, T+3 of 25/10 07:30"},
		{"nor does an approval bring it forward", "2022-10-24 16:00", []change{approved}, "not: not_due, T+3 of 25/10 07:30"},
		{"on its day it waits for approval", "2022-10-25 09:00", nil, "not: awaiting_approval, T+3 of 25/10 07:30"},
		{"approved, it goes out", "2022-10-25 09:00", []change{approved}, "T+3 of 25/10 07:30"},
		{"days later it still does", "2022-10-31 09:00", []change{approved}, "T+3 of 25/10 07:30"},
		{"once", "2022-10-31 09:00", []change{approved, sent("T+3")}, "not: already_sent, T+3 of 25/10 07:30"},
		{"not in the evening", "2022-10-25 19:00", []change{approved}, "not: outside_hours, T+3 of 25/10 07:30"},
		{"nor on a day that has brought a letter", "2022-10-25 09:00", []change{approved, func(q *Question) { q.LastUnasked = at("2022-10-25 08:00") }}, "not: one_a_day, T+3 of 25/10 07:30"},
		{"an extended unit has its own day", "2022-10-25 09:00", []change{approved, extended("2022-10-25", "2022-10-13")}, "not: not_due, T+3 of 28/10 07:30"},
		{"a unit that misses one part is owed it", "2022-10-25 09:00", []change{approved, missing("model:1")}, "T+3 of 25/10 07:30"},
		{"one that only has cells to fix is not", "2022-10-25 09:00", []change{approved, onlyCells}, "not: only_fixing, T+3 of 25/10 07:30"},
		{"nor one that has done its part", "2022-10-25 09:00", []change{approved, unit(func(u *standing.Unit) { u.Missing, u.State = nil, standing.Complete })}, "not: complete, T+3 of 25/10 07:30"},
		{"nor one of which a part waits for a person", "2022-10-25 09:00", []change{approved, unit(func(u *standing.Unit) { u.Missing, u.State = nil, standing.Fixing })}, "not: held_part, T+3 of 25/10 07:30"},
		{"one that is only telephoned never gets it", "2022-10-25 09:00", []change{approved, roster(func(u *config.Unit) { u.AutoRemind = false })}, "not: auto_remind_off, T+3 of 25/10 07:30"},
		{"a pause holds it back", "2022-10-25 09:00", []change{approved, unit(func(u *standing.Unit) { u.Paused = true })}, "not: paused, T+3 of 25/10 07:30"},
		{"so does a promise", "2022-10-25 09:00", []change{approved, unit(func(u *standing.Unit) { u.Promise = at("2022-10-26") })}, "not: promised, T+3 of 25/10 07:30"},
		{"and the unit's word that it has sent", "2022-10-25 09:00", []change{approved, unit(func(u *standing.Unit) { u.Said, u.SaidAt = true, at("2022-10-24") })}, "not: said_sent, T+3 of 25/10 07:30"},
		{"and a mail that may be its", "2022-10-25 09:00", []change{approved, unit(func(u *standing.Unit) { u.HeldMails = []string{"X"} })}, "not: held_candidate, T+3 of 25/10 07:30"},
		{"and its having written within a day", "2022-10-25 09:00", []change{approved, unit(func(u *standing.Unit) { u.LastHeard = at("2022-10-24 16:00") })}, "not: just_heard, T+3 of 25/10 07:30"},
		{"where no mail arrives there is none", "2022-10-25 09:00", []change{approved, unit(func(u *standing.Unit) { u.Reachable = false })}, "not: unreachable, T+3 of 25/10 07:30"},
		{"the member of a dossier that has the lead gets it", "2022-10-25 09:00", []change{approved, unit(func(u *standing.Unit) { u.Lead = "OTHER" })}, "not: shared_dossier, T+3 of 25/10 07:30"},
		{"nobody does once the campaign has closed", "2022-11-05", []change{approved}, "not: closed, T+3 of 25/10 07:30"},
		{"nor where the ladder has no such step", "2022-10-25 09:00", []change{approved, ladder("T+3", func(s *config.Step) { s.Approval = false })}, "not: step_off"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := say(Escalation(ask(t, tt.now, tt.more...))); got != tt.want {
				t.Errorf("\n got %s\nwant %s", got, tt.want)
			}
		})
	}
}
