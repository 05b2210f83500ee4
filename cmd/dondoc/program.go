package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"time"

	"github.com/alecthomas/kong"

	"dondoc/cmd/dondoc/signin"
	"dondoc/config"
	"dondoc/schedule"
)

// The exit statuses (CONTRACT, "Commands").
const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2 // of the command line or the configuration; nothing was done
	exitPerson = 3 // done, and something needs a person
)

// Program is dondoc as a value: everything it takes from the world outside.
type Program struct {
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	Getenv         func(string) string
	Clock          schedule.Clock
	// Free, if set, says how many bytes may still be written below a directory.
	Free func(dir string) (uint64, error)
	// WatchClock is set where Clock is the wall's: a mail server's then tells
	// whether it is right.
	WatchClock bool
	// Reader is the command line of the confined child; empty: this program.
	Reader []string
	// Patience is how long the mail servers may be mute, and the reader may take
	// over a mail; 0: as long as is usual.
	Patience struct{ Mailbox, Courier, Reader time.Duration }
	// Reload, if set, takes the place of SIGHUP.
	Reload <-chan os.Signal

	cli *cli
	log *slog.Logger
}

// Run carries out one command line and returns the exit status.
func (p *Program) Run(ctx context.Context, args []string) int {
	p.cli = &cli{}
	lang := langOf(args, p.Getenv)
	// kong calls Exit for --help; the panic brings us back here.
	type exited int
	defer func() {
		if e := recover(); e != nil {
			if _, ok := e.(exited); !ok {
				panic(e)
			}
		}
	}()
	parser, err := kong.New(p.cli,
		kong.Name("dondoc"), kong.Description("${dondoc}"), help(lang), kong.UsageOnError(),
		kong.Writers(p.Stdout, p.Stderr), kong.Exit(func(code int) { panic(exited(code)) }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 100}),
		kong.BindTo(ctx, (*context.Context)(nil)), kong.Bind(p),
	)
	if err != nil {
		return p.fail(lang, err)
	}
	k, err := parser.Parse(args)
	if err != nil {
		fmt.Fprintln(p.Stderr, "dondoc: "+usage(lang, err))
		return exitUsage
	}
	p.cli.Lang = lang
	level := slog.LevelWarn
	switch {
	case p.cli.Verbose:
		level = slog.LevelDebug
	case k.Command() == "run":
		level = slog.LevelInfo
	}
	format := cmp.Or(p.cli.Log, p.Getenv("DONDOC_LOG"))
	if format != "" && format != "text" && format != "json" {
		return p.fail(lang, wrong{VI: fmt.Sprintf("DONDOC_LOG: %q không phải text hay json", format), EN: fmt.Sprintf("DONDOC_LOG: %q is neither text nor json", format)})
	}
	p.log = newLog(p.Stderr, format == "json", level, lang)
	return p.fail(lang, k.Run())
}

// langOf finds --lang before anything is parsed, since help is in it too.
func langOf(args []string, getenv func(string) string) string {
	for i, a := range args {
		if a == "--lang=en" || a == "--lang" && i+1 < len(args) && args[i+1] == "en" {
			return "en"
		}
	}
	if getenv("DONDOC_LANG") == "en" {
		return "en"
	}
	return "vi"
}

// errPersonNeeded is not a failure: the work is done and somebody has to look.
var errPersonNeeded = errors.New("something needs a person")

// wrong is a mistake in what was asked: nothing was done. It speaks both
// languages.
type wrong struct{ VI, EN string }

func (w wrong) Error() string { return w.VI }
func (w wrong) In(lang string) string {
	if lang == "en" {
		return w.EN
	}
	return w.VI
}

// fail says what went wrong in the reader's language and finds the exit status.
func (p *Program) fail(lang string, err error) int {
	var speaks interface{ In(lang string) string }
	var fault *signin.Fault
	switch {
	case err == nil:
		return exitDone
	case errors.Is(err, errPersonNeeded):
		return exitPerson
	case errors.As(err, &fault):
		fmt.Fprintln(p.Stderr, "dondoc: "+fault.Say(lang))
		if fault.Missing {
			return exitUsage
		}
		return exitFailed
	case errors.As(err, &speaks):
		fmt.Fprintln(p.Stderr, speaks.In(lang))
		return exitUsage
	}
	for line := range strings.Lines(err.Error()) {
		fmt.Fprintln(p.Stderr, "dondoc: "+masked(inert(strings.TrimRight(line, "\r\n"))))
	}
	return exitFailed
}

// now is the decision time: --now, or the clock's.
func (p *Program) now() time.Time {
	if !p.cli.Now.IsZero() {
		return p.cli.Now.Time
	}
	return p.Clock.Now()
}

// load reads the campaign directory.
func (p *Program) load() (*config.Campaign, error) { return config.Load(p.cli.Dir) }

// say prints a line in the operator's language.
func (p *Program) say(vi, en string, args ...any) {
	if p.cli.Lang == "en" {
		vi = en
	}
	fmt.Fprintf(p.Stdout, vi+"\n", args...)
}

// by is who decides: recorded with every decision.
func (p *Program) by() string {
	for _, v := range []string{"DONDOC_BY", "USER", "USERNAME", "LOGNAME"} {
		if name := p.Getenv(v); name != "" {
			return name
		}
	}
	return fmt.Sprintf("uid %d", os.Getuid())
}
