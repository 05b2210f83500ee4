package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"time"

	"dondoc/intake/workbook"
	"dondoc/notify/annotation"
	"dondoc/notify/letter"
)

// opMark asks the child for a sender's workbook with marks: a line of JSON,
// then the workbook.
const opMark = "mark"

// marking is that line.
type marking struct {
	Marks []annotation.Mark
	Words annotation.Words
}

// mark has the child do it. It is asked while a letter is rendered, within a
// transaction, so it gets less time than a mail: without it the letter goes all
// the same.
func (o *office) mark(m letter.Marked) ([]byte, error) {
	data, err := o.archive.Get(m.SHA256)
	if err != nil {
		return nil, err
	}
	head, err := json.Marshal(marking{m.Marks, m.Words})
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	reply, err := o.reader.Do(ctx, opMark, append(append(head, '\n'), data...))
	if err != nil {
		return nil, err
	}
	return reply.Blobs["workbook"], nil
}

// mark is the child's side. A workbook of another format is given back as
// .xlsx, with what stood in it.
func mark(payload []byte) ([]byte, map[string][]byte, error) {
	head, data, ok := bytes.Cut(payload, []byte("\n"))
	if !ok {
		return nil, nil, errors.New("no line before the workbook")
	}
	var m marking
	if err := json.Unmarshal(head, &m); err != nil {
		return nil, nil, err
	}
	book, err := workbook.Open(data)
	if err != nil {
		return nil, nil, err
	}
	if book.Format != "xlsx" {
		if data, err = book.XLSX(); err != nil {
			return nil, nil, err
		}
	}
	out, err := annotation.Annotate(data, m.Marks, m.Words)
	return []byte("{}"), map[string][]byte{"workbook": out}, err
}
