package letter

import (
	"errors"
	"strings"

	"dondoc/config"
)

// official is what letters say of a document that the committee has signed: the
// official letter that urges, the report that all reports went into.
type official struct {
	Ref      string // "661-CV/BDVTU"
	RefDay   string // "25/10/2022"
	SignedBy string // until when it asks: "trước ngày 28/10/2022"; or as soon as possible
	About    string // what it is about, in running text
	Leader   string // "Thường trực Huyện ủy Sơn Tây"
	Leaders  string // each of a shared dossier's, for Kính gửi
	Summary  string // "báo cáo tổng hợp chung của tỉnh"
	Gave     []string

	// Of the campaign's own letter, for a draft of another.
	LetterDay, Number string
	Asked             string // what it asked for, and "gửi"
	FirstDay          string // "trước ngày 20/10/2022"
	Whole             string // the unit, or all that share its dossier
}

// signedLetter puts the signed document into phrases.
func (v *view) signedLetter() error {
	v.officialWords()
	switch o := v.f.Outcome; {
	case v.Ref == "" || v.RefDay == "":
		return errors.New("no number or no date of the signed document")
	case v.f.Kind == Escalate && o.File == "":
		return errors.New("the signed letter is not attached")
	case v.f.Kind == Escalate && len(v.Missing) == 0:
		return errors.New("nothing is missing")
	case v.f.Kind == Escalate && !o.By.IsZero() && !v.now.Before(o.By):
		return errors.New("it asks by a day that has gone by")
	}
	return nil
}

func (v *view) officialWords() {
	o, loc := v.f.Outcome, v.now.Location()
	v.Ref = clean(o.Ref)
	if !o.Date.IsZero() {
		v.RefDay = day(v.Lang, o.Date.In(loc))
	}
	switch {
	case !o.By.IsZero():
		v.SignedBy = v.before(o.By.In(loc))
	case v.Lang == "en":
		v.SignedBy = "as soon as possible"
	default:
		v.SignedBy = "trong thời gian sớm nhất"
	}
	v.Whole = v.Unit
	if v.Shared != "" {
		v.Whole = v.Shared
	}
	l := v.c.Letter
	v.Number, v.Asked = tidy(l.Number), v.asked()
	if !l.Date.IsZero() {
		v.LetterDay = day(v.Lang, l.Date.In(loc))
	}
	v.FirstDay = v.before(v.c.Deadline.Before.In(loc))
	v.About = lower(v.about())
	v.Summary = v.word(v.c.Letter.Summary)
	if v.Summary == "" {
		v.Summary = map[string]string{"vi": "báo cáo tổng hợp chung", "en": "the consolidated report"}[v.Lang]
	}
	var leaders []string
	for _, u := range v.f.Group {
		leaders = append(leaders, v.leader(u))
	}
	if len(leaders) == 0 {
		leaders = []string{v.leader(*v.f.Unit)}
	}
	v.Leader, v.Leaders = and(v.Lang, leaders), strings.Join(leaders, "; ")
	for _, kind := range v.f.Standing.Owes.Parts() {
		phrase := v.word(v.part(kind).Short)
		if strings.Contains(phrase, "%s") {
			phrase = fillCount(v.Lang, phrase, v.f.Standing.Owes.Models)
		}
		v.Gave = append(v.Gave, phrase)
	}
}

// asked is what the campaign's own letter asked for, by its title: "báo cáo kết
// quả …, gửi".
func (v *view) asked() string {
	title := v.word(v.c.Letter.Title)
	own := title != "" && title != v.Short
	switch {
	case own && v.Lang == "en":
		return "the " + lower(title) + ", to be sent"
	case own:
		return lower(title) + ", gửi"
	case v.Lang == "en":
		return v.Short + ", to be sent"
	}
	return "gửi " + v.Short
}

// about is the subject of the letter that urges: the campaign's own words for
// it, or in general.
func (v *view) about() string {
	if s := v.word(v.c.Letter.Official.About); s != "" {
		return s
	}
	if v.Lang == "en" {
		return "Sending of " + v.Short
	}
	return "Đôn đốc gửi " + v.Short
}

// leader is whom in the unit a letter to its leaders addresses.
func (v *view) leader(u config.Unit) string {
	if s := tidy(u.LeaderSalutation); s != "" {
		return s
	}
	if v.Lang == "en" {
		return "the leaders of " + tidy(u.Name)
	}
	return "Lãnh đạo " + tidy(u.Name)
}
