package letter

import (
	"embed"
	"errors"
	"fmt"
	"strings"
	"sync"
	"text/template"
	"time"

	"dondoc/config"
	"dondoc/intake/finding"
)

//go:embed templates
var files embed.FS

// view is what the templates see: every value already a phrase in the
// letter's language, every foreign string already clean. A template decides
// which sentence stands where; a view never holds a whole sentence, except
// those that are the same in every letter.
type view struct {
	f    Facts
	c    *config.Campaign
	now  time.Time // in the campaign's zone
	Lang string

	// Of the campaign.
	Issuer, Signature, Office, Phone, Address string
	Letter, Doc, Short, Brief, Abbrev         string
	Period, Purpose, Topics                   string

	// Of the unit.
	To   string // Kính gửi
	Unit string
	// UnitShort is for subjects that Unit makes too long.
	UnitShort string
	You       string // "quý địa phương"
	Scope     string
	CutOff    string
	Shared    string // "A và B" if they share one dossier

	// Of the mails answered.
	Receipts string // "7K3M5", or several
	Receipt  string // of the newest
	At       string // "09 giờ 15 phút, thứ Hai, ngày 17/10/2022"
	When     string // "09 giờ 15 phút, ngày 17/10/2022"
	GotDay   string // "17/10/2022"
	Several  bool
	Files    string // how many, "03"
	From     string // the address, masked
	Claimed  bool
	Class    string
	Store    string // of acknowledge: the file store that a mail without files points at

	Form     string // file name of the attached form; "" if it is not
	WriteUp  string // file name of the attached Word form for models; "" if it is not
	Marked   string // file name of the attached marked workbook; "" if it is not
	Enclosed int
	StepText string
	Last     bool   // the last reminder that goes out by itself
	Decision string // cause of the extension, for resumed: "thien-tai"
	Cause    string
	heard
	Sent      string // day of the corrections letter
	Suggested string // candidates of ask_unit: "A hoặc B"
	Example   string // a unit's name, as an example

	dossier
	// Of what the committee decided.
	Outcome string
	Was     string // the deadline told before
	// Registered is where the unit's letters go from now on.
	Registered string
	official

	Digest *digestView
	Week   *weekView
	Alarm  *alarmView
	Orders *orders // of acknowledge, to the desk
}

func newView(f Facts) (*view, error) {
	c := f.Campaign
	if c == nil {
		return nil, errors.New("no campaign")
	}
	if f.Now.IsZero() {
		return nil, errors.New("no time")
	}
	loc := c.Location
	if loc == nil {
		loc = time.UTC
	}
	lang := f.Lang
	if lang == "" {
		lang = c.Language
	}
	if lang != "en" {
		lang = "vi"
	}
	if f.room == 0 {
		f.room = maxItems
	}
	v := &view{f: f, c: c, now: f.Now.In(loc), Lang: lang}
	if v.f.Deadline.At.IsZero() {
		v.f.Deadline.At = c.Deadline.Before
	}
	v.f.Deadline.At = v.f.Deadline.At.In(loc)
	v.f.Deadline.CorrectBy = v.f.Deadline.CorrectBy.In(loc)

	l := c.Letter
	v.Issuer, v.Signature, v.Office = v.word(l.Issuer), v.word(l.Signature), v.word(l.Office)
	v.Letter, v.Short, v.Brief = v.word(l.Name), v.word(l.Short), v.word(l.Brief)
	v.Period, v.Purpose, v.Topics, v.Doc = v.word(l.Period), v.word(l.Purpose), v.word(l.Topics), v.word(l.Doc)
	if v.Signature == "" {
		v.Signature = strings.ToUpper(v.Issuer)
	}
	if v.Brief == "" {
		v.Brief = v.Short
	}
	if v.Doc == "" {
		v.Doc = map[string]string{"vi": "văn bản", "en": "the letter"}[lang]
	}
	v.Phone, v.Abbrev, v.CutOff = tidy(l.Phone), tidy(l.Abbrev), tidy(c.CutOff)
	if v.Abbrev == "" {
		v.Abbrev = tidy(c.ID)
	}
	if v.Address = tidy(c.Mailbox.Address); v.Address == "" {
		v.Address = tidy(c.SMTP.From)
	}

	if cut, err := time.Parse("02/01/2006", v.CutOff); err == nil {
		v.CutOff = day(lang, cut)
	}

	v.addressee()
	v.mails()
	v.heard = v.hear()
	v.Form, v.WriteUp, v.Marked = clean(f.FormFile), clean(f.WriteUpFile), clean(f.MarkedFile)
	for _, name := range f.Enclosures {
		if name != f.WriteUpFile {
			v.Enclosed++
		}
	}
	v.StepText, v.Last, v.Cause = f.Step.Text, f.Last, clean(f.Cause)
	if !f.CorrectionsSent.IsZero() {
		v.Sent = day(lang, f.CorrectionsSent.In(loc))
	}
	if f.Standing != nil && f.Standing.ExtendedBy != nil {
		v.Decision = f.Standing.ExtendedBy.Cause
	}
	var names []string
	for _, u := range f.Candidates {
		names = append(names, tidy(u.Name))
	}
	v.Suggested, v.Example = or(lang, names), v.example()
	return v, v.check()
}

