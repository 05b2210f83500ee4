// Package saying reads what a person's own words tell: that something was
// sent, or will be, or is right as it stands. It is pure and believes nothing;
// what is done about it is decided elsewhere.
//
// It looks for the few things that the letters of the campaign ask for, and is
// shy: what it does not find, a person reads. What it finds wrongly nobody
// looks at again.
package saying

import (
	"regexp"
	"slices"
	"strings"

	"dondoc/intake/finding"
)

// Read returns what the sender newly wrote in text tells, in its order; the
// subject of a new mail counts as well, that of an answer is ours.
func Read(subject, text string) []finding.Saying {
	var r reading
	if s := strings.TrimSpace(subject); s != "" && !OurSubject(s) {
		l := newLine(link.ReplaceAllString(bounded(s, maxSubject), " "))
		r.subject(sentence{line: l, asks: l.has(asking)})
	}
	for _, s := range sentences(text) {
		if len(r.said) >= most {
			break
		}
		r.sentence(s)
	}
	r.address(text)
	return r.done()
}

// address finds the address of a new contact that is named in a sentence of its
// own: it has to be the only one.
func (r *reading) address(text string) {
	at := slices.IndexFunc(r.said, func(s finding.Saying) bool { return s.Kind == finding.SaysContact && s.Address == "" })
	if at < 0 {
		return
	}
	var all []string
	for _, l := range lines(text) {
		for _, a := range address.FindAllString(string(l.raw), 4) {
			if a = strings.ToLower(strings.TrimRight(a, ".")); !slices.Contains(all, a) {
				all = append(all, a)
			}
		}
	}
	if len(all) == 1 {
		r.said[at].Address = all[0]
	}
}

const (
	most       = 12  // sayings of a mail
	maxSubject = 300 // characters
	maxQuote   = 200
	maxReason  = 300
)

// OurSubject reports whether a subject is that of a letter of ours that is
// answered: it bears our codes, or says that the mail is an answer.
func OurSubject(subject string) bool { return ours.MatchString(finding.Plain(subject)) }

var ours = regexp.MustCompile(`^\s*(re|tl|tra loi|aw|fwd?)\s*:|\[[a-z]+-\d{4}\]`)

// reading is what was read so far. open is the saying whose reason may still
// follow, in a sentence of its own.
type reading struct {
	said []finding.Saying
	open int  // index + 1
	goes bool // on: what was read of the reason ended in a semicolon
}

// subject reads the subject of a new mail: it may ask for time or name a new
// address, it does not say that something was done.
func (r *reading) subject(s sentence) {
	for _, kind := range []string{finding.SaysNeedsTime, finding.SaysContact, finding.SaysCorrection} {
		if _, ok := signs[kind].in(s.line); ok {
			r.add(r.of(kind, s.line, s))
		}
	}
	if s.asks || s.has(wantsToKnow) && !s.has(asTold) || s.asksByMark() {
		r.add(finding.Saying{Kind: finding.SaysAsks, Quote: s.quote(maxQuote)})
	}
}

func (r *reading) sentence(s sentence) {
	if r.reason(s) {
		return
	}
	r.open, r.goes = 0, false
	if points, ok := rightPoints(s); ok {
		r.add(points)
		if r.goes = points.Reason != "" && halfway(s); r.goes || points.Reason == "" {
			r.open = len(r.said)
		}
		return
	}
	if s.asks {
		// A question says nothing but what it asks for.
		for _, kind := range []string{finding.SaysNeedsTime, finding.SaysContact} {
			if _, ok := signs[kind].in(s.line); ok {
				r.add(r.of(kind, s.line, s))
				return
			}
		}
		r.add(finding.Saying{Kind: finding.SaysAsks, Quote: s.quote(maxQuote)})
		return
	}
	if kind := yesOrNo(s); kind != "" {
		r.add(finding.Saying{Kind: kind, Quote: s.quote(maxQuote)})
		return
	}
	found := false
	for _, g := range groups(s) {
		found = true
		r.add(r.of(g.kind, g.line, s))
	}
	if !found && (s.has(wantsToKnow) && !s.has(asTold) || s.asksByMark()) {
		r.add(finding.Saying{Kind: finding.SaysAsks, Quote: s.quote(maxQuote)})
	}
}

