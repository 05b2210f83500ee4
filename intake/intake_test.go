package intake

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"dondoc/intake/archive"
	"dondoc/intake/finding"
	"dondoc/intake/ledger"
	"dondoc/intake/mailbox"
	"dondoc/intake/reader"
)

// deadlyWords in the body of a mail end the tests' reader.
const deadlyWords = "this kills the reader"

// bafflingWords in the body of a mail let the tests' reader answer with an
// error, and live.
const bafflingWords = "this baffles the reader"

// TestMain lets the test binary be the confined reader, as the program's own
// binary is.
func TestMain(m *testing.M) {
	if f, err := os.Open("/proc/self/status"); err == nil {
		status = f // opened now: a confined process opens nothing
	}
	if len(os.Args) == 2 && os.Args[1] == "reader" {
		if _, err := reader.Confine(300 << 20); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		handle := Handler()
		err := reader.Serve(os.Stdin, os.Stdout, func(op string, payload []byte) ([]byte, map[string][]byte, error) {
			switch {
			case op == "peak":
				return []byte(fmt.Sprint(peakOf(status))), nil, nil
			case op == OpJudge && bytes.Contains(payload, []byte(deadlyWords)):
				panic("dead")
			case op == OpJudge && bytes.Contains(payload, []byte(bafflingWords)):
				return nil, nil, errors.New("baffled")
			}
			return handle(op, payload)
		})
		if err != nil {
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// office is an Intake over a fresh campaign directory, with a real reader.
type office struct {
	*Intake
	t    testing.TB
	now  time.Time
	told []*finding.Verdict // of the last round
}

func newOffice(t testing.TB) *office {
	t.Helper()
	c := builtinCampaign(t)
	o := &office{t: t, now: at("10-12 09:30")}
	o.Intake = &Intake{Campaign: c, Form: judgeOf(t).form.Description(), Log: slog.New(slog.DiscardHandler)}
	var err error
	if o.Ledger, err = ledger.Open(c.DataDir()); err != nil {
		t.Fatal(err)
	}
	if o.Archive, err = archive.Open(filepath.Join(c.DataDir(), "archive")); err != nil {
		t.Fatal(err)
	}
	if o.Tree, err = archive.OpenTree(c.FilingsDir(), o.Archive); err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	o.Reader = reader.Start(reader.Config{Command: []string{self, "reader"}, Init: knownText})
	t.Cleanup(func() {
		o.Reader.Close()
		o.Tree.Close()
		o.Ledger.Close()
	})
	return o
}

// round is Round, with what it told.
func (o *office) round(box Mailbox) (Summary, []*finding.Verdict, error) {
	o.told = nil
	o.Told = func(v *finding.Verdict) { o.told = append(o.told, v) }
	sum, err := o.Round(o.t.Context(), box, o.clock)
	return sum, o.told, err
}

func (o *office) clock() time.Time { return o.now }

// file writes mails to a folder of their own and returns it as a mailbox.
func (o *office) files(mails ...[]byte) Files {
	o.t.Helper()
	dir := o.t.TempDir()
	for i, m := range mails {
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%03d.eml", i)), m, 0o600); err != nil {
			o.t.Fatal(err)
		}
	}
	return Files{Paths: []string{dir}}
}

// take runs a round over the mails and says what became of each.
func (o *office) take(mails ...[]byte) []string {
	o.t.Helper()
	_, told, err := o.round(o.files(mails...))
	if err != nil {
		o.t.Fatal(err)
	}
	var all []string
	for _, v := range told {
		complete(o.t, v)
		all = append(all, read(v))
	}
	return all
}

func (o *office) facts() []*finding.Verdict {
	o.t.Helper()
	f, err := o.Ledger.Facts(o.t.Context())
	if err != nil {
		o.t.Fatal(err)
	}
	return f.Mails
}

func (o *office) marked() string {
	var mark string
	o.Ledger.Read(o.t.Context(), func(tx *ledger.Tx) (err error) { mark, err = tx.Marked(ledger.MarkRead); return err })
	return mark
}

// tree lists the people's files.
func (o *office) tree() []string {
	var all []string
	root := o.Campaign.FilingsDir()
	filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			name, _ := filepath.Rel(root, p)
			all = append(all, filepath.ToSlash(name))
		}
		return nil
	})
	return all
}

const (
	binhSon = "vanthu@hubinhson.quangngai.example"
	lySon   = "vanthu@hulyson.quangngai.example"
)

