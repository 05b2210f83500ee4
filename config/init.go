package config

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"dondoc/config/builtin"
)

// Init writes a campaign directory with the built-in campaign in it, ready to
// edit. It writes over nothing, and campaign.yaml last: a directory that has
// one is complete.
func Init(dir string) error {
	for _, name := range []string{campaignFile, rosterXLSX, rosterCSV, formFile} {
		switch _, err := os.Lstat(filepath.Join(dir, name)); {
		case err == nil:
			return wrong(name, `đã có trong %s nên không ghi đè. Chọn thư mục khác, hoặc chuyển tệp này đi.`,
				`is already in %s and will not be overwritten. Choose another directory, or move this file away.`, dir)
		case !errors.Is(err, fs.ErrNotExist):
			return err
		}
	}
	roster, err := builtinRoster()
	if err != nil {
		return err
	}
	form, err := builtin.Form()
	if err != nil {
		return err
	}
	for _, sub := range []string{"", enclosureDir, templateDir} {
		if err := os.MkdirAll(filepath.Join(dir, sub), SharedDir); err != nil {
			return err
		}
	}
	for _, f := range []struct {
		name string
		data []byte
	}{{rosterXLSX, roster}, {formFile, form}, {campaignFile, builtin.Campaign}} {
		if err := create(filepath.Join(dir, f.name), f.data); err != nil {
			return err
		}
	}
	return nil
}

// create writes a new file.
func create(path string, data []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, SharedFile)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	return errors.Join(err, f.Close())
}

func builtinRoster() ([]byte, error) {
	s, found := readCSV(rosterCSV, builtin.Units)
	if err := found.err(); err != nil {
		return nil, err
	}
	rows := make([][]string, 0, len(s.rows))
	for _, r := range s.rows {
		rows = append(rows, r.cells)
	}
	c := &Campaign{}
	node, found := parse(campaignFile, builtin.Campaign)
	if err := found.err(); err != nil {
		return nil, err
	}
	c.Categories = categories(open(&found, Mistake{File: campaignFile}, "", node))
	return writeRoster(rows, c.Categories)
}
