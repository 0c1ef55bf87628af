package store

import "time"

// An aging map keeps values for at most twice agingLife, and at most twice as many as most.
type aging[K comparable, V any] struct {
	most       int
	young, old map[K]V
	turned     time.Time // when the young became old
}

// agingLife bounds how long changes stay unseen that no version tells of: of rows that are
// changed by hand, or by a program that is older than the version.
const agingLife = 30 * time.Second

// get returns the value of a key.
func (a *aging[K, V]) get(key K) (V, bool) {
	v, ok := a.young[key]
	if !ok {
		v, ok = a.old[key]
	}
	return v, ok
}

func (a *aging[K, V]) put(key K, v V, now time.Time) {
	a.age(now)
	if len(a.young) >= a.most {
		a.turn(now)
	}
	if a.young == nil {
		a.young = map[K]V{}
	}
	a.young[key] = v
}

// age drops the values that are too old. Callers call age before get.
func (a *aging[K, V]) age(now time.Time) {
	switch passed := now.Sub(a.turned); {
	case passed >= 2*agingLife || passed < 0:
		a.clear(now)
	case passed >= agingLife:
		a.turn(now)
	}
}

func (a *aging[K, V]) turn(now time.Time) { a.old, a.young, a.turned = a.young, nil, now }

func (a *aging[K, V]) clear(now time.Time) { a.old, a.young, a.turned = nil, nil, now }
