package config

import (
	"cmp"
	"errors"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"dondoc/intake/finding"
)

// The columns of a roster, in the order in which init writes them.
var columns = []string{"code", "category", "official_name", "short_name", "aliases", "parent", "district", "emails", "backup_email",
	"contact_phone", "expected_models", "expected_models_source", "certainty", "dup_group", "salutation", "leader_salutation",
	"goi_don_vi", "scope_note", "order", "relay", "auto_remind", "active", "note", "scope_note_en"}

// neededColumns must be there; the others have sensible answers without.
var neededColumns = []string{"code", "category", "official_name", "emails"}

var unitCode = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$`)

// roster reads units.xlsx or units.csv into the campaign's units and issuer.
func roster(c *Campaign, found *Mistakes, dir, issuer string) {
	file, data, ok := rosterFile(found, dir)
	if !ok {
		return
	}
	c.roster = file
	read := readXLSX
	if file == rosterCSV {
		read = readCSV
	}
	s, wrong := read(file, data)
	*found = append(*found, wrong...)
	if s == nil {
		return
	}
	r := &rosterReader{sheet: s, found: found, campaign: c, issuer: issuer}
	r.read()
}

// rosterFile finds the roster. Two of them would be read at random: refused.
func rosterFile(found *Mistakes, dir string) (file string, data []byte, ok bool) {
	file = rosterXLSX
	data, err := readAtMost(filepath.Join(dir, rosterXLSX), maxRoster)
	other, otherErr := readAtMost(filepath.Join(dir, rosterCSV), maxRoster)
	if errors.Is(err, fs.ErrNotExist) {
		file, data, err = rosterCSV, other, otherErr
	} else if !errors.Is(otherErr, fs.ErrNotExist) {
		found.say(Mistake{File: rosterCSV}, `có cả units.xlsx và units.csv nên không rõ dùng danh sách nào. Xóa hoặc đổi tên một tệp.`,
			`there are both units.xlsx and units.csv, so it is not clear which roster holds. Delete or rename one of them.`)
		return "", nil, false
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		found.say(Mistake{File: rosterXLSX}, `không có danh sách đơn vị. Chép units.xlsx (hoặc units.csv) vào thư mục của đợt; "dondoc init" tạo một tệp mẫu.`,
			`there is no roster of units. Copy units.xlsx (or units.csv) into the campaign directory; "dondoc init" writes an example.`)
	case errors.Is(err, errTooBig):
		found.say(Mistake{File: file}, `tệp lớn hơn 20 MB. Bỏ hình ảnh và các trang không dùng.`, `the file is larger than 20 MB. Take out pictures and unused sheets.`)
	case err != nil:
		found.say(Mistake{File: file}, `không đọc được tệp. Đóng Excel và cho người chạy dondoc quyền đọc.`, `the file cannot be read. Close Excel, and let the user that runs dondoc read it.`)
	default:
		return file, data, true
	}
	return "", nil, false
}

// rosterReader turns rows into units.
type rosterReader struct {
	sheet    *sheet
	found    *Mistakes
	campaign *Campaign
	issuer   string // code of the committee's own row; empty: the row of order 0

	column  map[string]int
	codes   map[string]Mistake // lower case → place
	aliases map[string]alias   // folded → whose
	emails  map[string]alias
	groups  map[string][]Mistake
	order   int // of the row before
}

type alias struct {
	unit string
	at   Mistake
}

func (r *rosterReader) read() {
	if !r.heads() {
		return
	}
	r.codes, r.aliases, r.emails, r.groups = map[string]Mistake{}, map[string]alias{}, map[string]alias{}, map[string][]Mistake{}
	before := len(*r.found)
	c := r.campaign
	for _, row := range r.sheet.rows[1:] {
		r.unit(row)
	}
	slices.SortStableFunc(c.Units, func(a, b Unit) int { return cmp.Compare(a.Order, b.Order) })
	if len(c.Units) == 0 && len(*r.found) == before {
		r.found.say(Mistake{File: r.sheet.file}, `danh sách không có đơn vị nào tham gia. Ghi mỗi đơn vị một dòng, cột active là yes; nếu vừa lỡ tay xóa, khôi phục bản trước.`,
			`the roster has no unit that takes part. Write one unit a row, with yes in column active; if it was emptied by accident, restore the version before.`)
	}
	if c.Issuer == nil && r.issuer != "" {
		r.found.say(Mistake{File: r.sheet.file}, `không có dòng nào mang mã %s là cơ quan ban hành (khóa issuer của campaign.yaml). Thêm dòng đó, hoặc sửa khóa issuer.`,
			`there is no row with the code %s of the issuing office (key issuer of campaign.yaml). Add it, or mend the key issuer.`, show(r.issuer))
	}
	for _, group := range sortedKeys(r.groups) {
		if rows := r.groups[group]; len(rows) == 1 {
			c.warnings.say(rows[0], `nhóm báo cáo chung %s chỉ có một đơn vị. Ghi cùng mã nhóm cho đơn vị kia, hoặc xóa ô này.`,
				`the shared dossier %s has only one unit. Write the same group for the other one, or clear this cell.`, show(group))
		}
	}
}

// heads finds the columns. A head nobody knows is a mistake, because it is
// most likely a known one mistyped, and its column would be lost in silence.
func (r *rosterReader) heads() bool {
	s := r.sheet
	if len(s.rows) == 0 {
		r.found.say(Mistake{File: s.file}, `danh sách trống. Dòng đầu là tên cột (%s, …), mỗi dòng sau một đơn vị; nếu vừa lỡ tay xóa, khôi phục bản trước.`,
			`the roster is empty. The first row holds the column heads (%s, …), each further row a unit; if it was emptied by accident, restore the version before.`, strings.Join(neededColumns, ", "))
		return false
	}
	before := len(*r.found)
	r.column = map[string]int{}
	for i, head := range s.rows[0].cells {
		name := strings.ToLower(head)
		_, twice := r.column[name]
		switch {
		case name == "":
			continue
		case twice:
			r.found.say(s.at(s.rows[0], i), `cột %s có hai lần. Xóa một cột.`, `there are two columns %s. Delete one of them.`, show(head))
		case slices.Contains(columns, name):
			r.column[name] = i
		default:
			if near := nearest(name, columns); near != "" {
				r.found.say(s.at(s.rows[0], i), `không có cột %s. Có phải %s?`, `there is no column %s. Is it %s?`, show(head), near)
			} else {
				r.found.say(s.at(s.rows[0], i), `không có cột %s. Xóa cột, hoặc chép nội dung vào cột note. Các cột: %s.`, `there is no column %s. Delete it, or move its contents to the column note. The columns are: %s.`, show(head), strings.Join(columns, ", "))
			}
		}
	}
	for _, row := range s.rows[1:] {
		for i, text := range row.cells {
			if text != "" && (i >= len(s.rows[0].cells) || s.rows[0].cells[i] == "") {
				r.found.say(s.at(row, i), `ô có chữ %s nhưng cột không có tên. Xóa ô, hoặc ghi tên cột ở dòng 1; trong tệp CSV, đặt nội dung có dấu phẩy trong "…".`,
					`this cell holds %s but its column has no head. Clear it, or write the head in row 1; in a CSV file, put a value with commas in "…".`, show(text))
				break
			}
		}
	}
	for _, name := range neededColumns {
		if _, ok := r.column[name]; !ok {
			r.found.say(Mistake{File: s.file, Line: s.rows[0].line}, `thiếu cột %s ở dòng 1. Thêm cột đó; đủ các cột: %s.`, `the column %s is missing in row 1. Add it; all columns are: %s.`, name, strings.Join(columns, ", "))
		}
	}
	return len(*r.found) == before
}

// rowReader reads the cells of one row.
type rowReader struct {
	*rosterReader
	row sheetRow
}

func (r rowReader) at(column string) Mistake {
	return r.sheet.at(r.row, r.column[column])
}

func (r rowReader) text(column string) string {
	if i, ok := r.column[column]; ok && i < len(r.row.cells) {
		return r.row.cells[i]
	}
	return ""
}

func (r rowReader) bad(column, vi, en string, args ...any) {
	r.found.say(r.at(column), "cột "+column+": "+vi, "column "+column+": "+en, args...)
}

// whole reads a number of 0 or more; a spreadsheet may show 2 as "2.0".
func (r rowReader) whole(column string, otherwise int) int {
	v := r.text(column)
	if v == "" {
		return otherwise
	}
	digits, _, _ := strings.Cut(v, ".")
	n, err := strconv.Atoi(digits)
	if err != nil || n < 0 || n > 99_999 || strings.Trim(strings.TrimPrefix(v, digits), ".0") != "" {
		r.bad(column, `%s không phải số nguyên từ 0 trở lên. Ghi một số như 1, hoặc để trống.`, `%s is no whole number of 0 or more. Write a number like 1, or leave it empty.`, show(v))
		return otherwise
	}
	return n
}

func (r rowReader) yes(column string, otherwise bool) bool {
	v := r.text(column)
	if v == "" {
		return otherwise
	}
	b, ok := yesNo(v)
	if !ok {
		r.bad(column, `%s không phải yes hoặc no. Ghi yes (có) hoặc no (không).`, `%s is neither yes nor no. Write yes or no.`, show(v))
	}
	return b
}

// addresses reads e-mail addresses separated as people separate them.
func (r rowReader) addresses(column string) []string {
	var list []string
	for _, a := range strings.FieldsFunc(r.text(column), func(c rune) bool { return strings.ContainsRune("|;, ", c) }) {
		a = strings.ToLower(strings.TrimPrefix(a, "mailto:"))
		if !isAddress(a) {
			r.bad(column, `%s không phải địa chỉ thư điện tử. Ghi như vanthu@don-vi.example; nhiều địa chỉ cách nhau bằng dấu |.`,
				`%s is no e-mail address. Write it like vanthu@unit.example; several are separated by |.`, show(a))
			continue
		}
		if !slices.Contains(list, a) {
			list = append(list, a)
		}
	}
	return list
}

// unit reads one row.
func (r *rosterReader) unit(raw sheetRow) {
	row, c := rowReader{r, raw}, r.campaign
	var u Unit
	u.Code = row.text("code")
	switch first, twice := r.codes[strings.ToLower(u.Code)]; {
	case u.Code == "":
		row.bad("code", `ô trống. Ghi mã đơn vị, hoặc xóa cả dòng.`, `the cell is empty. Write the unit's code, or delete the row.`)
	case !unitCode.MatchString(u.Code):
		row.bad("code", `%s không dùng làm mã được. Chỉ dùng chữ không dấu, số và dấu gạch, như HU-BINHSON.`, `%s cannot be a code. Use only unaccented letters, digits and dashes, like HU-BINHSON.`, show(u.Code))
	case twice:
		row.bad("code", `mã %s đã có ở %s. Đổi mã, hoặc xóa một dòng.`, `the code %s is already in %s. Change it, or delete one of the rows.`, show(u.Code), first.Cell)
	default:
		r.codes[strings.ToLower(u.Code)] = row.at("code")
	}
	u.Category, u.Name = row.text("category"), row.text("official_name")
	if u.Name == "" {
		row.bad("official_name", `ô trống. Ghi tên đầy đủ của đơn vị.`, `the cell is empty. Write the unit's full name.`)
	}
	u.ShortName = cmp.Or(row.text("short_name"), u.Name)
	for _, a := range strings.Split(row.text("aliases"), "|") {
		if a = strings.TrimSpace(a); a != "" && !slices.Contains(u.Aliases, a) {
			u.Aliases = append(u.Aliases, a)
		}
	}
	u.Parent, u.District = row.text("parent"), row.text("district")
	u.Emails = row.addresses("emails")
	if backup := row.addresses("backup_email"); len(backup) == 1 {
		u.BackupEmail = backup[0]
	} else if len(backup) > 1 {
		row.bad("backup_email", `chỉ ghi một địa chỉ dự phòng. Chuyển các địa chỉ khác sang cột emails.`, `only one backup address goes here. Move the others to the column emails.`)
	}
	u.Phone = row.text("contact_phone")
	u.Certainty, u.DupGroup = row.text("certainty"), row.text("dup_group")
	u.Salutation = cmp.Or(row.text("salutation"), u.Name)
	u.LeaderSalutation = cmp.Or(row.text("leader_salutation"), "Lãnh đạo "+u.Name)
	u.Address = cmp.Or(row.text("goi_don_vi"), "quý cơ quan")
	u.ScopeNote, u.ScopeNoteEN, u.Note = row.text("scope_note"), row.text("scope_note_en"), row.text("note")
	u.Relay, u.AutoRemind = row.yes("relay", false), row.yes("auto_remind", true)
	u.Order = row.whole("order", r.order)
	r.order = u.Order
	row.active(&u)

	isIssuer := u.Code == r.issuer
	if r.issuer == "" {
		isIssuer = u.Order == 0 && row.text("order") != "" && !u.Active
	}
	if k, ok := c.Category(u.Category); ok {
		u.Obligation = k.Obligation
		u.Obligation.Models = row.whole("expected_models", k.Obligation.Models)
	} else if !isIssuer && len(c.Categories) > 0 {
		row.unknownCategory(u.Category)
	}
	switch {
	case isIssuer && c.Issuer != nil:
		row.bad("order", `đã có cơ quan ban hành ở dòng khác (order 0): %s. Ghi số thứ tự cho đơn vị này.`, `another row (order 0) is already the issuing office: %s. Give this unit a number.`, c.Issuer.Code)
	case isIssuer:
		u.Active, u.AutoRemind, u.Undecided, u.Obligation = false, false, false, Obligation{}
		c.Issuer = &u
		row.names(u)
	case u.Active:
		row.reachable(u)
		row.names(u)
		c.Units = append(c.Units, u)
	}
	if u.DupGroup != "" {
		r.groups[u.DupGroup] = append(r.groups[u.DupGroup], row.at("dup_group"))
	}
}

