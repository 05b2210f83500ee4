package letter

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"dondoc/intake/finding"
	"dondoc/schedule/standing"
)

// heard is what the words of the answered mails tell, in phrases. Several mails
// are answered by one letter, so several things may have been said.
type heard struct {
	Chief string // what the subject speaks of: "time", "contact", …; "" if nothing was understood

	Elsewhere   []sentView
	SentOf      string // what of: "Báo cáo số 45/BC-SNV", or "" where no number is named
	Promised    bool
	PromiseDay  string
	PromiseOf   string // "phụ lục số liệu"; "" for all
	Late        bool   // the day promised is after the deadline
	Time        bool
	TimeDay     string
	Contact     bool
	SaidAddress string
	// Of the points of a letter of corrections: those that a word settled, those
	// that it cannot, those that the letter does not have; "2, 4".
	Right, MustFix, Unknown string
	Rights                  bool   // figures were confirmed, of whatever
	Own, NotOwn             string // filings confirmed or denied, by their receipt numbers
	Denies                  bool   // a no, to whatever
	Corrects                bool
	BeingCorrected          bool // the figures that came before are marked as being corrected
	Ahead                   bool
	Question                bool
	Nothing                 bool   // it says that there is nothing to report: the desk decides what it still owes
	AskedIn                 string // receipt numbers of the mails that ask
}

// sentView is something said to have been sent another way.
type sentView struct {
	Ref, Via, Day string
	Report        bool // its number is that of a report
	Parts         string
}

func (v *view) hear() heard {
	var h heard
	loc := v.now.Location()
	var right, mustFix, unknown []int
	var own, notOwn, asked []string
	for _, m := range v.f.Mails {
		if v.asks(m) {
			asked = append(asked, receiptNumber(m.ID))
		}
		h.Nothing = h.Nothing || m.Reason == "nothing_to_report"
		says := m.Says
		if kind := bare[m.Class]; len(says) == 0 && kind != "" {
			says = []finding.Saying{{Kind: kind}}
		}
		for _, s := range says {
			on, _ := time.ParseInLocation(time.DateOnly, s.Day, loc)
			said := ""
			if !on.IsZero() {
				said = day(v.Lang, on)
			}
			switch s.Kind {
			case finding.SaysSent:
				h.Elsewhere = append(h.Elsewhere, sentView{Ref: clean(s.Ref), Via: s.Via, Day: said, Parts: v.kinds(s.Parts),
					Report: strings.Contains(finding.Plain(s.Ref), "bc") || len(s.Parts) == 1 && s.Parts[0] == finding.Report})
			case finding.SaysWillSend:
				h.Promised, h.PromiseDay, h.PromiseOf = true, said, v.kinds(s.Parts)
				h.Late = !on.IsZero() && !on.Before(v.f.Deadline.At)
			case finding.SaysNeedsTime:
				h.Time, h.TimeDay = true, said
			case finding.SaysContact:
				h.Contact, h.SaidAddress = true, clean(s.Address)
			case finding.SaysRight, finding.SaysYes:
				h.Rights = true
			case finding.SaysNo:
				h.Denies = true
			case finding.SaysCorrection:
				h.Corrects = true
			case finding.SaysForNow:
				h.Ahead = true
			}
		}
		for _, p := range m.Points {
			switch p.Outcome {
			case finding.PointExplained:
				right = append(right, p.Number)
			case finding.PointMustFix:
				mustFix = append(mustFix, p.Number)
			default:
				unknown = append(unknown, p.Number)
			}
		}
		for _, a := range m.Attests {
			if a.Denied {
				notOwn = append(notOwn, receiptNumber(a.Arrival))
			} else {
				own = append(own, receiptNumber(a.Arrival))
			}
		}
	}
	h.Right, h.MustFix, h.Unknown = numberList(right), numberList(mustFix), numberList(unknown)
	h.Own, h.NotOwn, h.AskedIn, h.Question = strings.Join(own, ", "), strings.Join(notOwn, ", "), strings.Join(asked, ", "), len(asked) > 0
	h.BeingCorrected = v.f.Standing != nil && v.f.Standing.CorrectedBy != ""
	for _, s := range h.Elsewhere {
		if h.SentOf == "" && s.Ref != "" {
			h.SentOf = v.numbered(s)
		}
	}
	for _, x := range []struct {
		name string
		is   bool
	}{
		{"time", h.Time}, {"contact", h.Contact}, {"denied", h.NotOwn != "" || h.Denies && h.Own == ""}, {"own", h.Own != ""}, {"points", right != nil || mustFix != nil || unknown != nil},
		{"sent", len(h.Elsewhere) > 0}, {"correction", h.Corrects}, {"promise", h.Promised}, {"question", h.Question}, {"ahead", h.Ahead}, {"right", h.Rights},
	} {
		if x.is {
			h.Chief = x.name
			break
		}
	}
	return h
}

// bare is what a mail says by its class alone: of the time when nothing else
// was read of it.
var bare = map[string]string{finding.ClassStatement: finding.SaysSent, finding.ClassPromise: finding.SaysWillSend,
	finding.ClassExtension: finding.SaysNeedsTime, finding.ClassContactChange: finding.SaysContact}

// numbered is how a document is called by its number.
func (v *view) numbered(s sentView) string {
	switch {
	case v.Lang == "en" && s.Report:
		return "report No. " + s.Ref
	case v.Lang == "en":
		return "No. " + s.Ref
	case s.Report:
		return "Báo cáo số " + s.Ref
	}
	return "văn bản số " + s.Ref
}

// Numbered is numbered for the templates.
func (v *view) Numbered(s sentView) string { return v.numbered(s) }

// kinds are parts as a sentence names them; "" for none, which is all.
func (v *view) kinds(parts []string) string {
	var names []string
	for _, kind := range kinds {
		if !slices.Contains(parts, kind) {
			continue
		}
		name := v.word(v.part(kind).Short)
		if kind == finding.Model {
			name = plural(v.Lang, v.word(v.part(kind).Brief), 2)
		}
		names = append(names, name)
	}
	return and(v.Lang, names)
}

func numberList(all []int) string {
	slices.Sort(all)
	var words []string
	for _, n := range slices.Compact(all) {
		words = append(words, strconv.Itoa(n))
	}
	return strings.Join(words, ", ")
}

// ToExplain are the numbers of the points that a word can settle: "4", "2, 4".
func (v *view) ToExplain() string {
	var all []int
	for _, it := range v.Explains {
		all = append(all, it.N)
	}
	return numberList(all)
}

// Above are the leaders of the committee, as its letters call them.
func (v *view) Above() string {
	if v.Lang == "en" {
		return "those in charge"
	}
	if strings.HasPrefix(v.word(v.c.Letter.Issuer), "Ban ") {
		return "lãnh đạo Ban"
	}
	return "lãnh đạo"
}

// points are the numbered points of a letter of corrections as they are kept
// with it: "XÁC NHẬN ĐÚNG 4" means for good what its reader saw.
func (v *view) points() []standing.Choice {
	var all []standing.Choice
	for _, it := range v.Items {
		o := v.all[it.N-1]
		p := o.Problem
		all = append(all, standing.Choice{Number: it.N, Text: it.Text, Arrival: o.arrival, File: o.part.SHA256, Problem: &p})
	}
	return all
}
