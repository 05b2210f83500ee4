package letter

import (
	"path"
	"regexp"
	"strconv"
	"strings"

	"dondoc/config"
	"dondoc/intake/finding"
)

// Problem says in one paragraph what is wrong and what to do about it, in lang
// ("vi" or "en"). Rules of the form bring their own words; for the program's
// checks they are in the catalogue. It always gives readable text: what a
// check did not say is left out of the sentence.
func Problem(c *config.Campaign, lang string, p finding.Problem) string {
	if lang != "en" {
		lang = "vi"
	}
	for _, w := range []string{p.Words[lang], p.Words["vi"], p.Words["en"]} {
		if w = tidy(w); w != "" {
			return shorten(w, maxWords)
		}
	}
	entry, ok := catalogue[p.Code+"/"+string(p.Severity)]
	if !ok {
		entry, ok = catalogue[p.Code]
	}
	if !ok {
		entry = catalogue[""]
	}
	return shorten(upper(fill(entry.In(lang), arguments(c, lang, p))), maxWords)
}

// maxWords bounds one paragraph about a problem.
const maxWords = 600

// arguments are what the placeholders of the catalogue stand for: what the
// check gave, then what follows from the problem's own fields and from the
// campaign.
func arguments(c *config.Campaign, lang string, p finding.Problem) map[string]string {
	args := map[string]string{}
	otherwise := func(key, x string) {
		limit := maxValue
		if strings.HasPrefix(key, "danh_sach") || key == "tom_tat" { // lists of cells and figures
			limit = 3 * maxValue
		}
		if strings.HasPrefix(key, "bieu") || key == "danh_sach_o" {
			x = tableName(lang, x)
		}
		if x = shorten(tidy(x), limit); x != "" && args[key] == "" {
			args[key] = x
		}
	}
	for k, x := range p.Args {
		otherwise(k, x)
	}
	otherwise("ma_loi", p.Code)
	otherwise("o", p.Cell)
	if len(p.Cells) > 0 {
		otherwise("danh_sach_o", strings.Join(p.Cells, ", "))
	}
	otherwise("danh_sach_o", args["o"])
	otherwise("gia_tri", p.Found)
	otherwise("bieu", p.Sheet)
	// English needs to know whether one cell is meant or several.
	if strings.Contains(args["o"], ",") || strings.Contains(args["o"], ":") {
		args["os"] = " "
	}
	for _, key := range []string{"n", "n2", "co", "can", "thieu", "thieu2"} {
		if n, err := strconv.Atoi(args[key]); err == nil {
			args[key] = count(lang, n)
		}
	}
	if args["n"] == count(lang, 1) || args["n"] == "" && args["o"] != "" && len(p.Cells) < 2 {
		args["mot"] = " " // one cell only: say which, in full
	}
	if args["tt"] != "" && args["cn"] != "" {
		otherwise("cong", args["tt"]+" + "+args["cn"])
	}
	if spreadsheet(args["tep"]) {
		args["bang"] = " "
	}
	if args["ma_hoa"] != "" {
		args["ma_hoa"] = " "
	}
	if args["kem"] != "" {
		args["kem"] = " " + args["kem"]
	}
	if c == nil {
		return args
	}
	word := func(t config.Text) string { return t.In(lang) }
	l := c.Letter
	otherwise("ky", word(l.Period))
	otherwise("dem", word(l.Counts))
	otherwise("cong_van", word(l.Name))
	otherwise("van_ban", word(l.Doc))
	otherwise("dien_thoai", l.Phone)
	otherwise("phu_luc", word(c.Parts[finding.Appendix].Name))
	otherwise("bao_cao", word(c.Parts[finding.Report].Name))
	otherwise("mo_hinh", word(c.Parts[finding.Model].Brief))
	otherwise("mo_hinh_day_du", word(c.Parts[finding.Model].Noun))
	otherwise("minh_chung", word(c.Parts[finding.Model].Proof))
	return args
}

// tableName calls the form's "Biểu 1" a "Table 1" in English, as the form's
// own English rules do. The labels of its cells stay as the form has them.
func tableName(lang, s string) string {
	if lang != "en" {
		return s
	}
	return numberedTable.ReplaceAllString(s, "Table $1")
}

var numberedTable = regexp.MustCompile(`(?i)\bbiểu\s+(\d)`)

// spreadsheet reports whether the name is a spreadsheet's. A name that
// promises nothing is taken for one: it was checked as the form.
func spreadsheet(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".pdf", ".doc", ".docx", ".docm", ".rtf", ".odt", ".wps", ".txt", ".htm", ".html",
		".ppt", ".pptx", ".jpg", ".jpeg", ".png", ".tif", ".tiff", ".heic", ".zip", ".rar", ".7z", ".gz", ".tgz", ".tar", ".p7m", ".asc", ".msg", ".eml", ".dat":
		return false
	}
	return true
}

var placeholder = regexp.MustCompile(`\{[a-z0-9_]+\}`)

// fill writes a wording of the catalogue. {x} stands for the argument x. A part
// in brackets is left out unless all its arguments are there; with | the first
// alternative that is complete is taken, and one without arguments always is:
// "[{bieu}, ]ô {o}[ ({nhan})]", "[tệp “{tep}”|tệp gửi kèm]".
func fill(wording string, args map[string]string) string {
	var b strings.Builder
	for wording != "" {
		before, rest, open := strings.Cut(wording, "[")
		b.WriteString(replace(before, args))
		if !open {
			break
		}
		inside, after, _ := strings.Cut(rest, "]")
		for _, alternative := range strings.Split(inside, "|") {
			if hasAll(alternative, args) {
				b.WriteString(replace(alternative, args))
				break
			}
		}
		wording = after
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

func hasAll(wording string, args map[string]string) bool {
	for _, p := range placeholder.FindAllString(wording, -1) {
		if args[p[1:len(p)-1]] == "" {
			return false
		}
	}
	return true
}

// replace fills in arguments; one that is missing outside of brackets, which
// the catalogue avoids and a test forbids, becomes "…".
func replace(wording string, args map[string]string) string {
	return placeholder.ReplaceAllStringFunc(wording, func(p string) string {
		if x := args[p[1:len(p)-1]]; x != "" {
			return x
		}
		return "…"
	})
}