func TestRound(t *testing.T) {
	o := newOffice(t)
	full := workbook(t, known.Form, fillIn)
	mail := eml(binhSon, "Báo cáo", "Kính gửi", attached{"BC.docx", reportOf(t, "HUYỆN ỦY BÌNH SƠN")}, attached{"PL.xlsx", full},
		attached{"MH1.docx", modelOf(t, "Một")}, attached{"MH2.docx", modelOf(t, "Hai")})
	box := o.files(mail, eml(lySon, "Hỏi", "Mẫu này điền thế nào?"))
	sum, told, err := o.round(box)
	if err != nil {
		t.Fatal(err)
	}
	if sum.Fetched != 2 || sum.Filed != 2 || sum.Held != 0 || sum.Ignored+sum.Quarantined != 0 {
		t.Errorf("%+v", sum)
	}
	want := []string{
		"filed sender; report; HU-BINHSON; receipt received; report=accepted; appendix=accepted; model=accepted; model=accepted",
		"filed question; question; HU-LYSON; acknowledge read_by_a_person; misses report+appendix+model:2",
	}
	for i, v := range told {
		if complete(t, v); read(v) != want[i] {
			t.Errorf("\n got %s\nwant %s", read(v), want[i])
		}
		if !v.Received.Equal(at("10-12 09:00")) {
			t.Errorf("received %s, not when the last server said", v.Received)
		}
		if err := o.Archive.Check(v.SHA256); err != nil {
			t.Error(err)
		}
		for _, p := range v.Parts {
			if err := o.Archive.Check(p.SHA256); err != nil {
				t.Error(err)
			}
		}
	}
	const dir = "4-huyen-thi-thanh-uy/HU-BINHSON Huyện ủy Bình Sơn/HU-BINHSON_"
	if got := o.tree(); !slices.Equal(got, []string{dir + "bao-cao_lan1_20221012.docx", dir + "mo-hinh_lan1_20221012-2.docx", dir + "mo-hinh_lan1_20221012.docx", dir + "phu-luc_lan1_20221012.xlsx"}) {
		t.Errorf("%q", got)
	}
	if o.marked() != "" {
		t.Error("mails out of files were taken for a look into the mailbox: reminders would cross what lies there")
	}
	again, told, err := o.round(box)
	if err != nil || again != (Summary{}) || len(told) != 0 || len(o.facts()) != 2 {
		t.Errorf("a second round: %+v %v", again, err)
	}
}

