package attribution

import (
	"slices"

	"dondoc/config"
	"dondoc/intake/finding"
)

// Question is what Decide must know besides the evidence.
type Question struct {
	Campaign *config.Campaign // the roster: units, groups, relays
	// Forwarded: the mail passes on another one, so its envelope says less.
	Forwarded bool
	// ThreadVerified and FormVerified: the evidence of kind thread, or form, is
	// proved by our HMAC. Thread evidence that is not is passed over.
	ThreadVerified bool
	FormVerified   bool
	// AuthFailed: our own server concluded that the From address is forged.
	AuthFailed bool
}

// Outcome is whose mail it is, or why a person has to say.
type Outcome struct {
	Unit       string   // "" when nothing was attributed: a person decides
	Claimed    bool     // nothing but the content says so (CONTRACT, "Words")
	Candidates []string // when it was not: the units it may be of, strongest sign first
	Reason     string   // code; see the constants
}

// The reasons of an Outcome. The first four name the sign that decided.
const (
	BySender       = "sender"
	ByThread       = "thread"
	ByForm         = "form"
	ByContent      = "content" // cell, letterhead, subject or file name
	BySharedSender = "shared_address"

	Contradiction = "contradiction"
	TwoUnits      = "two_units"      // parts of different units in one mail
	RelayAlone    = "relay"          // sent by an office that passes mail on, and nothing says it is its own
	SharedAlone   = "shared_address" // the address is of two units, and nothing tells them apart
	AmbiguousName = "ambiguous_name"
	WeakAlone     = "weak_sign" // only a display name or a signature
	UnknownSender = "unknown_sender"
	AuthFailed    = "auth_failed"
)

// Decide weighs the evidence in the order of its strength: registered
// address, thread, form, cell, letterhead, subject, file name, display name,
// body. It is pure. A wrong attribution costs more than a question, so:
//
//   - Signs of the first five kinds that name different units decide nothing.
//     Of a forwarded mail, of one from a relay and of a stranger's, signs of
//     all kinds must agree.
//   - A registered address alone is enough, unless it is a relay's. A relay's
//     needs a second sign in the mail itself; its thread, a copied token and
//     its own display name are none, because they come with every mail it
//     passes on.
//   - A stranger's mail is attributed by a thread or form of ours, or, as
//     claimed, by a name that stands in a form, a letterhead, the subject or a
//     file name. A display name or a signature alone only gives candidates:
//     the names of districts are names of people.
//
// Units of one dup_group never contradict each other.
func Decide(ev []finding.Evidence, q Question) Outcome {
	d := decision{q: q, named: map[string][]string{}, hinted: map[string][]string{}}
	d.read(ev)
	if q.AuthFailed && len(d.named["sender"]) > 0 {
		return d.hold(AuthFailed)
	}
	senders := d.dossiers(d.named["sender"])
	relay := slices.ContainsFunc(d.named["sender"], d.isRelay)

	for _, kind := range []string{"form", "cell", "letterhead", "filename"} {
		if len(d.dossiers(d.named[kind])) > 1 {
			return d.hold(TwoUnits)
		}
	}
	if d.strange {
		return d.hold(Contradiction)
	}
	must := strong
	if q.Forwarded || relay || len(senders) == 0 {
		must = all
	}
	if d.contradict(must) {
		return d.hold(Contradiction)
	}
	switch {
	case len(senders) > 1:
		return d.shared(senders)
	case len(senders) == 1 && relay && !d.confirmed(senders[0]):
		return d.hold(RelayAlone)
	case len(senders) == 1:
		return Outcome{Unit: d.member(d.named["sender"]), Reason: BySender}
	}
	return d.stranger()
}

// strong are the kinds whose disagreement is never overruled, strongest
// first; all adds those that only count where the envelope is worth little.
var (
	strong = []string{"sender", "thread", "form", "cell", "letterhead"}
	all    = append(slices.Clone(strong), "subject", "filename", "from_name", "body")
)

type decision struct {
	q      Question
	named  map[string][]string // by kind: units it names
	hinted map[string][]string // by kind: units it only concerns
	// mentioned are units that running text only speaks of. They contradict
	// nobody, and may be asked about when nothing else tells.
	mentioned []string
	// strange: a form names a unit that the roster does not have.
	strange bool
	// doubted: some name concerns the roster, even if no unit could be told.
	doubted bool
	// token: the subject's evidence is only a copied token.
	token bool
}

func (d *decision) read(ev []finding.Evidence) {
	d.token = true
	for _, e := range ev {
		if e.Kind == "thread" && !d.q.ThreadVerified {
			continue
		}
		if e.Unit == "" {
			d.doubted = true
			continue
		}
		if _, ok := d.q.Campaign.Unit(e.Unit); !ok {
			d.strange = d.strange || e.Kind == "form"
			continue
		}
		if e.Kind == "body" && (e.Why == SeveralUnits || e.Why == Receiver) {
			d.mentioned = append(d.mentioned, e.Unit)
			d.doubted = true
			continue
		}
		into := d.named
		if e.Doubt {
			into = d.hinted
			d.doubted = true
		} else if e.Kind == "subject" && !IsToken(e.Detail) {
			d.token = false
		}
		if !slices.Contains(into[e.Kind], e.Unit) {
			into[e.Kind] = append(into[e.Kind], e.Unit)
		}
	}
}

