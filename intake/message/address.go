package message

import (
	"regexp"
	"strings"
	"unicode"

	"dondoc/intake/finding"
)

// maxAddresses bounds the lists of people of one field.
const maxAddresses = 200

// author returns whom the From fields name. Several different addresses are
// nobody: such a mail is one program's claim in another's name, and the
// address decides whose a filing is. The first display name is kept for the
// person who will look at it.
func author(fields []string) finding.Address {
	list := addresses(fields)
	if len(list) == 0 {
		name := ""
		if len(fields) > 0 {
			name = oneLine(words(fields[0]), 200)
		}
		return finding.Address{Name: name}
	}
	for _, a := range list[1:] {
		if a.Address != list[0].Address {
			return finding.Address{Name: list[0].Name}
		}
	}
	return list[0]
}

// addresses reads address lists (RFC 5322 §3.4) leniently: what holds no
// address is passed over, names are decoded, addresses are in lower case.
func addresses(fields []string) []finding.Address {
	var list []finding.Address
	for _, f := range fields {
		for _, item := range items(f) {
			if a, ok := address(item); ok && len(list) < maxAddresses {
				list = append(list, a)
			}
		}
	}
	return list
}

// items cuts an address list at its commas and semicolons, outside quotes,
// comments and angle brackets. A group's name goes away; its members stay.
func items(s string) []string {
	var list []string
	var quoted, angle bool
	comment, start := 0, 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '=' && leadingWord.MatchString(s[i:]):
			i += len(leadingWord.FindString(s[i:])) - 1 // a comma within belongs to the name
		case c == '\\' && (quoted || comment > 0):
			i++
		case c == '"' && comment == 0:
			quoted = !quoted
		case quoted:
		case c == '(':
			comment++
		case c == ')' && comment > 0:
			comment--
		case comment > 0:
		case c == '<':
			angle = true
		case c == '>':
			angle = false
		case angle:
		case c == ':':
			start = i + 1
		case c == ',' || c == ';':
			list = append(list, s[start:i])
			start = i + 1
		}
	}
	if quoted && strings.Count(s, `"`) == 1 {
		// A lone quote would swallow the rest of the list.
		return items(strings.ReplaceAll(s, `"`, ""))
	}
	return append(list, s[min(start, len(s)):])
}

var leadingWord = regexp.MustCompile(`^` + encodedWord.String())

// address reads one mailbox.
func address(item string) (finding.Address, bool) {
	name, addr := item, ""
	if open := strings.LastIndexByte(item, '<'); open >= 0 {
		name = item[:open]
		addr, _, _ = strings.Cut(item[open+1:], ">")
		if i := strings.LastIndexByte(addr, ':'); i >= 0 {
			addr = addr[i+1:] // an obsolete route
		}
	} else {
		var comments string
		addr, comments = uncomment(item)
		name = comments
	}
	addr = strings.ToLower(strings.Trim(words(addr), " \t\"'"))
	if !valid(addr) {
		return finding.Address{}, false
	}
	if bare, comments := uncomment(name); strings.TrimSpace(bare) == "" {
		name = comments
	}
	return finding.Address{Name: displayName(name), Address: addr}, true
}

// displayName takes quotes away and decodes words, also those within quotes.
func displayName(s string) string {
	s = strings.TrimSpace(s)
	if len(s) >= 2 && s[0] == '"' && s[len(s)-1] == '"' {
		s = s[1 : len(s)-1]
	}
	s = strings.NewReplacer(`\"`, `"`, `\\`, `\`).Replace(s)
	return oneLine(strings.Trim(words(s), `"' `), 300)
}

// uncomment parts s into what stands outside and inside of parentheses.
func uncomment(s string) (outside, inside string) {
	var out, in strings.Builder
	depth, quoted := 0, false
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c == '"' && depth == 0:
			quoted = !quoted
			out.WriteByte(c)
		case c == '(' && !quoted:
			depth++
		case c == ')' && depth > 0:
			depth--
		case depth > 0:
			in.WriteByte(c)
		default:
			out.WriteByte(c)
		}
	}
	return out.String(), in.String()
}

// valid reports whether mail could be sent to addr.
func valid(addr string) bool {
	local, domain, ok := strings.Cut(addr, "@")
	if !ok || local == "" || domain == "" || len(addr) > 254 || strings.Contains(domain, "@") {
		return false
	}
	return !strings.ContainsFunc(addr, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r) || strings.ContainsRune("<>(),;\"\uFFFD", r)
	})
}
