package witness

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

const (
	office  = "tiepnhan@ban.example"
	binhson = "vanthu@hubinhson.example"
	bato    = "vanthu@hubato.example"
)

var zone = time.FixedZone("+07", 7*3600)

func october(day, hour, minute int) time.Time {
	return time.Date(2022, 10, day, hour, minute, 0, 0, zone)
}

// scene is a small campaign as it looks from outside when all went well; rows
// of the tests change one thing of it.
type scene struct {
	account  *Account
	said     testimony
	tree     map[string]string // path under ho-so → content
	verdicts map[string][]verdict
	held     []string
	letters  []listed
	damage   string
	late     map[string]time.Time // mails that get their verdict only when asked
}

func newMail(from, id, subject string, header string, files ...string) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "From: <%s>\r\nTo: <%s>\r\nSubject: %s\r\nDate: Wed, 12 Oct 2022 09:30:00 +0700\r\nMessage-ID: <%s>\r\n%sMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nKinh gui.\r\n",
		from, office, subject, id, header)
	for _, f := range files {
		name, data, _ := strings.Cut(f, "=")
		fmt.Fprintf(&b, "--b\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment; filename=\"%s\"\r\nContent-Transfer-Encoding: base64\r\n\r\n%s\r\n", name, base64.StdEncoding.EncodeToString([]byte(data)))
	}
	return append(b.Bytes(), "--b--\r\n"...)
}

func newLetter(to, key, messageID, inReplyTo, text string) []byte {
	if inReplyTo != "" {
		inReplyTo = "In-Reply-To: <" + inReplyTo + ">\r\n"
	}
	return fmt.Appendf(nil, "From: <%s>\r\nTo: <%s>\r\nSubject: x\r\nMessage-ID: <%s>\r\nX-Dondoc-Key: %s\r\nAuto-Submitted: auto-generated\r\n%sContent-Type: text/plain; charset=utf-8\r\n\r\n%s\r\n", office, to, messageID, key, inReplyTo, text)
}

var (
	whole    = newMail(binhson, "1@hubinhson.example", "Bao cao", "", "bao cao.docx=bao cao", "phu luc.xlsx=phu luc")
	question = newMail(bato, "2@hubato.example", "Hoi ve mau", "")
	away     = newMail(bato, "3@hubato.example", "Tra loi tu dong", "Auto-Submitted: auto-replied\r\n")
	stranger = newMail("nguoila@mail.example", "4@mail.example", "Chao hang", "")
)

// kept is a verdict with its parts.
func kept(raw []byte, as, unit, reply string) verdict {
	v := verdict{ID: ID(raw), Verdict: as, Reason: "registered_sender", Class: "report", Decided: october(12, 9, 31), Reply: reply}
	if unit != "" {
		v.Unit = &unit
	}
	for _, f := range parse(raw).files {
		v.Parts = append(v.Parts, struct {
			SHA256 string `json:"sha256"`
			Kind   string `json:"kind"`
		}{sum(f.data), "report"})
	}
	return v
}

func newScene() *scene {
	s := &scene{late: map[string]time.Time{}, tree: map[string]string{}, verdicts: map[string][]verdict{}}
	s.account = New(Campaign{Zone: zone, Office: office, Desk: []string{"phong@ban.example"}, Poll: time.Minute, Units: []Unit{
		{Code: "HU-BINHSON", Addresses: []string{binhson}, AutoRemind: true}, {Code: "HU-BATO", Addresses: []string{bato}, AutoRemind: true},
	}})
	s.account.Ordered(october(4, 7, 30), "invite", "--yes")
	s.send(october(4, 7, 31), binhson, "invite/HU-BINHSON", "", "Mau.")
	s.send(october(4, 7, 31), bato, "invite/HU-BATO", "", "Mau.")
	s.account.Put(Mail{Raw: whole, At: october(12, 9, 30), Completes: true})
	s.account.Put(Mail{Raw: question, At: october(12, 9, 30)})
	s.account.Put(Mail{Raw: away, At: october(12, 9, 30)})
	s.account.Put(Mail{Raw: stranger, At: october(12, 9, 30)})
	s.verdicts[ID(whole)] = []verdict{kept(whole, "filed", "HU-BINHSON", "receipt")}
	s.verdicts[ID(question)] = []verdict{kept(question, "held", "", "acknowledge")}
	s.verdicts[ID(away)] = []verdict{kept(away, "ignored", "", "none")}
	s.verdicts[ID(stranger)] = []verdict{kept(stranger, "held", "", "none")}
	s.held = []string{ID(question), ID(stranger)}
	s.tree["4-huyen/HU-BINHSON Huyện ủy Bình Sơn/HU-BINHSON_bao-cao_lan1.docx"] = "bao cao"
	s.tree["4-huyen/HU-BINHSON Huyện ủy Bình Sơn/HU-BINHSON_phu-luc_lan1.xlsx"] = "phu luc"
	s.send(october(12, 9, 31), binhson, "receipt/"+ID(whole), "1@hubinhson.example", "Ma tiep nhan "+ID(whole)[:5]+`: "bao cao.docx"`, ID(whole))
	s.send(october(12, 9, 31), bato, "acknowledge/"+ID(question), "2@hubato.example", "Da nhan.", ID(question))
	s.send(october(17, 7, 31), bato, "remind/HU-BATO/T-3", "", "Con thieu.")
	s.said.units = map[string]standing{"HU-BINHSON": {Code: "HU-BINHSON", State: "complete"}, "HU-BATO": {Code: "HU-BATO", State: "none", Missing: []string{"report"}}}
	s.said.past = map[time.Time]map[string]standing{}
	return s
}

