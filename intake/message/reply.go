package message

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"dondoc/intake/finding"
)

// newlyWritten cuts away what the sender did not write: quoted lines, the
// line that introduces them, a copied or forwarded mail with all that
// follows, the signature after "-- ". forwarded reports whether a mail was
// forwarded within the text.
//
// What cannot be told apart stays: a promise that is read with some old text
// around it does less harm than one that is not read.
func newlyWritten(text string) (own string, forwarded bool) {
	lines := strings.Split(text, "\n")
	var out []string
	for i := 0; i < len(lines); i++ {
		line := strings.TrimSpace(lines[i])
		if strings.HasPrefix(line, ">") {
			continue
		}
		if signatureMark(lines[i]) {
			break
		}
		switch folded := finding.Plain(line); {
		case line == "":
		case forwardMark.MatchString(folded):
			return tidy(strings.Join(out, "\n")), true
		case originalMark.MatchString(folded) || copiedHeader(lines[i:]):
			return tidy(strings.Join(out, "\n")), forwarded
		case sentFrom.MatchString(folded):
			continue
		default:
			n := introduction(lines[i:])
			if n == 0 {
				break
			}
			// Below a quotation somebody may go on writing, below an
			// unmarked copy nobody can tell who does.
			rest := lines[i+n:]
			if !quoted(rest) {
				return tidy(strings.Join(out, "\n")), forwarded
			}
			i += n - 1
			continue
		}
		out = append(out, lines[i])
	}
	return tidy(strings.Join(out, "\n")), forwarded
}

// Newly is what a sender newly wrote in text, bounded, as Parse finds it in a
// mail's own.
func Newly(text string) string {
	own, _ := newlyWritten(bounded(tidy(modernText(bounded(text, maxBody))), maxBody))
	return bounded(own, maxText)
}

// signatureMark is "-- " on a line of its own (RFC 3676 §4.3), or what is
// left of it.
func signatureMark(line string) bool {
	line = strings.TrimRight(line, " \r\t\u00a0")
	return line == "--" || line == "__" || line == "—"
}

var (
	forwardMark = regexp.MustCompile(`^[-_*\s]{2,}\s*(forwarded (message|e-?mail|mail)|(noi dung )?(thu( goc)?|tin nhan|thong diep|email|mail) (da )?(duoc )?chuyen tiep|chuyen tiep|mail transferido)[^a-z]*$` +
		`|^-{2,} ?forwarded (message|by) |^(forwarded message|(noi dung )?(thu|tin nhan|thong diep|email) (da )?(duoc )?chuyen tiep|duoc chuyen tiep boi .*|chuyen tiep( thu| email)?):$|^begin forwarded message:?$|^bat dau thu (duoc )?chuyen tiep:?$`)
	originalMark = regexp.MustCompile(`^[-_*\s]{2,}\s*(original message|original appointment|reply message|thu goc|tin nhan goc|thu ban dau|message d'origine|ursprungliche nachricht)\s*[-_*\s]*$` +
		`|^-{2,} (on|vao) .{5,150} (wrote|da viet):? ?-*$`)
	sentFrom = regexp.MustCompile(`^(sent from (my|mail|yahoo|outlook|samsung|the)|sent via |gui tu (iphone|ipad|dien thoai|may|outlook|mail|yahoo|email|thiet bi)|duoc gui tu|get outlook for|tai outlook cho|da gui tu (iphone|ipad|dien thoai|may|outlook|yahoo))`)
	wrote    = regexp.MustCompile(`(^(on|le|am|el|vao|luc|ngay|thu|ngay|chu nhat|cn)\b.{4,}|@.{3,}|^\d.{8,})(wrote|da viet|a ecrit|schrieb|escribio|viet)\s*:$|^\d{4}[-/]\d\d?[-/]\d\d? .*\S+@\S+>?\s*:$`)
	fromLine = regexp.MustCompile(`^\*?(from|tu|nguoi gui|von|de)\*?\s?:\*?\s*\S`)
	nextLine = regexp.MustCompile(`^\*?(sent|date|to|cc|subject|reply-to|da gui|ngay|gui|den|toi|gui den|ngay gui|gui luc|chu de|tieu de|dong kinh gui|nguoi nhan|gesendet|an|betreff)\*?\s?:`)
)

