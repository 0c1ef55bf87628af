package live

import (
	_ "embed"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
)

// Channel is the Redis channel that carries all events, as Event.Encode encodes
// them.
const Channel = "xxsns:live"

// RedisKey returns the Redis key of a value that belongs to a topic. All keys of a
// topic are in one hash slot, so that one script can use them together.
func RedisKey(topic, name string) string { return "xxsns:{" + topic + "}:" + name }

//go:embed event.lua
var eventLua string

// EventScript returns a script whose source may call
//
//	publish_event(topic, kind, key, version, data)
//
// to publish an event on the bus in the same step as a change of keys. The
// arguments of each run must be the result of EventArgs.
func EventScript(source string) *redis.Script {
	flags := ""
	if strings.HasPrefix(source, "#!") { // must stay the first line
		line, rest, _ := strings.Cut(source, "\n")
		flags, source = line+"\n", rest
	}
	return redis.NewScript(flags + eventLua + source)
}

// EventArgs returns the ARGV of a script made by EventScript: args, as ARGV[1] and
// so on, and the values that publish_event needs. Run the script at once: the time
// of encoding is among them.
func EventArgs(args ...any) []any {
	return append(args, Channel, processID, time.Now().UnixMicro())
}
