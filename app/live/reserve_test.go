package live

import (
	"sync"
	"sync/atomic"
	"testing"
)

func TestPlacesAreReservedNotCounted(t *testing.T) {
	h := NewHub(nil, Options{})
	defer h.Close()
	const most = 40
	var got atomic.Int64
	var all sync.WaitGroup
	releases := make(chan func(), 10*most)
	for range 10 * most {
		all.Go(func() {
			if release, ok := h.Reserve(1, most); ok {
				got.Add(1)
				releases <- release
			}
		})
	}
	all.Wait()
	if got.Load() != most {
		t.Errorf("%d of %d places were reserved", got.Load(), most)
	}
	other, ok := h.Reserve(2, most)
	if !ok {
		t.Error("another person has no place")
	}
	other()
	for range most {
		release := <-releases
		release()
		release()
	}
	if len(h.reserved) != 0 {
		t.Errorf("reserved are %v", h.reserved)
	}
}

// A caller that counts streams and sockets is told of every end: by the peer, and by the hub.
func TestTheEndOfStreamsAndSocketsIsTold(t *testing.T) {
	p := newTestHub(t, Options{})
	stream := p.openStream(t, "user=1")
	p.openStream(t, "user=1")
	socket := p.openSocket(t, "user=1")
	p.openSocket(t, "user=1")
	eventually(t, "four are open", func() bool { return p.open.Load() == 4 })
	_ = stream.conn.Close()
	_ = socket.conn.Close()
	eventually(t, "two have ended", func() bool { return p.open.Load() == 2 })
	p.Close()
	eventually(t, "all have ended", func() bool { return p.open.Load() == 0 })
}
