package finding

import "testing"

func TestABounceClosesAnAddress(t *testing.T) {
	for _, row := range []struct {
		sentence string
		bounce   Bounce
		want     bool
	}{
		{"there is no such mailbox", Bounce{Address: "a@a.example", Status: "5.1.1", Permanent: true, Ours: true}, true},
		{"it is switched off", Bounce{Address: "a@a.example", Status: "5.2.1", Permanent: true, Ours: true}, true},
		{"no way leads there", Bounce{Address: "a@a.example", Status: "5.4.4", Permanent: true, Ours: true}, true},
		{"it failed, says Exim", Bounce{Address: "a@a.example", Status: "5.0.0", Permanent: true, Ours: true}, true},
		{"anybody can say so of anybody: that silenced a unit", Bounce{Address: "a@a.example", Status: "5.1.1", Permanent: true}, false},
		{"a full mailbox is emptied one day: it counted as gone for good", Bounce{Address: "a@a.example", Status: "5.2.2", Permanent: true, Ours: true}, false},
		{"our letter was too large", Bounce{Address: "a@a.example", Status: "5.3.4", Permanent: true, Ours: true}, false},
		{"our letter was taken for spam", Bounce{Address: "a@a.example", Status: "5.7.1", Permanent: true, Ours: true}, false},
		{"our own address was not liked", Bounce{Address: "a@a.example", Status: "5.1.8", Permanent: true, Ours: true}, false},
		{"a delay", Bounce{Address: "a@a.example", Status: "4.4.7", Ours: true}, false},
	} {
		if got := row.bounce.Dead(); got != row.want {
			t.Errorf("%s: %v", row.sentence, got)
		}
	}
}
