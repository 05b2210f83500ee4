package message

import (
	"regexp"
	"strings"

	"dondoc/intake/finding"
)

// maxThreads bounds the strings that somebody will have to verify.
const maxThreads = 60

// threads collects what may name the letter of ours that a mail answers.
// Relays rewrite one or the other, so all of them count. A plus tag comes in
// lower case, as addresses do.
func threads(h header) []finding.Thread {
	var list threadList
	for _, id := range ids(h.get("in-reply-to")) {
		list.add("in_reply_to", id)
	}
	// The last reference is the nearest: of a long list the end is kept.
	refs := ids(strings.Join(h.all("references"), " "))
	for _, id := range refs[max(0, len(refs)-maxThreads/2):] {
		list.add("references", id)
	}
	for _, key := range h.all("x-dondoc-key") {
		list.add("key_header", oneLine(key, 200))
	}
	// Of a copy among sent mail: what the ledger said of the letter.
	list.add("record", strings.Join(strings.Fields(h.get("x-dondoc-record")), ""))
	for _, f := range []string{"to", "delivered-to", "x-original-to", "envelope-to", "cc"} {
		for _, a := range addresses(h.all(f)) {
			local, _, _ := strings.Cut(a.Address, "@")
			if _, tag, ok := strings.Cut(local, "+"); ok {
				list.add("reply_tag", tag)
			}
		}
	}
	return list
}

// returnedThreads collects what names a letter of ours inside a mail that
// came back, or was read, or was forwarded as a whole.
func returnedThreads(h header) []finding.Thread {
	var list threadList
	if id := firstID(h.get("message-id")); id != "" {
		list.add("returned", id)
	}
	if id := firstID(h.get("original-message-id")); id != "" {
		list.add("returned", id)
	}
	if key := h.get("x-dondoc-key"); key != "" {
		list.add("returned", oneLine(key, 200))
	}
	return list
}

// codes collects the codes of digests that a mail quotes: some programs answer
// without naming the Message-ID of what they answer.
func codes(body string) []finding.Thread {
	var list threadList
	for _, m := range digestCode.FindAllStringSubmatch(finding.Plain(body), maxCodes) {
		list.add("digest_code", strings.ToUpper(m[1]+"-"+m[2]))
	}
	return list
}

// maxCodes bounds how many of them somebody will have to verify.
const maxCodes = 5

var digestCode = regexp.MustCompile(`\b(?:ma ban tin|code of this digest)[ :*>\n]{0,8}([a-z2-7]{5})[- ]?([a-z2-7]{5})\b`)

type threadList []finding.Thread

func (l *threadList) add(where, value string) {
	t := finding.Thread{Where: where, Value: value}
	if value == "" || len(*l) >= maxThreads {
		return
	}
	for _, have := range *l {
		if have == t {
			return
		}
	}
	*l = append(*l, t)
}

// ids returns the Message-IDs of a field, without <>.
func ids(s string) []string {
	var list []string
	for {
		_, rest, ok := strings.Cut(s, "<")
		if !ok {
			return list
		}
		id, after, ok := strings.Cut(rest, ">")
		if !ok {
			return list
		}
		if id = strings.Join(strings.Fields(id), ""); id != "" && len(id) <= 998 {
			list = append(list, oneLine(id, 998))
		}
		s = after
	}
}

// firstID returns the first Message-ID of a field; what lacks <> is taken as
// it stands.
func firstID(s string) string {
	if list := ids(s); len(list) > 0 {
		return list[0]
	}
	return strings.Trim(oneLine(decodeText([]byte(s), ""), 998), "<> ")
}
