package letter

import (
	"fmt"

	ics "github.com/arran4/golang-ical"
)

// Calendar is the deadline as an entry for the reader's own calendar (RFC
// 5545), with reminders of its own, to go with an invitation. uid makes it the
// same entry however often it is sent. It is published, not an invitation to a
// meeting: nobody's mail program answers it.
func Calendar(f Facts, uid string) (Attachment, error) {
	v, err := newView(f)
	if err != nil {
		return Attachment{}, fmt.Errorf("calendar: %w", err)
	}
	c := ics.NewCalendarFor("dondoc")
	c.SetMethod(ics.MethodPublish)
	e := c.AddEvent(uid)
	e.SetDtStampTime(v.now)
	last, whole := lastMoment(v.f.Deadline.At)
	if whole {
		e.SetAllDayStartAt(last)
		e.SetAllDayEndAt(v.f.Deadline.At)
	} else {
		e.SetStartAt(v.f.Deadline.At)
		e.SetEndAt(v.f.Deadline.At)
	}
	// A day on which something is due is not a day on which nobody is free.
	e.SetTimeTransparency(ics.TransparencyTransparent)
	summary, text := "Hạn gửi "+v.Short, fmt.Sprintf("%s: gửi %s, trả lời thư của %s.", v.Letter, v.Deadline(), v.Issuer)
	if v.Lang == "en" {
		summary, text = "Due: "+v.Short, fmt.Sprintf("%s: send it %s, by replying to the message of %s.", v.Letter, v.Deadline(), v.Issuer)
	}
	e.SetSummary(summary)
	e.SetDescription(text)
	for _, before := range []string{"-P3D", "-PT16H"} { // three days before, and at 8:00 on the eve
		a := e.AddAlarm()
		a.SetAction(ics.ActionDisplay)
		a.SetTrigger(before)
		a.SetProperty(ics.ComponentPropertyDescription, summary)
	}
	return Attachment{Name: "han-gui.ics", Data: []byte(c.Serialize(ics.WithNewLine("\r\n")))}, nil
}