// WrongFile is the sentence about a file that names another unit than the one
// the mail came from; empty if that is not what is asked.
func (v *view) WrongFile() string {
	for _, m := range v.f.Mails {
		for _, p := range m.Parts {
			for _, q := range p.Problems {
				if q.Code == "S08" && q.Args["dv_mau"] != "" && q.Args["dv_gui"] != "" {
					return Problem(v.c, v.Lang, q)
				}
			}
		}
	}
	return ""
}

// Restricted is what is said of a mail with classified content, of which not a
// word may be repeated; empty of any other.
func (v *view) Restricted() string {
	for _, m := range v.f.Mails {
		for _, p := range m.Parts {
			for _, q := range p.Problems {
				if q.Code == "R07" {
					return Problem(v.c, v.Lang, q)
				}
			}
		}
	}
	return ""
}

// Local reports whether the unit is addressed as a locality.
func (v *view) Local() bool { return strings.Contains(v.You, "địa phương") }

// check refuses facts that contradict the kind; these are mistakes of ours.
func (v *view) check() error {
	f := v.f
	switch f.Kind {
	case Invite, Remind, Receipt, Corrections, Confirm, Resumed, Extended, Escalate, Thanks, Registered, draft:
		if f.Unit == nil {
			return errors.New("no unit")
		}
	}
	switch f.Kind {
	case Receipt, Corrections, AskUnit, Confirm, Acknowledge, Registered:
		if len(f.Mails) == 0 {
			return errors.New("answers no mail")
		}
	}
	switch f.Kind {
	case Receipt, Corrections, Remind, Resumed, Extended, Escalate, Thanks, draft:
		if f.Standing == nil {
			return errors.New("no standing")
		}
		v.dossier = v.readDossier()
	case Acknowledge:
		if commanded(f) {
			v.Orders = newOrders(v)
		}
		if f.Standing != nil {
			v.dossier = v.readDossier()
		}
	}
	switch f.Kind {
	case Invite, AskUnit, Confirm, Receipt, Corrections, Acknowledge:
	case Remind:
		if len(v.Missing) == 0 && len(v.Items) == 0 {
			return errors.New("nothing is owed")
		}
	case Resumed:
		if !f.Deadline.Extended {
			return errors.New("no new deadline")
		}
	case Extended:
		return v.outcome()
	case Registered:
		if v.Registered = clean(f.Outcome.Address); v.Registered == "" {
			return errors.New("no address")
		}
	case Escalate, Thanks:
		return v.signedLetter()
	case draft:
		if len(v.Missing) == 0 {
			return errors.New("nothing is missing")
		}
		v.officialWords()
	case DigestKind:
		switch {
		case f.Week != nil:
			v.Week = newWeek(v)
		case f.Digest != nil:
			v.Digest = newDigest(v)
		default:
			return errors.New("no digest")
		}
	case AlarmKind:
		if f.Alarm == nil {
			return errors.New("no alarm")
		}
		v.Alarm = newAlarm(v)
	default:
		return fmt.Errorf("unknown kind %q", f.Kind)
	}
	return nil
}

