package workbook

import "bytes"

// Open reads a workbook of any format that units send: .xlsx and .xlsm, .xls,
// .ods, .csv, and the tables in HTML and SpreadsheetML 2003 that call
// themselves .xls. What it is, its content decides. Its errors are all of type
// *Error.
func Open(data []byte) (*Book, error) {
	if e := sniff(data); e != nil {
		return nil, e
	}
	switch {
	case bytes.HasPrefix(data, []byte("PK")):
		c, z, err := openContainer(data)
		if err != nil {
			return nil, err
		}
		return openXLSX(c, z)
	case bytes.HasPrefix(data, oleMagic):
		return openOLE(data)
	}
	return openXLS(data)
}
