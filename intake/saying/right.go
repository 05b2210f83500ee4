package saying

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"dondoc/intake/finding"
)

// rightPoints reads "XÁC NHẬN ĐÚNG 2,4, vì …" and "2. đúng, do …": the numbers
// of a letter of corrections that are right as they stand, and why.
func rightPoints(s sentence) (finding.Saying, bool) {
	switch {
	case s.asks:
		return finding.Saying{}, false
	case s.has(notRight):
		// "2 đúng, 3 không đúng": each piece by itself.
		for _, p := range s.pieces() {
			if p.has(notRight) {
				continue
			}
			if x, ok := rightPoints(sentence{line: p}); ok {
				x.Quote = s.quote(maxQuote)
				return x, true
			}
		}
		return finding.Saying{}, false
	}
	out := finding.Saying{Kind: finding.SaysRight, Quote: s.quote(maxQuote)}
	end := 0
	if m := numbersRight.FindStringSubmatchIndex(s.plain); m != nil {
		items, used := numbers(s.plain[m[2]:])
		if used < len(strings.TrimRight(s.plain[m[2]:m[3]], "abcdefghijklmnopqrstuvwxyz_ ,;&.-")) || len(items) == 0 {
			return finding.Saying{}, false
		}
		out.Items, end = items, m[1]
	} else if m := pointsRight.FindStringSubmatchIndex(s.plain); m != nil {
		out.Items, _ = numbers(s.plain[m[2]:m[3]])
		end = m[1]
	} else if m := confirmRight.FindStringIndex(s.plain); m != nil {
		items, used := numbers(s.plain[m[1]:])
		if len(items) == 0 && !right.MatchString(s.plain[m[0]:m[1]]) && strings.Trim(s.plain[m[1]:], " .,!") != "" {
			return finding.Saying{}, false // "We confirm receipt of your letter"
		}
		out.Items, end = items, m[1]+used
	} else {
		return finding.Saying{}, false
	}
	out.Reason = reasonIn(s.line.from(end))
	return out, true
}

var (
	right = regexp.MustCompile(`\b(dung|chinh xac|correct|right)\b`)

	// notRight takes back what the words around it seem to confirm.
	notRight = regexp.MustCompile(`\b(khong|chua) (phai |that |hoan toan )?(dung|chinh xac)\b|\bsai\b|\bnot (correct|right)\b|\bincorrect\b|\bwrong\b|\bnham\b`)

	confirmRight = regexp.MustCompile(`\b(xin |kinh |don vi |so |huyen uy )*(xac nhan|khang dinh|bao dam)( lai)?( la| rang|:| cac| noi dung| so lieu| muc| diem| da| bao cao| tren| deu| hoan toan| nhu| tai| trong| phu luc)* (dung|chinh xac)( la| cac| o| doi voi|:)*` +
		`|^["' ]*(dung|chinh xac) (cac )?(noi dung|muc|diem|so|y|cau)?:? ?(\d)` +
		`|^["' ]*(we |hereby |i )*confirm(s|ed)?( that)?( the| as| items?| points?| figures| nos?\.?)*( are| is)?( correct| right)?` +
		`|\bso lieu (tren |nay |da gui |da bao cao |trong phu luc )*(la |deu |van |hoan toan )*(dung|chinh xac)\b[^a-z]*(voi thuc te)?`)

	pointsRight = regexp.MustCompile(`\b((?:noi dung|muc|diem|items?|points?) (?:so )?\d{1,2}(?:[ ,;&-]|va|and|den|noi dung|muc|diem|so|\d)*)(?:thi |la |deu |so lieu |nay |van |hoan toan |are |is )*(?:dung|chinh xac|correct|right)\b`)

	numbersRight = regexp.MustCompile(`^[-*+"'( ]*(?:kinh gui[^:]{0,60}: *)?(?:(?:don vi|so|chung toi|huyen uy) (?:xin )?(?:bao cao|giai trinh|xac nhan)[,: ]*)?(?:doi voi |ve |tai )?(?:cac )?(?:noi dung|muc|diem|y|cau|so|item|items|point|points|no\.?|nos\.?)? ?(?:so )?(\d{1,2}(?:[ ,;&.-]|va|and|den|noi dung|muc|diem|so|\d)*)[ .):"'-]*(?:thi |la |deu |so lieu |nay |van |hoan toan |chung toi |xin |da |ra soat|kiem tra|, |don vi |xac nhan |are |is )*(?:dung|chinh xac|correct|right)\b`)
)

