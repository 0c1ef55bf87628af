package chat_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/redis/go-redis/v9"

	"xxsns/app/apptest"
	"xxsns/app/chat"
	"xxsns/app/sns"
)

// A gate is a hook of a client that stops round trips.
type gate struct {
	trips   chan []string // the names of the commands of each round trip
	proceed chan struct{}
}

func (*gate) DialHook(next redis.DialHook) redis.DialHook          { return next }
func (*gate) ProcessHook(next redis.ProcessHook) redis.ProcessHook { return next }

func (g *gate) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(ctx context.Context, cmds []redis.Cmder) error {
		names := make([]string, len(cmds))
		for i, cmd := range cmds {
			names[i] = cmd.Name()
		}
		if strings.HasPrefix(names[0], "eval") { // other commands belong to a new connection
			g.trips <- names
			<-g.proceed
		}
		return next(ctx, cmds)
	}
}

// A said is what came of a line.
type said struct {
	chat.Appended
	err error
}

// A gatedBuffer is a buffer of an open room, and a gate that all lines pass.
type gatedBuffer struct {
	*chat.Redis
	*gate
	client redis.UniversalClient
}

func newGatedBuffer(t *testing.T) gatedBuffer {
	t.Helper()
	options, err := redis.ParseURL(apptest.Redis(t))
	if err != nil {
		t.Fatal(err)
	}
	client := redis.NewClient(options)
	t.Cleanup(func() { _ = client.Close() })
	b := gatedBuffer{chat.NewRedis(client), &gate{make(chan []string, 100), make(chan struct{})}, client}
	for _, room := range []int64{bufferRoom, otherRoom} {
		if err := b.Open(t.Context(), room, 0, nil); err != nil {
			t.Fatal(err)
		}
	}
	known := words(1, "", "script")
	known.Room = 99
	if _, err := b.Append(t.Context(), known, chat.AppendRule{}); !errors.Is(err, chat.ErrLost) { // Redis knows the script now
		t.Fatal(err)
	}
	client.AddHook(b.gate)
	return b
}

// says appends a line in the background, and returns when the line waits: the caller says
// how many lines wait then.
func (b gatedBuffer) says(ctx context.Context, t *testing.T, m sns.Message, rule chat.AppendRule, waiting int) <-chan said {
	t.Helper()
	done := make(chan said, 1)
	go func() {
		a, err := b.Append(ctx, m, rule)
		done <- said{a, err}
	}()
	eventually(t, "the line waits", func() bool { return b.Waiting() == waiting })
	return done
}

// first appends a line, which is at the gate when first returns.
func (b gatedBuffer) first(ctx context.Context, t *testing.T) <-chan said {
	t.Helper()
	done := b.says(ctx, t, words(1, "처음", "first"), chat.AppendRule{}, 0)
	if names := <-b.trips; len(names) != 1 {
		t.Errorf("the first line leaves with %v", names)
	}
	return done
}

// Lines that come while others are on their way leave together, in the order in which
// they came, and each gets its own answer.
func TestLinesGatherWhileOthersAreOnTheirWay(t *testing.T) {
	t.Parallel()
	b := newGatedBuffer(t)
	first := b.first(t.Context(), t)
	var waiting []<-chan said
	for i := range 20 {
		waiting = append(waiting, b.says(t.Context(), t, words(int64(i%3), "말", fmt.Sprint("id-", i)), chat.AppendRule{}, i+1))
	}
	elsewhere := words(1, "다른 방", "first")
	elsewhere.Room = otherRoom
	unknown := words(1, "없는 방", "first")
	unknown.Room = 9
	again := b.says(t.Context(), t, words(1, "처음", "first"), chat.AppendRule{}, 21)
	vacated := b.says(t.Context(), t, words(1, "떠난 뒤", "late"), chat.AppendRule{Mark: "0:17"}, 22)
	other := b.says(t.Context(), t, elsewhere, chat.AppendRule{}, 23)
	lost := b.says(t.Context(), t, unknown, chat.AppendRule{}, 24)
	close(b.proceed)
	if a := <-first; a.Seq != 1 || a.err != nil {
		t.Errorf("first: %+v", a)
	}
	for i, done := range waiting {
		if a := <-done; a.Seq != int64(i+2) || a.Again || a.err != nil {
			t.Errorf("line %d: %+v", i, a)
		}
	}
	if a := <-again; a.Seq != 1 || !a.Again || a.err != nil {
		t.Errorf("again: %+v", a)
	}
	if a := <-other; a.Seq != 1 || a.Again || a.err != nil {
		t.Errorf("in another room: %+v", a)
	}
	wantError(t, "with an older mark", (<-vacated).err, chat.ErrVacated)
	wantError(t, "in a room that is not open", (<-lost).err, chat.ErrLost)
	if names := <-b.trips; len(names) != 24 || len(b.trips) != 0 {
		t.Errorf("left together: %v; %d more round trips", names, len(b.trips))
	}
}

// A caller who stops waiting harms no other: neither one whose line leaves first, nor one
// whose line waits, and is not said then.
func TestACallerWhoStopsWaitingHarmsNobody(t *testing.T) {
	t.Parallel()
	b := newGatedBuffer(t)
	hasty, hangUp := context.WithCancel(t.Context())
	first := b.first(hasty, t)
	left := b.says(hasty, t, words(1, "그만둘래요", "left"), chat.AppendRule{}, 1)
	stays := b.says(t.Context(), t, words(2, "저는 기다려요", "stays"), chat.AppendRule{}, 2)
	hangUp()
	for _, done := range []<-chan said{first, left} {
		if a := <-done; !errors.Is(a.err, context.Canceled) {
			t.Errorf("who stopped waiting got %+v", a)
		}
	}
	close(b.proceed)
	if a := <-stays; a.Seq != 2 || a.err != nil {
		t.Errorf("who stayed got %+v", a)
	}
	lines, _, err := b.Messages(t.Context(), bufferRoom, sns.MessagePage{Limit: 9})
	if err != nil || len(lines) != 2 || lines[0].ClientID != "first" || lines[1].ClientID != "stays" {
		t.Errorf("said are %+v, %v", lines, err)
	}
}

// A Redis that does not know the script is given it, once.
func TestLinesArriveAtARedisThatKnowsNoScript(t *testing.T) {
	t.Parallel()
	b := newGatedBuffer(t)
	first := b.first(t.Context(), t)
	var waiting []<-chan said
	for i := range 5 {
		waiting = append(waiting, b.says(t.Context(), t, words(1, "말", fmt.Sprint("id-", i)), chat.AppendRule{}, i+1))
	}
	if err := b.client.ScriptFlush(t.Context()).Err(); err != nil {
		t.Fatal(err)
	}
	close(b.proceed)
	for i, done := range append([]<-chan said{first}, waiting...) {
		if a := <-done; a.Seq != int64(i+1) || a.err != nil {
			t.Errorf("line %d: %+v", i, a)
		}
	}
}

// If Redis cannot be reached, each caller hears that.
func TestLinesToARedisThatIsGoneFail(t *testing.T) {
	t.Parallel()
	b := newGatedBuffer(t)
	first := b.first(t.Context(), t)
	waits := b.says(t.Context(), t, words(1, "말", "a"), chat.AppendRule{}, 1)
	if err := b.client.Close(); err != nil {
		t.Fatal(err)
	}
	close(b.proceed)
	for _, done := range []<-chan said{first, waits} {
		wantError(t, "say", (<-done).err, sns.ErrUnavailable)
	}
}
