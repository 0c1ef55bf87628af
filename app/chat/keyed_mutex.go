package chat

import "sync"

// A keyedMutex is a mutex for each key. A key takes memory only while a goroutine
// holds or waits for its mutex.
type keyedMutex struct {
	mu    sync.Mutex
	locks map[int64]*countedMutex
}

type countedMutex struct {
	sync.Mutex
	users int // goroutines that hold or wait for it; guarded by keyedMutex.mu
}

// lock locks the mutex of key and returns the function that unlocks it.
func (k *keyedMutex) lock(key int64) (unlock func()) {
	k.mu.Lock()
	if k.locks == nil {
		k.locks = make(map[int64]*countedMutex)
	}
	m := k.locks[key]
	if m == nil {
		m = new(countedMutex)
		k.locks[key] = m
	}
	m.users++
	k.mu.Unlock()
	m.Lock()
	return func() {
		m.Unlock()
		k.mu.Lock()
		defer k.mu.Unlock()
		if m.users--; m.users == 0 {
			delete(k.locks, key)
		}
	}
}
