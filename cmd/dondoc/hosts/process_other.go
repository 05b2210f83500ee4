//go:build !unix

package hosts

import "errors"

// process is a server, of which there is none here.
type process struct{ pid int }

var errNotHere = errors.New("mail servers are started on Unix only")

func start(string, string, []string, ...string) (*process, error) { return nil, errNotHere }

func (*process) stop() error               { return nil }
func (*process) kill() error               { return nil }
func (*process) members() []int            { return nil }
func (*process) greeted(int, string) error { return errNotHere }

func kill9(int) error { return errNotHere }