func TestRoundByRound(t *testing.T) {
	full := workbook(t, judgeWith(t).Form, fillIn)
	report := attached{"BC.docx", reportOf(t, "BÁO CÁO CHUNG")}
	for _, row := range []struct {
		sentence string
		mails    func(o *office) [][]byte
		want     []string
	}{
		{"a copy by another way is one mail", func(*office) [][]byte {
			m := eml(binhSon, "Báo cáo", "", report)
			return [][]byte{m, append([]byte("Received: from relay.example by mx.example; Wed, 12 Oct 2022 09:05:00 +0700\r\n"), m...)}
		}, []string{"filed sender; report; HU-BINHSON; receipt received; report=accepted; misses appendix+model:2",
			"ignored duplicate; duplicate; nobody; none duplicate; report=ignored"}},
		{"a copy through a list came first and was ignored: the unit's own is no duplicate of it", func(*office) [][]byte {
			m := eml(binhSon, "Hỏi", "Mẫu này điền thế nào?")
			return [][]byte{append([]byte("List-Id: <van-thu.example>\r\n"), m...), append([]byte("List-Id: <b.example>\r\n"), m...), m, append([]byte("X-Way: 3\r\n"), m...)}
		}, []string{"ignored automatic_list; automatic; nobody; none automatic_list", "ignored duplicate; duplicate; nobody; none duplicate",
			"filed question; question; HU-BINHSON; acknowledge read_by_a_person; misses report+appendix+model:2",
			"ignored duplicate; duplicate; nobody; none duplicate"}},
		{"the same files in a new mail are filed again", func(*office) [][]byte {
			return [][]byte{eml(binhSon, "Báo cáo", "", report), eml(binhSon, "Báo cáo, gửi lại", "", report)}
		}, []string{"filed sender; report; HU-BINHSON; receipt received; report=accepted; misses appendix+model:2",
			"filed sender; report; HU-BINHSON; receipt received; report=accepted; misses appendix+model:2"}},
		{"a stranger is asked once in a day", func(*office) [][]byte {
			return [][]byte{eml("a@mail.example", "1", "", report), eml("a@mail.example", "2", "", report), eml("b@mail.example", "3", "", report)}
		}, []string{"held unknown_sender; report; nobody; ask_unit unknown_sender; report=accepted",
			"held unknown_sender; report; nobody; none asked_within_a_day; report=accepted",
			"held unknown_sender; report; nobody; ask_unit unknown_sender; report=accepted"}},
		{"two units send the same workbook", func(*office) [][]byte {
			return [][]byte{eml(binhSon, "1", "", attached{"PL.xlsx", full}), eml(lySon, "2", "", attached{"PL.xlsx", full})}
		}, []string{"filed sender; report; HU-BINHSON; receipt received; appendix=accepted; misses report+model:2",
			"filed sender; report; HU-LYSON; receipt received; appendix=held D02/H; misses report+model:2"}},
		{"a private address with the unit's own form, and one that only says so", func(o *office) [][]byte {
			form := func(token string) []byte {
				return workbook(t, known.Form, func(x *excelize.File) {
					fillIn(x)
					tell(map[string]string{"unit_code": "HU-BATO", "token": token})(x)
				})
			}
			return [][]byte{eml("a@mail.example", "1", "", attached{"PL.xlsx", form(o.Ledger.Key.FormToken("DVK-2022", "2022.1", "HU-BATO"))}),
				eml("b@mail.example", "2", "", attached{"PL.xlsx", form(o.Ledger.Key.FormToken("DVK-2022", "2022.1", "HU-LYSON"))})}
		}, []string{"filed form; report; HU-BATO; receipt received; appendix=accepted; misses report+model:2",
			"filed form; report; claims HU-BATO; receipt received; appendix=accepted; misses report+model:2"}},
		{"a district sends another's form", func(o *office) [][]byte {
			return [][]byte{eml(binhSon, "1", "", attached{"PL.xlsx", workbook(t, known.Form, func(x *excelize.File) {
				fillIn(x)
				tell(map[string]string{"unit_code": "HU-BATO"})(x)
			})})}
		}, []string{"held contradiction; report; nobody; may be HU-BINHSON+HU-BATO; ask_unit contradiction; appendix=held S08/H"}},
		{"a mail of 10,000 parts", func(*office) [][]byte { return [][]byte{tenThousand()} },
			[]string{"quarantined limit_parts; unreadable; nobody; may be HU-BINHSON; acknowledge not_readable"}},
		{"bytes that are no mail", func(*office) [][]byte { return [][]byte{{}, []byte("\x00\xff\xfe"), bytes.Repeat([]byte{'\n'}, 100)} },
			[]string{"held unknown_sender; question; nobody; none no_sender", "held unknown_sender; question; nobody; none no_sender", "held unknown_sender; question; nobody; none no_sender"}},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			t.Parallel()
			o := newOffice(t)
			mails := row.mails(o)
			if got := o.take(mails...); !slices.Equal(got, row.want) {
				t.Errorf("\n got %s\nwant %s", strings.Join(got, "\n     "), strings.Join(row.want, "\n     "))
			}
			if all := o.facts(); len(all) != len(mails) {
				t.Errorf("%d verdicts of %d mails", len(all), len(mails))
			}
		})
	}
}

func judgeWith(t testing.TB) Knowledge { judgeOf(t); return known }

// TestAMailTooLarge: of 60 MB only the header is read; all of it is kept.
func TestAMailTooLarge(t *testing.T) {
	o := newOffice(t)
	mail := append(eml(binhSon, "Ảnh", ""), bytes.Repeat([]byte("QUJDREVGRw==\r\n"), 60<<20/14)...)
	want := []string{"quarantined limit_size; unreadable; nobody; may be HU-BINHSON; acknowledge not_readable"}
	if got := o.take(mail); !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	v := o.facts()[0]
	if err := o.Archive.Check(v.SHA256); err != nil || v.Subject != "Ảnh" {
		t.Error(v.Subject, err)
	}
	if st, err := o.Archive.Open(v.SHA256); err == nil {
		info, _ := st.Stat()
		st.Close()
		if info.Size() != int64(len(mail)) {
			t.Errorf("%d of %d bytes were kept", info.Size(), len(mail))
		}
	}
}

