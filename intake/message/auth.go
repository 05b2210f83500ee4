package message

import (
	"cmp"
	"strings"

	"github.com/emersion/go-msgauth/authres"
)

// auth is what our own server concluded of the sender's domain: pass, fail or
// none, by the topmost Authentication-Results field that bears its id. Any
// other such field came with the mail (RFC 8601 §5).
func auth(h header, authservID, from string) string {
	if authservID == "" {
		return "none"
	}
	for _, value := range h.all("authentication-results") {
		id, results, err := authres.Parse(value)
		if err != nil || !strings.EqualFold(id, authservID) {
			continue
		}
		return conclude(results, from)
	}
	return "none"
}

// conclude reads the results as DMARC would: one aligned pass is enough, and
// the owner of the domain has the last word. Weak results (softfail, neutral,
// errors) conclude nothing, and so does what is said of another domain than
// the sender's: anybody can sign for his own.
func conclude(results []authres.Result, from string) string {
	var pass, fail bool
	note := func(v authres.ResultValue, domain string) {
		if !aligned(domain, from) {
			return
		}
		switch v {
		case authres.ResultPass:
			pass = true
		case authres.ResultFail, authres.ResultHardFail:
			fail = true
		}
	}
	for _, r := range results {
		switch r := r.(type) {
		case *authres.DMARCResult:
			switch r.Value {
			case authres.ResultPass:
				return "pass"
			case authres.ResultFail, authres.ResultHardFail:
				return "fail"
			}
		case *authres.SPFResult:
			note(r.Value, r.From)
		case *authres.DKIMResult:
			note(r.Value, cmp.Or(r.Domain, r.Identifier))
		}
	}
	switch {
	case pass:
		return "pass"
	case fail:
		return "fail"
	}
	return "none"
}

// aligned reports whether a domain, or an address, belongs to the domain of the
// From address: the same, or one below the other (RFC 7489 §3.1, relaxed). A
// server that does not say which domain it looked at means the sender's.
func aligned(domain, from string) bool {
	last := func(s string) string { return strings.ToLower(s[strings.LastIndexByte(s, '@')+1:]) }
	domain, from = last(domain), last(from)
	below := func(a, b string) bool { return strings.Contains(b, ".") && strings.HasSuffix(a, "."+b) }
	return domain == "" || domain == from || below(domain, from) || below(from, domain)
}
