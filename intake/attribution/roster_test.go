package attribution

import (
	"strings"
	"testing"

	"dondoc/config"
)

// Another committee: a provincial Sở that asks the governments of districts,
// communes of one district and two schools. Nothing of the first roster is in
// it; Sơn Hà is a commune here.
func otherRoster() ([]config.Unit, []string) {
	c := &config.Campaign{
		ID: "CCHC-2027",
		Letter: config.Letter{
			Number: "88-CV/SNV",
			Title:  config.Text{VI: `Báo cáo công tác "cải cách hành chính" năm 2027`},
			Issuer: config.Text{VI: "Sở Nội vụ"}, Abbrev: "CCHC",
		},
		Issuer: &config.Unit{Code: "SNV", Name: "Sở Nội vụ tỉnh Gia Lai", ShortName: "Sở Nội vụ", Aliases: []string{"SNV"}},
	}
	return []config.Unit{
		{Code: "UB-CHUSE", Name: "UBND huyện Chư Sê", ShortName: "UBND Chư Sê", Aliases: []string{"Chư Sê", "Huyện Chư Sê"}, Parent: "UBND tỉnh Gia Lai", District: "Huyện Chư Sê"},
		{Code: "UB-PLEIKU", Name: "UBND thành phố Pleiku", ShortName: "UBND TP Pleiku", Aliases: []string{"Pleiku", "TP Pleiku"}, Parent: "UBND tỉnh Gia Lai", District: "Thành phố Pleiku"},
		{Code: "UB-ANKHE", Name: "UBND thị xã An Khê", ShortName: "UBND An Khê", Aliases: []string{"An Khê"}, Parent: "UBND tỉnh Gia Lai", District: "Thị xã An Khê"},
		{Code: "X-SONHA", Name: "UBND xã Sơn Hà", ShortName: "Xã Sơn Hà", Aliases: []string{"Sơn Hà"}, Parent: "UBND huyện Chư Sê", District: "Huyện Chư Sê"},
		{Code: "X-HAIYANG", Name: "UBND xã Hà Bầu", ShortName: "Xã Hà Bầu", Parent: "UBND huyện Chư Sê", District: "Huyện Chư Sê"},
		{Code: "T-NOITRU", Name: "Trường PTDT Nội trú tỉnh", ShortName: "Trường Nội trú", Parent: "UBND tỉnh Gia Lai"},
		{Code: "T-CDSP", Name: "Trường Cao đẳng Sư phạm", ShortName: "CĐSP", Aliases: []string{"Cao đẳng Sư phạm Gia Lai"}, Parent: "UBND tỉnh Gia Lai"},
		{Code: "S-TC2", Name: "Sở Tài chính", ShortName: "STC", Parent: "UBND tỉnh Gia Lai"},
	}, NoiseOf(c)
}

func TestAnotherCommitteesRoster(t *testing.T) {
	units, noise := otherRoster()
	m := NewMatcher(units, noise)
	for _, test := range []struct{ sentence, text, field, want string }{
		{"a district's government is the unit here", "UBND huyện Chư Sê báo cáo", "subject", "UB-CHUSE"},
		{"in full words", "Ủy ban nhân dân huyện Chư Sê", "letterhead", "UB-CHUSE"},
		{"without marks", "UBND HUYEN CHU SE", "subject", "UB-CHUSE"},
		{"the bare place in a subject", "Báo cáo Chư Sê", "subject", "UB-CHUSE"},
		{"the town", "UBND thị xã An Khê", "from_name", "UB-ANKHE"},
		{"the city", "UBND TP. Pleiku", "from_name", "UB-PLEIKU"},
		{"a commune lies in a district and is not it", "UBND xã Sơn Hà, huyện Chư Sê", "subject", "?UB-CHUSE|X-SONHA"},
		{"a commune alone", "UBND xã Sơn Hà gửi báo cáo", "subject", "X-SONHA"},
		{"its party committee is another office", "Huyện ủy Chư Sê", "subject", "?UB-CHUSE"},
		{"the district's police is another office", "Công an huyện Chư Sê", "subject", "?UB-CHUSE"},
		{"a commune that nobody lists", "UBND xã Ia Blang", "from_name", "-"},
		{"the issuer is noise", "Gửi Sở Nội vụ báo cáo cải cách hành chính", "subject", "-"},
		{"this roster's home is Gia Lai", "Sở Tài chính Gia Lai", "from_name", "S-TC2"},
		{"the other committee's province is foreign here", "Sở Tài chính Quảng Ngãi", "from_name", "-"},
		{"a unit of the first roster is nobody here", "Huyện ủy Bình Sơn", "subject", "?"},
		{"a school", "Trường Cao đẳng Sư phạm - báo cáo", "subject", "T-CDSP"},
		{"the other school", "Trường PTDT Nội trú tỉnh Gia Lai", "letterhead", "T-NOITRU"},
		{"our token", "Re: [CCHC-2027][UB-ANKHE] Giao mẫu", "subject", "UB-ANKHE"},
		{"số tài chính is a count here too", "Số tài chính: 4", "body", "-"},
	} {
		t.Run(test.sentence, func(t *testing.T) {
			got, suggest := label(m.Find(test.text, test.field))
			switch got {
			case "ambiguous":
				got = "?" + suggest
			case "unknown":
				got = "-"
			}
			if got != test.want {
				t.Errorf("%q in %s: %s, want %s", test.text, test.field, got, test.want)
			}
		})
	}
}

// Every spelling that the roster itself lists is recognised in a subject, as
// its unit or as a question that names it, and never as another.
func TestEverySpellingOfTheRoster(t *testing.T) {
	for _, u := range campaign().Units {
		for _, n := range names(u) {
			for _, text := range []string{n, strings.ToUpper(n), strings.ToLower(n), "BC " + n + " gửi"} {
				for _, field := range []string{"subject", "filename", "cell", "letterhead", "from_name", "body"} {
					for _, e := range matcher().Find(text, field) {
						if e.Unit != u.Code && !e.Doubt {
							t.Errorf("%q (%s) in %s is taken for %s", text, u.Code, field, e.Unit)
						}
					}
				}
				got, _ := label(matcher().Find(text, "subject"))
				if got != u.Code && got != "ambiguous" {
					t.Errorf("%q of %s in a subject: %s", text, u.Code, got)
				}
			}
		}
	}
}

// The official names, as they stand at the head of a report, are never a
// question.
func TestOfficialNamesAreSure(t *testing.T) {
	for _, u := range campaign().Units {
		for _, field := range []string{"subject", "filename", "cell", "letterhead", "from_name"} {
			for _, text := range []string{u.Name, u.ShortName, strings.ToUpper(u.Name), u.Name + " báo cáo"} {
				if got, suggest := label(matcher().Find(text, field)); got != u.Code {
					t.Errorf("%q in %s: %s (%s)", text, field, got, suggest)
				}
			}
		}
	}
}

func TestEmptyRoster(t *testing.T) {
	m := NewMatcher(nil, nil)
	if ev := m.Find("Huyện ủy Bình Sơn", "subject"); len(ev) > 0 && ev[0].Unit != "" {
		t.Errorf("an empty roster names %v", ev)
	}
	m = NewMatcher([]config.Unit{{Code: "X"}}, nil)
	if ev := m.Find("", "subject"); len(ev) > 0 {
		t.Errorf("a unit without a name is found: %v", ev)
	}
}