// TestAMailThatKillsReaders is tried twice and then given up, with what its
// header says; the mails before and after it are judged as ever.
func TestAMailThatKillsReaders(t *testing.T) {
	o := newOffice(t)
	got := o.take(eml(lySon, "1", ""), eml(binhSon, "Báo cáo", deadlyWords, attached{"BC.docx", reportOf(t, "")}), eml(lySon, "3", ""))
	if len(got) != 3 || got[1] != "quarantined limit_crash; unreadable; nobody; may be HU-BINHSON; acknowledge not_readable" ||
		!strings.HasPrefix(got[0], "held no_files") || !strings.HasPrefix(got[2], "held no_files") {
		t.Errorf("%q", got)
	}
	if again := o.take(); len(again) != 0 {
		t.Errorf("tried again: %q", again)
	}
}

// TestAMailThatBafflesReaders: the reader's own error about one mail was taken
// for ours, ended the round, and the oldest mail is claimed first: nothing was
// judged any more, for ever. It is tried twice and given up.
func TestAMailThatBafflesReaders(t *testing.T) {
	o := newOffice(t)
	got := o.take(eml(binhSon, "Báo cáo", bafflingWords, attached{"BC.docx", reportOf(t, "")}), eml(lySon, "2", ""))
	if len(got) != 2 || got[0] != "quarantined limit_crash; unreadable; nobody; may be HU-BINHSON; acknowledge not_readable" || !strings.HasPrefix(got[1], "held no_files") {
		t.Errorf("%q", got)
	}
	n := 0
	o.Told = func(*finding.Verdict) { n++ }
	if err := o.Preview(t.Context(), o.files(eml(lySon, "1", bafflingWords), eml(lySon, "2", "")), o.clock); err != nil || n != 2 {
		t.Errorf("a preview ends at it: %v, %d verdicts", err, n)
	}
}

// TestADateInAnImpossibleZone: "+2400" parses, but no JSON can hold it, so the
// reader had no answer to a mail dated so.
func TestADateInAnImpossibleZone(t *testing.T) {
	o := newOffice(t)
	for _, zone := range []string{"+2400", "-2400"} {
		mail := bytes.ReplaceAll(eml(binhSon, "Báo cáo "+zone, "", attached{"BC.docx", reportOf(t, zone)}), []byte("+0700"), []byte(zone))
		if got := o.take(mail); len(got) != 1 || !strings.HasPrefix(got[0], "filed sender") {
			t.Errorf("%s: %q", zone, got)
		}
	}
}

// TestTwoDaemons read the same mailbox at once, with one ledger: every mail
// gets one verdict, from one of them.
func TestTwoDaemons(t *testing.T) {
	a := newOffice(t)
	second := *a.Intake
	var err error
	if second.Ledger, err = ledger.Open(a.Campaign.DataDir()); err != nil {
		t.Fatal(err)
	}
	defer second.Ledger.Close()
	if second.Tree, err = archive.OpenTree(a.Campaign.FilingsDir(), a.Archive); err != nil {
		t.Fatal(err)
	}
	defer second.Tree.Close()
	const mails = 16
	var all [][]byte
	for i := range mails {
		all = append(all, eml(binhSon, fmt.Sprint(i), "", attached{fmt.Sprintf("BC%d.docx", i), reportOf(t, fmt.Sprint(i))}))
	}
	box := a.files(all...)
	var sums [2]Summary
	var both sync.WaitGroup
	for i, in := range []*Intake{a.Intake, &second} {
		both.Go(func() {
			var err error
			if sums[i], err = in.Round(t.Context(), box, a.clock); err != nil {
				t.Error(err)
			}
		})
	}
	both.Wait()
	if sums[0].Fetched+sums[1].Fetched != mails || sums[0].Filed+sums[1].Filed != mails || len(a.facts()) != mails {
		t.Errorf("%+v and %+v, %d facts", sums[0], sums[1], len(a.facts()))
	}
	if err := a.Refile(t.Context()); err != nil || len(a.tree()) != mails {
		t.Errorf("%v, %d files", err, len(a.tree()))
	}
}

// box is a mailbox that reports what the test says, and else that it was read
// whole.
type box struct {
	report mailbox.Report
	err    error
	mails  []mailbox.Message
	done   map[string][]uint32
	deaf   error
	deafIn string // the folder; "" in all

	forgotten bool
}

func (b *box) Account() string { return "account" }

func (b *box) Forget() { b.forgotten = true }