// reason takes a sentence that only says why: it belongs to the confirmation
// before it.
func (r *reading) reason(s sentence) bool {
	if r.open == 0 {
		return false
	}
	said := &r.said[r.open-1]
	at := why.FindStringIndex(s.plain)
	switch {
	case r.goes && !r.speaks(s):
		said.Reason = bounded(said.Reason+"; "+trimmed(s.quote(maxReason)), maxReason)
	case at == nil || at[0] > 0 || r.goes:
		return false
	default:
		said.Reason = trimmed(s.line.from(at[1]).quote(maxReason))
	}
	r.goes = halfway(s)
	if !r.goes {
		r.open = 0
	}
	return true
}

// speaks reports whether the sentence says something of its own.
func (r *reading) speaks(s sentence) bool {
	_, points := rightPoints(s)
	return points || s.asks || s.asksByMark() || yesOrNo(s) != "" || len(groups(s)) > 0
}

// halfway reports whether the sentence goes on in the next one.
func halfway(s sentence) bool { return strings.HasSuffix(strings.TrimRight(s.plain, " "), ";") }

var why = regexp.MustCompile(`^[-+*"( ]*(ly do|giai trinh|nguyen nhan|vi|do|boi vi|because|since|reason|the reason)( la| is|:)?[: ]+`)

func (r *reading) add(s finding.Saying) {
	if !slices.ContainsFunc(r.said, s.Same) {
		r.said = append(r.said, s)
	}
}

// done drops a yes and a no that contradict each other.
func (r *reading) done() []finding.Saying {
	is := func(kind string) bool {
		return slices.ContainsFunc(r.said, func(s finding.Saying) bool { return s.Kind == kind })
	}
	if is(finding.SaysYes) && is(finding.SaysNo) {
		r.said = slices.DeleteFunc(r.said, func(s finding.Saying) bool { return s.Kind == finding.SaysYes || s.Kind == finding.SaysNo })
	}
	if is(finding.SaysNeedsTime) {
		// "Xin lùi đến 24/10; sẽ gửi đủ": the request stands for both.
		r.said = slices.DeleteFunc(r.said, func(s finding.Saying) bool { return s.Kind == finding.SaysWillSend && s.Day == "" })
	}
	return r.said
}

// sign is by which words a kind of saying is known, and by which it is not.
type sign struct{ is, not *gated }

func (s sign) in(l line) (at []int, ok bool) {
	at = s.is.FindStringIndex(l.plain)
	return at, at != nil && (s.not == nil || !s.not.MatchString(l.plain))
}

// order is which kind a piece is of where it bears the signs of several.
var order = []string{finding.SaysNeedsTime, finding.SaysContact, finding.SaysForNow, finding.SaysCorrection, finding.SaysSent, finding.SaysWillSend}

