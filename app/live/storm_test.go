package live

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
)

// Fifty clients reconnect again and again during deliveries. At the end no client
// and no topic is left.
func TestReconnectStorm(t *testing.T) {
	p := newTestHub(t, Options{MaxMessages: 1 << 20, MaxBytes: 1 << 30})
	stop := make(chan struct{})
	var teller, people sync.WaitGroup
	teller.Go(func() {
		for version := int64(1); ; version++ {
			select {
			case <-stop:
				return
			default:
				p.Deliver(said(version))
			}
		}
	})
	for n := range 50 {
		people.Go(func() {
			for range 6 {
				who := p.openStream(t, timeline+fmt.Sprintf("&user=%d&session=s%d", n, n))
				who.gets()
				who.leaves()
			}
		})
	}
	people.Wait()
	close(stop)
	teller.Wait()
	eventually(t, "all leave", func() bool { return p.Stats().Clients == 0 })
	p.mu.RLock()
	defer p.mu.RUnlock()
	if n := len(p.topics); n != 0 {
		t.Errorf("%d topics are left", n)
	}
}

// Clients subscribe and leave at random while several topics get events at once.
// Each client sees the events of its own topics without gaps and duplicates, and
// no event of any other topic.
func TestRandomJoinsLeavesDelivers(t *testing.T) {
	const topics = 4
	seed := rand.Uint64()
	t.Log("seed ", seed)
	p := newTestHub(t, Options{MaxMessages: 1 << 20, MaxBytes: 1 << 30})
	stop := make(chan struct{})
	var tellers, people sync.WaitGroup
	for topic := range topics {
		tellers.Go(func() { tell(p, fmt.Sprintf("t%d", topic), stop) })
	}
	for n := range uint64(24) {
		people.Go(func() {
			random := rand.New(rand.NewPCG(seed, n))
			for range 5 {
				comeAndGo(t, p, random, topics)
			}
		})
	}
	people.Wait()
	close(stop)
	tellers.Wait()
}

// tell delivers rising versions on a topic until stop is closed.
func tell(p *testHub, topic string, stop <-chan struct{}) {
	for version := int64(1); ; version++ {
		select {
		case <-stop:
			return
		default:
			p.Deliver(Event{Topic: topic, Kind: topic, Key: "n", Version: version})
		}
	}
}

func comeAndGo(t *testing.T, p *testHub, random *rand.Rand, topics int) {
	last := make(map[string]int64)
	q := "lang=" + []string{"ko", "en"}[random.IntN(2)]
	for _, n := range random.Perm(topics)[:1+random.IntN(topics)] {
		topic := fmt.Sprintf("t%d", n)
		last[topic] = 0
		q += "&topic=" + topic
	}
	who := p.openStream(t, q)
	defer who.leaves()
	for range random.IntN(200) {
		var lang, kind, key string
		var version int64
		if _, err := fmt.Sscan(string(who.gets().HTML), &lang, &kind, &key, &version); err != nil {
			t.Error(err)
			return
		}
		before, mine := last[kind]
		if !mine || lang != q[5:7] || (before != 0 && version != before+1) {
			t.Errorf("%s: got %s %s %d after %d", q, lang, kind, version, before)
			return
		}
		last[kind] = version
	}
}
