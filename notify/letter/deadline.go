package letter

import "time"

// The one place where a deadline becomes words. Every letter uses these, so
// that no two letters to a unit can disagree, and none prints a past date.

// Deadline is the whole sentence part, true at the time of writing: before the
// deadline, on the day of grace, after it, and with a date of the unit's own.
func (v *view) Deadline() string {
	at := v.f.Deadline.At
	if at.IsZero() || !v.now.Before(at) {
		return v.lateBy()
	}
	if v.f.Deadline.Extended {
		if v.Lang == "en" {
			return "by " + byEnd(v.Lang, at) + " (a date agreed by " + v.Issuer + ")"
		}
		return "chậm nhất " + byEnd(v.Lang, at) + " (thời hạn đã được " + v.Issuer + " thống nhất)"
	}
	return v.general()
}

// general writes the letter's own deadline: "trước ngày 20/10/2022 (chậm nhất
// hết thứ Tư, ngày 19/10/2022)".
func (v *view) general() string {
	at := v.f.Deadline.At
	_, whole := lastMoment(at)
	switch {
	case v.Lang == "en" && whole:
		return "before " + day(v.Lang, at) + " (by " + byEnd(v.Lang, at) + ")"
	case v.Lang == "en":
		return "before " + byEnd(v.Lang, at)
	case whole:
		return "trước ngày " + day(v.Lang, at) + " (chậm nhất " + byEnd(v.Lang, at) + ")"
	}
	return "trước " + byEnd(v.Lang, at)
}

// By is the short form: "chậm nhất hết thứ Tư, ngày 19/10/2022".
func (v *view) By() string {
	at := v.f.Deadline.At
	if at.IsZero() || !v.now.Before(at) {
		return v.lateBy()
	}
	if v.Lang == "en" {
		return "by " + byEnd(v.Lang, at)
	}
	return "chậm nhất " + byEnd(v.Lang, at)
}

// lateBy is what is asked once the deadline has gone by.
func (v *view) lateBy() string {
	switch {
	case v.Grace() && v.Lang == "en":
		return "today, " + day(v.Lang, v.now)
	case v.Grace():
		return "trong hôm nay, ngày " + day(v.Lang, v.now)
	case v.Lang == "en":
		return "as soon as possible"
	}
	return "trong thời gian sớm nhất"
}

// Correct is until when corrections are asked for: the unit's deadline, but not
// before the end of the next working day, and never a past date.
func (v *view) Correct() string {
	by := v.f.Deadline.CorrectBy
	if by.IsZero() || !v.now.Before(by) {
		if v.Lang == "en" {
			return "as soon as possible"
		}
		return "trong thời gian sớm nhất"
	}
	if v.Lang == "en" {
		return "by " + byEnd(v.Lang, by)
	}
	return "chậm nhất " + byEnd(v.Lang, by)
}

// SubjectBy is the deadline for a subject: "trước ngày 20/10", "hết 24/10" for
// a date of the unit's own; empty when it has gone by.
func (v *view) SubjectBy() string {
	at := v.f.Deadline.At
	last, whole := lastMoment(at)
	switch {
	case v.Passed() && v.Grace() && v.Lang == "en":
		return "today, " + shortDay(v.Lang, v.now)
	case v.Passed() && v.Grace():
		return "trong ngày " + shortDay(v.Lang, v.now)
	case v.Passed():
		return ""
	case v.Lang == "en" && (v.f.Deadline.Extended || !whole):
		return "by the end of " + shortDay(v.Lang, last)
	case v.Lang == "en":
		return "before " + shortDay(v.Lang, at)
	case v.f.Deadline.Extended || !whole:
		return "chậm nhất hết " + shortDay(v.Lang, last)
	}
	return "trước ngày " + shortDay(v.Lang, at)
}

// SubjectEnd is the last day, for a subject: "hết thứ Tư 19/10".
func (v *view) SubjectEnd() string {
	return v.subjectEnd(v.f.Deadline.At)
}

// SubjectCorrect is the last day for corrections, likewise: it may be later
// than the deadline.
func (v *view) SubjectCorrect() string {
	end := v.subjectEnd(v.f.Deadline.CorrectBy)
	if v.Lang != "en" && end != "" { // without its weekday: the part is named before it
		last, _ := lastMoment(v.f.Deadline.CorrectBy)
		end = "hết " + shortDay(v.Lang, last)
	}
	return end
}

func (v *view) subjectEnd(at time.Time) string {
	if at.IsZero() || !v.now.Before(at) {
		return ""
	}
	last, _ := lastMoment(at)
	if v.Lang == "en" {
		return last.Format("Mon 2 Jan")
	}
	return "hết " + weekdays["vi"][last.Weekday()] + " " + shortDay(v.Lang, last)
}

// NewDate is an extended deadline, as a result: "hết thứ Hai, ngày 24/10/2022".
func (v *view) NewDate() string { return byEnd(v.Lang, v.f.Deadline.At) }

// NewDateShort is the same for a subject: "hết thứ Hai 24/10/2022".
func (v *view) NewDateShort() string {
	last, _ := lastMoment(v.f.Deadline.At)
	if v.Lang == "en" {
		return weekdays["en"][last.Weekday()] + ", " + day(v.Lang, last)
	}
	return "hết " + weekdays["vi"][last.Weekday()] + " " + day(v.Lang, last)
}

// Passed reports whether the unit's deadline has gone by.
func (v *view) Passed() bool {
	return !v.f.Deadline.At.IsZero() && !v.now.Before(v.f.Deadline.At)
}

// Extended reports whether the unit has a date of its own.
func (v *view) Extended() bool { return v.f.Deadline.Extended }

// Grace reports whether today is the day of grace, the one on which a report
// is not yet called late. After an extension there is none.
func (v *view) Grace() bool {
	until := v.c.Deadline.GraceUntil
	if until.IsZero() || v.f.Deadline.Extended || !v.Passed() || !v.now.Before(until) {
		return false
	}
	last, _ := lastMoment(until.In(v.now.Location()))
	return sameDay(v.now, last)
}

// LastDay reports whether the deadline ends with today.
func (v *view) LastDay() bool {
	if v.Passed() || v.f.Deadline.At.IsZero() {
		return false
	}
	last, _ := lastMoment(v.f.Deadline.At)
	return sameDay(v.now, last)
}

// Days is how many working days are left, today included; empty when none or
// when the deadline has gone by.
func (v *view) Days() string {
	if v.Passed() || v.f.Deadline.DaysLeft <= 0 {
		return ""
	}
	return count(v.Lang, v.f.Deadline.DaysLeft)
}

// Today writes the date of writing, ShortToday without the year, Clock the time.
func (v *view) Today() string      { return day(v.Lang, v.now) }
func (v *view) ShortToday() string { return shortDay(v.Lang, v.now) }
func (v *view) Clock() string      { return hour(v.Lang, v.now) }

// BeforeDay is the letter's own words: "trước ngày 20/10/2022".
func (v *view) BeforeDay() string { return v.before(v.f.Deadline.At) }

// before writes "trước ngày 20/10/2022" for the exclusive instant t.
func (v *view) before(t time.Time) string {
	_, whole := lastMoment(t)
	switch {
	case v.Lang == "en" && whole:
		return "before " + day(v.Lang, t)
	case v.Lang == "en":
		return "before " + byEnd(v.Lang, t)
	case whole:
		return "trước ngày " + day(v.Lang, t)
	}
	return "trước " + byEnd(v.Lang, t)
}