var signs = map[string]sign{
	finding.SaysNeedsTime: {
		gate(`\b(xin|de nghi|kinh de nghi|cho phep|xin phep|duoc) (duoc |cho |quy ban |ban )*(lui|gia han|hoan|cham|gui cham|nop cham|gui muon|nop muon)\b` +
			`|\b(lui|gia han|keo dai|doi) (thoi han|thoi gian|thoi diem|han|ngay)\b|\bgia han\b` +
			`|\b(xin|de nghi|cho|mong) [^.]{0,40}\bthem (thoi gian|\d{1,2} ngay|mot tuan|vai ngay|it ngay)\b` +
			`|\b(xin|xin phep|de nghi|cho phep)\b[^.,]{0,60}\b(gui|nop)\b[^.,]{0,30}\b(cham|muon|tre)\b` +
			`|\b(request|ask|asks|asking|apply)\b[^.]{0,40}\bextension\b|\bextension (of|to|until)\b|\ban extension\b|\bextend (the|our) deadline\b|\b(need|ask for|request|give us) (some )?more time\b|\bpostpone\b`),
		gate(`\bda duoc [^,;]{0,50}\b(lui|gia han|keo dai|thong nhat|dong y)\b|\b(khong|chua) (can |phai |xin |de nghi |co )*(lui|gia han|cham|hoan)\b|\bsau khi (duoc )?gia han\b|\btheo thoi han (moi|da gia han)\b|\bno extension\b`),
	},
	finding.SaysContact: {
		gate(`\b(thay doi|doi|cap nhat|dieu chinh|chuyen) (lai )?(dia chi|email|e-mail|hop thu|dau moi|thong tin lien he|can bo|nguoi phu trach|nguoi lien he)` +
			`|\bdia chi (email|e-mail|thu|thu dien tu|hop thu)? ?moi\b|\bemail moi\b|\b(cu|phan cong) (can bo|dau moi|dong chi|nguoi)\b|\b(dau moi|nguoi phu trach|can bo phu trach|nguoi lien he) (moi|lien he moi)\b` +
			`|\b(tu nay|tu hom nay|ke tu ngay)\b[^.]{0,40}\b(gui (thu )?(ve|den|toi|qua)|lien he|su _ung)\b[^.]{0,30}@` +
			`|\b(new|changed?|other) (e-?mail )?(address|contact)\b|\bcontact person (is now|has changed)\b`),
		gate(`\b(khong|chua) (co )?(thay doi|doi)\b|\b(neu|khi) (co )?thay doi\b`),
	},
	finding.SaysForNow: {
		gate(`\b(gui|nop) (tam|truoc)\b[^.]{0,40}\b(ban|file|tep|du thao|word|mem|excel)\b|\b(ban|file|tep) (word|mem|du thao)\b[^.]{0,30}\b(gui|nop) (truoc|tam)\b` +
			`|\b(ban|van ban) (da )?(ky|co dau|dau do|chinh thuc|giay)\b[^.]{0,40}\b(gui|bo sung|chuyen|nop) (sau|tiep)\b|\b(ban|van ban) (da )?(ky|co dau|dau do|chinh thuc) (se|dang)\b` +
			`|\bsigned (copy|version) (will|to) follow\b|\bsend(ing)? the signed (copy|version)[^.]{0,20} later\b`),
		nil,
	},
	finding.SaysCorrection: {
		gate(`\bdinh chinh\b|\b(xin|xin phep|de nghi|kinh de nghi|cho) (duoc |ban |cho )*(dieu chinh|hieu chinh|sua|sua lai|cap nhat lai) (lai )?(so lieu|cac so lieu|so|bieu|phu luc)\b` +
			`|\bso lieu (dung|chinh xac) (la|phai la)\b|\berrat(um|a)\b|\bplease correct (the|our)\b|\bcorrection (of|to) (the|our) figures\b`),
		gate(`\b(khong|chua) (co |phai |can )?dinh chinh\b|\bneu (co )?(can )?dinh chinh\b`),
	},
	finding.SaysSent: {
		gate(`\bda (duoc )?(gui|phat hanh|nop|chuyen|ban hanh)\b|\b(have|has|already|had) (already )?(been )?(sent|submitted|issued)\b|\bsent (it )?(already|by|through|via|on paper)\b`),
		// What the committee sent is no answer of the unit.
		gate(`\b(quy ban|ban dan van tinh uy|ban da|phong da|cac ban|tinh uy da|mau|tep mau|bieu mau|file mau|cong van|thu|email|mail|van ban|tai lieu) (ban |phong |tinh uy )?da (duoc )?(gui|phat hanh|chuyen|ban hanh)\b|\bban da (gui|phat hanh|chuyen|ban hanh)\b|\b(you|we received what you) (have )?sent\b|\b(has|have) sent us\b|\bsent by (galaxy|my|iphone|outlook)\b|\bchua (duoc )?gui\b` +
			// Nor is what is passed on within the unit, or moves.
			`|\bda (duoc )?chuyen (thu |mail |email |cong van |van ban )?(cho |den |toi |sang )?(dong chi|d/c|dc|van thu|can bo|chuyen vien|bo phan|phong|lanh dao|anh|chi|ban (thuong vu|giam doc|lanh dao|chap hanh)|cong tac|tru so|dia diem|cac (phong|don vi|xa))\b`),
	},
	finding.SaysWillSend: {
		gate(`\b(se|hen|du kien|phan dau|co gang) (co gang |tiep tuc |hoan thanh |som |hoan thien |tong hop |trinh ky |ra soat |va |sua |som nhat )*(gui|nop|hoan thanh|hoan thien|bao cao|bo sung|co bao cao|chuyen|trinh|sua|cap nhat)\b` +
			`|\b(se|hen|du kien)\b[^.,]{0,40}\b(gui|nop|phat hanh)\b` +
			`|\b(se|hen|du kien)\b.{0,40}\b(ngay|truoc|trong|sang|chieu|tuan|cuoi) \w*|(\bwill|'ll) (be )?(send|sent|submit|submitted|follow)\b|\bexpect(s)? to (send|submit)\b` +
			`|\b(gui|nop|hoan thanh)\b[^.?\n]{0,60}\b(vao|truoc|trong) (sang |chieu |toi |khoang )?(ngay |dau |cuoi |trong )?(\d|thu (hai|ba|tu|nam|sau|bay)\b|tuan\b|mai\b|hom nay\b)` +
			`|\b(ngay mai|mai|chieu nay|hom nay|chieu mai|sang mai|cuoi tuan|tuan sau|thu (hai|ba|tu|nam|sau|[2-6]))\b[^.]{0,30}\b(gui|nop|phat hanh)\b`),
		gate(`\b(quy ban|ban dan van tinh uy|ban|phong) (se|gui)\b|\bde nghi (quy )?(ban|phong)\b[^.]{0,30}\bgui\b|\b(khong|chua) the\b|\bkhong (se|gui)\b|\b(ban|phong) (vui long |cho )?gui lai\b|\bphai (gui|nop)\b|\bdeadline is\b`),
	},
}

