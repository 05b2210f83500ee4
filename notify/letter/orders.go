package letter

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"dondoc/intake/finding"
	"dondoc/schedule/standing"
)

// orders is our account to somebody of the desk of what he told us to do.
type orders struct {
	Done    string   // "1A (thư J3YQ6 ghi cho Huyện ủy Sơn Hà); 2A (…)"
	Brief   string   // "1A, 2A"
	Others  []string // what was not done, a sentence each kind
	Unclear string   // `"3 ok"`
	Undo    string   // how the first of it is taken back: "HOÀN TÁC 1"
}

// commanded reports whether the letter answers orders of the desk.
func commanded(f Facts) bool {
	return f.Kind == Acknowledge && slices.ContainsFunc(f.Mails, func(m *finding.Verdict) bool { return m.Command != nil })
}

func newOrders(v *view) *orders {
	o := &orders{}
	var done, brief, unclear []string
	others := map[string][]string{}
	for _, m := range v.f.Mails {
		if m.Command == nil {
			continue
		}
		for _, x := range m.Command.Orders {
			name := v.orderName(x.Order)
			if x.Outcome != finding.OrderDone {
				others[x.Outcome] = append(others[x.Outcome], name+v.whoDecided(x))
				continue
			}
			what := v.whatWasDone(x)
			if what == "" {
				what = clean(x.Text)
			}
			done, brief = append(done, name+" ("+what+")"), append(brief, name)
			if o.Undo == "" {
				o.Undo = v.undoing(x)
			}
		}
		for _, line := range m.Command.Unclear {
			unclear = append(unclear, `"`+clean(line)+`"`)
		}
	}
	o.Done, o.Brief, o.Unclear = strings.Join(done, "; "), strings.Join(brief, ", "), strings.Join(unclear, ", ")
	for _, x := range []struct{ outcome, vi, en string }{
		{finding.OrderAlready, "Đã được quyết định trước, nay không thay đổi", "Decided before, and not changed now"},
		{finding.OrderSettled, "Không còn chờ quyết định", "Not waiting for a decision any more"},
		{finding.OrderUnknown, "Bản tin không có lựa chọn này", "The digest has no such choice"},
		{finding.OrderNothing, "Không có gì để hoàn tác hoặc mở lại", "Nothing there to be undone or resumed"},
	} {
		if all := others[x.outcome]; len(all) > 0 {
			o.Others = append(o.Others, v.either(x.vi, x.en)+": "+strings.Join(all, "; ")+".")
		}
	}
	return o
}

// orderName is an order as it is typed.
func (v *view) orderName(x finding.Order) string {
	switch {
	case x.Do == finding.OrderStop:
		return v.either("DỪNG NHẮC", "STOP REMINDERS")
	case x.Do == finding.OrderResume:
		return v.either("MỞ LẠI", "RESUME REMINDERS")
	case x.Do == finding.OrderUndo && x.Number == 0:
		return v.either("HOÀN TÁC DỪNG NHẮC", "UNDO STOP REMINDERS")
	case x.Do == finding.OrderUndo:
		return fmt.Sprintf("%s %d", v.either("HOÀN TÁC", "UNDO"), x.Number)
	}
	return fmt.Sprintf("%d%s", x.Number, x.Letter)
}

// undoing is the order that takes another back; "" where there is nothing to
// take back.
func (v *view) undoing(x finding.Carried) string {
	switch {
	case len(x.Decisions) == 0, x.Do == finding.OrderUndo, x.Do == finding.OrderResume:
		return ""
	case x.Do == finding.OrderStop:
		return v.orderName(finding.Order{Do: finding.OrderResume})
	}
	return v.orderName(finding.Order{Do: finding.OrderUndo, Number: x.Number})
}

// whoDecided says who was quicker: " (b@bdvtu…, 16:20: Huyện ủy Lý Sơn, hạn mới hết 24/10)".
func (v *view) whoDecided(x finding.Carried) string {
	var words []string
	if !x.At.IsZero() {
		words = append(words, clean(x.By), clock(v, x.At))
	} else if x.Outcome == finding.OrderSettled {
		return v.either(" (đã có thư mới)", " (by a new mail)")
	}
	if what := v.whatWasDone(x); what != "" && len(words) > 0 {
		return " (" + strings.Join(words, ", ") + ": " + what + ")"
	}
	if len(words) == 0 {
		return ""
	}
	return " (" + strings.Join(words, ", ") + ")"
}

