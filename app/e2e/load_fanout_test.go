//go:build unix

package e2e

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"xxsns/app/apptest/load"
)

const (
	listeners = 1000
	mark      = '^' // stands once in each message

	// inFlight is how far the speakers may be ahead of the slowest listener: half
	// the capacity of a queue, so that "full speed" cuts no socket.
	inFlight = 128
)

// BenchmarkRoomOfThousand is one room of 1,000 sockets at full speed: on two
// replicas through Redis, and, by turns, on one process with the usual plain
// hub, which only sends the same bytes. The turns make other load of the
// machine fall on both. x-plain is the speed of the replicas as a multiple of
// the plain hub's.
func BenchmarkRoomOfThousand(b *testing.B) {
	t := newTown(b)
	seats := t.rooms(t.members(20), 1, 20, t.direct)[0]
	ours := t.audience(tabs(seats))
	plain := t.audience(tabs([]load.Seat{{Person: &load.Person{Address: startPlainHub(b)}}}))
	settleDown(b.Context())
	page := t.sample(seats[0])
	say := map[string]func(int64) []byte{
		replicaProgram: func(n int64) []byte {
			frame, _ := json.Marshal(map[string]string{"content": string(mark) + load.Words, "client_id": strconv.FormatInt(n, 10)}) // plain strings
			return frame
		},
		"plain": func(int64) []byte { return page },
	}
	run := func(who string, a *load.Audience, count int64) time.Duration {
		took, err := a.Run(count, inFlight, say[who])
		t.must(err)
		return took
	}
	run(replicaProgram, ours, 2*inFlight)
	run("plain", plain, 2*inFlight)
	const round = 4 * inFlight
	for b.Loop() {
		m, rounds, ourTime, plainTime := newMeter(), int64(0), time.Duration(0), time.Duration(0)
		for ; ourTime+plainTime < 10*time.Second; rounds++ {
			plainTime += run("plain", plain, round)
			ourTime += run(replicaProgram, ours, round)
		}
		deliveries := rounds * round * listeners
		noTime(b)
		b.ReportMetric(float64(deliveries)/ourTime.Seconds(), "deliveries/s")
		b.ReportMetric(float64(deliveries)/plainTime.Seconds(), "plain-deliveries/s")
		b.ReportMetric(plainTime.Seconds()/ourTime.Seconds(), "x-plain")
		b.ReportMetric(float64(len(page)), "B/message")
		for _, name := range []string{replicaProgram, redisProgram, databaseProgram, plainProgram()} {
			m.perUnit(b, name, deliveries, "delivery")
		}
	}
	if err := ours.Err(); err != nil {
		b.Error(err)
	}
}

// tabs are as many seats as there are listeners, the same over and over: people
// with several tabs.
func tabs(seats []load.Seat) []load.Seat {
	all := make([]load.Seat, listeners)
	for i := range all {
		all[i] = seats[i%len(seats)]
	}
	return all
}

func (t *town) audience(seats []load.Seat) *load.Audience {
	t.b.Helper()
	a, err := load.OpenAudience(seats, mark)
	t.must(err)
	t.b.Cleanup(a.Close)
	return a
}

// sample is a message as sockets receive messages, with the mark.
func (t *town) sample(seat load.Seat) []byte {
	t.b.Helper()
	s, err := seat.Socket(seat.Room + "/socket")
	t.must(err)
	defer s.Close()
	t.must(s.Say(load.Words, "sample"))
	found := make(chan []byte, 1)
	go func() {
		_ = s.Listen(func(frame []byte) {
			if strings.Contains(string(frame), `data-client-id="sample"`) {
				found <- []byte(strings.Replace(string(frame), load.Words, string(mark)+load.Words, 1))
			}
		})
	}()
	select {
	case frame := <-found:
		return frame
	case <-time.After(patience):
		t.b.Fatal("what is said does not come back")
		return nil
	}
}

// plainEnv makes the test binary a process with a plain hub, which ends with
// the process's standard input.
const plainEnv = "XXSNS_PLAIN_HUB"

// TestServePlainHub is no test but the process of startPlainHub.
func TestServePlainHub(*testing.T) {
	if os.Getenv(plainEnv) == "" {
		return
	}
	server := httptest.NewServer(http.HandlerFunc(load.NewPlain().ServeSocket))
	fmt.Println(server.Listener.Addr())
	_, _ = bufio.NewReader(os.Stdin).ReadByte()
	os.Exit(0)
}

// startPlainHub starts a plain hub in a process of its own and returns the
// hub's address.
func startPlainHub(b *testing.B) string {
	b.Helper()
	cmd := exec.CommandContext(b.Context(), os.Args[0], "-test.run=^TestServePlainHub$")
	cmd.Env = append(os.Environ(), plainEnv+"=1")
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		_ = in.Close()
		_ = cmd.Wait()
	})
	address, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		b.Fatal(err)
	}
	return strings.TrimSpace(address)
}

// plainProgram is the name of the plain hub's process.
func plainProgram() string { return filepath.Base(os.Args[0]) }
