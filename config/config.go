// Package config holds what the operator declares: the letter, the deadline,
// who owes what, the ladder of reminders, the mailbox. A campaign directory is
// read strictly, once, into ready values; nothing here reads a clock, and cron
// specs stay text until schedule compiles them.
//
// The first campaign (letter 624-CV/BDVTU) is embedded in config/builtin; no
// other package knows anything of it.
package config

import (
	"path/filepath"
	"strconv"
	"time"

	"dondoc/intake/finding"
)

// Mode says whether letters go out to the units.
type Mode string

const (
	Rehearsal Mode = "rehearsal" // every letter goes to the desk alone
	Live      Mode = "live"
)

// Text is a phrase in the languages that letters are written in.
type Text struct{ VI, EN string }

// In returns the phrase in lang ("vi" or "en"), Vietnamese where English is missing.
func (t Text) In(lang string) string {
	if lang == "en" && t.EN != "" {
		return t.EN
	}
	return t.VI
}

// Campaign is one letter and everything needed to see it through.
type Campaign struct {
	Dir      string // the campaign directory
	Mode     Mode
	ID       string // "DVK-2022"; in every subject
	Language string // of letters: "vi" or "en"
	Location *time.Location

	Letter   Letter
	Parts    map[string]PartWords // by finding.Report, Appendix, Model
	Deadline Deadline
	CutOff   string // "figures as of", dd/mm/yyyy, prefilled in the form; may be empty

	Categories []Category // in the order of the letter
	Units      []Unit     // in the order of the roster; the issuer is not among them
	Issuer     *Unit      // the committee itself, if the roster names it

	Figures []Figure // the headline figures of receipts and digests

	Ladder    []Step
	Hours     Hours
	Holidays  []Holiday // besides those of the built-in calendar
	Poll      string    // cron spec
	Reminders string    // cron spec: the time of day at which a step falls due
	Digest    []string  // cron specs
	Weekly    string    // cron spec of the weekly digest; empty: none
	// ReceiptDelay is how long a unit and sender must have been quiet before
	// they are answered.
	ReceiptDelay time.Duration

	OAuth   OAuth
	Mailbox Mailbox
	SMTP    SMTP
	Desk    []string // addresses of the committee, lower case
	// PublicDomain is the right-hand side of our Message-IDs.
	PublicDomain string
	HTTP         string
	// AlarmCommand are the words of a command line that is run, with a text on
	// its standard input, when something goes wrong and when it is over; no
	// shell reads it. Empty: none.
	AlarmCommand []string
	// LibreOffice is the program that opens files of the formats we have no
	// reader for; "" leaves them to a person.
	LibreOffice string

	Form       []byte      // form.xlsx
	Enclosures []Enclosure // what goes out with the invitation
	// Templates are letter texts of the campaign's own, by file name
	// ("receipt.vi.txt"), in place of the built-in ones of notify/letter.
	Templates map[string]string
	// BadTemplates are files of templates/ that cannot be read as texts: the
	// built-in ones stay in use.
	BadTemplates Mistakes

	index    *index         // of Units; nil: they are looked for one by one
	roster   string         // "units.xlsx" or "units.csv"
	lines    map[string]int // of the top keys of campaign.yaml
	warnings Mistakes       // what Load found that need not stop anybody
}

// Letter is the official letter that asks.
type Letter struct {
	Number    string    // "624-CV/BDVTU"
	Date      time.Time // midnight, campaign's zone
	Title     Text      // its trích yếu
	Short     Text      // `báo cáo "Dân vận khéo" năm 2022`: how sentences and subjects call what is asked for
	Abbrev    string    // "DVK": first word of a digest's subject
	Issuer    Text      // "Ban Dân vận Tỉnh ủy"
	Signature Text      // "BAN DÂN VẬN TỈNH ỦY QUẢNG NGÃI"
	Office    Text      // "Phòng TH-DT&TG"
	Phone     string
	Name      Text // "Công văn số 624-CV/BDVTU ngày 03/10/2022"

	// The rest is optional: letters leave out the words, or say it generally.
	Brief   Text // Short without the year: `báo cáo "Dân vận khéo"`; Short where empty
	Doc     Text // "Công văn": how later sentences call the letter
	Period  Text // "năm 2022": what the figures are about
	Purpose Text // after "để kịp": "tổng hợp báo cáo Ban Dân vận Trung ương và Ban Thường vụ Tỉnh ủy"
	Topics  Text // what the form's own guide explains: "cách ghi cấp tỉnh, cấp huyện, cấp cơ sở; …"
	Counts  Text // what an input of the form counts: "số mô hình"
	Summary Text // "báo cáo tổng hợp chung của tỉnh": what all reports go into, for thanks
	// Official is how the official letters of the issuer look.
	Official Official
	// Outline is what the report has to contain, Contents what a write-up of a
	// model has to. Empty: the letter does not say, and nobody looks.
	Outline, Contents []Head
}

