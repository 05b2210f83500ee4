package main

type exportCmd struct {
	Out string `arg:"" help:"${a_out}"`
}

func (*exportCmd) Run(p *Program) error { return nil }
