package hosts

import (
	"fmt"
	"math/rand/v2"
	"net"
	"sync"
)

var ports struct {
	sync.Mutex
	given map[int]bool
}

// freePort finds a port for a server that is about to start. It lies below
// those that the system hands out by itself (from 32768 on Linux), so that none
// of the many short connections of the other tests takes it in between.
func freePort() (int, error) {
	ports.Lock()
	defer ports.Unlock()
	if ports.given == nil {
		ports.given = map[int]bool{}
	}
	for range 1000 {
		port := 20000 + rand.IntN(12000)
		if ports.given[port] {
			continue
		}
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err != nil {
			continue
		}
		l.Close()
		ports.given[port] = true
		return port, nil
	}
	return 0, fmt.Errorf("no port of 127.0.0.1 is free")
}

// freePorts fills in several.
func freePorts(into ...*int) error {
	for _, p := range into {
		var err error
		if *p, err = freePort(); err != nil {
			return err
		}
	}
	return nil
}
