package message

import (
	"regexp"
	"slices"
	"strings"

	"dondoc/intake/finding"
)

// returnedInWords reads a bounce that has no delivery status (RFC 3464): most
// servers of the last century, and some of this, only say in words whom they
// did not reach, above a copy of the letter. text is all text of the mail;
// copied are the recipients of the letter that came back with it as a part.
//
// It is asked only of mails that a server wrote, or that begin with saying
// that something could not be delivered: an answering machine names addresses
// too, of those who stand in for its owner.
func returnedInWords(m *Mail, text string, copied []string) (b *finding.Bounce, threads []finding.Thread) {
	report, letter := uncopied(text)
	if letter != nil {
		threads = returnedThreads(letter)
		copied = append(copied, recipients(letter)...)
	}
	ours := []string{m.From.Address}
	for _, a := range m.To {
		ours = append(ours, a.Address)
	}
	to := failing(report, m.From.Address, ours)
	if to == "" && len(copied) == 1 {
		to = copied[0]
	}
	if to == "" {
		return nil, threads
	}
	status := statusIn(report)
	reason := reasonOf(report)
	if status == "" || strings.HasSuffix(status, ".0.0") {
		if reason == "" {
			reason = "0.0"
		}
		class := "5."
		if strings.HasPrefix(status, "4") {
			class = "4."
		}
		status = class + reason
	}
	trying := stillTrying.MatchString(finding.Plain(report)) || reason == "0.0" && delayed.MatchString(finding.Plain(m.Subject))
	if trying {
		status = "4" + status[1:]
	}
	return &finding.Bounce{Address: to, Status: status, Permanent: status[0] == '5', Delayed: trying}, threads
}

// uncopied parts what the server says from the copy of the letter below it,
// and reads the header of that.
func uncopied(text string) (report string, letter header) {
	at := copyBegins.FindStringIndex(text)
	if at == nil {
		return text, nil
	}
	copied := text[at[0]:]
	if i := strings.Index(copied, "\n"); !headerLine.MatchString(copied) && i >= 0 {
		copied = strings.TrimLeft(copied[i:], "\n \t=-")
	}
	if strings.HasPrefix(copied, ">") {
		copied = quoteMark.ReplaceAllString(copied, "")
	}
	letter, _, _ = readHeader([]byte(bounded(copied, 64<<10)), DefaultLimits)
	return text[:at[0]], letter
}

var (
	copyBegins = regexp.MustCompile(`(?im)^[ \t>]*(received: +(from|by|\()|return-path: *<|[-=* ]*(below this line is a copy|this is a copy of|here is a copy of|a copy of the original|start of returned|(the )?original message (follows|as received|header)` +
		`|-+ *(original|returned|the original|this is a copy|message header|unsent|copy of)|message headers? follow|returned message follows|the (first|body|header)[^\n]{0,60} original message))`)
	headerLine = regexp.MustCompile(`^[ \t>]*[!-9;-~]+:`)
	quoteMark  = regexp.MustCompile(`(?m)^> ?`)

	delayed     = regexp.MustCompile(`\bdelay(ed)?\b|^warning\b|delivery warning|\bchua (gui|chuyen|phat) duoc\b|bi (tre|cham)\b`)
	stillTrying = regexp.MustCompile(`will (continue|keep|be retried|retry)|continue to (try|attempt)|still being|not yet been delivered|attempts will continue|has been (postponed|delayed)|se (tiep tuc|thu) (gui|thu) lai`)
)

// recipients are whom a letter was for, by its header.
func recipients(h header) []string {
	var to []string
	for _, name := range []string{"x-failed-recipients", "x-hmxmroriginalrecipient", "to"} {
		for _, a := range addresses(h.all(name)) {
			if !slices.Contains(to, a.Address) {
				to = append(to, a.Address)
			}
		}
		if len(to) > 0 {
			break
		}
	}
	return to
}

var (
	addressIn = regexp.MustCompile(`(?i)\b[a-z0-9][a-z0-9._%+'-]*@[a-z0-9-]+(\.[a-z0-9-]+)+`)
	// notReached are the words by which a server says that it gave up.
	notReached = regexp.MustCompile(`could not be (delivered|sent)|cannot be delivered|can not be delivered|couldn'?t be delivered|(unable|not able|failed) to (deliver|send)|did not reach|undeliver|not delivered` +
		`|wasn'?t (able to deliver|delivered)|deliver(y|ies)[^\n]{0,40}(fail|postponed)|following (address|recipient|e-?mail)|recipient|permanent (fatal )?error|had (fatal|errors)|rejected|unknown|does ?n[o']t exist|rcpt to` +
		`|khong (the )?(gui|chuyen|phat|den)( thu)? (duoc|toi|den)|khong chuyen duoc|delivrer? a|non remis|no such`)
	// wholeLine is an address that has a line to itself.
	wholeLine = regexp.MustCompile(`^[\s"'*<>:.;\[\](){}|-]*$`)
	robotOf   = regexp.MustCompile(`^(postmaster|mailer-daemon|mailerdaemon|abuse|support|helpdesk|help|webmaster|hostmaster)@`)
)

