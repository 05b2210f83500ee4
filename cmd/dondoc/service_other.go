//go:build !windows

package main

import "context"

// errNoService: systemd has a unit of its own for the daemon.
var errNoService = wrong{
	VI: "lệnh service chỉ dùng trên Windows. Trên Linux dùng systemd: tệp dịch vụ có sẵn ở cmd/dondoc/deploy, cách làm ở mục 5 của README.",
	EN: "the command service is for Windows. On Linux use systemd: the unit is in cmd/dondoc/deploy, the README says how.",
}

func (*Program) installService(string) error                 { return errNoService }
func (*Program) removeService(string) error                  { return errNoService }
func (*Program) startService(string) error                   { return errNoService }
func (*Program) stopService(string) error                    { return errNoService }
func (*Program) reloadService(string) error                  { return errNoService }
func (*Program) serviceStatus(string) error                  { return errNoService }
func (*Program) workAsService(context.Context, string) error { return errNoService }