func (v *view) word(t config.Text) string { return tidy(t.In(v.Lang)) }

// part is the words for a kind of part, with the campaign's or general ones.
func (v *view) part(kind string) config.PartWords { return v.c.Parts[kind] }

// addressee fills in how the unit is called.
func (v *view) addressee() {
	u := v.f.Unit
	if u == nil {
		v.To = map[string]string{"vi": "Quý cơ quan, đơn vị", "en": "To whom it may concern"}[v.Lang]
		return
	}
	v.Unit, v.You, v.Scope = tidy(u.Name), tidy(u.Address), tidy(u.ScopeNote)
	if en := tidy(u.ScopeNoteEN); en != "" && v.Lang == "en" {
		v.Scope = en
	}
	v.UnitShort = shortName(*u)
	if v.You == "" {
		v.You = "quý đơn vị"
	}
	v.To = salutation(*u)
	if len(v.f.Group) < 2 {
		return
	}
	var names []string
	for _, m := range v.f.Group {
		names = append(names, tidy(m.Name))
	}
	v.Shared = and(v.Lang, names)
	// What nobody asked for goes to every member and speaks to each of them;
	// an answer speaks to the one that wrote.
	if v.f.Kind == Invite || v.f.Kind == Remind || v.f.Kind == Resumed || v.f.Kind == Extended || v.f.Kind == Escalate || v.f.Kind == Thanks {
		var to []string
		for _, m := range v.f.Group {
			to = append(to, salutation(m))
		}
		v.To = strings.Join(to, "; ")
	}
}

func salutation(u config.Unit) string {
	if s := tidy(u.Salutation); s != "" {
		return s
	}
	return tidy(u.Name)
}

// mails fills in what is said of the mails answered.
func (v *view) mails() {
	if len(v.f.Mails) == 0 {
		return
	}
	var ids []string
	files := 0
	for _, m := range v.f.Mails {
		ids = append(ids, receiptNumber(m.ID))
		v.Claimed = v.Claimed || m.Claimed
		for _, p := range m.Parts {
			if p.Kind != finding.Decoration && p.Name != "" {
				files++
			}
		}
	}
	last := v.f.Mails[len(v.f.Mails)-1]
	at := last.Received.In(v.now.Location())
	v.Receipt, v.Receipts, v.Several = ids[len(ids)-1], strings.Join(ids, ", "), len(ids) > 1
	v.At = hour(v.Lang, at) + ", " + weekday(v.Lang, at)
	v.When, v.GotDay = moment(v.Lang, at), day(v.Lang, at)
	v.From, v.Class = mask(last.From), last.Class
	if files > 0 {
		v.Files = count(v.Lang, files)
	} else {
		v.Store = v.store()
	}
}

// receiptNumber is how people call an arrival: the first five characters of
// its id.
func receiptNumber(id string) string {
	id, _, _ = strings.Cut(tidy(id), "-")
	if len(id) > 5 {
		id = id[:5]
	}
	return id
}

// mask hides most of an address: enough to recognise one's own, too little to
// learn somebody else's.
func mask(address string) string {
	local, domain, ok := strings.Cut(clean(address), "@")
	if !ok || local == "" {
		return "***"
	}
	return string([]rune(local)[:1]) + "***@" + domain
}

// example is a unit's name that shows what kind of answer is asked for. It is
// not one of those in question, and none that forwards other units' mail: a
// hasty reader might copy it.
func (v *view) example() string {
	for _, u := range v.c.Units {
		asked := u.Relay || !u.AutoRemind // nor one that is spared letters
		for _, c := range v.f.Candidates {
			asked = asked || c.Code == u.Code
		}
		if !asked {
			return tidy(u.Name)
		}
	}
	return ""
}

