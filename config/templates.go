package config

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// maxTemplate bounds one letter text, in bytes.
const maxTemplate = 256 << 10

// templates reads the campaign's own letter texts. Whether they are good ones,
// notify/letter says. What cannot be read is kept in c.BadTemplates: a letter
// that is owed goes out in the built-in words.
func templates(c *Campaign, dir string) (found Mistakes) {
	entries, err := os.ReadDir(filepath.Join(dir, templateDir))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		found.say(Mistake{File: templateDir + "/"}, `không đọc được thư mục. Cho người chạy dondoc quyền đọc.`, `the directory cannot be read. Let the user that runs dondoc read it.`)
		return found
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), ".") || strings.HasPrefix(e.Name(), "_") || strings.HasSuffix(e.Name(), "~") {
			continue
		}
		file := templateDir + "/" + e.Name()
		data, err := readAtMost(filepath.Join(dir, templateDir, e.Name()), maxTemplate)
		if err != nil {
			c.BadTemplates.say(Mistake{File: file}, `không đọc được như một tệp văn bản dưới 256 KB. Chỉ đặt mẫu thư trong templates/.`,
				`this cannot be read as a text file below 256 KB. Put only letter texts into templates/.`)
			continue
		}
		text, wrong := plaintext(file, data)
		if c.BadTemplates = append(c.BadTemplates, wrong...); len(wrong) > 0 {
			continue
		}
		if c.Templates == nil {
			c.Templates = map[string]string{}
		}
		c.Templates[e.Name()] = string(text)
	}
	return found
}
