package mailhost

import (
	"fmt"
	"io"
	"log"
	"net"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// maxMail is as large a mail as the host takes.
const maxMail = 64 << 20

type server struct {
	listener net.Listener
	server   *smtp.Server
}

func listen(h *Host) (*server, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &session{host: h}, nil }))
	s.Domain = h.options.Name
	s.AllowInsecureAuth = true // it listens on loopback only
	s.MaxMessageBytes = maxMail
	s.ReadTimeout, s.WriteTimeout = time.Minute, time.Minute
	s.ErrorLog = log.New(io.Discard, "", 0)
	go s.Serve(listener)
	return &server{listener: listener, server: s}, nil
}

// session is one client's connection. Every account may send; none has to
// prove that the From field is its own, as on most hosts.
type session struct {
	host  *Host
	known bool
	from  string
	to    []string
}

func (s *session) AuthMechanisms() []string { return []string{sasl.Plain} }

func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if password != s.host.options.Password {
			return smtp.ErrAuthFailed
		}
		s.host.Open(user)
		s.known = true
		return nil
	}), nil
}

func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	if !s.known {
		return smtp.ErrAuthRequired
	}
	s.from, s.to = from, nil
	return nil
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	if s.host.state(to) == refusing {
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: fmt.Sprintf("<%s>: no such mailbox", to)}
	}
	s.to = append(s.to, to)
	return nil
}

func (s *session) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	for _, to := range s.to {
		if told := s.host.options.Accepted; told != nil {
			told(Mail{From: s.from, To: to, Raw: raw, At: s.host.options.Now()})
		}
		if err := s.host.deliver(s.from, to, raw); err != nil {
			return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: err.Error()}
		}
	}
	return nil
}

func (s *session) Reset()        { s.from, s.to = "", nil }
func (s *session) Logout() error { return nil }
