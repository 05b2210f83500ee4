// Package mailboxtest is a mail server's IMAP side in memory, on loopback: the
// real protocol between the program and a mailbox that a test or the demo can
// fill and look into.
package mailboxtest

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"
)

// Security is how clients have to connect.
type Security int

const (
	Plain       Security = iota // imap+plain://
	StartTLS                    // imap+starttls://
	ImplicitTLS                 // imaps://
)

// Server is a running server. All methods may be called at any time from any
// goroutine.
type Server struct {
	security Security
	listener net.Listener
	imap     *imapserver.Server
	memory   *imapmemserver.Server
	ca       []byte

	mu     sync.Mutex
	users  map[string]*account
	tokens map[string]string // by user
	sent   map[string]string // folder for sent mail, by user
	full   map[string]bool   // by user
}

type account struct {
	*imapmemserver.User
	password string
}

// Start listens on a free port of 127.0.0.1.
func Start(security Security) (*Server, error) { return StartAt("127.0.0.1:0", security) }

// StartAt listens on an address, so that a server can come back where another
// has been.
func StartAt(addr string, security Security) (*Server, error) {
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, err
	}
	s := &Server{security: security, listener: listener, memory: imapmemserver.New(), users: map[string]*account{}, tokens: map[string]string{}, sent: map[string]string{}, full: map[string]bool{}}
	options := &imapserver.Options{
		NewSession: func(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			return &session{SessionIMAP4rev2: s.memory.NewSession().(imapserver.SessionIMAP4rev2), server: s}, nil, nil
		},
		Caps:         imap.CapSet{imap.CapIMAP4rev1: {}, imap.CapIMAP4rev2: {}, imap.CapSpecialUse: {}},
		InsecureAuth: security == Plain,
		// It reports every client that leaves without LOGOUT.
		Logger: log.New(io.Discard, "", 0),
	}
	if security != Plain {
		cert, ca, err := Certificate()
		if err != nil {
			listener.Close()
			return nil, err
		}
		s.ca = ca
		config := &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12}
		if security == StartTLS {
			options.TLSConfig = config
		} else {
			s.listener = tls.NewListener(listener, config)
		}
	}
	s.imap = imapserver.New(options)
	go s.imap.Serve(s.listener)
	return s, nil
}

// Addr is host:port; the certificate is for this host.
func (s *Server) Addr() string { return s.listener.Addr().String() }

// URL is what mailbox.url says for the user.
func (s *Server) URL(user string) string {
	scheme := map[Security]string{Plain: "imap+plain", StartTLS: "imap+starttls", ImplicitTLS: "imaps"}[s.security]
	return fmt.Sprintf("%s://%s@%s", scheme, user, s.Addr())
}

// CA is the certificate, in PEM, of the authority that vouches for the server;
// nil without TLS.
func (s *Server) CA() []byte { return s.ca }

// AddUser makes an account with an INBOX.
func (s *Server) AddUser(user, password string) {
	u := imapmemserver.NewUser(user, password)
	u.Create("INBOX", nil)
	s.mu.Lock()
	s.users[user] = &account{u, password}
	s.mu.Unlock()
	s.memory.AddUser(u)
}

// AddFolder makes a folder in the user's account.
func (s *Server) AddFolder(user, folder string) error {
	u, err := s.user(user)
	if err != nil {
		return err
	}
	return u.Create(folder, nil)
}

// RemoveFolder takes a folder away; made again, it has another UIDVALIDITY.
func (s *Server) RemoveFolder(user, folder string) error {
	u, err := s.user(user)
	if err != nil {
		return err
	}
	return u.Delete(folder)
}

// Append puts a message into a folder and returns its UID. The server answers
// received as INTERNALDATE. A header that is no header makes go-imap's server
// deliver an empty body.
func (s *Server) Append(user, folder string, raw []byte, received time.Time) (uint32, error) {
	u, err := s.user(user)
	if err != nil {
		return 0, err
	}
	data, err := u.Append(folder, literal{bytes.NewReader(raw)}, &imap.AppendOptions{Time: received})
	if err != nil {
		return 0, err
	}
	return uint32(data.UID), nil
}

// Messages returns what a folder holds, in the order of UIDs.
func (s *Server) Messages(user, folder string) ([][]byte, error) {
	stored, err := s.Stored(user, folder)
	var raws [][]byte
	for _, m := range stored {
		raws = append(raws, m.Raw)
	}
	return raws, err
}

// Close stops the server and cuts every connection.
func (s *Server) Close() error { return s.imap.Close() }

func (s *Server) user(name string) (*account, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if u := s.users[name]; u != nil {
		return u, nil
	}
	return nil, fmt.Errorf("mailboxtest: no user %q", name)
}

type literal struct{ *bytes.Reader }

func (l literal) Size() int64 { return l.Reader.Size() }

// Certificate makes an authority, and a certificate from it for 127.0.0.1 and
// localhost. The authority comes back in PEM, for ca_file.
func Certificate() (tls.Certificate, []byte, error) {
	fail := func(err error) (tls.Certificate, []byte, error) { return tls.Certificate{}, nil, err }
	caKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return fail(err)
	}
	from, to := time.Unix(0, 0), time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)
	ca := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Test CA"}, NotBefore: from, NotAfter: to,
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	caDER, err := x509.CreateCertificate(rand.Reader, ca, ca, &caKey.PublicKey, caKey)
	if err != nil {
		return fail(err)
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return fail(err)
	}
	leaf := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "localhost"}, NotBefore: from, NotAfter: to,
		DNSNames: []string{"localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback},
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, leaf, ca, &key.PublicKey, caKey)
	if err != nil {
		return fail(err)
	}
	pemCA := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: caDER})
	return tls.Certificate{Certificate: [][]byte{der, caDER}, PrivateKey: key}, []byte(strings.TrimSpace(string(pemCA)) + "\n"), nil
}