// tokens are the codes at the end of the subject: campaign, then unit, or the
// receipt number while the unit is not known.
func (v *view) tokens() string {
	t := "[" + tidy(v.c.ID) + "]"
	switch {
	case v.f.Kind == DigestKind || v.f.Kind == AlarmKind:
	case v.f.Kind == AskUnit:
		t += "[" + v.Receipt + "]"
	case v.f.Unit != nil:
		t += "[" + tidy(v.f.Unit.Code) + "]"
	case v.Receipt != "":
		t += "[" + v.Receipt + "]"
	}
	return t
}

// Tokens is tokens for the foot of a letter.
func (v *view) Tokens() string { return v.tokens() }

// ToUnit reports whether the letter goes to somebody outside the committee.
func (v *view) ToUnit() bool {
	return v.f.Kind != DigestKind && v.f.Kind != AlarmKind && v.f.Kind != draft && !commanded(v.f)
}

// template names the text. What the mails brought decides, not only the kind:
// a receipt with something to mend is a letter of corrections, and a single
// file that cannot be used has a letter of its own.
func (v *view) template() string {
	switch v.f.Kind {
	case DigestKind:
		if v.f.Week != nil {
			return "weekly"
		}
	case Acknowledge:
		if commanded(v.f) {
			return "orders"
		}
	case Receipt, Corrections:
		switch {
		case v.Unusable != nil:
			return "unusable"
		case len(v.Items) > 0:
			return Corrections
		}
		return Receipt
	case Extended:
		// After a disaster the committee speaks of that and of no request.
		if v.Decision == "thien-tai" && (v.Outcome == Granted || v.Outcome == Decided) {
			return Resumed
		}
	}
	return v.f.Kind
}

// write executes a template: the campaign's own if it brings one that can be
// used. fault says why it could not be.
func (v *view) write(name string) (text string, fault, err error) {
	builtin, err := texts(v.Lang)
	if err != nil {
		return "", nil, err
	}
	own, fault := v.own(builtin, name)
	if own != builtin {
		if text, err = v.fill(own, name); err == nil {
			_, _, err = split(text)
		}
		if err == nil {
			return text, fault, nil
		}
		fault = errors.Join(fault, err)
	}
	text, err = v.fill(builtin, name)
	return text, fault, err
}

// own is the texts with the campaign's own among them, as far as they concern
// a letter and can be read.
func (v *view) own(t *template.Template, name string) (own *template.Template, fault error) {
	own = t
	for _, name := range []string{"common", "foot", name} {
		name += "." + v.Lang + ".txt"
		text, ok := v.c.Templates[name]
		if !ok {
			continue
		}
		with, err := withOwn(own, name, text)
		if err != nil {
			fault = errors.Join(fault, err)
			continue
		}
		own = with
	}
	return own, fault
}

// fill executes a template, and ends what goes to a unit with the foot.
func (v *view) fill(t *template.Template, name string) (string, error) {
	var b strings.Builder
	if err := t.ExecuteTemplate(&b, name+"."+v.Lang+".txt", v); err != nil {
		return "", err
	}
	if v.ToUnit() {
		b.WriteString("\n\n")
		if err := t.ExecuteTemplate(&b, "foot."+v.Lang+".txt", v); err != nil {
			return "", err
		}
	}
	return b.String(), nil
}

// texts are the built-in texts of one language, parsed once: they are part of
// the program, and a campaign's own go into a clone.
func texts(lang string) (*template.Template, error) {
	if lang == "en" {
		return english()
	}
	return vietnamese()
}

var (
	vietnamese = sync.OnceValues(func() (*template.Template, error) { return readTexts("vi") })
	english    = sync.OnceValues(func() (*template.Template, error) { return readTexts("en") })
)

func readTexts(lang string) (*template.Template, error) {
	return template.New("").Option("missingkey=error").Funcs(template.FuncMap{
		"upper": upper,
		"lower": lower,
		"list":  func(sep string, words []string) string { return strings.Join(words, sep) },
		"and_":  func(words []string) string { return and(lang, words) },
		"inc":   func(i int) int { return i + 1 },
		"some":  some,
	}).ParseFS(files, "templates/*."+lang+".txt")
}
