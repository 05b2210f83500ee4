package standing

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"
)

// What an index remembers of the decisions in force is what they are, whenever
// it is asked and for whatever instant.
func TestDecisionsInForceAreThoseWorkedOutAnew(t *testing.T) {
	draw := rand.New(rand.NewPCG(11, 4))
	begin := time.Date(2022, 10, 4, 7, 30, 0, 0, time.UTC)
	var x Index
	var f Facts
	remembered := 0
	for n := range 200 {
		d := Decision{ID: fmt.Sprint(n), At: begin.Add(time.Duration(n) * time.Minute), Kind: Assign, Arrival: fmt.Sprint(draw.IntN(20))}
		switch draw.IntN(8) {
		case 0:
			d.Kind, d.Undoes = Undo, fmt.Sprint(draw.IntN(n+1))
		case 1:
			d.At = d.At.Add(time.Duration(draw.IntN(90)) * time.Minute) // by a clock that is ahead
		}
		f.Decisions = append(f.Decisions, d)
		if draw.IntN(3) > 0 {
			f = x.Follow(f)
			remembered++
		}
		for range 3 {
			now := begin.Add(time.Duration(draw.IntN(300)) * time.Minute)
			want := InForce(f.Decisions, now)
			alive, desk := f.inForce(now)
			if len(alive)+len(want) > 0 && !reflect.DeepEqual(alive, want) || !reflect.DeepEqual(desk, deskOf(want)) {
				t.Fatalf("%d decisions at %s: %v, not %v", n+1, now, alive, want)
			}
		}
	}
	if remembered < 100 {
		t.Errorf("only %d times there was an index", remembered)
	}
}
