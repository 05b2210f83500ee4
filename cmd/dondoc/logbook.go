package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"
)

// newLog is where everything that the program logs goes, as text or as JSON.
// What may not stand in a log is taken out here, in one place: no call site has
// to remember it.
func newLog(out io.Writer, asJSON bool, level slog.Level, lang string) *slog.Logger {
	var h slog.Handler = slog.NewTextHandler(out, &slog.HandlerOptions{Level: level})
	if asJSON {
		h = slog.NewJSONHandler(out, &slog.HandlerOptions{Level: level})
	}
	return slog.New(&logbook{h, lang})
}

// logbook is a handler that speaks the operator's language, shortens addresses
// to what the operator recognises, and lets no text of a stranger look like a
// line of the log or like an order to the terminal.
type logbook struct {
	next slog.Handler
	lang string
}

func (l *logbook) Enabled(ctx context.Context, level slog.Level) bool {
	return l.next.Enabled(ctx, level)
}

func (l *logbook) Handle(ctx context.Context, r slog.Record) error {
	said := r.Message
	if vi, ok := logWords[said]; ok && l.lang != "en" {
		said = vi
	}
	clean := slog.NewRecord(r.Time, r.Level, discreet(said), r.PC)
	r.Attrs(func(a slog.Attr) bool {
		clean.AddAttrs(l.attr(a))
		return true
	})
	return l.next.Handle(ctx, clean)
}

func (l *logbook) WithAttrs(attrs []slog.Attr) slog.Handler {
	clean := make([]slog.Attr, len(attrs))
	for i, a := range attrs {
		clean[i] = l.attr(a)
	}
	return &logbook{l.next.WithAttrs(clean), l.lang}
}

func (l *logbook) WithGroup(name string) slog.Handler {
	return &logbook{l.next.WithGroup(name), l.lang}
}

func (l *logbook) attr(a slog.Attr) slog.Attr {
	v := a.Value.Resolve()
	switch v.Kind() {
	case slog.KindGroup:
		var all []slog.Attr
		for _, b := range v.Group() {
			all = append(all, l.attr(b))
		}
		return slog.Attr{Key: a.Key, Value: slog.GroupValue(all...)}
	case slog.KindString:
		return slog.String(a.Key, discreet(v.String()))
	case slog.KindAny:
		switch x := v.Any().(type) {
		case interface{ In(lang string) string }:
			return slog.String(a.Key, discreet(x.In(l.lang)))
		case []byte:
			return slog.String(a.Key, discreet(string(x)))
		case time.Time, nil:
		default:
			return slog.String(a.Key, discreet(fmt.Sprint(x)))
		}
	}
	return a
}

// discreet is a text as it may be logged.
func discreet(s string) string {
	s = masked(inert(strings.ToValidUTF8(s, "?")))
	if utf8.RuneCountInString(s) > longestLogged {
		s = string([]rune(s)[:longestLogged]) + "…"
	}
	return s
}

const longestLogged = 1000

// address is what might be one: a name, quoted perhaps, an @ and a domain. The
// first part of a URL is one too.
var address = regexp.MustCompile(`("[^"]*"|[^\s"<>()\[\],;:@/]+)@(\[[^\]\s]*\]|[^\s"'<>()\[\],;:@/]+)`)

// masked leaves of each address its ends and the first part of its domain:
// v…u@hubinhson….
func masked(s string) string {
	return address.ReplaceAllStringFunc(s, func(a string) string {
		at := strings.LastIndexByte(a, '@')
		name, domain := []rune(strings.Trim(a[:at], `"'`)), a[at+1:]
		short := "…"
		if len(name) > 3 {
			short = string(name[0]) + "…" + string(name[len(name)-1])
		}
		first, _, _ := strings.Cut(domain, ".")
		if strings.HasPrefix(domain, "[") || len([]rune(first)) > 30 {
			first = ""
		}
		return short + "@" + first + "…"
	})
}
