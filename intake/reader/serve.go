package reader

import (
	"bufio"
	"errors"
	"io"
	"maps"
	"slices"
)

// maxServed bounds one payload on the child's side; the daemon's own limit
// (Config.MaxRequest) is lower, this one keeps a broken pipe from looking like
// a huge request.
const maxServed = 512 << 20

// Serve is the child's loop: it answers the requests on in, one at a time, on
// out, until in ends. handle gets OpInit first. Its error is told to the
// daemon as the failure of that one request; a panic in it is left to kill
// the process, because a reader that has lost its footing must not answer for
// the next mail.
//
// The end of in ends Serve even while handle runs, so that a child caught in
// a loop does not outlive a daemon that was killed; the caller then exits the
// process. Nothing else may write to out.
func Serve(in io.Reader, out io.Writer, handle func(op string, payload []byte) (reply []byte, blobs map[string][]byte, err error)) error {
	requests := make(chan request)
	ended := make(chan error, 1)
	stop := make(chan struct{})
	defer close(stop)
	go func() {
		r := bufio.NewReader(in)
		for {
			q, err := readRequest(r)
			if err != nil {
				ended <- err
				return
			}
			select {
			case requests <- q:
			case <-stop:
				return
			}
		}
	}()

	w := bufio.NewWriterSize(out, 64<<10)
	for {
		var q request
		select {
		case q = <-requests:
		case err := <-ended:
			if err == io.EOF {
				err = nil
			}
			return err
		}
		answered := make(chan answer, 1)
		go func() {
			var a answer
			a.reply, a.blobs, a.err = handle(q.op, q.payload)
			answered <- a
		}()
		select {
		case a := <-answered:
			if err := writeAnswer(w, a); err != nil {
				return err
			}
		case err := <-ended:
			if err == io.EOF {
				err = errors.New("reader: the daemon left during a request")
			}
			return err
		}
	}
}

type request struct {
	op      string
	payload []byte
}

type answer struct {
	reply []byte
	blobs map[string][]byte
	err   error
}

func readRequest(r io.Reader) (request, error) {
	kind, op, err := readFrame(r, maxName)
	if err != nil {
		return request{}, err
	}
	if kind != frameOp {
		return request{}, errFrame
	}
	kind, payload, err := readFrame(r, maxServed)
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		return request{}, err
	}
	if kind != framePayload {
		return request{}, errFrame
	}
	return request{string(op), payload}, nil
}

func writeAnswer(w *bufio.Writer, a answer) error {
	if a.err != nil {
		text := a.err.Error()
		if err := writeFrame(w, frameError, []byte(text[:min(len(text), maxName)])); err != nil {
			return err
		}
		return w.Flush()
	}
	// In the order of the names, so that the same reply is the same bytes.
	for _, name := range slices.Sorted(maps.Keys(a.blobs)) {
		if err := writeFrame(w, frameName, []byte(name)); err != nil {
			return err
		}
		if err := writeFrame(w, frameBlob, a.blobs[name]); err != nil {
			return err
		}
	}
	if err := writeFrame(w, frameReply, a.reply); err != nil {
		return err
	}
	return w.Flush()
}
