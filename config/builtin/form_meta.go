package builtin

import "fmt"

const templateVersion = "2022.1"

// facts are the keys of _meta with what they hold on a form that was issued
// to nobody yet. Issuing sets the values; the formulas of the other sheets
// take the unit's name, scope and category from here, so nothing else of the
// form is touched.
var facts = []struct {
	key   string
	value any
}{
	{"schema", "dondoc-form/1"},
	{"campaign_id", "DVK-2022"},
	{"template_id", "DVK-PLSL"},
	{"template_version", templateVersion},
	{"unit_code", ""},
	{"unit_name", ""},
	{"category", ""},
	{"expected_models", nil},
	{"issued_at", ""},
	{"deadline_strict", "2022-10-20T00:00:00+07:00"},
	{"reply_to", ""},
	{"token", ""},
	{"scope_note", ""},
	{"cut_off", "15/10/2022"},
	{"outlier", nil},
	{"file_name", "Phu luc so lieu - {unit_code}.xlsx"},
}

// Names of the facts that formulas use.
const (
	unitCode       = "META_UNIT_CODE"
	unitName       = "META_UNIT_NAME"
	unitCategory   = "META_CATEGORY"
	expectedModels = "META_EXPECTED_MODELS"
	scopeNote      = "META_SCOPE_NOTE"
	outlier        = "META_OUTLIER"
)

var factNames = map[string]string{
	"unit_code": unitCode, "unit_name": unitName, "category": unitCategory,
	"expected_models": expectedModels, "scope_note": scopeNote, "outlier": outlier,
}

// otherWords are what units write instead of our labels, where they type the
// table anew. Initials and the end of a label alone are understood without.
var otherWords = []struct{ label, words string }{
	{"Cấp tỉnh", "Tỉnh; Toàn tỉnh"},
	{"Cấp huyện", "Huyện; Cấp huyện, thị xã, thành phố; Toàn huyện"},
	{"Cấp cơ sở", "Cấp xã; Xã; Cấp xã, phường, thị trấn; Xã, phường, thị trấn"},
	{"Kinh tế", "KT; Phát triển kinh tế; Lĩnh vực kinh tế"},
	{"Văn hóa - xã hội", "Văn xã; Lĩnh vực văn hóa - xã hội"},
	{"Quốc phòng - an ninh", "An ninh - quốc phòng; Lĩnh vực quốc phòng - an ninh"},
	{"Xây dựng hệ thống chính trị", "Hệ thống chính trị; XD HTCT; XD hệ thống chính trị; Xây dựng HTCT"},
	{"Tổng cộng", "Tổng số; Tổng; Cộng; Toàn đơn vị"},
}

// meta writes the facts: the key in A, the value in B. They are repeated as
// properties of the document, which survive where a hidden sheet is deleted.
func meta(b *book) {
	b.sheet = metaSheet
	row := 0
	for _, fact := range facts {
		row++
		key, value := fmt.Sprintf("A%d", row), fmt.Sprintf("B%d", row)
		b.set(key, fact.key)
		if fact.value != nil && fact.value != "" {
			b.set(value, fact.value)
		}
		if name, ok := factNames[fact.key]; ok {
			b.name(name, value)
		}
		if text, ok := fact.value.(string); ok {
			b.custom(fact.key, text)
		} else {
			b.custom(fact.key, "")
		}
	}
	// How many rows the list of models has: what is expected and one to spare.
	row++
	b.set(fmt.Sprintf("A%d", row), "rows:"+listName)
	b.formula(fmt.Sprintf("B%d", row), fmt.Sprintf("IF(LEN(TRIM(%s))=0,%d,MAX(N(%s)+1,2))", expectedModels, listRows, expectedModels))
	for _, a := range otherWords {
		row++
		b.set(fmt.Sprintf("A%d", row), "alias "+a.label)
		b.set(fmt.Sprintf("B%d", row), a.words)
	}
	// How recognitions divide by level the letter does not ask: their total alone is taken.
	row++
	b.set(fmt.Sprintf("A%d", row), "total alone")
	b.set(fmt.Sprintf("B%d", row), "DVK_B3_30_CNH")
	b.widths(22, 60)
	b.dress(fmt.Sprintf("A1:B%d", row), look{})
	b.do(b.f.SetSheetDimension(metaSheet, fmt.Sprintf("A1:B%d", row)))
	b.protect()
	b.do(b.f.SetSheetVisible(metaSheet, false, true))
}
