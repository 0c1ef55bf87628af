package chat

import (
	"context"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
)

const (
	// appendsAtOnce bounds the lines that leave together: their replies are read together.
	appendsAtOnce = 256

	// appendWithin bounds one round trip with its repeats, and how long a caller waits: for
	// the round trip before, too.
	appendWithin = 4 * time.Second
)

// appends are the lines on their way to Redis. While a round trip is under way, the next
// lines gather, and leave together, in the order in which they came: with many messages,
// each costs a share of a system call, at this end and in Redis. A line that comes alone
// leaves at once.
type appends struct {
	client redis.UniversalClient

	mu      sync.Mutex
	waiting []*pendingLine
	sending bool // a goroutine sends what is waiting
}

// A pendingLine is one run of the script of Append.
type pendingLine struct {
	ctx  context.Context // of the caller, who waits no longer than it
	keys []string
	args []any
	done chan struct{} // closed when reply and err are set

	reply []int64
	err   error
}

// run runs the script. If ctx ends or appendWithin passes meanwhile, run returns an error,
// and the line may or may not have been appended.
func (a *appends) run(ctx context.Context, keys []string, args ...any) ([]int64, error) {
	ctx, cancel := context.WithTimeout(ctx, appendWithin)
	defer cancel()
	p := &pendingLine{ctx: ctx, keys: keys, args: args, done: make(chan struct{})}
	a.add(p)
	select {
	case <-p.done:
		return p.reply, p.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (a *appends) add(p *pendingLine) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.waiting = append(a.waiting, p)
	if !a.sending {
		a.sending = true
		go a.send()
	}
}

// send sends lines until none is waiting.
func (a *appends) send() {
	for batch := a.next(); len(batch) > 0; batch = a.next() {
		sendBatch(a.client, batch)
		for _, p := range batch {
			close(p.done)
		}
	}
}

// next removes and returns the lines that leave together. If it returns none, send must
// return.
func (a *appends) next() []*pendingLine {
	a.mu.Lock()
	defer a.mu.Unlock()
	n := min(len(a.waiting), appendsAtOnce)
	batch := a.waiting[:n:n]
	a.waiting = a.waiting[n:]
	if len(a.waiting) == 0 {
		a.waiting = nil
	}
	a.sending = n > 0
	return batch
}

// sendBatch runs the script for each line whose caller still waits, and sets replies and
// errors. The end of one caller's context ends no other line.
func sendBatch(client redis.UniversalClient, batch []*pendingLine) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(batch[0].ctx), appendWithin)
	defer cancel()
	if unknown := pipeline(ctx, client, batch, appendScript.EvalSha); len(unknown) > 0 {
		pipeline(ctx, client, unknown, appendScript.Eval)
	}
}

// pipeline is one round trip of sendBatch, in which first runs the script for the first
// line. pipeline returns the lines that Redis refused since it did not know the script;
// Eval tells the script.
func pipeline(ctx context.Context, client redis.UniversalClient, batch []*pendingLine, first runScript) (unknown []*pendingLine) {
	pipe, cmds, run := client.Pipeline(), make([]*redis.Cmd, len(batch)), first
	for i, p := range batch {
		if p.err = p.ctx.Err(); p.err == nil {
			cmds[i] = run(ctx, pipe, p.keys, p.args...)
			run = appendScript.EvalSha
		}
	}
	_, _ = pipe.Exec(ctx) // errors are with the commands
	for i, p := range batch {
		if cmds[i] == nil {
			continue
		}
		if p.reply, p.err = cmds[i].Int64Slice(); redis.HasErrorPrefix(p.err, "NOSCRIPT") {
			unknown = append(unknown, p)
		}
	}
	return unknown
}

type runScript = func(context.Context, redis.Scripter, []string, ...any) *redis.Cmd
