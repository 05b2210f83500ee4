package mailbox

import (
	"errors"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"dondoc/config"
	"dondoc/intake/mailbox/mailboxtest"
)

func TestALookTellsWhatThereIs(t *testing.T) {
	s := server(t, mailboxtest.ImplicitTLS)
	s.AddFolder(user, "Thư rác")
	put(t, s, "INBOX", mail(1))
	before := stored(t, s)
	box := open(t, s, "INBOX", "Thư rác", "Không có")
	look, err := box.Look(t.Context(), "Đã xử lý")
	if err != nil {
		t.Fatal(err)
	}
	if !look.Idle || !look.Move || len(look.Folders) != 4 {
		t.Fatalf("%+v", look)
	}
	for i, want := range []FolderLook{
		{Name: "INBOX", Messages: 1, Newest: received, Keyword: true},
		{Name: "Thư rác", Keyword: true},
		{Name: "Không có"},
		{Name: "Đã xử lý"},
	} {
		got := look.Folders[i]
		if got.Name != want.Name || got.Messages != want.Messages || !got.Newest.Equal(want.Newest) || got.Keyword != want.Keyword || (got.Err != nil) != (i > 1) {
			t.Errorf("%+v, want %+v", got, want)
		}
	}
	if !slices.Contains(look.Names, "Thư rác") || !slices.Contains(look.Names, "INBOX") {
		t.Errorf("there are %q", look.Names)
	}
	if after := stored(t, s); !slices.EqualFunc(before, after, func(a, b mailboxtest.Stored) bool { return slices.Equal(a.Flags, b.Flags) }) {
		t.Errorf("%+v became %+v", before, after)
	}
	if box.session != nil {
		t.Error("the look kept its connection")
	}
}

func stored(t *testing.T, s *mailboxtest.Server) []mailboxtest.Stored {
	t.Helper()
	all, err := s.Stored(user, "INBOX")
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestALookAsksOnlyWhatChangesNothing(t *testing.T) {
	for _, c := range []struct {
		sentence, examine, selects string
		keyword                    bool
	}{
		{"a server that says all on EXAMINE is not asked again", `[PERMANENTFLAGS (\Seen \*)]`, "", true},
		{"one that keeps nothing in an examined folder is asked by SELECT", `[PERMANENTFLAGS ()]`, `[PERMANENTFLAGS (\Seen \*)]`, true},
		{"a folder in which only flags are kept", `[PERMANENTFLAGS ()]`, `[PERMANENTFLAGS (\Seen \Deleted)]`, false},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			s := &unfair{answer: func(_ *unfair, command string) string {
				switch {
				case strings.HasPrefix(command, "EXAMINE"):
					return "* 1 EXISTS\n* OK [UIDVALIDITY 7] .\n* OK [UIDNEXT 2] .\n* OK " + c.examine + " .\n{tag} OK [READ-ONLY] .\n"
				case strings.HasPrefix(command, "SELECT") && c.selects != "":
					return "* 1 EXISTS\n* OK [UIDVALIDITY 7] .\n* OK [UIDNEXT 2] .\n* OK " + c.selects + " .\n{tag} OK .\n"
				case strings.HasPrefix(command, "SELECT"):
					return "{tag} BAD not twice\n"
				case strings.HasPrefix(command, "FETCH 1 "):
					return "* 1 FETCH (INTERNALDATE \"12-Oct-2022 09:30:00 +0700\")\n{tag} OK .\n"
				}
				return ""
			}}
			look, err := start(t, s).Look(t.Context())
			if err != nil || look.Folders[0].Keyword != c.keyword || !look.Folders[0].Newest.Equal(received) {
				t.Errorf("%+v, %v", look, err)
			}
			s.mu.Lock()
			defer s.mu.Unlock()
			harmless := regexp.MustCompile(`^(greeting|CAPABILITY|LOGIN .*|EXAMINE INBOX|SELECT INBOX|FETCH 1 \(?INTERNALDATE\)?|LIST "" "\*"|LOGOUT)$`)
			for _, command := range s.heard {
				if !harmless.MatchString(command) {
					t.Errorf("it said %q", command)
				}
			}
		})
	}
}

func TestNamesThatNobodyCanReadDoNotKeepFromLooking(t *testing.T) {
	s := &unfair{answer: func(_ *unfair, command string) string {
		switch {
		case strings.Contains(command, "Thu"):
			return "{tag} NO [NONEXISTENT] none\n"
		case strings.HasPrefix(command, "LIST"):
			return "* LIST () \"/\" \"&AMA-&AMA\"\n* LIST () \"/\" \"&\"\n{tag} OK done\n"
		}
		return ""
	}}
	start(t, s)
	box, err := New(config.Mailbox{URL: "imap+plain://" + user + "@" + s.addr, Folders: []string{"INBOX", "Thu"}}, func() (string, error) { return secret, nil })
	if err != nil {
		t.Fatal(err)
	}
	defer box.Close()
	look, err := box.Look(t.Context())
	if err != nil || len(look.Folders) != 2 || look.Folders[0].Err != nil || look.Folders[1].Err == nil {
		t.Errorf("%+v, %v", look, err)
	}
}

func TestReachGoesAsFarAsTLS(t *testing.T) {
	for _, c := range []struct {
		sentence, greeting, answer string
		want                       string // of the error; empty: TLS may begin
	}{
		{"after STARTTLS", "", "{tag} OK begin\n", ""},
		{"with other lines before the answer", "", "* CAPABILITY IMAP4rev1\n{tag} OK begin\n", ""},
		{"not where there is no STARTTLS", "", "{tag} BAD what\n", ErrNoTLS.Error()},
		{"not where plain text follows, which somebody may have put in", "", "{tag} OK begin\n* OK [CAPABILITY IMAP4rev1] x\n", "talks on"},
		{"not where the server says goodbye", "* BYE too many\n", "", "BYE too many"},
		{"not where another protocol greets", "220 smtp.example ESMTP\n", "", "220 smtp.example"},
		{"not where the connection ends at once", closing, "", io.EOF.Error()},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			s := &unfair{answer: func(_ *unfair, command string) string {
				if command == "greeting" {
					return c.greeting
				}
				return c.answer
			}}
			start(t, s)
			box, err := New(config.Mailbox{URL: "imap+starttls://" + user + "@" + s.addr}, nil)
			if err != nil {
				t.Fatal(err)
			}
			conn, err := box.Reach(t.Context())
			if conn != nil {
				conn.Close()
			}
			if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) || (conn == nil) != (err != nil) {
				t.Errorf("%v", err)
			}
		})
	}
}

func TestALookTellsWhyItCannotGetIn(t *testing.T) {
	s := server(t, mailboxtest.Plain)
	box := open(t, s)
	box.password = func() (string, error) { return "sai", nil }
	_, err := box.Look(t.Context())
	if auth := (*AuthError)(nil); !errors.As(err, &auth) {
		t.Errorf("a wrong password: %v", err)
	}
	none := errors.New("the variable is not set")
	box.password = func() (string, error) { return "", none }
	_, err = box.Look(t.Context())
	if secret := (*SecretError)(nil); !errors.As(err, &secret) || !errors.Is(err, none) {
		t.Errorf("no password: %v", err)
	}
	mute := &unfair{answer: func(*unfair, string) string { return silent }}
	began := time.Now()
	if _, err := start(t, mute).Look(t.Context()); err == nil || time.Since(began) > 20*time.Second {
		t.Errorf("a mute server: %v after %s", err, time.Since(began))
	}
}
