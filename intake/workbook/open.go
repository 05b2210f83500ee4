package workbook

import "bytes"

// Open reads a workbook of any format that units send: .xlsx and .xlsm, .xls,
// .ods, .csv, and the tables in HTML and SpreadsheetML 2003 that call
// themselves .xls. What it is, its content decides. Its errors are all of type
// *Error.
func Open(data []byte) (*Book, error) {
	kind, e := sniff(data)
	if e != nil {
		return nil, e
	}
	switch kind {
	case zipped:
		c, z, err := openContainer(data)
		if err != nil {
			return nil, err
		}
		media, _ := c.all("mimetype", 200)
		if bytes.HasPrefix(bytes.TrimSpace(media), []byte(odsMedia)) || len(media) == 0 && c.has("content.xml") && !c.has("[Content_Types].xml") {
			return openODS(c)
		}
		return openXLSX(c, z)
	case compound:
		return openOLE(data)
	case bare:
		return openXLS(data)
	case spreadsheetML:
		return openXML(data)
	case page:
		return openHTML(data)
	case webArchive:
		return openMHTML(data)
	}
	return openCSV(data)
}
