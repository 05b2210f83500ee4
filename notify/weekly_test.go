package notify

import (
	"reflect"
	"strings"
	"testing"

	"dondoc/intake/finding"
	"dondoc/intake/ledger"
	"dondoc/notify/letter"
	"dondoc/schedule/standing"
)

// What the desk reads on Monday the 17th about the week before.
func TestAWeek(t *testing.T) {
	o := newOffice(t, "HU-BINHSON", "HU-BATO", "HU-SONHA", "HU-TRABONG", "S-CA", "DU-CA", "S-YT", "BCSD-UBND").invited()
	scanned := appendix("scan.pdf", finding.Problem{Code: "S03", Severity: finding.MustFix})
	scanned.Verdict = finding.NeedsFix
	o.filed("07 09:00", "AAAAA-00001", "HU-BINHSON", binhSon, dossier()...)
	o.filed("08 09:00", "AAAAA-00002", "S-YT", "vanthu@syt.quangngai.example", report("x.docx"), scanned)
	o.filed("11 09:00", "AAAAA-00003", "HU-BATO", baTo, dossier(wrong)...)
	o.filed("12 09:00", "AAAAA-00004", "HU-BATO", baTo, dossier(wrong)...)
	o.filed("12 10:00", "AAAAA-00005", "HU-SONHA", "vanthu@husonha.quangngai.example", dossier(wrong, unexplained)...)
	o.filed("14 23:59", "AAAAA-00006", "S-CA", "vanthu@congan.quangngai.example", dossier()...)
	o.filed("15 09:00", "AAAAA-00007", "HU-SONHA", "vanthu@husonha.quangngai.example", dossier()...)
	o.decide("14 17:00", standing.Decision{Kind: standing.Pause, Units: []string{"HU-TRABONG"}, Reason: "bão số 5", Cause: "thien-tai"})
	o.decide("13 09:00", standing.Decision{Kind: standing.Extend, Units: []string{"HU-BATO"}, Until: at(t, "22 00:00")})
	o.decide("17 07:00", standing.Decision{Kind: standing.Note, Units: []string{"HU-BATO"}, Reason: "sau tuần"})

	w, err := o.weekFacts(o.situation("17 07:30"), ledger.Letter{Extra: "2022-10-17-week"})
	if err != nil {
		t.Fatal(err)
	}
	if !w.First.Equal(at(t, "10 00:00")) || !w.Last.Equal(at(t, "14 00:00")) || !w.Begins.Equal(at(t, "17 00:00")) {
		t.Errorf("it speaks of %v to %v", w.First, w.Last)
	}
	complete := 0
	for _, r := range w.Rows {
		complete += r.Complete
	}
	// The dossier of Friday night counts for both of its units; Saturday's does
	// not yet.
	if complete != 3 || w.Before == nil || *w.Before != 1 {
		t.Errorf("%d complete, want 3; before %v, want 1", complete, w.Before)
	}
	var errors []string
	for _, e := range w.Errors {
		errors = append(errors, e.Problem.Code+strings.Repeat("+", e.Units))
	}
	if want := []string{"N06++", "N09+"}; !reflect.DeepEqual(errors, want) {
		t.Errorf("mistakes %v, want %v: a unit counts once, and not for the week before", errors, want)
	}
	if len(w.Attention) != 1 || w.Attention[0].Incomplete != 2 || len(w.Attention[0].Units) != 1 || !w.Attention[0].Paused || w.Attention[0].Cause != "thien-tai" {
		t.Errorf("attention %+v", w.Attention)
	}
	var decided []string
	for _, d := range w.Decided {
		decided = append(decided, d.Kind)
	}
	if want := []string{"pause", "extend"}; !reflect.DeepEqual(decided, want) {
		t.Errorf("decided %v, want %v", decided, want)
	}
	var steps []string
	for _, d := range w.Steps {
		steps = append(steps, d.Format("02"))
	}
	// HU-BATO has a later deadline, and so a ladder of its own.
	if want := []string{"17", "19", "21"}; !reflect.DeepEqual(steps, want) {
		t.Errorf("reminders on %v, want %v", steps, want)
	}
	if len(w.Own) != 1 || w.Own[0].Units != 1 || !w.Own[0].Day.Equal(at(t, "21 00:00")) {
		t.Errorf("deadlines of their own: %v", w.Own)
	}
	if want := []string{"10:30", "16:00"}; !reflect.DeepEqual(w.Digests, want) {
		t.Errorf("digests at %v", w.Digests)
	}
}

// The daily digest compares with the daily one before, whatever the weekly one
// said in between.
func TestTheWeeklyDigestIsNoDayOfItsOwn(t *testing.T) {
	o := newOffice(t, "HU-BINHSON", "S-YT").invited()
	o.owed("14 16:00", letter.DigestKind)
	o.deliver("14 16:00")
	o.filed("14 18:00", "AAAAA-00001", "HU-BINHSON", binhSon, dossier()...)
	if got := o.owed("17 07:30", letter.DigestKind); got != "digest/2022-10-17-week" {
		t.Fatalf("owed %q", got)
	}
	o.deliver("17 07:30")
	if got := o.letters()["digest/2022-10-17-week"].Subject; got != "DVK tuần 10/10-14/10: 01/02 đủ, 01 chưa gửi [DVK-2022]" {
		t.Error(got)
	}
	d := o.digestFacts(o.situation("17 10:30"), ledger.Letter{Key: "digest/2022-10-17-1030"})
	if !d.Since.Equal(at(t, "14 16:00")) || d.News.Completed != 1 {
		t.Errorf("since %v, %+v", d.Since, d.News)
	}
}