// group is a stretch of a sentence that tells one thing.
type group struct {
	kind string
	line
}

// groups finds where in a sentence one thing ends and the next begins: "đã gửi
// báo cáo, phụ lục sẽ gửi ngày 18/10".
func groups(s sentence) []group {
	var out []group
	begin, at := 0, 0
	for _, p := range s.pieces() {
		from := strings.Index(s.plain[at:], p.plain) + at
		at = from + len(p.plain)
		kind := kindOf(p)
		switch {
		case kind == "":
		case len(out) == 0:
			out = append(out, group{kind: kind})
		case out[len(out)-1].kind != kind:
			out[len(out)-1].line = s.line.within(begin, from)
			begin = from
			out = append(out, group{kind: kind})
		}
	}
	if len(out) > 0 {
		out[len(out)-1].line = s.line.from(begin)
	}
	return out
}

func kindOf(l line) string {
	for _, kind := range order {
		if _, ok := signs[kind].in(l); ok {
			return kind
		}
	}
	return ""
}

// of reads what a group of the kind names.
func (r *reading) of(kind string, l line, s sentence) finding.Saying {
	out := finding.Saying{Kind: kind, Quote: s.quote(maxQuote)}
	at, _ := signs[kind].in(l)
	if at == nil {
		at = []int{0, 0}
	}
	switch kind {
	case finding.SaysSent:
		rest := l
		if ref, where := documentNumber(l, at[0]); ref != "" {
			out.Ref = ref
			rest = line{l.raw, blanked(l.plain, where[0], where[1])}
			if d := days(rest.from(where[1])); len(d) > 0 && d[0].from < 25 {
				out.Day = d[0].form
			}
		}
		if d := days(rest); out.Day == "" && len(d) > 0 {
			out.Day = d[0].form
		}
		out.Via, out.Parts = via(rest), parts(rest)
	case finding.SaysWillSend:
		out.Parts, out.Day = parts(l), promised(l, at[0])
	case finding.SaysForNow:
		out.Parts, out.Day = parts(l), promised(l, at[0])
	case finding.SaysNeedsTime:
		if out.Day = promised(l, at[0]); out.Day == "" {
			if m := longer.FindStringSubmatch(l.plain[at[0]:]); m != nil {
				out.Day = "D+" + counted(m[1]) + "d"
				if m[1] == "" {
					out.Day = "D+7d"
				}
			}
		}
		out.Reason = s.because()
	case finding.SaysContact:
		out.Address = newAddress(s.line)
	}
	return out
}

var (
	longer  = regexp.MustCompile(`\b(?:them|lui|gia han|khoang|for) (?:khoang )?(?:(\d{1,2}|mot|hai|ba|bon|nam) (?:ngay|days?)|mot tuan|01 tuan|1 tuan|a week|one week)\b`)
	because = regexp.MustCompile(`(?:^|[ ,(])(?:do|vi|boi vi|vi ly do|because of|due to|because) `)
	noun    = regexp.MustCompile(`(?:^|[ ,(])(?:don|quy|cac|pham|hanh|chu)$`)
)

