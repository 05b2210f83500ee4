package intake

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"dondoc/intake/finding"
)

// status is /proc/self/status, opened before the child is confined.
var status *os.File

// peakOf is the largest memory that a process has had resident, in bytes, by
// its /proc/…/status; 0 where the system has none.
func peakOf(status *os.File) int64 {
	if status == nil {
		return 0
	}
	text, err := io.ReadAll(io.NewSectionReader(status, 0, 64<<10))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kb, _ := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(rest), " kB"), 10, 64)
			return kb << 10
		}
	}
	return 0
}

// commented is a .zip that differs from z in its comment only: the same
// workbook under another hash.
func commented(z []byte, comment string) []byte {
	out := append([]byte{}, z...)
	binary.LittleEndian.PutUint16(out[len(out)-2:], uint16(len(comment)))
	return append(out, comment...)
}

// BenchmarkIngest2000 takes an mbox of 2,000 mails with filled forms the whole
// way: kept, read in the child, decided, recorded, filed for people. It
// reports the peak of daemon and child together, in MB.
func BenchmarkIngest2000(b *testing.B) {
	const mails = 2000
	c := builtinCampaign(b)
	path := filepath.Join(b.TempDir(), "all.mbox")
	f, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	w := bufio.NewWriter(f)
	form := judgeWith(b).Form
	var forms [][]byte
	for i := range 20 {
		forms = append(forms, workbook(b, form, func(x *excelize.File) { fillIn(x); x.SetCellValue(annexSheet, "C5", fmt.Sprintf("%d-BC/HU", i)) }))
	}
	for i := range mails {
		fmt.Fprintf(w, "From bench@a.example Wed Oct 12 09:30:00 2022\n")
		u := c.Units[i%len(c.Units)]
		w.Write(eml(u.Emails[0], fmt.Sprintf("Báo cáo %d", i), "Kính gửi Ban Dân vận Tỉnh ủy", attached{"PL.xlsx", commented(forms[i%len(forms)], fmt.Sprint(i))}))
		w.WriteString("\n")
	}
	if err := w.Flush(); err != nil {
		b.Fatal(err)
	}
	f.Close()
	forms = nil
	for b.Loop() {
		b.StopTimer()
		o := newOffice(b)
		debug.FreeOSMemory()
		os.WriteFile("/proc/self/clear_refs", []byte("5"), 0) // the peak counts from here
		var child int64
		n := 0
		o.Told = func(v *finding.Verdict) {
			if v.Class != finding.ClassReport {
				b.Fatalf("%s", read(v))
			}
			if n++; n%100 == 99 {
				if reply, err := o.Reader.Do(b.Context(), "peak", nil); err == nil {
					peak, _ := strconv.ParseInt(string(reply.JSON), 10, 64)
					child = max(child, peak)
				}
			}
		}
		b.StartTimer()
		sum, err := o.Round(b.Context(), Files{Paths: []string{path}}, o.clock)
		if err != nil || sum.Fetched != mails || sum.Filed+sum.Held != mails {
			b.Fatal(sum, err)
		}
		daemon := peakOf(status)
		b.ReportMetric(float64(daemon)/(1<<20), "daemon-MB")
		b.ReportMetric(float64(child)/(1<<20), "child-MB")
		b.ReportMetric(float64(daemon+child)/(1<<20), "together-MB")
		b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(mails*max(b.N, 1)), "ms/mail")
	}
}

// BenchmarkJudgeMails reads the .eml files of the directory that DONDOC_MAILS
// names, as the child does, without the child.
func BenchmarkJudgeMails(b *testing.B) {
	paths, _ := filepath.Glob(filepath.Join(os.Getenv("DONDOC_MAILS"), "*.eml"))
	if len(paths) == 0 {
		b.Skip("DONDOC_MAILS names no directory of mails")
	}
	j := judgeOf(b)
	for b.Loop() {
		for _, path := range paths {
			raw, err := os.ReadFile(path)
			if err != nil {
				b.Fatal(err)
			}
			j.Judge(raw, func(string, []byte) {})
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*len(paths)), "µs/mail")
}

// BenchmarkLargeMail judges a mail of 30 MB: a form, and archives of pictures
// that cannot be packed.
func BenchmarkLargeMail(b *testing.B) {
	j := judgeOf(b)
	files := []attached{{"PL.xlsx", workbook(b, known.Form, fillIn)}}
	random := rand.NewChaCha8([32]byte{})
	for i := range 4 {
		picture := make([]byte, 5500<<10)
		random.Read(picture)
		copy(picture, "\xff\xd8\xff\xe0")
		files = append(files, attached{fmt.Sprintf("anh %d.zip", i), zipOf(b, "anh.jpg", picture)})
	}
	raw := eml("vanthu@hubinhson.quangngai.example", "Báo cáo", "Kính gửi", files...)
	b.SetBytes(int64(len(raw)))
	b.ReportAllocs()
	for b.Loop() {
		if r := j.Judge(raw, func(string, []byte) {}); len(r.Parts) != 5 || len(r.Parts[0].Problems) > 0 {
			b.Fatal(list(r.Parts))
		}
	}
}
