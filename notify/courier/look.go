package courier

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/textproto"
	"strconv"
	"strings"
)

// Look is what the server says of itself once we are in.
type Look struct {
	LoggedIn bool  // false: the campaign names no user, and no login was tried
	Size     int64 // the largest mail it takes, in bytes; 0: it does not say
}

// Look connects and logs in as Send does, on a connection of its own, and takes
// leave: no mail is begun. The error is *SecretError, *OfferError, the server's
// answer (*textproto.Error) or the network's; the stage is where it happened.
func (c *Courier) Look(ctx context.Context) (Look, Stage, error) {
	own := &Courier{
		host: c.host, addr: c.addr, user: c.user, auth: c.auth, password: c.password, security: c.security, tls: c.tls,
		command: c.command, block: c.block, final: c.final, kept: c.kept, parting: c.parting,
	}
	stage, err := own.enter(ctx)
	if err != nil {
		if ctx.Err() != nil {
			err = ctx.Err()
		}
		return Look{}, stage, err
	}
	defer own.quit()
	look := Look{LoggedIn: own.user != ""}
	if _, limit := own.client.Extension("SIZE"); limit != "" {
		look.Size, _ = strconv.ParseInt(limit, 10, 64)
	}
	return look, stage, nil
}

// ErrNoTLS says that the server does not offer STARTTLS.
var ErrNoTLS = errors.New("the mail server does not offer STARTTLS")

// Addr is host:port of the server.
func (c *Courier) Addr() string { return c.addr }

// TLS is how TLS is spoken with the server; nil if it is not.
func (c *Courier) TLS() *tls.Config {
	if c.security == plainLoopback {
		return nil
	}
	return c.tls.Clone()
}

// Reach opens a connection and brings it to the point where TLS begins (or
// would begin): at once for smtps, after the greeting and STARTTLS else. Whoever
// wants to know why TLS fails goes on from there; the caller closes it.
func (c *Courier) Reach(ctx context.Context) (net.Conn, error) {
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", c.addr)
	if err != nil || c.security == implicitTLS {
		return conn, err
	}
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	err = c.greet(conn)
	if !stop() {
		err = ctx.Err()
	}
	if err != nil {
		conn.Close()
		return nil, err
	}
	return conn, nil
}

func (c *Courier) greet(conn net.Conn) error {
	buffered := bufio.NewReader(io.LimitReader(conn, smallTalk))
	r := textproto.NewReader(buffered)
	if _, _, err := r.ReadResponse(220); err != nil {
		return err
	}
	if _, err := io.WriteString(conn, "EHLO [127.0.0.1]\r\n"); err != nil {
		return err
	}
	_, hello, err := r.ReadResponse(250)
	if err != nil || c.security == plainLoopback {
		return err
	}
	offered := false
	for line := range strings.Lines(hello) {
		offered = offered || strings.EqualFold(strings.TrimSpace(line), "STARTTLS")
	}
	if !offered {
		return ErrNoTLS
	}
	if _, err := io.WriteString(conn, "STARTTLS\r\n"); err != nil {
		return err
	}
	if _, _, err := r.ReadResponse(220); err != nil {
		return err
	}
	if buffered.Buffered() > 0 {
		return errors.New("the mail server talks on after STARTTLS")
	}
	return nil
}

// smallTalk is how much a server may say before TLS.
const smallTalk = 64 << 10
