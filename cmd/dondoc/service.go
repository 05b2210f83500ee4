package main

import "context"

// serviceCmd makes the daemon a service of Windows, and steers it. On other
// systems it says what takes its place there.
type serviceCmd struct {
	Name    string         `default:"dondoc" placeholder:"NAME" help:"${o_service}"`
	Install serviceInstall `cmd:"" help:"${c_service_install}"`
	Remove  serviceRemove  `cmd:"" help:"${c_service_remove}"`
	Start   serviceStart   `cmd:"" help:"${c_service_start}"`
	Stop    serviceStop    `cmd:"" help:"${c_service_stop}"`
	Reload  serviceReload  `cmd:"" help:"${c_service_reload}"`
	Status  serviceStatus  `cmd:"" help:"${c_service_status}"`
	Work    serviceWork    `cmd:"" hidden:""`
}

type (
	serviceInstall struct{}
	serviceRemove  struct{}
	serviceStart   struct{}
	serviceStop    struct{}
	serviceReload  struct{}
	serviceStatus  struct{}
	serviceWork    struct{}
)

func (*serviceInstall) Run(p *Program) error { return p.installService(p.cli.Service.Name) }
func (*serviceRemove) Run(p *Program) error  { return p.removeService(p.cli.Service.Name) }
func (*serviceStart) Run(p *Program) error   { return p.startService(p.cli.Service.Name) }
func (*serviceStop) Run(p *Program) error    { return p.stopService(p.cli.Service.Name) }
func (*serviceReload) Run(p *Program) error  { return p.reloadService(p.cli.Service.Name) }
func (*serviceStatus) Run(p *Program) error  { return p.serviceStatus(p.cli.Service.Name) }

// Run is what the service manager starts: `run`, with a log file for a screen.
func (*serviceWork) Run(ctx context.Context, p *Program) error {
	return p.workAsService(ctx, p.cli.Service.Name)
}
