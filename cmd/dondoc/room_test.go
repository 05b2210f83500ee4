package main

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"dondoc/notify/courier"
	"dondoc/notify/letter"
)

// TestTheDiskFillsAndIsCleared: the desk hears of it once, and once of the end,
// however the free space wavers around the limit.
func TestTheDiskFillsAndIsCleared(t *testing.T) {
	w := newWorld(t, "HU-BATO")
	now := at(t, "2022-10-12 08:00")
	w.must(now, "invite", "--yes")
	p, _ := w.program(now)
	p.cli, p.log = &cli{Dir: w.dir}, slog.New(slog.DiscardHandler)
	free, trouble := uint64(2<<30), error(nil)
	p.Free = func(dir string) (uint64, error) {
		if dir != w.dir {
			t.Errorf("asked of %s", dir)
		}
		return free, trouble
	}
	o, err := p.open()
	if err != nil {
		t.Fatal(err)
	}
	defer o.Close()
	look := func(when string) (keys []string) {
		if err := errors.Join(o.notice(context.Background(), at(t, when), nil), o.announce(context.Background(), at(t, when))); err != nil {
			t.Fatal(err)
		}
		if keys, err = o.notify.Post(context.Background(), at(t, when), letter.AlarmKind); err != nil {
			t.Fatal(err)
		}
		o.notify.Courier = taker{}
		if _, err := o.notify.Deliver(context.Background(), func() time.Time { return at(t, when) }); err != nil {
			t.Fatal(err)
		}
		return keys
	}
	for _, c := range []struct {
		sentence, when string
		free           uint64
		trouble        error
		want           string
	}{
		{"there is room", "2022-10-12 08:00", 2 << 30, nil, ""},
		{"a little under a gigabyte", "2022-10-12 08:10", 1<<30 - 1, nil, "alarm/disk-20221012T011000Z"},
		{"a little over", "2022-10-12 08:20", 1<<30 + 1, nil, ""},
		{"under again", "2022-10-12 08:30", 1<<30 - 1, nil, ""},
		{"nobody can tell", "2022-10-12 08:40", 0, errors.ErrUnsupported, ""},
		{"somebody has cleared it", "2022-10-12 09:00", 2 << 30, nil, ""},
		{"and it stays so", "2022-10-12 09:10", 2 << 30, nil, "alarm/disk-20221012T011000Z-over"},
		{"it fills again", "2022-10-12 10:00", 100 << 20, nil, "alarm/disk-20221012T030000Z"},
	} {
		free, trouble = c.free, c.trouble
		if got := strings.Join(look(c.when), " "); got != c.want {
			t.Errorf("%s: %q, want %q", c.sentence, got, c.want)
		}
	}
}

// taker is a mail server that takes every letter.
type taker struct{}

func (taker) Send(context.Context, string, string, []byte) courier.Outcome {
	return courier.Outcome{Kind: courier.Accepted, Stage: courier.StageFinal, Code: 250}
}

// TestStatusTellsOfServersThatLetNobodyIn: a mail server that takes no letters
// cannot be told of by letter.
func TestStatusTellsOfServersThatLetNobodyIn(t *testing.T) {
	w := newWorld(t, "HU-BATO")
	now := at(t, "2022-10-12 08:00")
	w.must(now, "invite", "--yes")
	if s := lines[statusJSON](t, w.must(now, "status", "--json"))[0]; s.Unread != nil || s.Unsent != nil {
		t.Errorf("all is well, and status says %+v %+v", s.Unread, s.Unsent)
	}
	w.at(now)
	w.imap.AddUser("tiepnhan", "mat-khau-moi")
	w.edit("campaign.yaml", `smtp\+plain://([^"]*):\d+`, "smtp+plain://127.0.0.1:1")
	if out, code := w.run(now, "once"); code == exitDone {
		t.Fatalf("once went well:\n%s", out)
	}
	later := now.Add(time.Hour)
	w.run(later, "once")
	s := lines[statusJSON](t, w.must(later, "status", "--json"))[0]
	if s.Unread == nil || s.Unread.Since != "2022-10-12T08:00:00+07:00" || s.Unsent == nil || s.Unsent.Since != "2022-10-12T08:00:00+07:00" || s.Unsent.Text == "" {
		t.Errorf("unread %+v, unsent %+v", s.Unread, s.Unsent)
	}
	if out := w.must(later, "status"); !strings.HasPrefix(out, "SỰ CỐ từ 12/10/2022 08:00: không đọc được hộp thư: ") || !strings.Contains(out, "\nSỰ CỐ từ 12/10/2022 08:00: không gửi được thư: ") {
		t.Error(out)
	}
}
