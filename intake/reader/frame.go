package reader

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// A frame is one byte of kind, four bytes of length (big endian) and as many
// bytes. A request is an op frame and a payload frame. A reply is any number
// of pairs of name and blob, then a reply frame; or, instead of that, an error
// frame, which ends it too.
const (
	frameOp      = 'o'
	framePayload = 'p'
	frameName    = 'n'
	frameBlob    = 'b'
	frameReply   = 'r'
	frameError   = 'e'
)

// maxName bounds what is meant to be short: operations, names of blobs, error
// texts.
const maxName = 64 << 10

var errFrame = errors.New("the pipe does not carry our frames")

func writeFrame(w io.Writer, kind byte, data []byte) error {
	if int64(len(data)) > 1<<32-1 {
		return fmt.Errorf("a frame of %d bytes is too large", len(data))
	}
	var head [5]byte
	head[0] = kind
	binary.BigEndian.PutUint32(head[1:], uint32(len(data)))
	if _, err := w.Write(head[:]); err != nil {
		return err
	}
	_, err := w.Write(data)
	return err
}

// readFrame reads one frame of at most max bytes. The length is a claim of
// the other side: memory is taken as bytes arrive, not because they were
// announced.
func readFrame(r io.Reader, max int) (kind byte, data []byte, err error) {
	var head [5]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return 0, nil, err
	}
	length := int64(binary.BigEndian.Uint32(head[1:]))
	switch head[0] {
	case frameOp, frameName, frameError:
		max = min(max, maxName)
	case framePayload, frameBlob, frameReply:
	default:
		return 0, nil, fmt.Errorf("%w: kind %q", errFrame, head[0])
	}
	if length > int64(max) {
		return 0, nil, fmt.Errorf("%w: %d bytes announced, %d allowed", errFrame, length, max)
	}
	data, err = readAsItComes(r, int(length))
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return head[0], data, err
}

// readAsItComes reads n bytes into memory that grows with what has arrived.
func readAsItComes(r io.Reader, n int) ([]byte, error) {
	const step = 4 << 20
	data := make([]byte, min(n, step))
	filled := 0
	for {
		got, err := io.ReadFull(r, data[filled:])
		filled += got
		if err != nil || filled == n {
			return data[:filled], err
		}
		grown := make([]byte, min(n, 2*len(data)))
		copy(grown, data)
		data = grown
	}
}