// active reads yes, no or ?; a unit that is not decided must not be written
// to in earnest.
func (r rowReader) active(u *Unit) {
	v := r.text("active")
	if _, ok := r.column["active"]; !ok {
		u.Active = true
		return
	}
	if v == "?" || v == "？" {
		u.Active, u.Undecided = true, true
		if r.campaign.Mode == Live {
			r.bad("active", `chưa quyết định (?) đơn vị %s có thuộc diện gửi không, mà mode là live. Ghi yes hoặc no.`, `whether %s takes part is not decided (?), but mode is live. Write yes or no.`, show(u.Name))
		}
		return
	}
	b, ok := yesNo(v)
	if !ok {
		r.bad("active", `%s không phải yes, no hoặc ?. Ghi yes (tham gia), no (không), ? (chưa quyết định).`, `%s is not yes, no or ?. Write yes (takes part), no, or ? (not decided).`, show(v))
	}
	u.Active = b
}

func (r rowReader) unknownCategory(code string) {
	var codes []string
	for _, k := range r.campaign.Categories {
		codes = append(codes, k.Code)
	}
	if code == "" {
		r.bad("category", `ô trống. Ghi một trong các nhóm: %s.`, `the cell is empty. Write one of the groups: %s.`, strings.Join(codes, ", "))
		return
	}
	r.bad("category", `không có nhóm %s trong campaign.yaml. Ghi một trong: %s.`, `there is no group %s in campaign.yaml. Write one of: %s.`, show(code), strings.Join(codes, ", "))
}

