package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"dondoc/config"
	"dondoc/intake/ledger"
)

// Free space below which the operator is warned, and below which we do not
// start: one large mail and its parts may need as much.
const (
	lowDisk  = 1 << 30
	fullDisk = 100 << 20
)

func (d *doctor) disk() {
	free, err := freeSpace(d.cli.Dir)
	d.space(free, err)
}

// space reports on the free bytes of the campaign's disk.
func (d *doctor) space(free uint64, err error) {
	switch {
	case err != nil:
		d.note("disk", "disk.unknown", "text", err)
	case free < fullDisk:
		d.note("disk", "disk.full", "free", megabytes(int64(free)))
	case free < lowDisk:
		d.note("disk", "disk.low", "free", megabytes(int64(free)))
	default:
		d.note("disk", "disk.ok", "free", gigabytes(free))
	}
}

func gigabytes(n uint64) string { return fmt.Sprintf("%.1f GB", float64(n)/(1<<30)) }

// rights looks whether files can be made where they will be, without making
// one, and whether the key is ours alone.
func (d *doctor) rights() {
	dir := d.cli.Dir
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		d.note("rights", "rights.dir", "path", dir)
		return
	}
	places := []string{dir, filepath.Join(dir, "data")}
	if d.campaign != nil {
		places = append(places, d.campaign.DataDir(), filepath.Join(d.campaign.DataDir(), "archive"), d.campaign.FilingsDir())
	}
	for _, path := range places {
		info, err := os.Stat(path)
		if errors.Is(err, fs.ErrNotExist) {
			continue // made when it is needed
		}
		if err == nil && !info.IsDir() {
			d.note("rights", "rights.place", "path", path)
			return
		}
		if err == nil {
			err = writable(path)
		}
		if err != nil {
			d.note("rights", "rights.none", "path", path, "text", err)
			return
		}
	}
	var open []string
	for _, data := range places[1:min(len(places), 3)] {
		key := filepath.Join(data, "key")
		if others, _ := config.OpenToOthers(key); others && !slices.Contains(open, key) {
			open = append(open, key)
		}
	}
	if len(open) > 0 {
		var fix []string
		for _, key := range open {
			fix = append(fix, config.CloseToOthers(key))
		}
		d.note("rights", "rights.key", "path", strings.Join(open, ", "), "fix", strings.Join(fix, "; "))
		return
	}
	d.note("rights", "rights.ok")
}

// lock looks who else works in this directory. Several may: they share the
// work by claims that rest on locked files.
func (d *doctor) lock() {
	if d.campaign == nil {
		d.after("config", "lock")
		return
	}
	switch n, err := ledger.Working(d.campaign.DataDir()); {
	case err != nil:
		d.note("lock", "lock.none", "path", d.campaign.DataDir(), "text", err)
	case n == 0:
		d.note("lock", "lock.free")
	case n == 1:
		d.note("lock", "lock.one")
	default:
		d.note("lock", "lock.several", "count", n)
	}
}

func (d *doctor) ledger(ctx context.Context) {
	if info, err := os.Stat(filepath.Join(d.cli.Dir, "campaign.yaml")); err == nil {
		d.known.past = append(d.known.past, moment{[2]string{"campaign.yaml được sửa lúc", "campaign.yaml was written at"}, info.ModTime(), false})
	}
	if d.campaign == nil {
		d.after("config", "ledger")
		return
	}
	if _, err := os.Stat(d.campaign.DataDir()); err != nil && !errors.Is(err, fs.ErrNotExist) {
		d.after("rights", "ledger")
		return
	}
	p, err := ledger.LookAt(ctx, d.campaign.DataDir())
	if !p.Changed.IsZero() {
		d.known.past = append(d.known.past, moment{[2]string{"sổ được ghi lúc", "the ledger was written at"}, p.Changed, false})
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		d.note("ledger", "ledger.none")
	case err != nil:
		d.note("ledger", "ledger.broken", "text", err)
	case p.Schema > p.Known:
		d.note("ledger", "ledger.newer", "schema", p.Schema, "known", p.Known)
	case p.Schema < p.Known:
		d.note("ledger", "ledger.older", "schema", p.Schema, "known", p.Known)
	default:
		d.note("ledger", "ledger.ok", "schema", p.Schema)
	}
}

// reader starts the confined child with the campaign's own data, as the daemon
// would, and asks it what it has given up.
func (d *doctor) reader(ctx context.Context) {
	if d.campaign == nil {
		d.after("config", "reader")
		return
	}
	if d.found["form"].Status == "fail" {
		d.after("form", "reader")
		return
	}
	o := &office{Program: d.Program, campaign: d.campaign}
	defer o.Close()
	err := o.startReader()
	var given []string
	if err == nil {
		reply, doErr := o.reader.Do(ctx, opConfined, nil)
		if err = doErr; err == nil {
			err = json.Unmarshal(reply.JSON, &given)
		}
	}
	switch {
	case err != nil:
		d.note("reader", "reader.dead", "text", err)
	case slices.Contains(given, "unconfined"):
		d.note("reader", "reader.free")
	case runtime.GOOS == "windows":
		d.note("reader", "reader.job", "given", strings.Join(given, ", "))
	case !slices.Contains(given, "files"):
		d.note("reader", "reader.partly", "given", strings.Join(given, ", "))
	default:
		d.note("reader", "reader.ok", "given", strings.Join(given, ", "))
	}
}