// TestWhatIsAcceptedAndLostIsAskedForAgain: mails are kept several at a time, so
// that one may have been accepted long before the disk refuses it.
func TestWhatIsAcceptedAndLostIsAskedForAgain(t *testing.T) {
	o := newOffice(t)
	b := &box{}
	for i := range 2 * maxWaiting {
		b.mails = append(b.mails, lying("INBOX", uint32(i+1), eml(binhSon, fmt.Sprint(i), "")))
	}
	broken, n := errors.New("broken"), 0
	last := b.mails[maxWaiting+5]
	b.mails[maxWaiting+5].Body = io.MultiReader(last.Body, readerFunc(func([]byte) (int, error) { n++; return 0, broken }))
	sum, _, err := o.round(b)
	var unread *Unread
	if !errors.Is(err, broken) || !errors.As(err, &unread) || sum.Fetched != maxWaiting+5 || b.forgotten {
		t.Errorf("the server breaks off: %v, %d fetched, forgotten %v; all that came before is kept", err, sum.Fetched, b.forgotten)
	}
	b = &box{mails: []mailbox.Message{lying("INBOX", 500, eml(binhSon, "mới", ""))}}
	stopped, stop := context.WithCancel(t.Context())
	b.mails[0].Body = io.MultiReader(b.mails[0].Body, readerFunc(func([]byte) (int, error) { stop(); return 0, io.EOF }))
	if _, err := o.Round(stopped, b, o.clock); err == nil || !b.forgotten {
		t.Errorf("stopped before the ledger took it: %v, forgotten %v", err, b.forgotten)
	}
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

func (b *box) Round(ctx context.Context, known func(string, uint32) func(uint32) bool, take func(context.Context, mailbox.Message) error) (mailbox.Report, error) {
	if b.report.Folders == nil {
		b.report.Folders = []mailbox.FolderReport{{Name: "INBOX", UIDValidity: 1}}
	}
	for _, m := range b.mails {
		if known(m.Folder, m.UIDValidity)(m.UID) {
			continue
		}
		if err := take(ctx, m); err != nil {
			return b.report, err
		}
	}
	return b.report, b.err
}

func (b *box) Done(_ context.Context, folder string, _ uint32, uids []uint32, _ string) error {
	if b.deaf != nil && (b.deafIn == "" || b.deafIn == folder) {
		return b.deaf
	}
	if b.done == nil {
		b.done = map[string][]uint32{}
	}
	b.done[folder] = append(b.done[folder], uids...)
	return nil
}

func lying(folder string, uid uint32, mail []byte) mailbox.Message {
	return mailbox.Message{Account: "account", Folder: folder, UIDValidity: 1, UID: uid, Received: at("10-12 08:00"), Size: int64(len(mail)), Body: bytes.NewReader(mail)}
}

// TestMailboxes: what is read is told, what is not read whole is not marked,
// and a mailbox in trouble keeps no arrival from its verdict.
func TestMailboxes(t *testing.T) {
	mail := eml(binhSon, "Báo cáo", "")
	trouble := errors.New("connection lost")
	for _, row := range []struct {
		sentence string
		box      *box
		mails    int
		marked   bool
		done     string
		err      string
		unread   bool
	}{
		{"all is well", &box{mails: []mailbox.Message{lying("INBOX", 7, mail)}}, 1, true, "map[INBOX:[7]]", "", false},
		{"one mail in two folders is one, and both are told", &box{mails: []mailbox.Message{lying("INBOX", 7, mail), lying("Spam", 1, mail)}}, 1, true, "map[INBOX:[7] Spam:[1]]", "", false},
		{"the connection breaks after the first mail", &box{mails: []mailbox.Message{lying("INBOX", 7, mail)}, err: trouble}, 1, false, "map[INBOX:[7]]", "connection lost", true},
		{"a folder is missing", &box{report: mailbox.Report{Folders: []mailbox.FolderReport{{Name: "Rác", Missing: true}}}}, 0, false, "map[]", `no folder "Rác"`, true},
		{"a folder could not be read", &box{report: mailbox.Report{Folders: []mailbox.FolderReport{{Name: "INBOX", Err: trouble}}}}, 0, false, "map[]", "connection lost", true},
		{"a message that the server never gives ends in a verdict too", &box{report: mailbox.Report{Folders: []mailbox.FolderReport{
			{Name: "INBOX", UIDValidity: 1, Poison: []mailbox.Poison{{UID: 9, Size: 1000, Reason: "cut short three times"}}}}}}, 1, true, "", "", false},
		{"a mailbox that cannot be told is told later, and was read all the same: the alarm said it was not", &box{mails: []mailbox.Message{lying("INBOX", 7, mail)}, deaf: trouble}, 1, true, "map[]", "connection lost", false},
		{"a folder that cannot be told keeps no other from being told", &box{mails: []mailbox.Message{lying("INBOX", 7, mail), lying("Spam", 1, mail)}, deaf: trouble, deafIn: "INBOX"}, 1, true, "map[Spam:[1]]", `telling folder "INBOX": connection lost`, false},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			o := newOffice(t)
			_, err := o.Round(t.Context(), row.box, o.clock)
			if (err == nil) != (row.err == "") || err != nil && !strings.Contains(err.Error(), row.err) {
				t.Errorf("%v, want %q", err, row.err)
			}
			var unread *Unread
			if errors.As(err, &unread) != row.unread {
				t.Errorf("the mailbox is unreadable: %v", unread)
			}
			if n := len(o.facts()); n != row.mails || (o.marked() != "") != row.marked || fmt.Sprint(row.box.done) != cmp.Or(row.done, "map[]") {
				t.Errorf("%d verdicts, marked %q, told %v", n, o.marked(), row.box.done)
			}
			if row.box.deaf != nil {
				row.box.deaf = nil
				if _, err := o.Round(t.Context(), row.box, o.clock); err != nil || !slices.Equal(row.box.done["INBOX"], []uint32{7}) {
					t.Errorf("later: %v, told %v", err, row.box.done)
				}
			}
		})
	}
}

