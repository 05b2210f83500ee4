package intake

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"dondoc/intake/finding"
	"dondoc/intake/ledger"
)

func TestReadAhead(t *testing.T) {
	broken := errors.New("broken")
	for _, c := range []struct {
		sentence string
		size     int // of each reading
		offered  []string
		taken    []string
		early    int    // readings made before any was asked for
		want     string // what was read, in order
	}{
		{"what is offered is read before it is asked for", 100, []string{"a", "b"}, []string{"a", "b"}, 2, "a b"},
		{"what was never offered is read when it is asked for", 100, nil, []string{"a"}, 0, "a"},
		{"nothing is read twice, in whatever order it is asked for", 100, []string{"a", "b", "c"}, []string{"c", "a", "b"}, 3, "a b c"},
		{"reading ahead pauses when too much waits, and nobody waits for it", maxAhead, []string{"a", "b", "c"}, []string{"c", "b", "a"}, 1, "a c b"},
		{"it goes on when there is room again", maxAhead, []string{"a", "b", "c"}, []string{"a", "c", "b"}, 1, "a b c"},
		{"a failure is handed on", 100, []string{"broken"}, []string{"broken"}, 1, "broken"},
		{"what was asked for once is read anew", 100, []string{"a"}, []string{"a", "a"}, 1, "a a"},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var order []string
				var kept sync.Map
				a := readAhead(t.Context(), func(_ context.Context, arrival ledger.Arrival) (answer, error) {
					order = append(order, arrival.ID)
					if arrival.ID == "broken" {
						return answer{}, broken
					}
					return answer{Reading: finding.Reading{Subject: arrival.ID}, size: 5000 + c.size}, nil
				}, func(list []answer) error {
					for _, r := range list {
						kept.Store(r.Subject, true)
					}
					return nil
				})
				for _, id := range c.offered {
					a.offer(ledger.Arrival{ID: id})
				}
				synctest.Wait()
				if len(order) != c.early {
					t.Errorf("%q were read ahead, want %d", order, c.early)
				}
				for _, id := range c.taken {
					r, err := a.take(t.Context(), ledger.Arrival{ID: id})
					if id == "broken" {
						if err != broken {
							t.Error(err)
						}
					} else if _, durable := kept.Load(id); err != nil || r.Subject != id || !durable {
						t.Errorf("%s: %q %v", id, r.Subject, err)
					}
					synctest.Wait()
				}
				a.end()
				if got := strings.Join(order, " "); got != c.want {
					t.Errorf("read %s, want %s", got, c.want)
				}
			})
		})
	}
}

// TestReadAheadEnds: the end cancels what is being read and begins nothing more.
func TestReadAheadEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var order []string
		a := readAhead(t.Context(), func(ctx context.Context, arrival ledger.Arrival) (answer, error) {
			order = append(order, arrival.ID)
			<-ctx.Done()
			return answer{}, ctx.Err()
		}, func([]answer) error { return nil })
		for i := range 3 {
			a.offer(ledger.Arrival{ID: fmt.Sprint(i)})
		}
		synctest.Wait()
		a.end()
		if !slices.Equal(order, []string{"0"}) {
			t.Errorf("%q were begun", order)
		}
	})
}