// Official is what stands around the text of an official letter of the issuer,
// so that one can be drafted for signing. All of it is optional.
type Official struct {
	Parent Text     // the body above the issuer: "TỈNH ỦY QUẢNG NGÃI"
	Body   Text     // the issuer as its letters head it: "BAN DÂN VẬN"
	Motto  Text     // over the right column: "ĐẢNG CỘNG SẢN VIỆT NAM"; with it the head has the star of Party documents
	Place  Text     // before the date: "Quảng Ngãi"
	Symbol string   // after the number: "CV/BDVTU"
	About  Text     // trích yếu of the letter that urges: "Đôn đốc gửi báo cáo …"
	Copies []string // Nơi nhận
	Signer []string // over the signature: "K/T TRƯỞNG BAN", "PHÓ TRƯỞNG BAN"
}

// Head is a section that a document has to contain, and the phrases by which
// its heading is known; without phrases its own name.
type Head struct {
	Name  string
	Words []string
}

// PartWords are the phrases by which letters speak of a part. Where models
// are counted, %s stands for how many: "giới thiệu %s mô hình".
type PartWords struct {
	Name  Text // "Báo cáo kết quả thực hiện": in lists of a receipt
	Short Text // "báo cáo", "giới thiệu %s mô hình": in running sentences
	Ask   Text // what an invitation says of it, one paragraph
	AskIf Text // the same where the category owes none: "Giới thiệu mô hình, điển hình (nếu có)."
	// More is how a receipt asks for the part when it is missing: "Phụ lục số
	// liệu: tệp Excel theo mẫu", "Giới thiệu %s mô hình, điển hình (06 nội dung
	// tại mục II.2 Công văn)". That the form is attached is added when it is.
	More  Text
	Noun  Text // for models: "mô hình, điển hình"
	Brief Text // for models in subjects, after a number: "mô hình"
	Proof Text // for models, what M04 asks for: "cấp và số, ngày văn bản công nhận, … (cấp tỉnh hoặc cấp huyện)"
}

// Deadline instants are exclusive: what arrives at Before is late.
type Deadline struct {
	Before     time.Time
	GraceUntil time.Time // zero: no grace
	Closes     time.Time // from here on nothing unasked-for is owed
}

// Obligation is what a unit owes.
type Obligation struct {
	Report   bool
	Appendix bool
	Models   int
}

// Category is a group of units, as the letter addresses them.
type Category struct {
	Code       string
	Name       Text // "Huyện, thị, thành ủy": row of the digest
	Folder     string
	Obligation Obligation
	// Outlier is the value above which one count is unusual for the group (N09); 0: never.
	Outlier float64
}

// Unit is one row of the roster (columns of units.csv).
type Unit struct {
	Code, Category      string
	Name, ShortName     string
	Aliases             []string
	Parent, District    string
	Emails              []string // lower case; the first is the unit's own
	BackupEmail         string
	Phone               string
	Obligation          Obligation // of its category, the roster's number of models applied
	Certainty, DupGroup string
	Salutation          string
	LeaderSalutation    string
	Address             string // goi_don_vi: "quý cơ quan"
	ScopeNote           string
	ScopeNoteEN         string // the same in English; empty: ScopeNote
	Order               int
	Relay               bool
	AutoRemind          bool
	Active              bool // takes part; false only for the issuer
	Undecided           bool // active is "?": takes part in a rehearsal, live mode refuses it
	Note                string
}

// Figure is one headline number: a sum of inputs, perhaps split.
type Figure struct {
	Label   Text     // "Đăng ký năm 2022"
	Short   Text     // "Đăng ký": in a digest
	Inputs  []string // defined names; * stands for one run of letters and digits
	Split   []Figure // "tập thể", "cá nhân"
	Percent string   // Label.VI of the figure that this one is given as a share of
	Of      Text     // "bằng %s số đăng ký"
}

// Step is one rung of the ladder. Exactly one of Date, Before, After is set
// for a step (invite may have Date).
type Step struct {
	Name string // "invite", "T-8", "T-1", "T+1"
	On   bool
	Date time.Time // a fixed day (midnight, campaign's zone); zero if relative
	// Days counts from the unit's own deadline day D (deadline.before), and is
	// negative before it: T-8 is -8, calendar days, moved to the working day
	// before when it falls on a day off; T is 0; T+3 is 3, working days.
	Days     int
	Only     string // "nothing": only units that have given nothing; "open": whoever still owes
	Text     string // which text: invite, notice, state, last_day, grace_day, last, escalate
	Until    string // "16:30": not sent later than this on its own day; empty: until the next step
	Approval bool   // goes out only when approved
}

// Hours are the hours of working days in which unasked-for letters go out.
type Hours struct{ From, To string } // "07:30", "16:30"