// failing is the first of the addresses that the report most likely speaks of.
func failing(report, server string, ours []string) string {
	best, most, others := "", 0, map[string]bool{}
	near := 0 // lines ago that it was said that something was not delivered
	lines := strings.Split(bounded(report, maxText), "\n")
	for i, line := range lines {
		plain := finding.Plain(line)
		near++
		if notReached.MatchString(plain) {
			near = 0
		}
		for _, at := range addressIn.FindAllStringIndex(line, 20) {
			a := strings.ToLower(strings.TrimRight(line[at[0]:at[1]], ".-"))
			before, after := line[:at[0]], line[at[1]:]
			if strings.HasSuffix(finding.Plain(before), "from ") || slices.Contains(ours, a) || robotOf.MatchString(a) || !valid(a) || strings.HasPrefix(after, "@") || strings.HasPrefix(strings.TrimSpace(plain), "from:") {
				continue
			}
			others[a] = true
			score := 1
			if wholeLine.MatchString(before) && wholeLine.MatchString(after) || strings.HasPrefix(strings.TrimSpace(line), "<"+line[at[0]:at[1]]+">") {
				score += 2
			}
			if near < 4 {
				score += 4 - near
			}
			if toLine := strings.TrimSpace(plain); strings.HasPrefix(toLine, "to:") || strings.HasPrefix(toLine, "subject:") || strings.HasPrefix(toLine, "cc:") {
				score = 1
			}
			if score > most {
				best, most = a, score
			}
		}
		// "the following recipients could not be delivered …:\n\tscreenname"
		if _, domain, ok := strings.Cut(server, "@"); ok && len(others) == 0 && near > 0 && near < 3 && i > 0 && strings.HasSuffix(strings.TrimSpace(lines[i-1]), ":") {
			if name := strings.TrimSpace(line); name != "" && localName.MatchString(name) && valid(name+"@"+domain) {
				return strings.ToLower(name) + "@" + domain
			}
		}
	}
	if first := expandedFrom.FindStringSubmatch(report); first != nil && most > 1 {
		return strings.ToLower(first[1]) // what was written to, not what became of it on the way
	}
	if most > 1 || len(others) == 1 {
		return best
	}
	return ""
}

var expandedFrom = regexp.MustCompile(`(?i)\(expanded from: *<?([^\s<>@]+@[^\s<>)]+)>?\)`)

var localName = regexp.MustCompile(`^[A-Za-z0-9._-]{2,64}$`)

// statusIn is the status that a text names, the one of RFC 3463 before the
// code of SMTP; "" if it names neither.
func statusIn(text string) string {
	for _, s := range statusCode.FindAllString(text, 50) {
		if s[0] != '2' && !strings.HasSuffix(s, ".0.0") {
			return s
		}
	}
	if code := replyCode.FindStringSubmatch(text); code != nil {
		return code[1] + ".0.0"
	}
	return ""
}

var replyCode = regexp.MustCompile(`(?m)(?:^|said: |response: |>>> |<<< |error: |[("'#:] ?)\b([45])[0-5]\d[ -]`)

