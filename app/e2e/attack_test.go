package e2e

import (
	"cmp"
	"context"
	"fmt"
	"net"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"text/tabwriter"
	"time"

	"xxsns/app/apptest"
	"xxsns/app/sns"
)

// The times of an attack: a bystander is watched before and during the attack.
const (
	quietTime  = 2 * time.Second
	attackTime = 6 * time.Second
)

// An attack is what one member, or a stranger at one address, does for a while.
type attack struct {
	name string
	run  func(ctx context.Context, s *siege)

	// The acts of the defence of which at least one must be seen: a status such as
	// "429", "cut" (the connection was closed), "closed" (a socket or stream was).
	defence []string

	lasts time.Duration // 0: attackTime
}

// A victim is the running program, alone or as two replicas behind nginx.
type victim struct {
	t       *testing.T
	shape   string
	url     string
	guest   func() *apptest.Client
	addUser func(name string, role sns.Role)
	people  atomic.Int64
}

// A siege is an attack in progress: its tools, and what they met.
type siege struct {
	*victim
	network string // the beginning of the attackers' addresses, such as "127.0.7."

	mu  sync.Mutex
	met map[string]int // guarded by mu: acts of the defence
}

// TestAttack tries every attack on the program alone and on two replicas, while a
// bystander reads, talks and sends pictures. The defence must act, and the bystander
// must be served. Their times are printed beside those before the attack; no test fails
// on a time. make attack runs TestAttack.
func TestAttack(t *testing.T) {
	if os.Getenv("ATTACK") == "" {
		t.Skip("takes minutes: make attack")
	}
	var report strings.Builder
	table := tabwriter.NewWriter(&report, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "shape\tattack\tdefence\tpage\tmessage\tpicture\tverdict")
	for _, v := range []*victim{victimAlone(t), victimReplicas(t)} {
		for _, a := range allAttacks {
			if only := os.Getenv("ATTACK"); only == "1" || strings.Contains(a.name, only) {
				v.suffers(a, table)
			}
		}
	}
	_ = table.Flush() // to memory
	t.Log("\nslowest answers of a bystander, before → during\n" + report.String())
}

// victimAlone starts the embedded program with room for 256 files: an attack that needs
// many connections must not need many thousands here.
func victimAlone(t *testing.T) *victim {
	t.Helper()
	p := apptest.StartSmallProgram(t, 256, "RATE_LIMITS=on", "LOG_LEVEL=error")
	v := &victim{t: t, shape: "alone", url: p.URL, addUser: p.AddUser}
	v.guest = func() *apptest.Client { return p.Guest().From(fmt.Sprintf("127.0.50.%d", v.people.Add(1)%250+1)) }
	return v
}

// victimReplicas starts two replicas behind nginx. All people of an attack meet the same
// replica.
func victimReplicas(t *testing.T) *victim {
	t.Helper()
	r := apptest.StartReplicas(t, apptest.ReplicasOptions{Bounded: true, Env: []string{"RATE_LIMITS=on", "LOG_LEVEL=error"}})
	return &victim{t: t, shape: "replicas", url: r.URL, addUser: r.One.AddUser, guest: r.One.Guest}
}

// member makes an account with a role and returns a client that is signed in.
func (v *victim) member(name string, role sns.Role) *apptest.Client {
	v.t.Helper()
	name = fmt.Sprintf("%s%d", name, v.people.Add(1))
	v.addUser(name, role)
	c := v.guest()
	c.Post("/sign-in", "username", name, "password", apptest.Password).Want(303)
	return c
}

// host returns the address of the victim, as HOST:PORT.
func (v *victim) host() string {
	u, err := url.Parse(v.url)
	if err != nil {
		v.t.Fatal(err)
	}
	return u.Host
}

// suffers runs an attack and writes a line about its outcome.
func (v *victim) suffers(a attack, table *tabwriter.Writer) {
	v.t.Helper()
	b := v.bystander()
	before := b.goesOn(quietTime)
	s := &siege{victim: v, network: "127.0.66.", met: map[string]int{}}
	if v.shape == "replicas" { // to the replica of the bystander
		from := v.guest().Address()
		s.network = from[:strings.LastIndexByte(from, '.')+1]
	}
	lasts := cmp.Or(a.lasts, attackTime)
	ctx, stop := context.WithTimeout(v.t.Context(), lasts+2*time.Second)
	defer stop()
	done := make(chan struct{})
	go func() {
		defer close(done)
		a.run(ctx, s)
	}()
	time.Sleep(500 * time.Millisecond) // the attack has begun
	during := b.goesOn(lasts)
	stop()
	<-done
	verdict := "held"
	if !slices.ContainsFunc(a.defence, func(act string) bool { return s.met[act] > 0 }) {
		verdict = "NO DEFENCE"
		v.t.Errorf("%s, %s: the defence did nothing of %v; met was %v", v.shape, a.name, a.defence, s.met)
	}
	if len(during.failures) > 0 {
		verdict = "BYSTANDER FAILED"
		v.t.Errorf("%s, %s: the bystander: %v", v.shape, a.name, during.failures)
	}
	fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", v.shape, a.name, s.acts(),
		span(before.page, during.page), span(before.message, during.message), span(before.picture, during.picture), verdict)
}

// span writes two times, and an exclamation mark if the second is three times as long.
func span(before, during time.Duration) string {
	mark := ""
	if during > 3*before {
		mark = "!"
	}
	return fmt.Sprintf("%d → %d ms%s", before.Milliseconds(), during.Milliseconds(), mark)
}

// meets counts an act of the defence.
func (s *siege) meets(act string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.met[act]++
}

// acts lists what was met, the most frequent first.
func (s *siege) acts() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []string
	for act := range s.met {
		all = append(all, act)
	}
	slices.SortFunc(all, func(a, b string) int { return cmp.Or(s.met[b]-s.met[a], cmp.Compare(a, b)) })
	for i, act := range all {
		all[i] = fmt.Sprintf("%s×%d", act, s.met[act])
	}
	return strings.Join(all[:min(4, len(all))], " ")
}

// attacker returns the nth address of the attackers.
func (s *siege) attacker(n int) string { return fmt.Sprintf("%s%d", s.network, 200+n%50) }

// dial connects from the nth address of the attackers.
func (s *siege) dial(ctx context.Context, n int) (net.Conn, error) {
	dialer := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(s.attacker(n))}, Timeout: 5 * time.Second}
	return dialer.DialContext(ctx, "tcp", s.host())
}

// each runs do at the same time for so many workers, until ctx ends or all are done.
func (s *siege) each(workers int, do func(n int)) {
	var all sync.WaitGroup
	for n := range workers {
		all.Go(func() { do(n) })
	}
	all.Wait()
}
