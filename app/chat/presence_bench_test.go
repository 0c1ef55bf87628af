package chat_test

import (
	"context"
	"strconv"
	"testing"
	"time"

	"xxsns/app/sns"
)

// BenchmarkRenewMarks renews the presence of 200 rooms of 10 users, which happens
// every 10 s, and reports the time that Redis is busy.
func BenchmarkRenewMarks(b *testing.B) {
	w, _ := breakable(b, false)
	r := w.replica(b, setup{marks: time.Hour})
	const rooms, people = 200, 10
	for room := range int64(rooms) {
		for user := range int64(people) {
			r.Connect(sns.Room{ID: room + 1}, sns.User{ID: user + 1, Username: "민지", Role: sns.RoleUser})
		}
	}
	eventually(b, "all are marked", func() bool { // a missing user, who is not inside either, would be removed
		for room := range int64(rooms) {
			if w.client.HLen(b.Context(), key(room+1)).Val() != people+1 {
				return false
			}
		}
		return true
	})
	before := w.busy(b)
	b.ReportAllocs()
	for b.Loop() {
		if err := r.RenewPresence(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric((w.busy(b)-before)*1000/float64(b.N), "redis-ms/op")
}

// busy returns the processor time of Redis, in seconds.
func (w *world) busy(t testing.TB) (seconds float64) {
	t.Helper()
	info, err := w.client.InfoMap(context.Background(), "cpu").Result()
	if err != nil {
		t.Fatal(err)
	}
	for _, field := range []string{"used_cpu_user", "used_cpu_sys"} {
		part, err := strconv.ParseFloat(info["CPU"][field], 64)
		if err != nil {
			t.Fatal(err)
		}
		seconds += part
	}
	return seconds
}
