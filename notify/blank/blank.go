// Package blank turns the blank form into a unit's own: its name, code and
// scope in the very hidden sheet _meta, figures where a caller gives some, and
// every formula with the value it then has, so that a telephone that does not
// compute shows the same as Excel.
//
// It works for any form made by the conventions (the README has them): facts
// stand in _meta, key in A and value in B; an input is a cell with a defined
// name, or a column of an Excel table, called TABLE[n].HEAD. Nothing here
// knows a particular form.
//
// excelize only computes. What is written is the form as the committee made
// it, byte for byte, except for the cells whose values change: writing a
// foreign workbook with excelize would lose whatever excelize does not know.
package blank

// Values are what one issue of a form differs in.
//
// A value is a string, a bool, an int, a float64, a time.Time (its date) or
// nil (blank). A string "YYYY-MM-DD" given to a cell that is validated as a
// date becomes that date.
type Values struct {
	Meta   map[string]any // by key of _meta; keys that the form does not have are left out
	Inputs map[string]any // by defined name or TABLE[n].HEAD; a name that the form does not have is an error
}

// Personalise returns the form with the values in it, every formula computed
// and no macros. Where a form is issued to many, Open it once.
func Personalise(form []byte, v Values) ([]byte, error) {
	t, err := Open(form)
	if err != nil {
		return nil, err
	}
	defer t.Close()
	return t.For(v)
}

// Fill returns the form with the inputs put into it, every formula computed.
func Fill(form []byte, inputs map[string]any) ([]byte, error) {
	return Personalise(form, Values{Inputs: inputs})
}

// Cache returns the workbook with the value of every formula stored beside
// it, typed: numbers as numbers, text as text, truth values as such. What
// excelize writes has none.
func Cache(workbook []byte) ([]byte, error) {
	return Personalise(workbook, Values{})
}
