package notify

import (
	"dondoc/config"
	"dondoc/notify/consolidation"
	"dondoc/notify/letter"
)

// interim is the sum so far, by the same rules as the consolidated workbook;
// nil while there is nothing to sum. Write-ups beyond what a dossier owes are
// not counted: the number says how much of what was asked for is there.
func (n *Notifier) interim(s Situation) *letter.Interim {
	t := consolidation.Total(n.input(s))
	if t.Units+t.ClaimedUnits == 0 {
		return nil
	}
	sum := &letter.Interim{Units: t.Units, Values: t.Sum, Claimed: t.ClaimedUnits, ClaimedValues: t.Claimed, Open: t.Open}
	for _, code := range s.Table.Order {
		u := s.Table.Units[code]
		if u.Lead != code {
			continue
		}
		sum.Models += min(u.Models, u.Owes.Models)
		sum.Owed += u.Owes.Models
		roster, _ := n.Campaign.Unit(code)
		if len(u.ForNow) > 0 {
			sum.Provisional = append(sum.Provisional, roster)
		}
		if u.CorrectedBy != "" {
			sum.Correcting = append(sum.Correcting, roster)
		}
	}
	return sum
}

// input is what a consolidation of how things stand is made from.
func (n *Notifier) input(s Situation) consolidation.Input {
	in := consolidation.Input{Campaign: n.Campaign, Form: n.Form, Table: s.Table, Now: s.Now, Lang: n.Campaign.Language}
	if n.Path != nil {
		in.Path = n.Path(s.Facts)
	}
	return in
}

// workbooks go with a digest: where every unit stands, and the figures so far
// once there are any.
func (n *Notifier) workbooks(s Situation) ([]letter.Attachment, error) {
	day := s.Now.In(n.Campaign.Location).Format("02-01")
	name := func(words config.Text) string { return words.In(n.Campaign.Language) + " " + day + ".xlsx" }
	var calls []consolidation.Call
	for _, c := range n.calls(s) {
		calls = append(calls, consolidation.Call{Unit: c.Unit.Code, Reminded: c.Reminded, Why: letter.Reason(n.Campaign, s.Now, c)})
	}
	in := n.input(s)
	status, err := consolidation.Status(in, calls)
	if err != nil {
		return nil, err
	}
	out := []letter.Attachment{{Name: name(config.Text{VI: "Tinh hinh tiep nhan", EN: "Status"}), Data: status}}
	if t := consolidation.Total(in); t.Units+t.ClaimedUnits == 0 {
		return out, nil
	}
	sums, err := consolidation.Workbook(in)
	if err != nil {
		return nil, err
	}
	return append(out, letter.Attachment{Name: name(config.Text{VI: "Tong hop tam thoi", EN: "Interim consolidation"}), Data: sums}), nil
}