// because is the reason that a sentence gives, up to the next comma. Without
// its marks the "vị" of "đơn vị" looks like "vì".
func (s sentence) because() string {
	for _, m := range because.FindAllStringIndex(s.plain, -1) {
		if noun.MatchString(s.plain[:m[0]]) {
			continue
		}
		end := len(s.plain)
		if i := strings.IndexByte(s.plain[m[1]:], ','); i >= 0 {
			end = m[1] + i
		}
		return strings.Trim(s.within(m[1], end).quote(maxReason), " .,;)")
	}
	return ""
}

func blanked(s string, from, to int) string {
	return s[:from] + strings.Repeat(" ", to-from) + s[to:]
}

// promised is the day that is promised, or asked for: the last that is named
// after the words themselves, else the last before them. The day of a document
// and the deadline that it is held against are neither.
func promised(l line, at int) string {
	all := slices.DeleteFunc(days(l), func(d dated) bool {
		before := l.plain[max(0, d.from-60):d.from]
		return ofDocument.MatchString(before) || ofDeadline.MatchString(before)
	})
	form := ""
	for _, d := range all {
		if d.to > at || form == "" || !slices.ContainsFunc(all, func(x dated) bool { return x.to > at }) {
			form = d.form
		}
	}
	return form
}

var (
	ofDocument = regexp.MustCompile(`\b(so \d+ ?[-/][^ ]*|[0-9]+ ?[-/] ?(bc|cv|tb|kh|qd)[^ ]*|cong van|thu|bao ngay|mua lu) *(, *)?$`)
	ofDeadline = regexp.MustCompile(`\b(thoi han|deadline|han) (la |chung |chot |nop |gui |bao cao |is |of )*(truoc |het )?$`)
)

// documentNumber finds the number of the document that was sent: of the Party
// "125-BC/HU", of the State "45/BC-SNV" (ANCHORS §2). The letter that is
// answered has a number as well, and is named before.
func documentNumber(l line, at int) (ref string, where []int) {
	raw := string(l.raw)
	// Offsets in bytes of the one are offsets in characters of the other.
	chars := make([]int, len(raw)+1)
	n := 0
	for i := range raw {
		chars[i] = n
		n++
	}
	chars[len(raw)] = n
	best := -1
	for _, re := range []*regexp.Regexp{numberInCapitals, numberNamed} {
		for _, m := range re.FindAllStringSubmatchIndex(raw, -1) {
			from, to := m[len(m)-2], m[len(m)-1]
			a, b := chars[from], chars[to]
			if answered.MatchString(l.plain[max(0, a-40):a]) {
				continue
			}
			rank := 0
			if strings.Contains(l.plain[a:b], "bc") {
				rank += 2
			}
			if a >= at {
				rank++
			}
			if rank > best {
				best, ref, where = rank, strings.ReplaceAll(raw[from:to], " ", ""), []int{a, b}
			}
		}
		if best >= 0 {
			break
		}
	}
	return bounded(ref, 40), where
}

var (
	numberInCapitals = regexp.MustCompile(`(?:^|[^0-9\pL/])(\d{1,5}\s?[-/]\s?[A-ZĐ]{2,6}(?:[-/&][A-ZĐ&]{1,10})*)`)
	numberNamed      = regexp.MustCompile(`(?i)(?:số|so|no\.?)\s*:?\s*(\d{1,5}\s?[-/]\s?[A-ZĐ]{2,6}(?:[-/&][A-ZĐ&]{1,10})*)`)
	answered         = regexp.MustCompile(`\b(thuc hien|theo|can cu|tra loi|phuc dap|tiep theo)\b[^,;]{0,30}$`)
)

// channels are the words by which a unit says how it sent something.
var channels = []struct {
	words *regexp.Regexp
	via   string
}{
	{regexp.MustCompile(`\blien thong\b|\btruc( van ban| dien tu| cua| so|[.,;]|$)|\bioffice\b|\beoffice\b|\bvan ban dien tu\b|\bhe thong (van ban|quan ly van ban)\b|\bqlvb\b|\bdocument exchange\b`), "lien-thong"},
	{regexp.MustCompile(`\bzalo\b`), "zalo"},
	{regexp.MustCompile(`\bdien thoai\b|\btelephone\b|\bby phone\b`), "dien-thoai"},
	{regexp.MustCompile(`\bban giay\b|\bbuu dien\b|\bbuu chinh\b|\btruc tiep\b|\bvan thu\b|\bchuyen phat\b|\bban cung\b|\bon paper\b|\bby (post|courier|hand)\b`), "giay"},
}

