package main

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/alecthomas/kong"
)

// cli is the command line (CONTRACT, "Commands"). Its words are in help.go, in
// both languages.
type cli struct {
	Dir     string  `name:"campaign-dir" short:"C" default:"." placeholder:"DIR" help:"${f_dir}"`
	Now     instant `placeholder:"RFC3339" help:"${f_now}"`
	JSON    bool    `name:"json" help:"${f_json}"`
	Lang    string  `enum:"vi,en," default:"" placeholder:"vi|en" help:"${f_lang}"`
	Verbose bool    `short:"v" help:"${f_verbose}"`
	Log     string  `enum:"text,json," default:"" placeholder:"text|json" help:"${f_log}"`

	Demo       demoCmd       `cmd:"" help:"${c_demo}"`
	Init       initCmd       `cmd:"" help:"${c_init}"`
	Check      checkCmd      `cmd:"" help:"${c_check}"`
	Doctor     doctorCmd     `cmd:"" help:"${c_doctor}"`
	Login      loginCmd      `cmd:"" help:"${c_login}"`
	Run        runCmd        `cmd:"" help:"${c_run}"`
	Once       onceCmd       `cmd:"" help:"${c_once}"`
	Ingest     ingestCmd     `cmd:"" help:"${c_ingest}"`
	Invite     inviteCmd     `cmd:"" help:"${c_invite}"`
	Remind     remindCmd     `cmd:"" help:"${c_remind}"`
	Digest     digestCmd     `cmd:"" help:"${c_digest}"`
	Status     statusCmd     `cmd:"" help:"${c_status}"`
	Letters    lettersCmd    `cmd:"" help:"${c_letters}"`
	Why        whyCmd        `cmd:"" help:"${c_why}"`
	Held       heldCmd       `cmd:"" help:"${c_held}"`
	Extend     extendCmd     `cmd:"" help:"${c_extend}"`
	Exempt     exemptCmd     `cmd:"" help:"${c_exempt}"`
	Pause      pauseCmd      `cmd:"" help:"${c_pause}"`
	Resume     resumeCmd     `cmd:"" help:"${c_resume}"`
	Alias      aliasCmd      `cmd:"" help:"${c_alias}"`
	Approve    approveCmd    `cmd:"" help:"${c_approve}"`
	Undo       undoCmd       `cmd:"" help:"${c_undo}"`
	Received   receivedCmd   `cmd:"" help:"${c_received}"`
	Note       noteCmd       `cmd:"" help:"${c_note}"`
	Export     exportCmd     `cmd:"" help:"${c_export}"`
	Form       formCmd       `cmd:"" help:"${c_form}"`
	Verify     verifyCmd     `cmd:"" help:"${c_verify}"`
	Backup     backupCmd     `cmd:"" help:"${c_backup}"`
	Service    serviceCmd    `cmd:"" help:"${c_service}"`
	Help       helpCmd       `cmd:"" help:"${c_help}"`
	Completion completionCmd `cmd:"" help:"${c_completion}"`
	Version    versionCmd    `cmd:"" help:"${c_version}"`
	Complete   completeCmd   `cmd:"" hidden:""`
	Reader     readerCmd     `cmd:"" hidden:""`
	Cage       cageCmd       `cmd:"" hidden:""`
}

// instant is an RFC 3339 time on the command line.
type instant struct{ time.Time }

func (i *instant) Decode(ctx *kong.DecodeContext) error {
	var text string
	if err := ctx.Scan.PopValueInto("time", &text); err != nil {
		return err
	}
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return fmt.Errorf("%q is not a time; write it like 2022-10-17T16:00:00+07:00", text)
	}
	i.Time = t
	return nil
}

// day is a calendar day on the command line, 2022-10-25 or 25/10/2022; whose
// midnight it is, the campaign's zone says.
type day struct{ year, month, day int }

func (d *day) Decode(ctx *kong.DecodeContext) error {
	var text string
	if err := ctx.Scan.PopValueInto("date", &text); err != nil {
		return err
	}
	for _, layout := range []string{"2006-01-02", "2/1/2006"} {
		if t, err := time.Parse(layout, text); err == nil {
			*d = day{t.Year(), int(t.Month()), t.Day()}
			return nil
		}
	}
	return fmt.Errorf("%q is not a date; write it like 2022-10-25 or 25/10/2022", text)
}

// in is midnight at the beginning of the day.
func (d day) in(loc *time.Location) time.Time {
	if d == (day{}) {
		return time.Time{}
	}
	return time.Date(d.year, time.Month(d.month), d.day, 0, 0, 0, 0, loc)
}

// usage turns the parser's complaint into a sentence that says what to do.
func usage(lang string, err error) string {
	var parse *kong.ParseError
	command := ""
	if errors.As(err, &parse) && parse.Context != nil {
		command = strings.TrimSpace(parse.Context.Command())
	}
	if i := strings.IndexAny(command, "<["); i >= 0 {
		command = strings.TrimSpace(command[:i])
	}
	ask := strings.Join(strings.Fields("dondoc "+command+" --help"), " ")
	if lang == "en" {
		return fmt.Sprintf("%v. See: %s", err, ask)
	}
	return fmt.Sprintf("dòng lệnh chưa đúng: %v. Xem cách dùng: %s", err, ask)
}
