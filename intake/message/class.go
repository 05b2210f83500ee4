package message

import (
	"slices"
	"strings"

	"dondoc/intake/command"
	"dondoc/intake/finding"
	"dondoc/intake/saying"
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

// ByWords says what a person's mail is by its words alone. An answer to what
// our letters ask for is looked for first, in what was written first. What is
// none of these is a question: a person reads it.
func ByWords(m *Mail) string {
	if command.Read(m.Text).First {
		return finding.ClassCommand
	}
	says := saying.Read(m.Subject, m.Text)
	said := func(kinds ...string) bool {
		return slices.ContainsFunc(says, func(s finding.Saying) bool { return slices.Contains(kinds, s.Kind) })
	}
	if len(says) > 0 {
		switch says[0].Kind {
		case finding.SaysRight, finding.SaysYes, finding.SaysNo:
			return finding.ClassConfirmation
		case finding.SaysSent:
			return finding.ClassStatement
		}
	}
	switch {
	case said(finding.SaysNeedsTime):
		return finding.ClassExtension
	case said(finding.SaysContact):
		return finding.ClassContactChange
	case said(finding.SaysAsks):
		return finding.ClassQuestion
	case said(finding.SaysRight):
		return finding.ClassConfirmation
	case said(finding.SaysSent, finding.SaysCorrection):
		return finding.ClassStatement
	case said(finding.SaysWillSend, finding.SaysForNow):
		return finding.ClassPromise
	}
	return finding.ClassQuestion
}

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