// whatWasDone tells the decisions of an order.
func (v *view) whatWasDone(x finding.Carried) string {
	if text := v.chosen(x); text != "" {
		return text
	}
	var all []string
	back, before := false, ""
	for _, id := range x.Decisions {
		d, ok := v.recorded(id)
		if ok && d.Kind == standing.Undo {
			back = true
			d, ok = v.recorded(d.Undoes)
		}
		if words := v.decisionWords(d); ok && words != "" && !slices.Contains(all, words) {
			same := "" // several parts of one unit are told in one breath
			if d.Kind == standing.ReceivedOut {
				same = strings.TrimSuffix(words, v.partWords(d))
			}
			if same != "" && same == before {
				words = v.partWords(d)
			}
			all, before = append(all, words), same
		}
	}
	if len(all) > 1 {
		// That the mail is dealt with goes without saying beside what was done.
		all = slices.DeleteFunc(all, func(s string) bool { return strings.HasSuffix(s, v.either(" đã xử lý", " is dealt with")) })
	}
	text := strings.Join(all, ", ")
	if back && text != "" {
		text = v.either("bỏ: ", "taken back: ") + text
	}
	return text
}

// chosen tells of a choice that says more than whose a mail is: that it counts
// as it stands, say.
func (v *view) chosen(x finding.Carried) string {
	if x.Do != finding.OrderChoose || x.Outcome != finding.OrderDone || x.Text == "" || len(x.Decisions) == 0 {
		return ""
	}
	d, ok := v.recorded(x.Decisions[0])
	if !ok || d.Kind != standing.Assign || len(d.Units) != 1 {
		return ""
	}
	mail, unit := receiptNumber(d.Arrival), v.unitNames(d.Units)
	if text := clean(x.Text); !strings.Contains(text, unit) {
		return v.either("thư "+mail+" của "+unit+": ", "mail "+mail+" of "+unit+": ") + text
	}
	return ""
}

func (v *view) recorded(id string) (standing.Decision, bool) {
	for _, d := range v.f.Decisions {
		if d.ID == id {
			return d, true
		}
	}
	return standing.Decision{}, false
}

// decisionWords says what was decided, in a few words.
func (v *view) decisionWords(d standing.Decision) string {
	mail, units := receiptNumber(d.Arrival), v.unitNames(d.Units)
	last := shortDay(v.Lang, d.Until.Add(-time.Nanosecond).In(v.now.Location()))
	switch d.Kind {
	case standing.Assign:
		return v.either("thư "+mail+" ghi cho "+units, "mail "+mail+" given to "+units)
	case standing.Reject:
		return v.either("thư "+mail+" gác lại, không tính", "mail "+mail+" set aside")
	case standing.Done:
		return v.either("thư "+mail+" đã xử lý", "mail "+mail+" is dealt with")
	case standing.Return:
		return v.either("đề nghị "+units+" sửa, thư "+mail, units+" is asked to mend mail "+mail)
	case standing.Extend:
		return v.either(units+", hạn mới hết "+last, units+", new deadline: the end of "+last)
	case standing.Refuse:
		return v.either(units+", không lùi thời hạn", units+", the deadline stays")
	case standing.Pause:
		if d.Until.IsZero() {
			return v.either("dừng nhắc "+units, "no reminders to "+units)
		}
		return v.either("dừng nhắc "+units+" đến hết "+last, "no reminders to "+units+" to the end of "+last)
	case standing.Resume:
		return v.either("nhắc lại "+units, "reminders to "+units+" again")
	case standing.ReceivedOut:
		return v.either(units+", đã nhận "+v.partWords(d), units+", received: "+v.partWords(d))
	case standing.Exempt:
		return v.either(units+", miễn "+v.partWords(d), units+", exempted from "+v.partWords(d))
	case standing.Alias:
		return v.either(clean(d.Address)+" là địa chỉ của "+units, clean(d.Address)+" is an address of "+units)
	case standing.Note:
		if d.Until.IsZero() {
			return v.either("đã ghi về "+units, "noted about "+units)
		}
		day := shortDay(v.Lang, d.Until.In(v.now.Location()))
		return v.either(units+", hẹn gửi "+day, units+", promised for "+day)
	}
	return ""
}

func (v *view) partWords(d standing.Decision) string {
	w := v.part(d.Part)
	if d.Part == finding.Model && d.Count > 0 {
		return count(v.Lang, d.Count) + " " + plural(v.Lang, v.word(w.Brief), d.Count)
	}
	return v.word(w.Short)
}

func (v *view) unitNames(codes []string) string {
	if len(codes) > 3 && len(codes) == len(v.c.Units) {
		return v.either("tất cả đơn vị", "all units")
	}
	if len(codes) > 3 {
		return count(v.Lang, len(codes)) + v.either(" đơn vị", " units")
	}
	var names []string
	for _, code := range codes {
		if u, ok := v.c.Unit(code); ok {
			names = append(names, shortName(u))
		} else {
			names = append(names, tidy(code))
		}
	}
	return and(v.Lang, names)
}