// numbers reads a list of numbers of points at the beginning of s: "2,4",
// "nội dung 2 và 4", "2-4". used is how much of s it takes.
func numbers(s string) (items []int, used int) {
	through := false
	for _, at := range token.FindAllStringIndex(s, 60) {
		t := s[at[0]:at[1]]
		switch {
		case digit(t[0]):
			n, _ := strconv.Atoi(t)
			rest := s[at[1]:]
			if len(t) > 2 || n == 0 || len(items) > 40 || counts.MatchString(rest) {
				return items, used
			}
			if through && len(items) > 0 && n > items[len(items)-1] && n-items[len(items)-1] < 40 {
				for k := items[len(items)-1] + 1; k < n; k++ {
					items = append(items, k)
				}
			}
			if !slices.Contains(items, n) {
				items = append(items, n)
			}
			used, through = at[1], false
		case t == "-" || t == "den":
			through = true
		case strings.Trim(t, ".,;:&+()\"'") == "", slices.Contains(joining, t):
		default:
			return items, used
		}
	}
	return items, used
}

var (
	token   = regexp.MustCompile(`\d+|[a-z_]+|[^\s\da-z_]`)
	joining = []string{"va", "and", "cac", "ca", "noi", "dung", "muc", "diem", "y", "cau", "so", "item", "items", "point", "points", "no", "nos", "thu", "o", "tai"}
	// counts: the number is no point's but a figure, a day, an hour.
	counts = regexp.MustCompile(`^(/|:\d|%|h\b| ?(mo hinh|tap the|ca nhan|dien hinh|nguoi|ngay|don vi|xa|o |trieu|dong|>|<|=))`)
)

// reasonIn is why, in what follows a confirmation.
func reasonIn(rest line) string {
	at := 0
	for at < len(rest.plain) && strings.IndexByte(" ,.:;-)\"'", rest.plain[at]) >= 0 {
		at++
	}
	rest = rest.from(at)
	if m := leadIn.FindStringIndex(rest.plain); m != nil {
		rest = rest.from(m[1])
	}
	reason := trimmed(rest.quote(maxReason))
	if len([]rune(reason)) < 4 {
		return ""
	}
	return reason
}

// trimmed leaves the signs about a stretch of text out.
func trimmed(s string) string { return strings.Trim(s, " .,;:-\"”“") }

var leadIn = regexp.MustCompile(`^(kem )?(ly do|giai trinh|nguyen nhan|vi|do|boi vi|boi|because|since|as|reason)( la| is)?[: ]+`)

// yesOrNo reads the answer to a question of ours: a word of its own, or at the
// head of a sentence, in what was written first.
func yesOrNo(s sentence) string {
	if !s.first {
		return ""
	}
	head := s.pieces()[0]
	switch {
	case head.has(saysNo) || s.has(notOurs):
		return finding.SaysNo
	case head.has(saysYes):
		return finding.SaysYes
	case head.has(politely) && len(s.pieces()) > 1:
		switch next := s.pieces()[1]; {
		case next.has(saysNo):
			return finding.SaysNo
		case next.has(saysYes):
			return finding.SaysYes
		}
	}
	return ""
}

var (
	politely = regexp.MustCompile(`^["' ]*(da|_a|vang|thua ban|kinh thua ban)[ .!]*$`)
	saysYes  = regexp.MustCompile(`^["' ]*((vang|da|_a|xin|chung toi|don vi|so|huyen uy) )*(dung|xac nhan|dong y|ok|yes|correct|confirmed)["']?( roi| vay| a| the| day)*["' .!/]*$` +
		`|^["' ]*(vang |da |_a )?dung (la |day la )?(bao cao |thu |ho so |van ban |tep )?(nay )?(la )?(cua|do) |^(bao cao|thu|ho so) (nay|tren|do|nay dung)?( dung)?( la)? (cua|do) (so|huyen|thi|thanh|ban|hoi|don vi|co quan|truong|tinh|dang|uy)\b|\bxac nhan (day |do |bao cao nay |thu nay )?(dung )?(la )?(bao cao |thu |ho so )?(nay )?(la )?(cua|do) (so|huyen|thi|thanh|ban|hoi|don vi|co quan|truong|tinh|dang|uy|chung toi)\b|^(yes|it is ours|this is our)\b`)
	saysNo  = regexp.MustCompile(`^["' ]*((vang|da|_a|xin) )*(khong|khong dung|khong phai|chua dung|sai|no|not ours|khong dong y)["']?( a| roi| vay| dau)*["' .!/]*$|^(no|it is not|this is not)\b`)
	notOurs = regexp.MustCompile(`\bkhong phai (la )?(bao cao |thu |ho so |cua |do )+(nay )?(cua |do )?(so|huyen|thi|thanh|ban|hoi|don vi|co quan|truong|tinh|dang|uy|chung toi)\b|\bkhong (gui|phai do) (bao cao|thu) nay\b|\bis not (ours|our report)\b`)
)
