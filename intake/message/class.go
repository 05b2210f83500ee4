package message

import (
	"regexp"
	"strings"

	"dondoc/intake/command"
	"dondoc/intake/finding"
)

// Classify says what a mail is before its files are looked at: one like a
// report makes it a report, whatever the words.
func Classify(m *Mail) string {
	switch {
	case m.Bounce != nil || m.Machine == "bounce":
		return finding.ClassBounce
	case m.Machine != "":
		return finding.ClassAutomatic
	}
	for _, a := range m.Attachments {
		if a.LikeReport() {
			return finding.ClassReport
		}
	}
	return ByWords(m)
}

// ByWords says what a person's mail is by its words alone. Those that the
// letters of the campaign ask for are looked for first, because they were
// meant as an answer. What is none of these is a question: a person reads it.
func ByWords(m *Mail) string {
	subject, text := finding.Plain(m.Subject), finding.Plain(WithoutLinks(m.Text))
	first := firstLine(text)
	if command.Read(m.Text).First {
		return finding.ClassCommand
	}
	if confirmation.MatchString(first) {
		return finding.ClassConfirmation
	}
	if statementFirst.MatchString(first) {
		return finding.ClassStatement
	}
	// A reply repeats the subject of ours: it is asked only in a new mail.
	both := text
	if !replySubject.MatchString(subject) {
		both = subject + "\n" + text
	}
	switch {
	case lateness.MatchString(both):
		return finding.ClassExtension
	case contact.MatchString(both):
		return finding.ClassContactChange
	case strings.Contains(text, "?"):
		return finding.ClassQuestion
	case statement.MatchString(text):
		return finding.ClassStatement
	case promise.MatchString(text):
		return finding.ClassPromise
	}
	return finding.ClassQuestion
}

// The words, in folded letters.
var (
	confirmation   = regexp.MustCompile(`^["“']?(xac nhan( la)?( so lieu)? ?(dung|sai)?|dung|khong|khong dung|dong y|dung roi|ok|yes|no)["”']?( roi| vay| a)?[ .!,/]*$|^["“']?xac nhan dung\b|^(vang|da),? (dung|khong|xac nhan)\b`)
	statementFirst = regexp.MustCompile(`^["“']?(da gui|da phat hanh|da nop)\b`)
	statement      = regexp.MustCompile(`\bda (duoc )?(gui|phat hanh|nop|chuyen|ban hanh)\b`)

	lateness = regexp.MustCompile(`\b(xin|de nghi|kinh de nghi|cho phep|xin phep|duoc) (duoc )?(lui|gia han|hoan|cham|gui cham|nop cham|gui muon|nop muon)\b` +
		`|\b(lui|gia han|keo dai|doi) (thoi han|thoi gian|thoi diem|han|ngay)\b|\bgia han\b|\bextension\b|\bextend the deadline\b`)

	contact = regexp.MustCompile(`\b(thay doi|doi|cap nhat|dieu chinh) (dia chi|email|e-mail|hop thu|dau moi|thong tin lien he|can bo|nguoi phu trach)` +
		`|\bdia chi (email|e-mail|thu|thu dien tu|hop thu)? ?moi\b|\b(cu|phan cong) (can bo|dau moi|dong chi|nguoi)\b|\bdau moi (moi|lien he moi)\b` +
		`|\b(new|changed?) (e-?mail )?(address|contact)\b`)

	promise = regexp.MustCompile(`\b(se|hen|du kien) (co gang |tiep tuc |hoan thanh |som )?(gui|nop|hoan thanh|bao cao|bo sung|co bao cao|chuyen)\b` +
		`|\b(se|hen|du kien) .{0,40}\b(ngay|truoc|trong|sang|chieu|tuan) \d*|\bwill (send|submit)\b` +
		`|\b(gui|nop)\b[^.?\n]{0,60}\bvao (sang |chieu |toi |khoang )?(ngay |dau |cuoi |trong )?(\d|thu (hai|ba|tu|nam|sau|bay)\b|tuan\b)`)

	replySubject = regexp.MustCompile(`^\s*(re|tl|tra loi|aw|fwd?)\s*:`)
)

// firstLine is the first line that says something: a greeting does not.
func firstLine(text string) string {
	for line := range strings.SplitSeq(text, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || greeting.MatchString(line) {
			continue
		}
		return line
	}
	return ""
}

var greeting = regexp.MustCompile(`^(kinh (gui|chao|thua)|chao |dear |hello|hi\b|thua )`)

// LikeReport reports whether the file could be what a unit was asked for: a
// document, a workbook, a container, or a picture as large as a scan.
func (a Attachment) LikeReport() bool {
	name := strings.ToLower(a.Name)
	dot := strings.LastIndexByte(name, '.')
	switch name[dot+1:] {
	case "xlsx", "xls", "xlsm", "xlsb", "ods", "et", "csv", "docx", "doc", "docm", "odt", "wps", "rtf", "pdf",
		"zip", "rar", "7z", "gz", "tgz", "tar", "eml", "msg", "p7m", "numbers", "pages":
		return true
	case "jpg", "jpeg", "png", "tif", "tiff", "heic", "bmp":
		return len(a.Data) >= scanSize && (!a.Inline || a.ContentID == "")
	case "dat": // Outlook's wrapping
		return name == "winmail.dat" || strings.HasSuffix(a.MediaType, "ms-tnef")
	case "bin", "":
		return len(a.Data) > 0
	}
	return strings.Contains(a.MediaType, "officedocument") || strings.HasPrefix(a.MediaType, "application/vnd.ms-") ||
		a.MediaType == "application/pdf" || a.MediaType == "application/msword"
}

// scanSize is the size in bytes from which a picture may be a scanned page.
const scanSize = 60 << 10