func via(l line) string {
	for _, c := range channels {
		if l.has(c.words) {
			return c.via
		}
	}
	return ""
}

// parts are the parts that a group names; none where it speaks of all of them.
func parts(l line) []string {
	if l.has(everything) {
		return nil
	}
	plain := notTheReport.ReplaceAllString(l.plain, "so lieu")
	var out []string
	for _, p := range partWords {
		if p.words.MatchString(plain) {
			out = append(out, p.part)
		}
	}
	return out
}

var (
	everything   = regexp.MustCompile(`\b(day du|toan bo|tat ca|ho so|tron bo|du (0?3|ba) phan|cac (phan|noi dung|tai lieu)|everything|all (the )?(parts|files)|in full)\b`)
	notTheReport = regexp.MustCompile(`\bso lieu bao cao\b|\bbieu mau bao cao\b`)
	partWords    = []struct {
		part  string
		words *regexp.Regexp
	}{
		{finding.Report, regexp.MustCompile(`\bbao cao\b|\bbc\b|\breport\b`)},
		{finding.Appendix, regexp.MustCompile(`\bphu luc\b|\bso lieu\b|\bbieu\b|\bexcel\b|\bannex\b|\bappendix\b|\bfigures\b`)},
		{finding.Model, regexp.MustCompile(`\bmo hinh\b|\bdien hinh\b|\bwrite-?ups?\b|\bmodels?\b`)},
	}
)

// newAddress is the address that a mail gives instead of another: the one
// after the word for new, else the only one.
func newAddress(l line) string {
	raw := string(l.raw)
	all := address.FindAllString(raw, -1)
	switch {
	case len(all) == 0:
		return ""
	case len(all) == 1:
		return strings.ToLower(strings.TrimRight(all[0], "."))
	}
	if m := afterNew.FindStringSubmatch(strings.ToLower(raw)); m != nil {
		return strings.TrimRight(m[1], ".")
	}
	return ""
}

var (
	address  = regexp.MustCompile(`[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+`)
	afterNew = regexp.MustCompile(`(?:mới|sang|thành|new|to)\b?[^@]{0,40}?([a-z0-9][a-z0-9._%+-]*@[a-z0-9-]+(?:\.[a-z0-9-]+)+)`)
)

// wantsToKnow are the words of a question that has no mark. Without its mark
// "hỏi" is also "Hội": it counts only with it.
var (
	wantsToKnow = gate(`\b(huong dan|vuong mac|the nao|ra sao|lam sao|bao nhieu|xin hoi|muon hoi|kinh hoi|giai dap|cho biet|(xin|gui|cung cap)( lai| them| giup| cho| don vi| file| tep| cac)*( bieu)? mau|please advise|could you (tell|explain)|question)\b`)
	asTold      = regexp.MustCompile(`\b(theo|thuc hien|tai|dung|nhu)\b[^,;]{0,20}\bhuong dan\b|\bban cho biet la\b|\b(khong|chua) (co )?vuong mac\b|\bneu (co |gap )?vuong mac\b`)
	hoi         = regexp.MustCompile(`(?i)(^|\P{L})(hỏi|giải đáp)(\P{L}|$)`)
)

func (s sentence) asksByMark() bool { return hoi.MatchString(string(s.raw)) }

// Courtesy reports whether a text is thanks, or that our letter came, and
// nothing else: nobody has to read it.
func Courtesy(text string) bool {
	all := sentences(text)
	for _, s := range all {
		for _, p := range s.pieces() {
			if !p.empty() && !p.has(thanks) {
				return false
			}
		}
	}
	return len(all) > 0
}

var thanks = regexp.MustCompile(`^["' ]*((vang|da|_a|xin|chan thanh|rat|tran trong|don vi|so|huyen uy|chung toi|kinh|ok|da ro|duoc) ?)*` +
	`(cam on|da nhan duoc|da nhan|nhan duoc|da ro|ro roi|ghi nhan|thank you|thanks|many thanks|received|noted|kinh thu|tran trong|ok|vang)` +
	`( (quy ban|ban|ban dan van|tinh uy|nhieu|thu|thu nay|thong bao|cong van|email|mail|mau|bieu mau|cua|a|roi|nhe|very much|for|your|the|message|e-mail|letter|and|with|tran trong|quan tam|phong|da))*[ .!/]*$`)
