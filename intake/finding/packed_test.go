package finding

import (
	"encoding/json"
	"reflect"
	"testing"
)

func TestPackedValuesComeBack(t *testing.T) {
	for _, c := range []struct{ sentence, values string }{
		{"figures, words, a day, a value that was not read", `{"DVK_B1_11_TT": 3, "DVK_SO_BC": "12-BC/HU", "DVK_NGAY_BC": "2022-10-12", "DVK_B2_1": null}`},
		{"one of them", `{"A": 0.1}`},
		{"a name of nothing, large and small figures", `{"": 1e300, "x": -0.000001, "y": 9007199254740993, "z": true}`},
		{"none", `{}`},
		{"no form", `null`},
		{"a name that would be taken for two", `{"a\u0000b": 1, "c": 2}`},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			var was, is Part
			for _, p := range []*Part{&was, &is} {
				if err := json.Unmarshal([]byte(`{"values": `+c.values+`}`), p); err != nil {
					t.Fatal(err)
				}
			}
			is.Pack()
			if len(was.Values) > 1 && was.Values["c"] == nil && is.Values != nil {
				t.Error("they are not put away")
			}
			copied := is
			is.Unpack()
			copied.Unpack()
			if !reflect.DeepEqual(is, was) || !reflect.DeepEqual(copied, was) {
				t.Errorf("%v, not %v", is.Values, was.Values)
			}
		})
	}
}
