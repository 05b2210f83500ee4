package signin

import (
	"bufio"
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/oauth2"
)

// browserPatience is how long a login in a browser may take.
const browserPatience = 15 * time.Minute

// ByBrowser asks for access by an address that is opened in a browser and comes
// back to this machine (RFC 8252 §7.3), with PKCE. show is given the address.
// Where the browser runs on another machine it cannot come back: then the
// address that it shows at the end is read from pasted, a line of it.
func (a *App) ByBrowser(ctx context.Context, account string, now func() time.Time, pasted io.Reader, show func(address string)) (*Grant, error) {
	if a.oauth2.Endpoint.AuthURL == "" {
		return nil, fault(nil, false, `%s không có trang đăng nhập cho trình duyệt. Chạy lại, không kèm --browser.`, `%s has no page to log in at with a browser. Run again without --browser.`, a.provided())
	}
	ctx, cancel := context.WithTimeout(ctx, browserPatience)
	defer cancel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	with := a.oauth2
	with.RedirectURL = fmt.Sprintf("http://%s:%d/", a.loopback, listener.Addr().(*net.TCPAddr).Port)
	back := &comeback{state: rand.Text(), answers: make(chan url.Values, 1)}
	server := &http.Server{Handler: back, ReadHeaderTimeout: 10 * time.Second, MaxHeaderBytes: 16 << 10}
	go server.Serve(listener)
	defer func() {
		// The page that says so is still on its way.
		closing, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		server.Shutdown(closing)
	}()

	verifier := oauth2.GenerateVerifier()
	show(with.AuthCodeURL(back.state, append(a.ask, oauth2.S256ChallengeOption(verifier), oauth2.SetAuthURLParam("login_hint", account))...))
	go back.paste(pasted)

	select {
	case <-ctx.Done():
		if parent := context.Cause(ctx); parent == context.Canceled {
			return nil, parent
		}
		return nil, fault(nil, false, `không ai đăng nhập trong %d phút. `+againVI, `nobody logged in within %d minutes. `+againEN, int(browserPatience/time.Minute))
	case answer := <-back.answers:
		if code := answer.Get("error"); code != "" {
			return nil, a.judge(&oauth2.RetrieveError{ErrorCode: code, ErrorDescription: answer.Get("error_description")})
		}
		t, err := with.Exchange(a.context(ctx), answer.Get("code"), oauth2.VerifierOption(verifier))
		if no := (*oauth2.RetrieveError)(nil); errors.As(err, &no) && no.ErrorCode == "invalid_grant" {
			return nil, fault(nil, false, `%s không nhận mã trả về; địa chỉ có thể đã chép thiếu hoặc quá cũ. `+againVI, `%s does not take the code that came back; the address may have been copied in part, or is too old. `+againEN, a.provided())
		}
		if err != nil {
			return nil, a.judge(err)
		}
		return a.granted(t, account, now())
	}
}

// comeback is where the browser comes back to: once, with the state that went
// out. Anything else is none of this login.
type comeback struct {
	state   string
	answers chan url.Values
}

func (c *comeback) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Referrer-Policy", "no-referrer")
	if r.Method != http.MethodGet || r.URL.Path != "/" || !c.take(r.URL.Query()) {
		w.WriteHeader(http.StatusNotFound)
		fmt.Fprintln(w, "Địa chỉ này không thuộc lần đăng nhập đang chờ.\nThis address is none of the login that is waited for.")
		return
	}
	fmt.Fprintln(w, "dondoc đã nhận trả lời; xem kết quả ở cửa sổ lệnh. Có thể đóng trang này.\ndondoc has the answer; its window says how it ended. You may close this page.")
}

// take hands an answer on, if it is to this login.
func (c *comeback) take(answer url.Values) bool {
	if subtle.ConstantTimeCompare([]byte(answer.Get("state")), []byte(c.state)) != 1 || answer.Get("code") == "" && answer.Get("error") == "" {
		return false
	}
	select {
	case c.answers <- answer:
	default: // the first counts
	}
	return true
}

// paste reads the addresses that somebody copies from his browser.
func (c *comeback) paste(from io.Reader) {
	if from == nil {
		return
	}
	lines := bufio.NewScanner(io.LimitReader(from, 1<<20))
	for lines.Scan() {
		if u, err := url.Parse(strings.TrimSpace(lines.Text())); err == nil && c.take(u.Query()) {
			return
		}
	}
}