// reachable checks that a unit can be written to, and notes whom it shares an
// address with: allowed, but then the address alone does not tell them apart.
func (r rowReader) reachable(u Unit) {
	if len(u.Emails) == 0 && r.text("emails") == "" {
		r.bad("emails", `đơn vị %s chưa có địa chỉ thư điện tử. Ghi địa chỉ, hoặc ghi no ở cột active.`, `the unit %s has no e-mail address. Write one, or write no in column active.`, show(u.Name))
	}
	for _, a := range u.Emails {
		if other, shared := r.emails[a]; shared {
			r.campaign.warnings.say(r.at("emails"), `%s và %s dùng chung địa chỉ %s; thư từ đó phải có thêm dấu hiệu khác mới rõ đơn vị. Nếu nhầm, sửa một ô.`,
				`%s and %s share the address %s; mail from there needs a second sign to tell the unit. If that is a slip, mend one of the cells.`, other.unit, u.Code, a)
			continue
		}
		r.emails[a] = alias{u.Code, r.at("emails")}
	}
}

// names checks that no two units answer to the same name, however it is typed.
func (r rowReader) names(u Unit) {
	for i, name := range slices.Concat([]string{u.Name, u.ShortName}, u.Aliases) {
		column := "aliases"
		switch {
		case i == 0:
			column = "official_name"
		case i == 1 && r.text("short_name") != "":
			column = "short_name"
		}
		folded := fold(name)
		if folded == "" {
			continue
		}
		if other, taken := r.aliases[folded]; taken && other.unit != u.Code {
			r.bad(column, `tên %s trùng với tên của %s ở %s khi bỏ dấu. Xóa tên đó ở một trong hai đơn vị.`, `the name %s is that of %s in %s when accents are left out. Delete it from one of the two units.`, show(name), other.unit, other.at.Cell)
			continue
		}
		r.aliases[folded] = alias{u.Code, r.at(column)}
	}
}

// fold reduces a name to what matching sees of it: lower case, no accents,
// đ as d, anything else a blank (MATCHING, "Chuẩn hóa" 2 and 3).
func fold(s string) string {
	words := func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }
	return strings.Join(strings.FieldsFunc(finding.Plain(s), words), " ")
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
