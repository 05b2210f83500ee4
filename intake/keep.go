package intake

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"dondoc/intake/archive"
	"dondoc/intake/ledger"
	"dondoc/intake/mailbox"
)

// keeper keeps what a mailbox hands over, several mails by one wait for the
// disk: first the raw bytes in the archive, then their arrivals in the ledger,
// in one transaction. In this order an arrival in the ledger always has its
// bytes, and bytes without an arrival are fetched again and found to be there.
//
// A mail that take has accepted is kept only when a later call says so, or all.
// Until then nothing else happens to it, and who loses it fetches it again.
type keeper struct {
	in    *Intake
	now   func() time.Time
	fresh func(ledger.Arrival) // is told each arrival that was not known

	batch   *archive.Batch
	waiting []waiting
	ours    error // what kept us from keeping a mail, though the server gave it
	lost    error // why some that take accepted are not kept
}

// waiting is a mail that is not kept yet.
type waiting struct {
	arrival ledger.Arrival
	place   *ledger.Location
	dated   time.Time // by the server; zero where none said it
}

const (
	// maxWaiting and maxWaitingBytes are how much waits at most to be kept at
	// once: the reader gets nothing to read meanwhile.
	maxWaiting      = 48
	maxWaitingBytes = 16 << 20
)

func (in *Intake) keeper(now func() time.Time, fresh func(ledger.Arrival)) *keeper {
	return &keeper{in: in, now: now, fresh: fresh, batch: in.Archive.Batch()}
}

// take accepts a mail, and keeps those that wait when they are many. Its error
// is about any of them.
func (k *keeper) take(ctx context.Context, m mailbox.Message) error {
	body := &offered{Reader: m.Body}
	sha, size, err := k.batch.Put(body)
	if err != nil {
		if body.err == nil {
			k.ours = fmt.Errorf("keeping a mail of folder %q: %w", m.Folder, err)
		}
		return err
	}
	w := waiting{arrival: ledger.Arrival{ID: ledger.ArrivalID(sha), SHA256: sha, Size: size, Received: m.Received, Source: m.Folder,
		Spam: slices.Contains(k.in.Campaign.Mailbox.Spam, m.Folder), Marked: m.Marked}}
	if !m.Received.IsZero() {
		w.arrival.Received = received(m.Received, time.Time{}, k.now(), k.in.Campaign.Mailbox.Since)
	}
	if m.UID != 0 {
		w.place = &ledger.Location{Account: m.Account, Folder: m.Folder, UIDValidity: m.UIDValidity, UID: m.UID}
		w.dated = m.Received
	}
	k.waiting = append(k.waiting, w)
	if len(k.waiting) < maxWaiting && k.batch.Bytes() < maxWaitingBytes {
		return nil
	}
	return k.all(ctx)
}

// all keeps what waits. After an error none of it may be kept. A mail that
// cannot be kept for what it is itself is no error here: it stands in lost.
func (k *keeper) all(ctx context.Context) error {
	kept := k.waiting
	k.waiting = nil
	if len(kept) == 0 {
		return nil
	}
	skipped, err := k.record(ctx, kept)
	if err != nil {
		k.ours = fmt.Errorf("keeping mails of folder %q: %w", kept[0].arrival.Source, err)
		skipped = append(skipped, err)
	}
	k.lost = errors.Join(append([]error{k.lost}, skipped...)...)
	return err
}

// record makes the mails and then their arrivals durable.
func (k *keeper) record(ctx context.Context, kept []waiting) (skipped []error, err error) {
	if err := k.batch.Keep(); err != nil {
		return nil, err
	}
	now := k.now()
	fresh := make([]bool, len(kept))
	err = k.in.Ledger.Write(ctx, now, func(tx *ledger.Tx) (err error) {
		for i, w := range kept {
			fresh[i], err = tx.Keep(w.arrival, w.place)
			if errors.Is(err, ledger.ErrSameID) {
				// It concerns this mail alone: the others come in all the same.
				k.in.Log.Error("a mail cannot be kept", "source", w.arrival.Source, "err", err)
				skipped = append(skipped, fmt.Errorf("%w: %w", mailbox.ErrSkip, err))
				kept[i].arrival.ID = ""
			} else if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for i, w := range kept {
		switch {
		case w.arrival.ID == "":
		case fresh[i]:
			if w.place != nil && k.in.Dated != nil {
				k.in.Dated(w.dated, now)
			}
			k.fresh(w.arrival)
		case k.in.Known != nil:
			k.in.Known(w.arrival.ID)
		}
	}
	return skipped, nil
}

// drop lets go of what was never kept.
func (k *keeper) drop() { k.batch.Drop() }

// offered is what the server gives of a mail; err is why it did not give all.
type offered struct {
	io.Reader
	err error
}

func (o *offered) Read(p []byte) (int, error) {
	n, err := o.Reader.Read(p)
	if err != nil && err != io.EOF {
		o.err = err
	}
	return n, err
}