// dossier stands for a unit and all that share one report with it.
func (d *decision) dossier(unit string) string {
	if group := d.q.Campaign.Group(unit); len(group) > 0 {
		return group[0].Code
	}
	return unit
}

func (d *decision) dossiers(units []string) []string {
	var out []string
	for _, u := range units {
		if k := d.dossier(u); !slices.Contains(out, k) {
			out = append(out, k)
		}
	}
	return out
}

func (d *decision) isRelay(unit string) bool {
	u, _ := d.q.Campaign.Unit(unit)
	return u.Relay
}

// contradict reports whether no unit would satisfy every one of the kinds
// that speak. A kind that names one unit and hints at others is satisfied by
// any of them: the hints of a text do not speak against its name.
func (d *decision) contradict(kinds []string) bool {
	var common []string
	spoke := false
	for _, kind := range kinds {
		units := d.dossiers(append(slices.Clone(d.named[kind]), d.hinted[kind]...))
		switch {
		case len(units) == 0:
		case !spoke:
			common, spoke = units, true
		default:
			common = slices.DeleteFunc(common, func(u string) bool { return !slices.Contains(units, u) })
		}
	}
	return spoke && len(common) == 0
}

// confirmed reports whether something in the mail itself names the unit that
// a relay would be sending for: itself.
func (d *decision) confirmed(dossier string) bool {
	for _, kind := range []string{"form", "cell", "letterhead", "subject", "filename"} {
		if kind == "subject" && d.token {
			continue
		}
		if slices.Contains(d.dossiers(d.named[kind]), dossier) {
			return true
		}
	}
	return false
}

// shared decides between the units of one address by the strongest other
// sign that leaves exactly one.
func (d *decision) shared(senders []string) Outcome {
	for _, kind := range []string{"thread", "form", "cell", "letterhead", "subject", "filename"} {
		var left []string
		for _, u := range d.dossiers(d.named[kind]) {
			if slices.Contains(senders, u) {
				left = append(left, u)
			}
		}
		if len(left) != 1 {
			continue
		}
		// A relay at the address: its thread and a token come with every mail
		// that it passes on.
		if slices.ContainsFunc(d.named["sender"], d.isRelay) && !d.confirmed(left[0]) {
			continue
		}
		return Outcome{Unit: d.member(d.of(left[0])), Reason: BySharedSender}
	}
	return d.hold(SharedAlone)
}

// of are the units of the address that belong to the dossier.
func (d *decision) of(dossier string) []string {
	var out []string
	for _, u := range d.named["sender"] {
		if d.dossier(u) == dossier {
			out = append(out, u)
		}
	}
	return out
}

// member is the unit to file under, of units of one dossier: the one that was
// named, or, of several, the one with the higher obligation.
func (d *decision) member(units []string) string {
	if len(units) == 1 {
		return units[0]
	}
	for _, u := range d.q.Campaign.Group(units[0]) {
		if slices.Contains(units, u.Code) {
			return u.Code
		}
	}
	return units[0]
}

// stranger decides a mail from an address that is registered to no unit. That
// nothing contradicts is settled before.
func (d *decision) stranger() Outcome {
	by := map[string]string{"thread": ByThread, "form": ByForm,
		"cell": ByContent, "letterhead": ByContent, "subject": ByContent, "filename": ByContent}
	proved := (d.q.ThreadVerified && len(d.named["thread"]) > 0) || (d.q.FormVerified && len(d.named["form"]) > 0)
	for _, kind := range []string{"thread", "form", "cell", "letterhead", "subject", "filename"} {
		units := d.named[kind]
		if len(d.dossiers(units)) == 1 {
			return Outcome{Unit: d.member(units), Claimed: !proved, Reason: by[kind]}
		}
	}
	switch {
	case len(d.named["from_name"])+len(d.named["body"]) > 0:
		return d.hold(WeakAlone)
	case d.doubted:
		return d.hold(AmbiguousName)
	}
	return d.hold(UnknownSender)
}

func (d *decision) hold(reason string) Outcome {
	o := Outcome{Reason: reason, Candidates: []string{}}
	for _, set := range []map[string][]string{d.named, d.hinted} {
		for _, kind := range all {
			for _, u := range set[kind] {
				if !slices.Contains(o.Candidates, u) {
					o.Candidates = append(o.Candidates, u)
				}
			}
		}
	}
	if len(o.Candidates) == 0 {
		o.Candidates = append(o.Candidates, d.mentioned...)
	}
	return o
}
