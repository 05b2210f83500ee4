package finding

// Form is what the program understands of a blank form: `form inspect`
// prints it. It describes; the workbook itself stays the schema.
type Form struct {
	Campaign string   `json:"campaign"` // from _meta
	Version  string   `json:"version"`
	Sheets   []string `json:"sheets"`
	Inputs   []Input  `json:"inputs"`
	Lists    []List   `json:"lists"`
	Rules    []Rule   `json:"rules"`
	// Totals are cells of the form's own formulas over inputs, compared with
	// what a sender may have typed over them (C01, C02, C09).
	Totals []Total `json:"totals,omitempty"`
	// Tables are the form's tables that hold inputs, in its order.
	Tables []Table `json:"tables,omitempty"`
}

// Table is a table of the form, as its rows and columns call it.
type Table struct {
	Name  string `json:"name"` // "Biểu 1": as in Input.Table
	Sheet string `json:"sheet"`
	Title string `json:"title,omitempty"` // its whole heading: "Biểu 1. Số mô hình … theo cấp đăng ký"
}

// Input is one cell that a unit fills in.
type Input struct {
	Name     string   `json:"name"`          // the defined name
	Sheet    string   `json:"sheet"`         //
	Cell     string   `json:"cell"`          // "D11" on the blank form
	Type     string   `json:"type"`          // whole, decimal, date, text, list
	Min      *float64 `json:"min,omitempty"` // of the data validation
	Max      *float64 `json:"max,omitempty"` //
	Choices  []string `json:"choices,omitempty"`
	Required bool     `json:"required"`
	Preset   string   `json:"preset,omitempty"`      // what the blank form holds already, as its reader sees it
	Table    string   `json:"table,omitempty"`       // "Biểu 1": the heading of its table, short
	Row      string   `json:"row,omitempty"`         // "Cấp tỉnh"
	Column   string   `json:"column,omitempty"`      // "Số đăng ký - Tập thể"
	RowCode  string   `json:"row_code,omitempty"`    // Mã số: "11"
	ColCode  string   `json:"column_code,omitempty"` // "1"
}

// Label is how an input is called in a letter: "Cấp tỉnh - Tập thể".
func (in Input) Label() string {
	switch {
	case in.Row == "":
		return in.Column
	case in.Column == "":
		return in.Row
	}
	return in.Row + " - " + in.Column
}

// Number reports whether the input is summed over units.
func (in Input) Number() bool { return in.Type == "whole" || in.Type == "decimal" }

// List is an Excel table read as rows; row n, column C has the key NAME[n].C.
type List struct {
	Name    string   `json:"name"`
	Sheet   string   `json:"sheet"`
	Ref     string   `json:"ref"` // "A4:I7"
	Columns []Column `json:"columns"`
}

// Column of a List.
type Column struct {
	Key     string   `json:"key"`  // the head, as in keys: "DVK_MH[1].Tên mô hình, điển hình"
	Cell    string   `json:"cell"` // of the head
	Type    string   `json:"type"`
	Choices []string `json:"choices,omitempty"`
}

// Rule is one row of the sheet "Kiểm tra".
type Rule struct {
	Code     string   `json:"code"`
	Severity Severity `json:"severity"`
	Cell     string   `json:"cell"`              // of the formula, on the rules' sheet
	Formula  string   `json:"formula"`           // TRUE when the rule holds
	Points   []string `json:"points"`            // cells it points at: "Phụ lục số liệu!D11", ranges not expanded
	Explain  string   `json:"explain,omitempty"` // the cell for an explanation
	Inputs   []string `json:"inputs"`            // inputs the formula depends on, directly or through totals
}

// Total is a formula of the form over inputs.
type Total struct {
	Name    string   `json:"name,omitempty"` // the defined name, if it has one
	Sheet   string   `json:"sheet"`
	Cell    string   `json:"cell"`
	Kind    string   `json:"kind"` // row (C01), column (C02), rate (C09)
	Inputs  []string `json:"inputs"`
	Table   string   `json:"table,omitempty"`
	Row     string   `json:"row,omitempty"`
	Column  string   `json:"column,omitempty"`
	RowCode string   `json:"row_code,omitempty"`
	ColCode string   `json:"column_code,omitempty"`
}