// send lets a letter go out and be recorded.
func (s *scene) send(at time.Time, to, key, inReplyTo, text string, answers ...string) {
	id := strings.ReplaceAll(key, "/", ".") + "@ban.example"
	s.account.Took(Letter{To: to, At: at, Raw: newLetter(to, key, id, inReplyTo, text)})
	kind, rest, _ := strings.Cut(key, "/")
	unit, _, _ := strings.Cut(rest, "/")
	l := listed{Key: key, Kind: kind, MessageID: "<" + id + ">", Reason: "due", Answers: answers}
	if slices.Contains(unasked, kind) {
		l.Unit = &unit
	}
	l.Deliveries = append(l.Deliveries, struct {
		Address string `json:"address"`
		Outcome string `json:"outcome"`
	}{to, "accepted"})
	s.letters = append(s.letters, l)
}

// listing is a letter of the record, to be changed.
func (s *scene) listing(key string) *listed {
	return &s.letters[slices.IndexFunc(s.letters, func(l listed) bool { return l.Key == key })]
}

// ask plays the program.
func (s *scene) ask(t *testing.T) Ask {
	return func(dir string, args ...string) ([]byte, int) {
		var out bytes.Buffer
		e := json.NewEncoder(&out)
		at := time.Time{}
		if i := slices.Index(args, "--now"); i >= 0 {
			var err error
			if at, err = time.Parse(time.RFC3339Nano, args[i+1]); err != nil {
				t.Fatal(err)
			}
		}
		switch args[0] {
		case "status":
			units := s.said.units
			for when, then := range s.said.past {
				if when.Equal(at) {
					units = then
				}
			}
			var all []standing
			for _, u := range units {
				all = append(all, u)
			}
			e.Encode(map[string]any{"units": all})
		case "letters":
			for _, l := range s.letters {
				e.Encode(l)
			}
		case "held":
			for _, id := range s.held {
				e.Encode(verdict{ID: id})
			}
		case "verify":
			if s.damage == "" {
				s.damage = "[]"
			}
			fmt.Fprintf(&out, `{"damage":%s,"tree_missing":[],"tree_changed":[]}`, s.damage)
		case "ingest":
			files, err := os.ReadDir(args[len(args)-1])
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range files {
				id := strings.TrimSuffix(f.Name(), ".eml")
				for _, v := range s.verdicts[id] {
					if _, late := s.late[id]; late {
						v.Decided = at
					}
					e.Encode(v)
				}
			}
		default:
			t.Fatalf("dondoc %q", args)
		}
		return out.Bytes(), 0
	}
}

