package chat_test

import (
	"fmt"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/redis/go-redis/v9"

	"xxsns/app/apptest"
	"xxsns/app/chat"
	"xxsns/app/sns"
)

// BenchmarkAppend appends lines in fifty rooms at once and reports the processor time of
// Redis for a line that two replicas are told of.
func BenchmarkAppend(b *testing.B) {
	options, err := redis.ParseURL(apptest.Redis(b))
	if err != nil {
		b.Fatal(err)
	}
	client := redis.NewClient(options)
	b.Cleanup(func() { _ = client.Close() })
	buffer := chat.NewRedis(client)
	const rooms = 50
	for room := range int64(rooms) {
		if err := buffer.Open(b.Context(), room, 0, nil); err != nil {
			b.Fatal(err)
		}
	}
	for range 2 {
		sub := client.Subscribe(b.Context(), "xxsns:live")
		b.Cleanup(func() { _ = sub.Close() })
		go func() {
			for range sub.Channel() {
			}
		}()
	}
	before := usedCPU(b, client)
	var n atomic.Int64
	b.SetParallelism(rooms / 2)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			i := n.Add(1)
			m := words(i%10+1, "내일 저녁에는 어디에서 만날까요? 저는 아무 데나 좋아요.", strconv.FormatInt(i, 10))
			m.Room, m.Author.Username, m.Author.Role = i%rooms, "민지", sns.RoleUser
			if _, err := buffer.Append(b.Context(), m, chat.AppendRule{Rate: 1 << 30, Mark: "0:"}); err != nil {
				b.Error(err)
			}
		}
	})
	b.ReportMetric((usedCPU(b, client)-before)*1e6/float64(b.N), "redis-µs/line")
}

// usedCPU returns the processor time of a Redis in seconds.
func usedCPU(b *testing.B, client *redis.Client) (seconds float64) {
	b.Helper()
	info, err := client.Info(b.Context(), "cpu").Result()
	if err != nil {
		b.Fatal(err)
	}
	for _, name := range []string{"used_cpu_sys:", "used_cpu_user:"} {
		_, rest, _ := strings.Cut(info, name)
		var part float64
		if _, err := fmt.Sscan(rest, &part); err != nil {
			b.Fatal(err)
		}
		seconds += part
	}
	return seconds
}
