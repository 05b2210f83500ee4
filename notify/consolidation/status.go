package consolidation

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"dondoc/intake/finding"
	"dondoc/schedule/standing"
)

// Call is a unit to be telephoned.
type Call struct {
	Unit     string
	Reminded time.Time // when the last reminder reached it; zero: none did
	Why      string    // as the digest says it
}

// Status returns a workbook (.xlsx) of where every unit stands, and of whom to
// telephone, the most urgent first: what the head of the office hands to
// somebody who has no telephone at hand to read a digest on.
func Status(in Input, calls []Call) ([]byte, error) {
	f := excelize.NewFile()
	defer f.Close()
	w := newWriter(in)
	w.f = f
	if err := w.writeStatus(calls); err != nil {
		return nil, fmt.Errorf("consolidation: %w", err)
	}
	var out bytes.Buffer
	if err := w.finish(&out); err != nil {
		return nil, fmt.Errorf("consolidation: %w", err)
	}
	return out.Bytes(), nil
}

func (w *writer) writeStatus(calls []Call) error {
	all := w.say("Tình hình", "Status")
	if err := w.f.SetSheetName("Sheet1", all); err != nil {
		return err
	}
	if err := w.everybody(all); err != nil {
		return err
	}
	toCall, err := w.newSheet(w.say("Cần gọi", "To call"))
	if err != nil {
		return err
	}
	if err := w.toCall(toCall, calls); err != nil {
		return err
	}
	w.f.SetActiveSheet(0)
	return w.properties()
}

// everybody is a row a unit, in the order of the roster.
func (w *writer) everybody(name string) error {
	s := &sheet{name: name, widths: []float64{5, 13, 28, 18, 11, 24, 13, 12, 12, 30}, frozen: 3, filter: true}
	w.statusHeads(s, w.say("TÌNH HÌNH TIẾP NHẬN", "WHERE THE UNITS STAND"),
		"TT|No.", "Mã|Code", "Đơn vị|Unit", "Nhóm|Group", "Tình trạng|State", "Còn thiếu|Missing", "Chậm nhất hết ngày|Until the end of", "Thời hạn|Timeliness", "Thư gần nhất|Latest mail", "Ghi chú|Notes")
	for i, r := range w.rows {
		s.add(
			cell{value: i + 1, look: centred}, cell{value: r.unit.Code, look: text}, cell{value: r.unit.Name, look: text}, cell{value: w.group(r.unit.Category), look: text},
			cell{value: w.state(r.at.State), look: w.stateLook(r.at.State)}, cell{value: w.missing(r.at), look: text},
			cell{value: w.lastDay(r.at.Deadline), look: centred}, cell{value: w.timeliness(r.at.Timeliness), look: centred},
			cell{value: w.when(r.at.LastReceived), look: centred}, cell{value: w.remarks(r.at), look: text},
		)
	}
	return w.put(s)
}

// toCall is a row a call, in the order given.
func (w *writer) toCall(name string, calls []Call) error {
	s := &sheet{name: name, widths: []float64{5, 28, 16, 34, 28, 11, 24, 14, 34}, frozen: 2}
	w.statusHeads(s, w.say("CẦN GỌI", "TO CALL"),
		"TT|No.", "Đơn vị|Unit", "Điện thoại|Telephone", "Lý do|Reason", "Hộp thư|Mailbox", "Tình trạng|State", "Còn thiếu|Missing", "Nhắc gần nhất|Last reminded", "Ghi chú|Notes")
	for i, c := range calls {
		u, _ := w.Campaign.Unit(c.Unit)
		at := w.Table.Units[c.Unit]
		if at == nil {
			continue
		}
		s.add(
			cell{value: i + 1, look: centred}, cell{value: u.Name, look: text}, cell{value: u.Phone, look: text}, cell{value: c.Why, look: text}, cell{value: strings.Join(at.Addresses, "\n"), look: text},
			cell{value: w.state(at.State), look: w.stateLook(at.State)}, cell{value: w.missing(at), look: text},
			cell{value: w.when(c.Reminded), look: centred}, cell{value: w.remarks(at), look: text},
		)
	}
	return w.put(s)
}

// statusHeads writes title and heads; a head is "Vietnamese|English".
func (w *writer) statusHeads(s *sheet, name string, heads ...string) {
	s.add(cell{value: name, look: title})
	s.add(cell{value: fmt.Sprintf(w.say("%s · lúc %s", "%s · at %s"), w.Campaign.Letter.Name.In(w.Lang), w.when(w.Now)), look: subtitle})
	var line []cell
	for _, head := range heads {
		vi, en, _ := strings.Cut(head, "|")
		line = append(line, cell{value: w.say(vi, en), look: heading})
	}
	at := s.add(line...)
	s.heads = [2]int{at, at}
}

func (w *writer) stateLook(state standing.State) look {
	l := centred
	switch state {
	case standing.None:
		l.fill = red
	case standing.Partial, standing.Fixing:
		l.fill = yellow
	}
	return l
}

// missing lists what is missing, as the campaign calls it: "báo cáo; 02 mô hình".
func (w *writer) missing(u *standing.Unit) string {
	var words []string
	for _, m := range u.Missing {
		kind, n, _ := strings.Cut(m, ":")
		part := w.Campaign.Parts[kind]
		name := part.Name.In(w.Lang)
		if kind == finding.Model {
			many, _ := strconv.Atoi(n)
			name = fmt.Sprintf("%02d %s", max(1, many), part.Brief.In(w.Lang))
		}
		words = append(words, name)
	}
	return strings.Join(words, "; ")
}

// lastDay is the last day on which something is in time: deadlines are
// exclusive instants.
func (w *writer) lastDay(deadline time.Time) string {
	if deadline.IsZero() {
		return ""
	}
	return deadline.Add(-time.Millisecond).In(w.zone()).Format("02/01/2006")
}

// remarks are what else there is to know before one calls.
func (w *writer) remarks(u *standing.Unit) string {
	var words []string
	add := func(is bool, vi, en string, args ...any) {
		if is {
			words = append(words, fmt.Sprintf(w.say(vi, en), args...))
		}
	}
	add(u.CoveredBy != "", "báo cáo chung với %s", "shared with %s", u.CoveredBy)
	add(u.Claimed, "gửi từ địa chỉ chưa đăng ký, chờ xác nhận", "from an address that is not registered, to be confirmed")
	add(len(u.Open) > 0, "%d nội dung chờ sửa hoặc giải trình", "%d items to be fixed or explained", len(u.Open))
	add(len(u.HeldMails) > 0, "%d thư chờ người xem: %s", "%d mails wait for a person: %s", len(u.HeldMails), strings.Join(u.HeldMails, ", "))
	add(!u.Reachable, "thư không đến được", "mail does not reach it")
	add(u.Paused, "đang tạm dừng nhắc", "reminders are paused")
	add(u.Extended, "đã gia hạn", "extended")
	add(u.CorrectedBy != "", "đang đính chính, chờ tệp số liệu mới", "being corrected, new figures to come")
	add(len(u.ForNow) > 0, "bản tạm, chờ bản ký", "provisional, the signed copy to come")
	add(u.Said, "báo đã gửi, chờ đối chiếu", "says that it has sent, to be checked")
	add(!u.Promise.IsZero(), "hẹn gửi ngày %s", "promised for %s", u.Promise.In(w.zone()).Format("02/01"))
	if n := len(u.Notes); n > 0 {
		words = append(words, u.Notes[n-1].Reason)
	}
	return strings.Join(words, "; ")
}
