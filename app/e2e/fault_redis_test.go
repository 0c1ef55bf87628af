package e2e

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"xxsns/app/apptest"
)

// TestFaultRedisKilled: Redis is killed and comes back, several times, while
// people chat and write. Acts that need no Redis go on; the other acts say so,
// and are right again afterwards.
func TestFaultRedisKilled(t *testing.T) {
	t.Parallel()
	o := goesOn(t, apptest.StartReplicas(t, apptest.ReplicasOptions{}))
	o.begin()
	for range inChaos(2, 15) {
		o.awaits(20)
		aWhile(50 * time.Millisecond)
		o.r.Redis.Kill9()
		o.sees("lost", 0, 1)
		for i, replica := range both(o.r) {
			o.ready(replica, http.StatusOK, "redis: down")
			o.refused(i)
		}
		aWhile(inChaos(100*time.Millisecond, 5*time.Second))
		o.r.Redis.Start(t)
		o.sees("gap", 0, 1)
		o.recovers()
	}
	o.finishes(100)
}

// refused: a message by the form while Redis is away is refused, and
// the answer keeps the typed text. The page of the room shows, too.
func (o *outage) refused(i int) {
	o.t.Helper()
	const text = "들리나요?"
	page := o.mentor.Post(o.address()+"/messages", "content", text).Want(http.StatusServiceUnavailable)
	if page.Text("#say") != text {
		o.t.Errorf("the field holds %q", page.Text("#say"))
	}
	o.writers[i].client.Get("/rooms").Want(http.StatusOK)
}

// TestFaultRedisEverySecond is TestFaultRedisKilled where Redis hands changes
// to the disk only each second, as docker-compose.yml has it: a kill, other
// than a fall of the machine, mostly loses no message, and never a message
// older than two seconds.
func TestFaultRedisEverySecond(t *testing.T) {
	if !chaos() {
		t.Skip("long: make chaos")
	}
	t.Parallel()
	o := goesOn(t, apptest.StartReplicas(t, apptest.ReplicasOptions{}))
	commands(t, o.r.Redis, "CONFIG SET appendfsync everysec")
	o.begin()
	var kills []time.Time
	for range 15 {
		o.awaits(20)
		aWhile(2 * time.Second)
		kills = append(kills, time.Now())
		o.r.Redis.Kill9()
		o.r.Redis.Start(t)
		commands(t, o.r.Redis, "CONFIG SET appendfsync everysec")
		o.recovers()
	}
	o.awaits(20)
	o.fallsSilent()
	o.wroteOn()
	o.ends()
	o.lostLittle(o.transcript(), kills)
}

// lostLittle counts lost messages: no message that was acknowledged more than
// two seconds before the kill of Redis may be lost.
func (o *outage) lostLittle(lines []savedLine, kills []time.Time) {
	o.t.Helper()
	there := map[string]int{}
	for _, line := range lines {
		there[line.Content]++
	}
	all, lost := 0, 0
	for _, p := range o.people {
		for _, m := range p.said {
			all++
			if there[m.text] == 1 {
				continue
			}
			lost++
			if there[m.text] > 1 || !excused(m, kills) {
				o.t.Errorf("%s is there %d times", m.text, there[m.text])
			}
		}
	}
	o.t.Logf("%d messages acknowledged, %d kills: lost %d of the last two seconds before a kill", all, len(kills), lost)
}

func excused(m *message, kills []time.Time) bool {
	for _, kill := range kills {
		if before := kill.Sub(m.answered); before > 0 && before < 2*time.Second {
			return true
		}
	}
	return false
}

// commands sends a command to Redis.
func commands(t *testing.T, server *apptest.RedisServer, line string) {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(server.URL(), "redis://"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	_ = conn.SetDeadline(time.Now().Add(patience))
	if _, err := fmt.Fprintf(conn, "%s\r\n", line); err != nil {
		t.Fatal(err)
	}
	if answer, err := bufio.NewReader(conn).ReadString('\n'); err != nil || !strings.HasPrefix(answer, "+OK") {
		t.Fatalf("%s: %q, %v", line, answer, err)
	}
}

// TestFaultRedisPaused: Redis takes connections and does not answer, for a while.
func TestFaultRedisPaused(t *testing.T) {
	t.Parallel()
	o := goesOn(t, apptest.StartReplicas(t, apptest.ReplicasOptions{}))
	o.begin()
	for range inChaos(1, 5) {
		o.awaits(20)
		o.r.Redis.Pause(t)
		time.Sleep(5 * time.Second)
		o.goesOnMeanwhile()
		o.r.Redis.Resume(t)
		o.recovers()
	}
	o.finishes(100)
}
