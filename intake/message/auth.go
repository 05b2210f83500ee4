package message

import (
	"strings"

	"github.com/emersion/go-msgauth/authres"
)

// auth is what our own server concluded of the sender's domain: pass, fail or
// none, by the topmost Authentication-Results field that bears its id. Any
// other such field came with the mail (RFC 8601 §5).
func auth(h header, authservID string) string {
	if authservID == "" {
		return "none"
	}
	for _, value := range h.all("authentication-results") {
		id, results, err := authres.Parse(value)
		if err != nil || !strings.EqualFold(id, authservID) {
			continue
		}
		return conclude(results)
	}
	return "none"
}

// conclude reads the results as DMARC would: one aligned pass is enough, and
// the owner of the domain has the last word. Weak results (softfail, neutral,
// errors) conclude nothing.
func conclude(results []authres.Result) string {
	var pass, fail bool
	note := func(v authres.ResultValue) {
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
			note(r.Value)
		case *authres.DKIMResult:
			note(r.Value)
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