func (s *scene) check(t *testing.T) []Finding {
	t.Helper()
	dir := t.TempDir()
	for path, text := range s.tree {
		path = filepath.Join(dir, "ho-so", filepath.FromSlash(path))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.account.Hear(dir, october(18, 8, 0), s.ask(t)); err != nil {
		t.Fatal(err)
	}
	return s.account.Check()
}

const folder = "4-huyen/HU-BINHSON Huyện ủy Bình Sơn/"

// TestWitness plants one fault in each row, which the witness has to find, and
// which alone it may find.
// stands makes the program say where a unit stood at each of the times.
func (s *scene) stands(u standing, at ...time.Time) {
	for _, t := range at {
		s.said.past[t] = map[string]standing{u.Code: u}
	}
}

func TestWitness(t *testing.T) {
	repeat := func(s *scene, change func(raw []byte) []byte) {
		s.account.Took(Letter{To: bato, At: october(4, 7, 32), Raw: change(newLetter(bato, "invite/HU-BATO", "invite.HU-BATO@ban.example", "", "Mau."))})
	}
	same := func(raw []byte) []byte { return raw }
	copied := append([]byte("Received: by a.example\r\n"), whole...)
	for _, row := range []struct {
		sentence string
		plant    func(*scene)
		kind     Kind
		says     string
	}{
		{"all went well", func(*scene) {}, "", ""},

		{"a mail was never judged", func(s *scene) { delete(s.verdicts, ID(stranger)) }, Lost, "has no verdict"},
		{"a mail is judged only when somebody asks for it", func(s *scene) { s.late[ID(away)] = time.Time{} }, Lost, "has no verdict"},
		{"a mail has two verdicts", func(s *scene) {
			s.verdicts[ID(away)] = append(s.verdicts[ID(away)], kept(away, "ignored", "", "none"))
		}, Lost, "has 2 verdicts"},
		{"a mail waits for a person who is not told", func(s *scene) { s.held = s.held[:1] }, Lost, "held does not list it"},
		{"unless the desk has dealt with it", func(s *scene) {
			s.account.Ordered(october(17, 9, 0), "held", "done", s.held[1])
			s.held = s.held[:1]
		}, "", ""},
		{"a person's mail is thrown away", func(s *scene) { s.verdicts[ID(stranger)][0].Verdict = "ignored" }, Lost, "of a person is ignored"},
		{"a mail is taken for a copy of another one", func(s *scene) {
			v := &s.verdicts[ID(stranger)][0]
			v.Verdict, v.Class, v.DuplicateOf = "ignored", "duplicate", ID(question)
		}, Lost, "which is another mail"},
		{"a copy that came by another way is ignored", func(s *scene) {
			s.account.Put(Mail{Raw: copied, At: october(12, 9, 40)})
			v := kept(copied, "ignored", "", "none")
			v.Class, v.DuplicateOf = "duplicate", ID(whole)
			s.verdicts[ID(copied)] = []verdict{v}
		}, "", ""},
		{"a file is gone", func(s *scene) { delete(s.tree, folder+"HU-BINHSON_bao-cao_lan1.docx") }, Lost, `"bao cao.docx"`},
		{"a file is not as it was sent", func(s *scene) { s.tree[folder+"HU-BINHSON_bao-cao_lan1.docx"] = "bao caO" }, Lost, `"bao cao.docx"`},
		{"a file of a container, of which the story tells, is gone", func(s *scene) {
			packed := newMail(binhson, "8@hubinhson.example", "Gui them", "", "bao cao.zip=PK")
			s.account.Put(Mail{Raw: packed, At: october(12, 9, 40), Files: [][]byte{[]byte("ben trong")}})
			s.verdicts[ID(packed)] = []verdict{kept(packed, "filed", "HU-BINHSON", "receipt")}
			s.listing("receipt/" + ID(whole)).Answers = []string{ID(whole), ID(packed)}
		}, Lost, "is not in ho-so"},
		{"who gave all is said to owe", func(s *scene) {
			s.said.units["HU-BINHSON"] = standing{Code: "HU-BINHSON", State: "partial", Missing: []string{"model:1"}}
		}, Lost, "says that it owes model:1"},

		{"a mail and its copy count", func(s *scene) {
			s.account.Put(Mail{Raw: copied, At: october(12, 9, 40)})
			s.verdicts[ID(copied)] = []verdict{kept(copied, "filed", "HU-BINHSON", "receipt")}
			s.listing("receipt/" + ID(whole)).Answers = []string{ID(whole), ID(copied)}
		}, FiledTwice, "both count"},
		{"a file lies twice in the unit's folder", func(s *scene) { s.tree[folder+"HU-BINHSON_bao-cao_lan2.docx"] = "bao cao" }, FiledTwice, "2 copies"},
		{"a new mail brings the same file again", func(s *scene) {
			again := newMail(binhson, "5@hubinhson.example", "Gui lai", "", "bao cao.docx=bao cao")
			s.account.Put(Mail{Raw: again, At: october(12, 9, 40)})
			s.verdicts[ID(again)] = []verdict{kept(again, "filed", "HU-BINHSON", "receipt")}
			s.tree[folder+"HU-BINHSON_bao-cao_lan2.docx"] = "bao cao"
			s.listing("receipt/" + ID(whole)).Answers = []string{ID(whole), ID(again)}
		}, "", ""},

		{"a letter was written twice", func(s *scene) {
			s.account.Cut(1)
			repeat(s, func(raw []byte) []byte { return bytes.Replace(raw, []byte("Mau."), []byte("Mau!"), 1) })
		}, LetterTwice, "in other bytes"},
		{"a letter is repeated though nothing was cut", func(s *scene) { repeat(s, same) }, LetterTwice, "only 0 cuts"},
		{"a letter is repeated after a cut", func(s *scene) { s.account.Cut(1); repeat(s, same) }, "", ""},
		{"a letter is repeated twice after one cut", func(s *scene) { s.account.Cut(1); repeat(s, same); repeat(s, same) }, LetterTwice, "2 letters were repeated"},
		{"two letters have one Message-ID", func(s *scene) {
			s.send(october(13, 9, 0), bato, "confirm/X", "", "x")
			last := s.account.letters[len(s.account.letters)-1]
			last.messageID = "acknowledge." + ID(question) + "@ban.example"
			s.listing("confirm/X").MessageID = last.messageID
		}, LetterTwice, "two letters with the Message-ID"},

		{"a mail is filed for another unit", func(s *scene) {
			s.verdicts[ID(whole)] = []verdict{kept(whole, "filed", "HU-BATO", "receipt")}
			s.tree = map[string]string{"4-huyen/HU-BATO Ba To/a.docx": "bao cao", "4-huyen/HU-BATO Ba To/b.xlsx": "phu luc"}
		}, WrongUnit, "is filed for HU-BATO"},
		{"a file lies in another unit's folder", func(s *scene) { s.tree["4-huyen/HU-BATO Ba To/a.docx"] = "bao cao" }, WrongUnit, "is a file of HU-BINHSON"},
		{"a file bears another unit's name", func(s *scene) {
			delete(s.tree, folder+"HU-BINHSON_bao-cao_lan1.docx")
			s.tree[folder+"HU-BATO_bao-cao_lan1.docx"] = "bao cao"
		}, WrongUnit, "is named after HU-BATO"},
		{"the desk gave the mail to another unit", func(s *scene) {
			s.account.Ordered(october(12, 10, 0), "held", "assign", ID(whole), "HU-BATO")
			s.tree = map[string]string{"4-huyen/HU-BATO Ba To/a.docx": "bao cao", "4-huyen/HU-BATO Ba To/b.xlsx": "phu luc"}
		}, "", ""},
		{"what a person has to decide is decided", func(s *scene) { s.account.mails[0].Asks = true }, WrongUnit, "a person has to be asked"},
		{"a letter goes to another unit", func(s *scene) { s.send(october(12, 9, 50), bato, "resumed/HU-BINHSON/1", "", "x") }, WrongUnit, "went to " + bato},

		{"who gave all is reminded", func(s *scene) { s.send(october(17, 7, 31), binhson, "remind/HU-BINHSON/T-3", "", "Con thieu.") }, Nagged, "had given all with mail"},
		{"a reminder crosses a mail that had just come", func(s *scene) {
			s.account.mails[0].At = october(17, 7, 30).Add(30 * time.Second)
			s.send(october(17, 7, 31), binhson, "remind/HU-BINHSON/T-3", "", "Con thieu.")
			s.said.past[october(17, 7, 30)] = map[string]standing{"HU-BINHSON": {Code: "HU-BINHSON", State: "none"}}
		}, "", ""},
		{"a unit is reminded that status calls complete", func(s *scene) {
			s.said.past[october(17, 7, 30)] = map[string]standing{"HU-BATO": {Code: "HU-BATO", State: "complete"}}
		}, Nagged, "owed nothing"},
		{"a paused unit is reminded", func(s *scene) {
			s.stands(standing{Code: "HU-BATO", State: "none", Paused: true}, october(17, 7, 30), october(17, 7, 31))
		}, Nagged, "were paused"},
		{"a pause ended just before the reminder", func(s *scene) {
			s.stands(standing{Code: "HU-BATO", State: "none", Paused: true}, october(17, 7, 30))
			s.stands(standing{Code: "HU-BATO", State: "none"}, october(17, 7, 31))
		}, "", ""},
		{"a unit is reminded while a person looks at its mail", func(s *scene) {
			s.stands(standing{Code: "HU-BATO", State: "none", Held: []string{"7K3M5-QXA2P"}}, october(17, 7, 30), october(17, 7, 31))
		}, Nagged, "waited for a person"},
		{"the desk settled its mail just before the reminder", func(s *scene) {
			s.stands(standing{Code: "HU-BATO", State: "none", Held: []string{"7K3M5-QXA2P"}}, october(17, 7, 30))
			s.stands(standing{Code: "HU-BATO", State: "none"}, october(17, 7, 31))
		}, "", ""},
		{"a unit is reminded that is only telephoned", func(s *scene) { s.account.campaign.Units[1].AutoRemind = false }, Nagged, "not to be reminded by mail"},
		{"a unit has two letters in a day", func(s *scene) { s.send(october(17, 16, 0), bato, "remind/HU-BATO/T-1", "", "Con thieu.") }, Nagged, "two letters that nobody asked for"},

		{"a question is not answered", func(s *scene) { s.drop("acknowledge/" + ID(question)) }, Unanswered, "was not answered"},
		{"the answer went to somebody else", func(s *scene) { s.redirect("acknowledge/"+ID(question), "lanhdao@ban.example") }, Unanswered, "was not answered"},
		{"a stranger sent papers and hears nothing", func(s *scene) {
			papers := newMail("nguoila@mail.example", "6@mail.example", "Bao cao", "", "bao cao.docx=cua ai")
			s.account.Put(Mail{Raw: papers, At: october(12, 9, 40)})
			s.verdicts[ID(papers)] = []verdict{kept(papers, "held", "", "none")}
			s.held = append(s.held, ID(papers))
			s.tree["_cho-xu-ly/"+ID(papers)+"/bao cao.docx"] = "cua ai"
		}, Unanswered, "was not answered"},
		{"a second question within a day is answered by the first letter", func(s *scene) {
			again := newMail(bato, "7@hubato.example", "Hoi them", "")
			s.account.Put(Mail{Raw: again, At: october(12, 15, 0)})
			v := kept(again, "held", "", "none")
			v.ReplyReason = "acknowledged_within_a_day"
			s.verdicts[ID(again)] = []verdict{v}
			s.held = append(s.held, ID(again))
		}, "", ""},
		{"a second question is silenced by a receipt that said nothing of the first", func(s *scene) {
			s.drop("acknowledge/" + ID(question))
			s.send(october(12, 9, 31), bato, "receipt/"+ID(question), "2@hubato.example", "Ma tiep nhan "+ID(question)[:5], ID(question))
			again := newMail(bato, "7@hubato.example", "Hoi them", "")
			s.account.Put(Mail{Raw: again, At: october(12, 15, 0)})
			v := kept(again, "held", "", "none")
			v.ReplyReason = "acknowledged_within_a_day"
			s.verdicts[ID(again)] = []verdict{v}
			s.held = append(s.held, ID(again))
		}, Unanswered, "acknowledged_within_a_day"},
		{"a person has answered the question from the mail program", func(s *scene) {
			s.drop("acknowledge/" + ID(question))
			s.account.Replied([]byte("From: <" + office + ">\r\nIn-Reply-To: <2@hubato.example>\r\n\r\nXin tra loi.\r\n"))
		}, "", ""},
		{"the desk has set the question aside", func(s *scene) {
			s.account.Ordered(october(12, 9, 35), "held", "reject", ID(question)[:5])
			s.drop("acknowledge/" + ID(question))
			s.held = s.held[1:]
		}, "", ""},
		{"a receipt does not say what it is about", func(s *scene) {
			s.retell("receipt/"+ID(whole), "Da nhan.")
		}, Unanswered, "names neither"},

		{"an absent clerk's machine is answered", func(s *scene) {
			s.send(october(12, 9, 50), bato, "acknowledge/"+ID(away), "3@hubato.example", "Da nhan.", ID(away))
		}, MachineAnswered, "answers the machine's mail"},
		{"we write to ourselves", func(s *scene) { s.send(october(12, 9, 50), office, "acknowledge/X", "", "x") }, MachineAnswered, "went to"},
		{"a mail that says nothing of it was sent by a machine", func(s *scene) { s.account.mails[1].By = Machine }, MachineAnswered, "answers the machine's mail"},

		{"a letter is not in the record", func(s *scene) {
			s.letters = slices.DeleteFunc(s.letters, func(l listed) bool { return l.Key == "invite/HU-BATO" })
		}, Misrecorded, "is not in letters"},
		{"a letter is listed twice", func(s *scene) { s.letters = append(s.letters, s.letters[0]) }, Misrecorded, "twice"},
		{"a letter has no reason", func(s *scene) { s.listing("invite/HU-BATO").Reason = "" }, Misrecorded, "no reason"},
		{"a letter has another Message-ID than the record says", func(s *scene) { s.listing("invite/HU-BATO").MessageID = "<x@ban.example>" }, Misrecorded, "has the Message-ID"},
		{"a letter that went out waits", func(s *scene) { s.listing("invite/HU-BATO").Deliveries[0].Outcome = "waiting" }, Misrecorded, "letters says waiting"},
		{"a letter that never went out is said to have been accepted", func(s *scene) {
			s.listing("invite/HU-BATO").Deliveries = append(s.listing("invite/HU-BATO").Deliveries, struct {
				Address string `json:"address"`
				Outcome string `json:"outcome"`
			}{binhson, "accepted"})
		}, Misrecorded, "which it did not"},
		{"verify finds damage", func(s *scene) { s.damage = `[{"what":"fact","id":"7","detail":"was changed"}]` }, Misrecorded, "fact 7: was changed"},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			t.Parallel()
			s := newScene()
			row.plant(s)
			all := s.check(t)
			switch {
			case row.kind == "" && len(all) > 0:
				t.Errorf("it finds %q", all)
			case row.kind != "" && !slices.ContainsFunc(all, func(f Finding) bool { return f.Kind == row.kind && strings.Contains(f.EN, row.says) }):
				t.Errorf("it finds %q, want %s: …%s…", all, row.kind, row.says)
			case slices.ContainsFunc(all, func(f Finding) bool { return f.Kind != row.kind }):
				t.Errorf("it finds more than was planted: %q", all)
			}
			for _, f := range all {
				if strings.Contains(f.VI+f.EN, "%!") {
					t.Errorf("%q", f)
				}
			}
		})
	}
}

