package document

import "strings"

// decode turns runs in fonts from before Unicode into Unicode.
func (d *Document) decode(blocks []block) {}

// oldFont reports whether a font by its name is one of those.
func oldFont(name string) bool {
	return strings.HasPrefix(name, ".Vn") || strings.HasPrefix(strings.ToUpper(name), "VNI")
}
