package form

import "dondoc/intake/workbook"

// unicodeText returns the text of a cell, decoded if it was written in an old
// Vietnamese font (old).
func unicodeText(c workbook.Cell) (text string, old bool) { return c.Raw, false }
