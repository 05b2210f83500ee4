package document

import (
	"regexp"
	"strings"

	"dondoc/intake/finding"
)

// nothing is how offices say that there is nothing to report.
var nothing = regexp.MustCompile(`\b(khong (co )?(phat sinh|trien khai|to chuc trien khai|dang ky)|chua (phat sinh|trien khai)|khong (xay dung|co) (duoc )?mo hinh)\b`)

// maxNothing bounds, in bytes, a text that says no more than that. A report of
// pages speaks of things that did not happen as well.
const maxNothing = 2500

// SaysNothing reports whether a text is a short one that says that there is
// nothing to report: a person decides whether that means zeros or an exemption.
func SaysNothing(text string) bool {
	if len(text) > maxNothing {
		return false
	}
	return nothing.MatchString(strings.Join(strings.Fields(finding.Plain(text)), " "))
}
