package builtin

import (
	"bytes"
	"testing"
)

func TestTheFormIsTheSameEveryTime(t *testing.T) {
	first, err := Form()
	if err != nil {
		t.Fatal(err)
	}
	second, err := Form()
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(first, second) {
		t.Error("two makings of the form differ")
	}
}
