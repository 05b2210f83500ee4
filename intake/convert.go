package intake

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"dondoc/intake/converter"
	"dondoc/intake/document"
	"dondoc/intake/finding"
	"dondoc/intake/message"
)

// Converted is what the child makes of a file after LibreOffice has turned it
// into a format that is read.
type Converted struct {
	Part     finding.Part
	Evidence []finding.Evidence
}

// original says of a converted file what its bytes no longer say.
type original struct {
	Name    string // with the suffix of the new format
	From    finding.Address
	Subject string
}

// convert has LibreOffice open the files of a mail that only it can read. What
// it cannot open either stays as the child has judged it. The part remains the
// file that was sent: its name, its hash and its bytes are the sender's.
func (in *Intake) convert(ctx context.Context, r *finding.Reading, blobs map[string][]byte) error {
	for i := range r.Parts {
		p := &r.Parts[i]
		if p.Unread == "" || in.Converter == nil || blobs[p.SHA256] == nil {
			continue
		}
		data, err := in.Converter.Convert(ctx, p.Name, blobs[p.SHA256])
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			in.Log.Warn("a file could not be converted", "file", p.Name, "err", err)
			continue
		}
		head, err := json.Marshal(original{p.Name + "." + converter.Target(p.Name), r.From, r.Subject})
		if err != nil {
			return err
		}
		reply, err := in.Reader.Do(ctx, OpPart, append(append(head, '\n'), data...))
		if why := defeated(err); why != "" {
			in.Log.Warn("a converted file defeated its reader", "file", p.Name, "why", why, "detail", err)
			continue
		}
		if err != nil {
			return err
		}
		var c Converted
		if err := json.Unmarshal(reply.JSON, &c); err != nil {
			return fmt.Errorf("the reader's answer: %w", err)
		}
		c.Part.Name, c.Part.Path, c.Part.SHA256, c.Part.Size, c.Part.MediaType = p.Name, p.Path, p.SHA256, p.Size, p.MediaType
		if c.Part.Kind == finding.Appendix {
			c.Part.Problems = append(c.Part.Problems, finding.Problem{Code: "S05", Severity: finding.Noted,
				Args: map[string]string{"tep": p.Name, "dinh_dang": "." + p.Unread}})
		}
		*p = c.Part
		r.Evidence = append(r.Evidence, c.Evidence...)
	}
	return nil
}

// converted reads a converted file as an attachment of its mail.
func (j *Judge) converted(payload []byte) (c Converted, err error) {
	head, data, ok := bytes.Cut(payload, []byte("\n"))
	if !ok {
		return c, errors.New("no line before the file")
	}
	var o original
	if err := json.Unmarshal(head, &o); err != nil {
		return c, err
	}
	var read *paper
	c.Part, c.Evidence, read = j.part(&message.Mail{From: o.From, Subject: o.Subject}, taken{Member: document.Member{Name: o.Name, Path: o.Name, Data: data}})
	if read != nil {
		alone := []finding.Part{c.Part}
		j.papers(alone, []paper{*read}, o.Subject)
		c.Part = alone[0]
	}
	return c, nil
}
