package main

import (
	"bytes"
	netmail "net/mail"
	"regexp"
	"slices"
	"strings"

	"dondoc/cmd/dondoc/witness"
)

// watch begins the witness's account, of the campaign as it now is.
func (d *desk) watch() {
	d.t.Helper()
	campaign := d.public()
	known := accounts()
	for i, u := range campaign.Units {
		// What goes to nobody comes back to the committee.
		campaign.Units[i].Unread = slices.ContainsFunc(u.Addresses, func(a string) bool { return !slices.Contains(known, a) })
	}
	d.account = witness.New(campaign)
}

// put notes when a mail is handed in, by the campaign's clock: servers have the
// wall's.
func (d *desk) put(raw []byte) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.seen[messageID(raw)] = d.now
}

// witnessed ends every story: the program once more, until nothing is left
// undone, and then the witness judges by what lies in the mailboxes.
func (d *desk) witnessed() {
	d.t.Helper()
	if d.now.IsZero() {
		d.t.Fatal("a story in which dondoc does nothing")
	}
	last := done{Sent: 1}
	for rounds := 0; last != (done{}); rounds++ {
		if rounds == 5 {
			d.t.Fatalf("after %d rounds there is still something to do: %+v", rounds, last)
		}
		last = lines[done](d.t, d.must(d.now, "once", "--json"))[0]
	}
	d.delivered()
	c := login(d.t, d.box, d.user)
	defer c.Close()
	all, err := c.List("", "*", nil).Collect()
	if err != nil {
		d.t.Fatal(err)
	}
	for _, box := range all {
		if box.Mailbox == "Sent" {
			continue // our own letters
		}
		for _, m := range folder(d.t, c, box.Mailbox) {
			id := m.header("Message-ID")
			when := d.seen[id]
			if when.IsZero() {
				when = d.now
			}
			d.account.Put(witness.Mail{Raw: m.raw, Folder: box.Mailbox, At: when, Completes: d.whole[id]})
		}
	}
	for _, address := range accounts() {
		if !slices.ContainsFunc(d.account.Campaign().Units, func(u witness.Unit) bool { return slices.Contains(u.Addresses, address) }) && address != deskAddress && address != strangerAddress {
			continue
		}
		c := login(d.t, d.units, address)
		for _, m := range folder(d.t, c, "INBOX") {
			if from := m.header("From"); strings.Contains(from, d.address) {
				when, err := netmail.ParseDate(m.header("Date"))
				if err != nil {
					d.t.Errorf("a letter's Date: %v", err)
				}
				d.account.Took(witness.Letter{To: address, Raw: untraced(m.raw), At: when})
			}
		}
		c.Close()
	}
	if mails, letters, _ := d.account.Seen(); letters == 0 {
		d.t.Errorf("the witness saw %d mails and no letter", mails)
	}
	d.judged()
}

var traces = regexp.MustCompile(`^(?i:Return-Path|Delivered-To|X-Original-To|Received):`)

// untraced is a mail without what servers put before it on its way.
func untraced(raw []byte) []byte {
	for traces.Match(raw) {
		for {
			end := bytes.IndexByte(raw, '\n') + 1
			raw = raw[end:]
			if end == 0 || len(raw) == 0 || raw[0] != ' ' && raw[0] != '\t' {
				break
			}
		}
	}
	return raw
}

// accounts are all addresses that have a mailbox.
func accounts() []string { return append(rosterAddresses(), deskAddress, strangerAddress) }
