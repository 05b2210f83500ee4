package signin

import (
	"context"
	"errors"
	"net/url"
	"time"
)

// Code is what the mailbox's owner types, and where.
type Code struct {
	Address string    // to be opened in any browser
	Code    string    // to be typed there
	Until   time.Time // when the code runs out; zero: nobody said
}

// ByCode asks for access by a code that somebody types at any browser (RFC
// 8628): show is given what to say, then the provider is asked every few
// seconds whether it was done.
func (a *App) ByCode(ctx context.Context, account string, now func() time.Time, show func(Code)) (*Grant, error) {
	ctx = a.context(ctx)
	auth, err := a.oauth2.DeviceAuth(ctx)
	if err != nil {
		return nil, a.judge(err)
	}
	u, err := url.Parse(auth.VerificationURI)
	if err != nil || u.Scheme != "https" || u.Host == "" || auth.UserCode == "" || auth.DeviceCode == "" {
		return nil, fault(nil, true, `máy chủ cấp phép của %s trả lời không rõ.`, `the server of %s that grants access gives an answer that is none.`, a.provided())
	}
	if auth.Expiry.IsZero() {
		auth.Expiry = time.Now().Add(15 * time.Minute)
	}
	auth.Interval = min(max(auth.Interval, 0), 60)
	show(Code{Address: tame(auth.VerificationURI), Code: tame(auth.UserCode), Until: auth.Expiry})
	for {
		t, err := a.oauth2.DeviceAccessToken(ctx, auth)
		if err == nil {
			return a.granted(t, account, now())
		}
		if errors.Is(ctx.Err(), context.Canceled) {
			return nil, ctx.Err()
		}
		if !time.Now().Before(auth.Expiry) {
			return nil, expired()
		}
		err = a.judge(err)
		if f := (*Fault)(nil); !errors.As(err, &f) || !f.Passing {
			return nil, err
		}
		// The provider was away for a moment: on, and less often (§3.5).
		auth.Interval = min(max(auth.Interval, 5)*2, 60)
	}
}