// drop takes a letter back that was sent.
func (s *scene) drop(key string) {
	s.letters = slices.DeleteFunc(s.letters, func(l listed) bool { return l.Key == key })
	s.account.letters = slices.DeleteFunc(s.account.letters, func(l *letter) bool { return l.key == key })
}

// redirect sends a letter to somebody else.
func (s *scene) redirect(key, to string) {
	for _, l := range s.account.letters {
		if l.key == key {
			l.To = to
		}
	}
	s.listing(key).Deliveries[0].Address = to
}

// retell makes a letter say something else.
func (s *scene) retell(key, text string) {
	for _, l := range s.account.letters {
		if l.key == key {
			l.text = text
		}
	}
}

// TestAnAccountThatNobodyKeeps: stories without a witness need not ask.
func TestAnAccountThatNobodyKeeps(t *testing.T) {
	var a *Account
	a.Put(Mail{Raw: whole})
	a.Took(Letter{})
	a.Ordered(time.Time{}, "status")
	a.Replied(nil)
	a.Cut(1)
	if a.Clone() != nil {
		t.Error("a clone of nothing is something")
	}
}

// TestHearSaysWhatWentWrong: a program that cannot speak is no program without
// findings.
func TestHearSaysWhatWentWrong(t *testing.T) {
	for _, row := range []struct {
		sentence string
		out      string
		code     int
	}{
		{"it fails", `{}`, 1},
		{"it talks nonsense", `chưa đúng`, 0},
		{"it stops in the middle", `{"units":[`, 0},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			a := New(Campaign{Zone: zone})
			if err := a.Hear(t.TempDir(), october(12, 0, 0), func(string, ...string) ([]byte, int) { return []byte(row.out), row.code }); err == nil {
				t.Error("nothing was said")
			}
		})
	}
}