// TestDamagedBytesKeepNobodyWaiting: a mail whose raw bytes the disk lost is
// an error in every round, and the others are judged.
func TestDamagedBytesKeepNobodyWaiting(t *testing.T) {
	o := newOffice(t)
	_, err := o.Round(t.Context(), &box{mails: []mailbox.Message{lying("INBOX", 1, eml(lySon, "1", deadlyWords))}, err: errors.New("stop")}, o.clock)
	if err == nil {
		t.Fatal("no error")
	}
	lost := eml(binhSon, "2", "")
	sha, _, err := o.Archive.Put(bytes.NewReader(lost))
	if err != nil {
		t.Fatal(err)
	}
	err = o.Ledger.Write(t.Context(), o.now, func(tx *ledger.Tx) error {
		_, err := tx.Keep(ledger.Arrival{ID: ledger.ArrivalID(sha), SHA256: sha, Size: int64(len(lost)), Received: at("10-11 08:00")}, nil)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(o.Campaign.DataDir(), "archive", sha[:2], sha[2:])
	if err := os.WriteFile(path, append(lost[:10:10], lost...), 0o600); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		mail := eml(lySon, fmt.Sprint(len(o.facts())), "")
		_, told, err := o.round(o.files(mail))
		if err == nil || !strings.Contains(err.Error(), ledger.ArrivalID(sha)) || len(told) != 1 {
			t.Errorf("%v, %d verdicts", err, len(told))
		}
	}
	if o.marked() != "" {
		t.Error("a round with an undecided mail was marked: reminders would go out")
	}
	os.WriteFile(path, lost, 0o600)
	if _, told, err := o.round(&box{}); err != nil || len(told) != 1 || o.marked() == "" {
		t.Errorf("the bytes put back: %v, %d verdicts", err, len(told))
	}
}

// TestAMessageThatTheServerGivesAtLast: what was given up once counted as known
// for ever, and was marked, or moved, unread. A server that withheld a report
// for a while so made it disappear.
func TestAMessageThatTheServerGivesAtLast(t *testing.T) {
	o := newOffice(t)
	given := at("10-12 08:15")
	poison := func(reason string) *box {
		return &box{report: mailbox.Report{Folders: []mailbox.FolderReport{{Name: "INBOX", UIDValidity: 1,
			Poison: []mailbox.Poison{{UID: 9, Received: given, Size: 1000, Tries: 8, Reason: reason}}}}}}
	}
	for i, reason := range []string{"withheld", "broken"} {
		b := poison(reason)
		_, told, err := o.round(b)
		if err != nil || len(told) != 1-i || len(b.done) != 0 {
			t.Errorf("%v, %d verdicts, told %v", err, len(told), b.done)
		}
	}
	if v := o.facts()[0]; v.Reason != "limit_unfetched" || !v.Received.Equal(given) {
		t.Errorf("%s, received %s", v.Reason, v.Received)
	}
	b := &box{mails: []mailbox.Message{lying("INBOX", 9, eml(binhSon, "Báo cáo", "", attached{"BC.docx", reportOf(t, "")}))}}
	if _, told, err := o.round(b); err != nil || len(told) != 1 || told[0].Verdict != finding.Filed || fmt.Sprint(b.done) != "map[INBOX:[9]]" {
		t.Errorf("%v, %d verdicts, told %v", err, len(told), b.done)
	}
}

// TestAMailWithTheIDOfAnother: ids are 50 bits. Such a mail was an error that
// ended the round at its place in the mailbox, every time.
func TestAMailWithTheIDOfAnother(t *testing.T) {
	o := newOffice(t)
	unlucky, next := eml(binhSon, "1", ""), eml(lySon, "2", "")
	sum := sha256.Sum256(unlucky)
	err := o.Ledger.Write(t.Context(), o.now, func(tx *ledger.Tx) error {
		_, err := tx.Keep(ledger.Arrival{ID: ledger.ArrivalID(hex.EncodeToString(sum[:])), SHA256: strings.Repeat("0", 64)}, nil)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	_, told, err := o.round(Files{Paths: append(o.files(unlucky).Paths, o.files(next).Paths...)})
	if !errors.Is(err, mailbox.ErrSkip) || !errors.Is(err, ledger.ErrSameID) || len(told) != 1 {
		t.Errorf("%v, %d verdicts", err, len(told))
	}
}

// TestPreview judges and writes nothing.
func TestPreview(t *testing.T) {
	o := newOffice(t)
	mail := eml(binhSon, "Báo cáo", "", attached{"BC.docx", reportOf(t, "HUYỆN ỦY BÌNH SƠN")})
	big := append(eml(lySon, "Ảnh", ""), bytes.Repeat([]byte("x"), maxJudged+1000)...)
	var seen []*finding.Verdict
	o.Told = func(v *finding.Verdict) { seen = append(seen, v) }
	if err := o.Preview(t.Context(), o.files(mail, big, eml(lySon, "x", deadlyWords)), o.clock); err != nil {
		t.Fatal(err)
	}
	o.Told = nil
	if len(seen) != 3 || seen[0].UnitCode() != "HU-BINHSON" || seen[1].Reason != "limit_size" || seen[2].Reason != "limit_crash" {
		t.Fatalf("%d verdicts: %v", len(seen), seen)
	}
	if len(o.facts()) != 0 || len(o.tree()) != 0 {
		t.Error("something was written")
	}
	filepath.WalkDir(filepath.Join(o.Campaign.DataDir(), "archive"), func(p string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			t.Errorf("%s was kept", d.Name())
		}
		return nil
	})
	_, told, err := o.round(o.files(mail, big))
	if err != nil || told[0].ID != seen[0].ID || told[1].ID != seen[1].ID {
		t.Error("the preview knew the mails by other ids", err)
	}
}

func TestToken(t *testing.T) {
	const token = "abcdefghijklmnopqrst"
	for _, row := range []struct{ sentence, value, want string }{
		{"our Message-ID", "dd.hu-binhson." + token + "@bdvtu.example", token},
		{"as a relay shouted it", strings.ToUpper("dd.hu-binhson." + token + "@bdvtu.example"), token},
		{"a plus tag alone", token, token},
		{"somebody else's Message-ID", "CAF+1234@mail.example", ""},
		{"one that ends like ours", "x." + token + "@mail.example", ""},
		{"a token of another length", "dd.hu." + token + "a@x", ""},
		{"signs that base32 has not", "dd.hu.abcdefghij0123456789@x", ""},
		{"nothing", "", ""},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			if got := Token(finding.Thread{Value: row.value}); got != row.want {
				t.Errorf("%q, want %q", got, row.want)
			}
		})
	}
}

