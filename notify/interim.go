package notify

import (
	"dondoc/notify/consolidation"
	"dondoc/notify/letter"
)

// interim is the sum so far, by the same rules as the consolidated workbook;
// nil while there is nothing to sum. Write-ups beyond what a dossier owes are
// not counted: the number says how much of what was asked for is there.
func (n *Notifier) interim(s Situation) *letter.Interim {
	t := consolidation.Total(consolidation.Input{Campaign: n.Campaign, Form: n.Form, Table: s.Table, Now: s.Now, Lang: n.Campaign.Language})
	if t.Units+t.ClaimedUnits == 0 {
		return nil
	}
	sum := &letter.Interim{Units: t.Units, Values: t.Sum, Claimed: t.ClaimedUnits, ClaimedValues: t.Claimed}
	for _, code := range s.Table.Order {
		if u := s.Table.Units[code]; u.Lead == code {
			sum.Models += min(u.Models, u.Owes.Models)
			sum.Owed += u.Owes.Models
		}
	}
	return sum
}
