package config

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// maxEnclosures bounds all enclosures together, in bytes: with the encoding of
// mail they grow by a third, and many servers stop at 20 or 25 MB.
const maxEnclosures = 10 << 20

// enclosures reads what goes out with the invitation, in the order of names.
// Files that offices and systems leave lying about are passed over.
func enclosures(c *Campaign, dir string) (found Mistakes) {
	entries, err := os.ReadDir(filepath.Join(dir, enclosureDir))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		found.say(Mistake{File: enclosureDir + "/"}, `không đọc được thư mục. Cho người chạy dondoc quyền đọc.`, `the directory cannot be read. Let the user that runs dondoc read it.`)
		return found
	}
	left := int64(maxEnclosures)
	for _, e := range entries {
		name := norm.NFC.String(e.Name())
		at := Mistake{File: enclosureDir + "/" + name}
		if strings.HasPrefix(name, ".") || strings.HasPrefix(name, "~$") || strings.EqualFold(name, "Thumbs.db") || strings.EqualFold(name, "desktop.ini") {
			continue
		}
		data, err := readAtMost(filepath.Join(dir, enclosureDir, e.Name()), left)
		switch {
		case errors.Is(err, errTooBig):
			found.say(at, `các tệp gửi kèm cộng lại quá 10 MB, nhiều máy chủ thư sẽ từ chối. Giảm dung lượng hoặc bớt tệp.`,
				`the enclosures together exceed 10 MB, which many mail servers refuse. Make them smaller or fewer.`)
			return found
		case err != nil:
			found.say(at, `không đọc được như một tệp. Chỉ đặt tệp trong enclosures/, không đặt thư mục con.`,
				`this cannot be read as a file. Put only files into enclosures/, no directories.`)
		case len(data) == 0:
			found.say(at, `tệp trống. Chép lại tệp, hoặc xóa đi.`, `the file is empty. Copy it again, or delete it.`)
		}
		left -= int64(len(data))
		c.Enclosures = append(c.Enclosures, Enclosure{Name: name, Data: data})
	}
	return found
}
