package hosts_test

import (
	"crypto/tls"
	"testing"

	"dondoc/cmd/dondoc/hosts"
)

func TestAnOldServerSpeaksOldTLSAndNothingElse(t *testing.T) {
	for name, start := range map[string]func() (*hosts.Server, error){"Dovecot": hosts.OldDovecot, "Cyrus": hosts.OldCyrus} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, err := start()
			s = started(t, s, err)
			for version, want := range map[uint16]bool{tls.VersionTLS10: true, tls.VersionTLS11: true, tls.VersionTLS12: false, tls.VersionTLS13: false} {
				c, err := tls.Dial("tcp", s.Addr(), &tls.Config{InsecureSkipVerify: true, MinVersion: version, MaxVersion: version})
				if err == nil {
					c.Close()
				}
				if (err == nil) != want {
					t.Errorf("%s: %v", tls.VersionName(version), err)
				}
			}
		})
	}
}
