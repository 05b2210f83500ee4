package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/signal"
	"reflect"
	"slices"
	"strings"
	"sync"
	"syscall"

	"dondoc/config"
)

// hangups are the words to read the configuration again (SIGHUP). To a daemon
// in a window the same signal says that the window was closed, and ends it.
func (p *Program) hangups() (asked <-chan os.Signal, stop func()) {
	if p.Reload != nil {
		return p.Reload, func() {}
	}
	if f, ok := p.Stderr.(*os.File); ok {
		if info, err := f.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 {
			return nil, func() {}
		}
	}
	c := make(chan os.Signal, 1)
	signal.Notify(c, syscall.SIGHUP)
	return c, func() { signal.Stop(c) }
}

// untilReload works until ctx ends, or until asked comes with a configuration
// that can be used: then next is the office that goes on, ready to work. The
// round under way is ended as by a stop; nothing of it is lost.
func (o *office) untilReload(ctx context.Context, asked <-chan os.Signal) (next *office, err error) {
	inner, cancel := context.WithCancel(ctx)
	var listening sync.WaitGroup
	listening.Go(func() {
		for next == nil {
			select {
			case <-asked:
				next = o.reconsider()
			case <-inner.Done():
				return
			}
		}
		cancel()
	})
	err = o.watched(inner)
	cancel()
	listening.Wait()
	if next != nil && ctx.Err() != nil {
		next.Close()
		next = nil
	}
	return next, err
}

// reconsider reads the campaign directory again and says what changed; nil if
// nothing did, or if what is there now is worse than what is at work: a
// mistake, an empty roster, a form that does not compile, another campaign. Then
// the reason is logged, and the work goes on as before.
func (o *office) reconsider() *office {
	fresh, err := o.Program.open()
	if err == nil {
		if err = o.succeeded(fresh.campaign); err == nil {
			err = fresh.connect()
		}
		if err != nil {
			fresh.Close()
		}
	}
	if err != nil {
		text := err.Error()
		if speaks, ok := err.(interface{ In(lang string) string }); ok {
			text = speaks.In(o.cli.Lang)
		}
		o.log.Error("the new configuration is refused; the one before stays in force", "err", text)
		return nil
	}
	changed := changes(o.campaign, fresh.campaign)
	if len(changed) == 0 {
		fresh.Close()
		o.log.Info("the configuration was read again: nothing has changed")
		o.say("Đã đọc lại cấu hình: không có gì thay đổi.", "The configuration was read again: nothing has changed.")
		return nil
	}
	o.log.Info("the new configuration is in force", "changed", strings.Join(changed, ", "))
	o.say("Đã nhận cấu hình mới; thay đổi: %s.", "The new configuration is in force; changed: %s.", strings.Join(changed, ", "))
	return fresh
}

// succeeded reports why a campaign cannot take the place of the one at work
// without a restart that somebody means.
func (o *office) succeeded(by *config.Campaign) error {
	switch was := o.campaign; {
	case by.ID != was.ID:
		return wrong{VI: fmt.Sprintf("campaign đổi từ %s sang %s: đợt khác thì dùng thư mục khác", was.ID, by.ID), EN: fmt.Sprintf("campaign went from %s to %s: another campaign needs a directory of its own", was.ID, by.ID)}
	case by.Mode != was.Mode:
		return wrong{VI: fmt.Sprintf("mode đổi từ %s sang %s: dừng rồi chạy lại chương trình", was.Mode, by.Mode), EN: fmt.Sprintf("mode went from %s to %s: stop the program and start it again", was.Mode, by.Mode)}
	case by.HTTP != was.HTTP && by.HTTP != "":
		l, err := net.Listen("tcp", by.HTTP)
		if err != nil {
			return wrong{VI: fmt.Sprintf("http: không mở được %s (%v)", by.HTTP, err), EN: fmt.Sprintf("http: %s cannot be opened (%v)", by.HTTP, err)}
		}
		l.Close()
	}
	return nil
}

// changes names what differs: units by their codes, the rest by its key.
func changes(was, is *config.Campaign) (all []string) {
	a, b := reflect.ValueOf(was).Elem(), reflect.ValueOf(is).Elem()
	for i := range a.NumField() {
		f := a.Type().Field(i)
		if !f.IsExported() || f.Name == "Units" || f.Name == "Location" || reflect.DeepEqual(a.Field(i).Interface(), b.Field(i).Interface()) {
			continue
		}
		all = append(all, strings.ToLower(f.Name))
	}
	if was.Location.String() != is.Location.String() {
		all = append(all, "timezone")
	}
	find := func(c *config.Campaign, code string) int {
		return slices.IndexFunc(c.Units, func(u config.Unit) bool { return u.Code == code })
	}
	for _, u := range is.Units {
		if i := find(was, u.Code); i < 0 {
			all = append(all, "+"+u.Code)
		} else if !reflect.DeepEqual(u, was.Units[i]) {
			all = append(all, u.Code)
		}
	}
	for _, u := range was.Units {
		if find(is, u.Code) < 0 {
			all = append(all, "-"+u.Code)
		}
	}
	return all
}
