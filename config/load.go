package config

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// The files of a campaign directory (CONTRACT, "Campaign directory").
const (
	campaignFile = "campaign.yaml"
	rosterXLSX   = "units.xlsx"
	rosterCSV    = "units.csv"
	formFile     = "form.xlsx"
	enclosureDir = "enclosures"
	templateDir  = "templates"
)

// maxForm bounds the blank form, in bytes.
const maxForm = 20 << 20

// Load reads the campaign directory. An error is either Mistakes, all that
// could be found at once, or something that hinders reading at all; with an
// error there is no campaign: a roster that cannot be read must never look
// like one without units.
func Load(dir string) (*Campaign, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	data, err := os.ReadFile(filepath.Join(dir, campaignFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, wrong(campaignFile, `không có tệp này trong %s. Chạy "dondoc init" để tạo một thư mục mới, hoặc chỉ đúng thư mục bằng -C.`,
			`there is no such file in %s. Run "dondoc init" to make a new directory, or name the right one with -C.`, dir)
	}
	if err != nil {
		return nil, err
	}
	c := &Campaign{Dir: dir}
	node, found := parse(campaignFile, data)
	if node != nil {
		issuer := declare(c, open(&found, Mistake{File: campaignFile, Line: 1}, "", node), dir)
		roster(c, &found, dir, issuer)
		found = append(found, form(c, dir)...)
		found = append(found, enclosures(c, dir)...)
		found = append(found, templates(c, dir)...)
	}
	if err := found.err(); err != nil {
		return nil, err
	}
	c.Index()
	return c, nil
}

// form reads the blank form. Whether it is one, the form package says.
func form(c *Campaign, dir string) (found Mistakes) {
	data, err := readAtMost(filepath.Join(dir, formFile), maxForm)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		found.say(Mistake{File: formFile}, `không có tệp này. Chép mẫu trắng (.xlsx) vào thư mục của đợt với tên form.xlsx.`,
			`there is no such file. Copy the blank form (.xlsx) into the campaign directory under the name form.xlsx.`)
	case errors.Is(err, errTooBig):
		found.say(Mistake{File: formFile}, `tệp lớn hơn 20 MB. Bỏ bớt hình ảnh trong mẫu.`, `the file is larger than 20 MB. Take pictures out of the form.`)
	case err != nil:
		found.say(Mistake{File: formFile}, `không đọc được tệp. Đóng Excel và cho người chạy dondoc quyền đọc.`,
			`the file cannot be read. Close Excel, and let the user that runs dondoc read it.`)
	case len(data) == 0:
		found.say(Mistake{File: formFile}, `tệp trống. Chép lại mẫu trắng.`, `the file is empty. Copy the blank form again.`)
	}
	c.Form = data
	return found
}

var errTooBig = errors.New("file too big")

// readAtMost reads a regular file of at most limit bytes.
func readAtMost(path string, limit int64) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New("not a regular file")
	}
	if info.Size() > limit {
		return nil, errTooBig
	}
	return os.ReadFile(path)
}
