package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"syscall"

	"dondoc/config"
	"dondoc/intake"
	"dondoc/intake/finding"
	"dondoc/intake/form"
	"dondoc/intake/reader"
	"dondoc/notify/letter"
)

type initCmd struct {
	Dir string `arg:"" help:"${a_dir}"`
}

func (c *initCmd) Run(p *Program) error {
	if err := config.Init(c.Dir); err != nil {
		return err
	}
	if err := originals(c.Dir); err != nil {
		return err
	}
	p.say("Đã tạo đợt báo cáo trong %[1]s (chế độ diễn tập: thư chỉ gửi về Phòng).\nViệc tiếp theo: sửa campaign.yaml và units.xlsx, đặt công văn vào enclosures/, rồi chạy: dondoc check -C %[1]s",
		"Made a campaign in %[1]s (rehearsal: letters go to the desk only).\nNext: edit campaign.yaml and units.xlsx, put the letter into enclosures/, then run: dondoc check -C %[1]s", c.Dir)
	return nil
}

// originals puts the built-in letter texts where somebody who wants others finds
// them, with a word on how that is done. The program reads none of it.
func originals(dir string) error {
	dir = filepath.Join(dir, "templates", letter.Originals)
	if err := os.MkdirAll(dir, config.SharedDir); err != nil {
		return err
	}
	texts, err := letter.Texts()
	if err != nil {
		return err
	}
	texts["DOC-TRUOC.txt"] = howToReword
	for name, text := range texts {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), config.SharedFile); err != nil {
			return err
		}
	}
	return nil
}

const howToReword = `LỜI THƯ CÓ SẴN (chương trình không đọc thư mục này)

Muốn đổi lời một thư: chép tệp của thư đó ra thư mục templates/ (giữ nguyên tên, ví dụ
templates/receipt.vi.txt), sửa bằng Notepad, lưu với mã hóa UTF-8, rồi chạy "dondoc check".

- Dòng "Subject: ..." đầu tệp là tiêu đề; nhiều dòng Subject thì dùng dòng đầu tiên vừa 90 ký tự.
- {{.Unit}}, {{.Deadline}}... được thay bằng tên đơn vị, câu thời hạn...; giữ nguyên những chỗ
  trong {{ }}. Không tự ghi ngày, thời hạn: câu thời hạn do chương trình tính cho từng đơn vị.
- foot.*.txt là chân thư; common.*.txt là những câu nhiều thư dùng chung.
- Tệp có lỗi thì chương trình dùng lời có sẵn ở đây và báo dòng nào sai: khi chạy "check", khi
  khởi động "run", và trong nhật ký mỗi lần gửi.
- Bỏ tệp đã sửa đi là trở lại lời có sẵn.

THE BUILT-IN LETTER TEXTS (the program does not read this directory)

To reword a letter, copy its file into templates/ under the same name, change it, save it as
UTF-8, and run "dondoc check". Keep what stands in {{ }}; never write a day or a deadline
yourself. A file with a mistake leaves the built-in text working, and check says which line.
`

type formCmd struct {
	Inspect formInspectCmd `cmd:"" help:"${c_form_inspect}"`
	Check   formCheckCmd   `cmd:"" help:"${c_form_check}"`
}

type formInspectCmd struct {
	File      string `arg:"" help:"${a_file}"`
	Functions bool   `help:"${o_functions}"`
}

func (c *formInspectCmd) Run(p *Program) error {
	data, err := given(c.File)
	if err != nil {
		return err
	}
	f, err := form.Compile(data)
	if err != nil {
		return formMistake(c.File, err)
	}
	if c.Functions {
		return p.print(f.Functions(), func() {
			for _, use := range f.Functions() {
				mark := ""
				if !use.Permitted {
					mark = p.either("KHÔNG DÙNG ĐƯỢC: ", "NOT PERMITTED: ")
				}
				fmt.Fprintf(p.Stdout, "%s%-12s %d  %s\n", mark, use.Function, len(use.Cells), use.Cells[0])
			}
		})
	}
	d := f.Description()
	return p.print(d, func() {
		p.say("Đợt %s, phiên bản mẫu %s: %d ô nhập, %d danh sách, %d luật.", "Campaign %s, form version %s: %d inputs, %d lists, %d rules.",
			d.Campaign, d.Version, len(d.Inputs), len(d.Lists), len(d.Rules))
		for _, in := range d.Inputs {
			fmt.Fprintf(p.Stdout, "  %-20s %s!%-5s %-8s %s %s\n", in.Name, in.Sheet, in.Cell, in.Type, in.Table, in.Label())
		}
		for _, l := range d.Lists {
			fmt.Fprintf(p.Stdout, "  %-20s %s!%s\n", l.Name, l.Sheet, l.Ref)
			for _, col := range l.Columns {
				fmt.Fprintf(p.Stdout, "    %s (%s)\n", col.Key, col.Type)
			}
		}
		for _, r := range d.Rules {
			fmt.Fprintf(p.Stdout, "  %s %s  %s\n", r.Code, r.Severity, r.Formula)
		}
	})
}

type formCheckCmd struct {
	File string `arg:"" help:"${a_file}"`
}

// Run checks a filled form against the campaign's, in the confined child like
// any stranger's file.
func (c *formCheckCmd) Run(p *Program) error {
	o, err := p.open()
	if err != nil {
		return err
	}
	defer o.Close()
	part, err := o.checkFile(c.File)
	if err != nil {
		return err
	}
	if err := o.print(part, func() { o.printPart(*part) }); err != nil {
		return err
	}
	if part.Kind != finding.Appendix {
		// Not even an old or foreign form: there is nothing in it to check.
		if !p.cli.JSON {
			p.say("%s không phải một bản điền của mẫu.", "%s is not the form, filled in.", c.File)
		}
		return errPersonNeeded
	}
	for _, q := range part.Problems {
		if q.Open() {
			return errPersonNeeded
		}
	}
	return nil
}

type readerCmd struct{}

// Run is the child's side of the reader: it gives up everything it does not
// need before it reads the first byte of a stranger.
func (*readerCmd) Run(p *Program) error {
	given, err := reader.Confine(intake.ReaderMemory)
	if err != nil {
		return err
	}
	handle := intake.Handler()
	return reader.Serve(p.Stdin, p.Stdout, func(op string, payload []byte) ([]byte, map[string][]byte, error) {
		switch op {
		case opConfined:
			b, err := json.Marshal(given)
			return b, nil, err
		case opMark:
			return mark(payload)
		}
		return handle(op, payload)
	})
}

// cageCmd executes a command line that is confined to one directory.
type cageCmd struct {
	Dir  string   `arg:""`
	Line []string `arg:"" passthrough:""`
}

func (c *cageCmd) Run(p *Program) error {
	program, err := exec.LookPath(c.Line[0])
	if err == nil {
		err = reader.Cage(c.Dir)
	}
	if err != nil {
		return err
	}
	return syscall.Exec(program, c.Line, os.Environ())
}

// opConfined asks the child what it has given up, for doctor.
const opConfined = "confined"

type versionCmd struct{}

func (*versionCmd) Run(p *Program) error {
	version := "(devel)"
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		version = info.Main.Version
	}
	fmt.Fprintln(p.Stdout, "dondoc "+version)
	return nil
}
