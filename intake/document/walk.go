package document

import (
	"encoding/xml"
	"io"
)

// walk reads the XML of a document until its flow is full, and tells of what
// stands outside the elements named in unread. A document type, and nesting
// beyond maxNesting, are errors.
func (f *flow) walk(r io.Reader, unread map[string]bool, start func(xml.StartElement), end func(name string), text func(string)) error {
	x := xml.NewDecoder(r)
	skip, depth := 0, 0
	for !f.full {
		token, err := x.Token()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		switch t := token.(type) {
		case xml.Directive:
			return errDoctype
		case xml.StartElement:
			if depth++; depth > maxNesting {
				return errTooLarge
			}
			if skip > 0 || unread[t.Name.Local] {
				skip++
				continue
			}
			start(t)
		case xml.EndElement:
			depth--
			if skip > 0 {
				skip--
				continue
			}
			end(t.Name.Local)
		case xml.CharData:
			if skip == 0 {
				text(string(t))
			}
		}
	}
	return nil
}