// Holiday is a day off, or with Work a day on which offices work.
type Holiday struct {
	Date time.Time
	Name string
	Work bool
}

// Mailbox says where mail is read.
type Mailbox struct {
	URL          string // imaps://user@host:993, imap+starttls://…, imap+plain:// (loopback only)
	PasswordEnv  string
	PasswordFile string
	CAFile       string
	Folders      []string
	Spam         []string // those of Folders that are spam folders
	Since        time.Time
	Move         string // folder that read mail is moved to; empty: it stays
	// Sent is the folder in which a copy of each letter is put, and in which
	// replies that a person sent by hand are noticed; SentAuto: the one that the
	// server has for sent mail; SentOff, or empty: neither is done.
	Sent       string
	AuthServID string
	Plus       bool   // the server has plus-addresses
	Address    string // the address units write to; of the SMTP From by default
	Access
}

// The words of mailbox.sent that are no folder.
const (
	SentAuto = "auto"
	SentOff  = "off"
)

// SMTP says how letters go out.
type SMTP struct {
	URL          string // smtp+starttls://…, smtps://…, smtp+plain:// (loopback only)
	From         string
	FromName     string
	PasswordEnv  string
	PasswordFile string
	CAFile       string
	// Pace is the least time between two letters that nobody asked for; PerDay
	// how many letters go out in 24 hours at most, 0: no ceiling. AnswersPerHour
	// is how many answers one address gets in an hour without having sent
	// anything new: more is a conversation between machines.
	Pace           time.Duration
	PerDay         int
	AnswersPerHour int
	Access
}

// Enclosure is a file that goes out with the invitation.
type Enclosure struct {
	Name string
	Data []byte
}

// At is the place of a top key in campaign.yaml, for mistakes that only those
// who use its value can see.
func (c *Campaign) At(key string) Mistake { return Mistake{File: campaignFile, Line: c.lines[key]} }

// Unit returns the unit with the code.
func (c *Campaign) Unit(code string) (Unit, bool) {
	if i := c.place(code); i >= 0 {
		return c.Units[i], true
	}
	return Unit{}, false
}

// Category returns the category with the code.
func (c *Campaign) Category(code string) (Category, bool) {
	for _, k := range c.Categories {
		if k.Code == code {
			return k, true
		}
	}
	return Category{}, false
}

// Group returns the units that share one dossier with the unit, the one with
// the higher obligation first (the roster's order among equals). A unit
// without a dup_group is its own group.
func (c *Campaign) Group(code string) []Unit {
	u, ok := c.Unit(code)
	if !ok {
		return nil
	}
	if u.DupGroup == "" {
		return []Unit{u}
	}
	var group []Unit
	for _, i := range c.members(u.DupGroup) {
		v := c.Units[i]
		if len(group) > 0 && v.Obligation.Weight() > group[0].Obligation.Weight() {
			group = append([]Unit{v}, group...)
		} else {
			group = append(group, v)
		}
	}
	return group
}

// Weight orders obligations.
func (o Obligation) Weight() int {
	w := o.Models * 4
	if o.Report {
		w += 2
	}
	if o.Appendix {
		w++
	}
	return w
}

// Parts lists the kinds of part that are owed.
func (o Obligation) Parts() []string {
	var parts []string
	if o.Report {
		parts = append(parts, finding.Report)
	}
	if o.Appendix {
		parts = append(parts, finding.Appendix)
	}
	if o.Models > 0 {
		parts = append(parts, finding.Model)
	}
	return parts
}

// DataDir is where the program keeps its own memory; a rehearsal keeps apart
// from the real campaign, the people's tree included.
func (c *Campaign) DataDir() string {
	if c.Mode == Live {
		return filepath.Join(c.Dir, "data")
	}
	return filepath.Join(c.Dir, "data", "rehearsal")
}

// FilingsDir is the tree by unit that people read.
func (c *Campaign) FilingsDir() string {
	if c.Mode == Live {
		return filepath.Join(c.Dir, "ho-so")
	}
	return filepath.Join(c.DataDir(), "ho-so")
}

// FormFacts are the facts about a unit that the form's rules may use, by their
// keys in the sheet _meta. A unit that shares a dossier owes what the member
// with the highest obligation owes.
func (c *Campaign) FormFacts(u Unit) map[string]string {
	owes := u.Obligation
	if group := c.Group(u.Code); len(group) > 0 {
		owes = group[0].Obligation
	}
	category, _ := c.Category(u.Category)
	return map[string]string{
		"campaign_id":     c.ID,
		"unit_code":       u.Code,
		"unit_name":       u.Name,
		"category":        u.Category,
		"expected_models": strconv.Itoa(owes.Models),
		"scope_note":      u.ScopeNote,
		"outlier":         strconv.FormatFloat(category.Outlier, 'f', -1, 64),
		"cut_off":         c.CutOff,
	}
}