// introduction returns how many lines introduce a quotation ("Vào … đã
// viết:"), 0 if none do. Programs break such a line into up to three.
func introduction(lines []string) int {
	joined := ""
	for n := 0; n < 3 && n < len(lines); n++ {
		line := strings.TrimSpace(lines[n])
		if line == "" || len(line) > 300 {
			return 0
		}
		joined = strings.TrimSpace(joined + " " + line)
		if strings.HasSuffix(line, ":") && wrote.MatchString(finding.Plain(joined)) {
			return n + 1
		}
	}
	return 0
}

// quoted reports whether the first line that is not blank is a quoted one.
func quoted(lines []string) bool {
	for _, line := range lines {
		if line = strings.TrimSpace(line); line != "" {
			return strings.HasPrefix(line, ">")
		}
	}
	return true
}

// copiedHeader reports whether lines begin with the header of a copied mail
// as Outlook puts it: a sender, and at least two more fields right below.
func copiedHeader(lines []string) bool {
	start := 0
	if strings.Trim(lines[0], "_-= \t\r") == "" && len(strings.TrimSpace(lines[0])) >= 5 {
		start = 1
		for start < len(lines) && start < 3 && strings.TrimSpace(lines[start]) == "" {
			start++
		}
	}
	if start >= len(lines) || !fromLine.MatchString(finding.Plain(strings.TrimSpace(lines[start]))) {
		return false
	}
	fields := 0
	for _, line := range lines[start+1 : min(len(lines), start+7)] {
		if nextLine.MatchString(finding.Plain(strings.TrimSpace(line))) {
			fields++
		}
	}
	return fields >= 2
}

var forwardPrefix = regexp.MustCompile(`^((re|tl|tra loi|aw|vb|sv)\s*:\s*)*(fwd?|chuyen tiep|ct|tr|wg)\s*:`)

// forwardSubject reports whether the subject says that the mail was forwarded.
func forwardSubject(subject string) bool {
	return forwardPrefix.MatchString(finding.Plain(strings.TrimSpace(subject)))
}

var storeLink = regexp.MustCompile(`(?i)\b(drive\.google\.com/|docs\.google\.com/|1drv\.ms/|onedrive\.live\.com|[a-z0-9-]+\.sharepoint\.com/|` +
	`photos\.app\.goo\.gl/|onedrive\.com/|(www\.)?dropbox\.com/|4share\.vn/|gofile\.io/|transfernow\.net/|filemail\.com/|pcloud\.(com|link)/|(app\.)?box\.com/s/|dropmefiles\.com/|fshare\.vn/|mediafire\.com/|wetransfer\.com/|we\.tl/|mega\.nz/|icloud\.com/|terabox\.com/|` +
	`(chat|file|cloud)\.zalo\.me|zalo\.me/[a-z]|zaloapp\.com/|https?://[a-z0-9.-]*(ioffice|eoffice|vnptioffice|cloud|nextcloud|owncloud)[a-z0-9.-]*/)`)

// fileStore reports whether s names a place where files are kept. A Zalo
// address with a telephone number is how people sign.
func fileStore(s string) bool { return storeLink.MatchString(s) }

// WithoutLinks is text with its links left out: the question mark in one asks
// nothing.
func WithoutLinks(text string) string { return link.ReplaceAllString(text, " ") }

var link = regexp.MustCompile(`(?i)\bhttps?://[^\s<>"]+`)

// tidy makes line ends and blank lines uniform.
func tidy(s string) string {
	s = norms(s)
	lines := strings.Split(s, "\n")
	out := lines[:0]
	blank := true // blank lines at the beginning go away
	for _, line := range lines {
		line = strings.TrimRight(line, " \t\r\u00a0")
		if line == "" && blank {
			continue
		}
		blank = line == ""
		out = append(out, line)
	}
	return strings.TrimRight(strings.Join(out, "\n"), "\n")
}

// norms brings s into NFC without NULs and other control characters.
func norms(s string) string {
	s = strings.ReplaceAll(s, "\r\n", "\n")
	s = strings.ReplaceAll(s, "\r", "\n")
	s = strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == 0x7f || r == '\uFEFF' || r == '\u200b' || r == utf8.RuneError {
			return -1
		}
		return r
	}, s)
	return nfc(s)
}