// TestThreads: a token counts if it is the HMAC of a letter that was posted.
func TestThreads(t *testing.T) {
	o := newOffice(t)
	key := "invite/HU-BATO"
	token := o.Ledger.Key.LetterToken(o.Campaign.ID, key)
	err := o.Ledger.Write(t.Context(), o.now, func(tx *ledger.Tx) error {
		for _, l := range []ledger.Letter{{Key: key, Kind: "invite", Unit: "HU-BATO", Token: token},
			{Key: "invite/HU-LYSON", Kind: "invite", Unit: "HU-LYSON", Token: strings.Repeat("a", 20)}} {
			if _, err := tx.Post(l, []string{"x@x.example"}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for i, row := range []struct{ sentence, reference, want string }{
		{"an answer to our letter from a private address is the unit's", "dd.hu-bato." + token + "@bdvtu.example", "filed thread; report; HU-BATO; receipt received; report=accepted; misses appendix+model:2"},
		{"another unit's code around the token changes nothing", "dd.hu-lyson." + token + "@bdvtu.example", "filed thread; report; HU-BATO; receipt received; report=accepted; misses appendix+model:2"},
		{"a token that no letter has", "dd.hu-bato." + strings.Repeat("b", 20) + "@bdvtu.example", "held unknown_sender; report; nobody; ask_unit unknown_sender; report=accepted"},
		{"a token in the ledger that is not its letter's HMAC", "dd.hu-lyson." + strings.Repeat("a", 20) + "@bdvtu.example", "held unknown_sender; report; nobody; ask_unit unknown_sender; report=accepted"},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			mail := eml(fmt.Sprintf("nguoi%d@mail.example", i), "Trả lời", "", attached{"BC.docx", reportOf(t, "BÁO CÁO CHUNG")})
			mail = append([]byte("In-Reply-To: <"+row.reference+">\r\n"), mail...)
			if got := o.take(mail); len(got) != 1 || got[0] != row.want {
				t.Errorf("\n got %q\nwant %q", got, row.want)
			}
		})
	}
}

func TestVerify(t *testing.T) {
	for _, row := range []struct {
		sentence string
		damage   func(o *office, v *finding.Verdict) error
		want     []string // what is damaged
		missing  int
		changed  int
	}{
		{"nothing happened", func(*office, *finding.Verdict) error { return nil }, nil, 0, 0},
		{"a mail's bytes are gone", func(o *office, v *finding.Verdict) error { return os.Remove(o.kept(v.SHA256)) }, []string{"mail"}, 0, 0},
		{"a file's bytes changed", func(o *office, v *finding.Verdict) error {
			return os.WriteFile(o.kept(v.Parts[0].SHA256), []byte("x"), 0o600)
		}, []string{"file"}, 0, 0},
		{"somebody saved over a copy", func(o *office, v *finding.Verdict) error {
			return os.WriteFile(filepath.Join(o.Campaign.FilingsDir(), o.tree()[0]), []byte("x"), 0o600)
		}, nil, 0, 1},
		{"somebody removed a unit's folder", func(o *office, v *finding.Verdict) error {
			return os.RemoveAll(filepath.Join(o.Campaign.FilingsDir(), filepath.Dir(o.tree()[0])))
		}, nil, 2, 0},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			o := newOffice(t)
			o.take(eml(binhSon, "Báo cáo", "", attached{"BC.docx", reportOf(t, "A")}, attached{"MH.docx", modelOf(t, "B")}))
			before := o.tree()
			if err := row.damage(o, o.facts()[0]); err != nil {
				t.Fatal(err)
			}
			v, err := o.Verify(t.Context(), false)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, d := range v.Damage {
				got = append(got, d.What)
			}
			if !slices.Equal(got, row.want) || len(v.TreeMissing) != row.missing || len(v.TreeChanged) != row.changed || v.Repaired != 0 {
				t.Errorf("%+v", v)
			}
			if v.Facts != 1 || v.Mails != 1 || v.Files != 2 {
				t.Errorf("looked at %+v", v)
			}
			if text, _ := json.Marshal(v); bytes.Contains(text, []byte("null")) {
				t.Errorf("null in %s", text)
			}
			if v, err = o.Verify(t.Context(), true); err != nil || v.Repaired != row.missing+row.changed {
				t.Errorf("repaired %d, %v", v.Repaired, err)
			}
			if v, err = o.Verify(t.Context(), false); err != nil || len(v.TreeMissing)+len(v.TreeChanged) != 0 || !slices.Equal(o.tree(), before) {
				t.Errorf("after the repair: %+v %v", v, err)
			}
		})
	}
}

func (o *office) kept(sha string) string {
	return filepath.Join(o.Campaign.DataDir(), "archive", sha[:2], sha[2:])
}

// TestCheck reads a filled form as a mail's attachment would be read.
func TestCheck(t *testing.T) {
	o := newOffice(t)
	data := workbook(t, known.Form, func(x *excelize.File) { fillIn(x); x.SetCellValue(annexSheet, "D11", 7) })
	p, err := o.Check(t.Context(), "some/where/PL.xlsx", data)
	if err != nil || p.Name != "PL.xlsx" || p.Verdict != finding.NeedsFix || p.SHA256 == "" || p.Size != int64(len(data)) || fmt.Sprint(list([]finding.Part{p})) != "[PL.xlsx appendix C03/E]" {
		t.Errorf("%v %+v", err, p)
	}
}
