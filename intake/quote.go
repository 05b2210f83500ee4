package intake

import (
	"bytes"
	"encoding/json"
	"errors"

	"dondoc/intake/document"
	"dondoc/intake/finding"
	"dondoc/intake/message"
)

// OpQuote asks the child what a unit's document says: a line of JSON (Quoted),
// then the file → finding.Quotation.
const OpQuote = "quote"

// Quoted is what is known of a file that is to be quoted.
type Quoted struct {
	Name   string // which says what it is where its content does not
	Kind   string // finding.Report or Model
	Models int    // write-ups in it
}

func (j *Judge) quote(payload []byte) (q finding.Quotation, err error) {
	head, data, ok := bytes.Cut(payload, []byte("\n"))
	if !ok {
		return q, errors.New("no line before the file")
	}
	var of Quoted
	if err := json.Unmarshal(head, &of); err != nil {
		return q, err
	}
	d := document.Read(of.Name, data)
	if d.Kind == document.HTML && d.Problem == "" {
		d.Text = message.PageText(data)
	}
	if d.Text == "" && !d.Scan && d.Problem == "" {
		d.Scan = d.Kind == document.Image
		if !d.Scan {
			d.Problem = document.Unopened // of a format without a reader
		}
	}
	return document.Quote(d, of.Kind, of.Models, j.know.Outline), nil
}
