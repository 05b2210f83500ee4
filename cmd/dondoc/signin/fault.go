package signin

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"unicode"

	"golang.org/x/oauth2"
)

// Fault is why there is no access, in words that hold no secret.
type Fault struct {
	VI, EN string
	// Passing: it may be otherwise in a minute, without anybody's doing.
	Passing bool
	// Missing: nobody has logged in yet, or not with what is configured now.
	Missing bool
	err     error
}

// In returns the fault in lang.
func (f *Fault) Say(lang string) string {
	if lang == "en" {
		return f.EN
	}
	return f.VI
}

func (f *Fault) Error() string { return f.EN }
func (f *Fault) Unwrap() error { return f.err }

// fault makes one; what others said in args is made harmless and short.
func fault(err error, passing bool, vi, en string, args ...any) *Fault {
	for i, a := range args {
		if s, ok := a.(string); ok {
			args[i] = tame(s)
		}
	}
	return &Fault{VI: fmt.Sprintf(vi, args...), EN: fmt.Sprintf(en, args...), Passing: passing, err: err}
}

// again is the advice that ends most faults.
const (
	againVI = "Chạy lại: dondoc login"
	againEN = "Run again: dondoc login"
)

// judge tells what the provider's refusals mean (RFC 6749 §5.2, RFC 8628 §3.5).
// Of its answer only the code and the description are repeated.
func (a *App) judge(err error) error {
	var known *Fault
	if err == nil || errors.As(err, &known) {
		return err
	}
	var no *oauth2.RetrieveError
	if !errors.As(err, &no) {
		if errors.Is(err, context.Canceled) {
			return err
		}
		return fault(err, true, `chưa liên lạc được với máy chủ cấp phép của %s (%s).`, `the server of %s that grants access cannot be reached (%s).`, a.provided(), network(err))
	}
	said := no.ErrorCode
	if no.ErrorDescription != "" {
		said += ": " + no.ErrorDescription
	}
	status := 0
	if no.Response != nil {
		status = no.Response.StatusCode
	}
	switch code := no.ErrorCode; {
	case status >= 500 || status == 429 || code == "temporarily_unavailable" || code == "server_error":
		return fault(nil, true, `máy chủ cấp phép của %s đang trục trặc (%d %s).`, `the server of %s that grants access has trouble (%d %s).`, a.provided(), status, said)
	case code == "invalid_grant" || code == "interaction_required" || code == "consent_required" || code == "login_required":
		return fault(nil, false, `quyền vào hộp thư đã bị thu hồi hoặc hết hạn (%s báo: %s). `+againVI, `access to the mailbox was revoked or has run out (%s says: %s). `+againEN, a.provided(), said)
	case code == "access_denied":
		return fault(nil, false, `trang đăng nhập của %s báo không đồng ý cho phép. Muốn cho phép thì chạy lại: dondoc login`, `the page of %s was told not to allow it. To allow it, run again: dondoc login`, a.provided())
	case code == "expired_token":
		return expired()
	case code == "invalid_client" || code == "unauthorized_client":
		return fault(nil, false, `%s không nhận ứng dụng (%s). Xem lại client_id, client_secret_file của khóa oauth; client secret có thể đã hết hạn; ứng dụng phải cho phép kiểu đăng nhập này ("public client flows").`,
			`%s does not accept the application (%s). Look at client_id and client_secret_file of the key oauth; the secret may have run out; the application must allow this way of logging in ("public client flows").`, a.provided(), said)
	case code == "invalid_scope":
		return fault(nil, false, `%s không cấp quyền đọc, gửi thư theo cách này (%s). Thử: dondoc login --browser`, `%s does not grant mail in this way (%s). Try: dondoc login --browser`, a.provided(), said)
	case code != "":
		return fault(nil, false, `%s từ chối (%s).`, `%s refuses (%s).`, a.provided(), said)
	}
	return fault(nil, true, `máy chủ cấp phép của %s trả lời không rõ (%d).`, `the server of %s that grants access gives an answer that is none (%d).`, a.provided(), status)
}

func expired() *Fault {
	return fault(nil, false, `mã đã hết hạn trước khi có người nhập. `+againVI, `the code ran out before anybody typed it. `+againEN)
}

// network is the cause of a failed connection, without the address asked for,
// which url.Error repeats.
func network(err error) string {
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err
	}
	var n net.Error
	if errors.As(err, &n) && n.Timeout() {
		return "timeout"
	}
	return err.Error()
}

// tame makes what others said one short line.
func tame(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "?"))
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > 200 {
		s = string(r[:200]) + "…"
	}
	return s
}
