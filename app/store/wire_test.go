package store_test

import (
	"bytes"
	"net"
	"strings"
	"sync"
	"testing"
)

// A wire is a proxy to MySQL or MariaDB that breaks or hangs where a test says
// so.
type wire struct {
	listener net.Listener
	to       string

	mu    sync.Mutex // guards the fields below
	at    string     // text of the statement at which the next break comes; "": no break
	after bool       // break after the server has executed the statement, so that only the answer is lost
	hang  bool       // hang instead of breaking
	dead  bool       // pass nothing on, in neither direction
	away  bool       // reset all connections, also new ones
	cuts  int        // number of breaks so far
	turns int        // number of connections that were turned away
	heard []string   // statements so far
	conns map[net.Conn]bool
}

// wired migrates the database of a URL and opens it through a wire.
func wired(t testing.TB, url string) (*database, *wire) {
	t.Helper()
	direct := migrated(t, url)
	w, url := startWire(t, url)
	return &database{Store: opened(t, url), url: url, raw: direct.raw}, w
}

// startWire returns a wire and the URL of the database behind it.
func startWire(t testing.TB, url string) (*wire, string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	before, rest, _ := strings.Cut(url, "@")
	host, name, _ := strings.Cut(rest, "/")
	w := &wire{listener: listener, to: host, conns: map[net.Conn]bool{}}
	go w.accept()
	t.Cleanup(func() { _ = listener.Close(); w.set(func() { w.away = true; w.reset() }) })
	return w, before + "@" + listener.Addr().String() + "/" + name
}

// set changes the wire under its lock.
func (w *wire) set(change func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	change()
}

// breakAt makes the connection break once, before or after the execution of a
// statement that contains words.
func (w *wire) breakAt(words string, after bool) {
	w.set(func() { w.at, w.after, w.cuts = words, after, 0 })
}

// statements returns the statements that do sends.
func (w *wire) statements(do func()) (heard []string) {
	w.set(func() { w.heard = nil })
	do()
	w.set(func() { heard = w.heard })
	return heard
}

// broke reports whether the break of breakAt has come.
func (w *wire) broke() (yes bool) {
	w.set(func() { yes = w.cuts > 0 })
	return yes
}

// reset breaks all connections. The caller must hold mu.
func (w *wire) reset() {
	for conn := range w.conns {
		_ = conn.Close()
	}
}

func (w *wire) accept() {
	for {
		near, err := w.listener.Accept()
		if err != nil {
			return
		}
		go w.join(near)
	}
}

func (w *wire) join(near net.Conn) {
	far, err := net.Dial("tcp", w.to)
	if err != nil || !w.keep(near, far) {
		_ = near.Close()
		return
	}
	answered := make(chan struct{}, 1)
	go w.answers(near, far, answered)
	w.asks(near, far, answered)
	_, _ = near.Close(), far.Close()
}

func (w *wire) keep(conns ...net.Conn) (kept bool) {
	w.set(func() {
		for _, conn := range conns {
			w.conns[conn] = true
		}
		if kept = !w.away; !kept {
			w.turns++
		}
	})
	if !kept {
		for _, conn := range conns {
			_ = conn.Close()
		}
	}
	return kept
}

// asks passes on the packets of the client; a statement of the store arrives in
// a single read.
func (w *wire) asks(near, far net.Conn, answered chan struct{}) {
	buffer := make([]byte, 64<<10)
	for {
		n, err := near.Read(buffer)
		if err != nil {
			return
		}
		cut, after, dead := w.hit(buffer[:n])
		if dead {
			continue
		}
		if cut && !after {
			return
		}
		for len(answered) > 0 {
			<-answered
		}
		if cut {
			w.set(func() { delete(w.conns, near) })
			_ = near.Close() // the client is gone
		}
		if _, err := far.Write(buffer[:n]); err != nil {
			return
		}
		if cut {
			<-answered
			return
		}
	}
}

// hit reports whether the wire breaks at this packet.
func (w *wire) hit(said []byte) (cut, after, dead bool) {
	w.set(func() {
		dead = w.dead
		if len(said) > 5 && said[4] == 3 { // a query, after its length and number
			w.heard = append(w.heard, string(said[5:]))
		}
		if cut = !dead && w.at != "" && bytes.Contains(said, []byte(w.at)); cut {
			after, w.at = w.after, ""
			w.cuts++
			w.dead, dead = w.hang, w.hang
		}
	})
	return cut, after, dead
}

func (w *wire) answers(near, far net.Conn, answered chan struct{}) {
	buffer := make([]byte, 64<<10)
	for {
		n, err := far.Read(buffer)
		select {
		case answered <- struct{}{}:
		default:
		}
		if err != nil {
			_ = near.Close()
			return
		}
		if _, _, dead := w.hit(nil); dead {
			continue
		}
		_, _ = near.Write(buffer[:n]) // near may be closed; read the server's answer to its end all the same
	}
}

// turnsAway waits until n more connections were turned away.
func (w *wire) turnsAway(t *testing.T, n int) {
	t.Helper()
	turned := func() (all int) { w.set(func() { all = w.turns }); return all }
	enough := turned() + n
	eventually(t, "connections are turned away", func() bool { return turned() >= enough })
}