// reasons are the words of servers and what they mean (RFC 3463 §3), the more
// telling first. Folded letters.
var reasons = []struct {
	words *regexp.Regexp
	is    string
}{
	{regexp.MustCompile(`(mailbox|inbox|account|user|hop thu)[^.\n]{0,40}\b(is |has been |da |bi )?(full|day)\b|full mailbox|over ?quota|quota (is )?(exceeded|full)|exceed(s|ed|ing)?[^.\n]{0,40}(quota|storage|mailbox size)|mailbox (size|has exceeded|storage)|disk quota|insufficient (disk|storage|system storage)|storage (limit|allocation)|vuot (qua )?(dung luong|han muc)`), "2.2"},
	{regexp.MustCompile(`(unknown|no such|invalid|bad) (host|domain)|host (name )?(unknown|not found|lookup)|domain (name )?(unknown|not found|does ?n[o']t exist)|host or domain name not found|name ?server error|name service error|nxdomain|unresolvable|could not be resolved|mx (lookup|record)|no mx|couldn'?t find any host`), "1.2"},
	{regexp.MustCompile(`(user|recipient|mailbox|address|addressee|account|alias|local part)s?[^.\n]{0,50}(unknown|not known|not found|invalid|unavailable|not recognized|not listed|does ?n[o']t exist|do not exist|no longer|khong ton tai)|(unknown|no such|invalid|illegal|bad destination|not a (valid|known)|isn'?t a (valid|known)|is not a (valid|known)) (or illegal )?(user|recipient|mailbox|address|account|alias|person|local)|no (mailbox|account) (here|by that|with that)|not our customer|recipient (name is )?(address )?(rejected: (user|access denied|undeliverable)|not recognized)|unrouteable address|not (exactly )?match|khong ton tai|khong tim thay (nguoi|dia chi|hop thu)|resolver\.adr|user[_ ]?unknown`), "1.1"},
	{regexp.MustCompile(`(account|mailbox|user|recipient)[^.\n]{0,40}(disabled|suspended|inactive|deactivated|discontinued|locked|not active|expired|bi khoa|ngung)|disabled or discontinued`), "2.1"},
	{regexp.MustCompile(`too (large|big)|(message|mail|size)[^.\n]{0,30}exceeds?|exceeds?[^.\n]{0,30}(size|maximum)|size limit|qua (lon|dung luong cho phep)`), "3.4"},
	{regexp.MustCompile(`too many hops|mail loop|loops back|hop count`), "4.6"},
	{regexp.MustCompile(`spam|blocked|black ?list|block ?list|blocklist|listed (in|at|by)|reputation|virus|policy|not (accept|authori[sz]ed|allowed|permitted)|denied|prohibited|\bspf\b|dkim|dmarc|reverse dns|\bptr\b|content (rejected|filter)|unsolicited|closed list|not (a )?member|restricted|don'?t have permission|\brejected\b`), "7.1"},
	{regexp.MustCompile(`timed? ?out|retry (time|timeout)|too long|expired|for (the last )?\d+ (days|hours)|delivery time|connection refused|network (is )?unreachable`), "4.7"},
}

// reasonOf is what the words of a server mean, "1.1"; "" if that is not known.
func reasonOf(text string) string {
	plain := strings.Join(strings.Fields(finding.Plain(bounded(text, maxText))), " ")
	for _, r := range reasons {
		if r.words.MatchString(plain) {
			return r.is
		}
	}
	return ""
}

// refine notes what the words of a server mean where its status says nothing:
// "5.0.0 mailbox is full" shuts no address, "5.1.0 blocked by policy" neither.
// The status itself stays what the server said.
func refine(b *finding.Bounce, words string) {
	reason := reasonOf(words)
	switch _, detail, _ := strings.Cut(b.Status, "."); {
	case reason == "" || b.Meaning != "":
	case detail == "0.0", detail == "1.0", (detail == "4.1" || detail == "5.0") && reason == "1.1":
		b.Meaning = b.Status[:2] + reason
	}
}

// serverOf reports whether a mail server is named as the author.
func serverOf(m *Mail, h header) bool {
	local, _, _ := strings.Cut(m.From.Address, "@")
	return serverName.MatchString(local) || robotName(h.get("from"))
}

var serverName = regexp.MustCompile(`^(mailer[-_]?daemon|poo?st_?master|mdaemon|mail[._-]delivery[._-]system)$`)

// mayReturn reports whether a mail may be a bounce in words: a server wrote it,
// or its subject and its own first words say that something did not arrive.
func mayReturn(m *Mail, h header) bool {
	subject, server := finding.Plain(m.Subject), serverOf(m, h)
	switch {
	case server:
		return !absence.MatchString(finding.Plain(m.Text))
	case m.Machine == "" || m.Machine == "list":
		return undelivered.MatchString(subject) && givenUp.MatchString(finding.Plain(bounded(m.Text, 1000)))
	}
	return undelivered.MatchString(subject) || m.Machine == "return_path" && givenUp.MatchString(finding.Plain(bounded(m.Text, 2000)))
}

var (
	undelivered = regexp.MustCompile(`undeliver|delivery (status|notification|report|failure|failed|warning|problem|error)|failure (notice|delivery)|returned mail|(mail|message)[^\n]{0,30}(could not be|not) (delivered|sent)|mail (delivery|error|failed|failure)|non remis|non-?deliver|delivery delayed` +
		`|(thu|email|mail|tin)[^\n]{0,30}khong (the )?(gui|chuyen|phat|den)|khong the (gui|phat|chuyen)|da bi (tra lai|tu choi)|processing error`)
	givenUp = regexp.MustCompile(`(could not be|cannot be|can not be|couldn'?t be|was not|not) (delivered|sent)|(unable|not able|failed) to (deliver|send)|did not reach|undeliver|deliver[^\n]{0,60}(fail|postponed)|fail[^\n]{0,30}deliver|following (address|recipient)|failed (address|recipient)|user unknown|unknown user|(khong (the )?(gui|chuyen|phat)( thu)? (duoc|toi|den))|returned to sender|error[^\n]{0,40}deliver`)
)
