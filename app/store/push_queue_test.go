package store_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"xxsns/app/sns"
	"xxsns/app/store"
)

func TestEachDeviceIsToldOnceOfWhatIsGathered(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		minji, haru, junho := d.user(t, "민지"), d.user(t, "하루"), d.user(t, "준호")
		d.subscribes(t, minji, "phone", "phone")
		d.subscribes(t, minji, "laptop", "laptop")
		d.subscribes(t, haru, "haru", "haru")
		for range 3 { // deeds
			d.notices(t, noon, minji, haru, junho)
		}
		if n := d.rows(t, "pushes"); n != 3 {
			t.Fatalf("%d pushes, want one for each device", n)
		}
		if got := d.claimsPushes(t, "a", noon.Add(sns.PushDelay-time.Microsecond)); len(got) != 0 {
			t.Errorf("too early: %v", got)
		}
		// The sessions of the devices are of now, and so is the life of sessions.
		now := time.Now()
		got := d.claimsPushes(t, "a", now)
		if len(got) != 3 {
			t.Fatalf("claimed are %v", got)
		}
		if p := got[0]; p.User != minji || p.Notice != 1 || p.Kind != sns.NoticeComment || p.Deeds != 3 || !p.CreatedAt.Equal(noon) || p.Device.Endpoint != "https://push.example/phone" {
			t.Errorf("the first is %+v", p)
		}
		if again := d.claimsPushes(t, "b", now); len(again) != 0 {
			t.Errorf("claimed twice: %v", again)
		}
		d.notices(t, now, minji) // while the pushes are being sent
		for _, p := range got {
			if err := d.AnsweredPush(t.Context(), p, "b", 201, now); !errors.Is(err, sns.ErrNotFound) {
				t.Errorf("by a stranger: %v", err)
			}
			if err := d.AnsweredPush(t.Context(), p, "a", 201, now); err != nil {
				t.Error(err)
			}
		}
		if more := d.claimsPushes(t, "a", now.Add(sns.PushDelay)); len(more) != 2 || more[0].User != minji {
			t.Errorf("of the deed meanwhile the devices are told %v", more)
		}
		if device := d.devicesOf(t, minji)[0]; device.Status != 201 || device.LastAt.IsZero() {
			t.Errorf("the device says %+v", device)
		}
	})
}

func TestDeedsAtOnceLoseNoPush(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		var users []int64
		for i := range 6 {
			users = append(users, d.user(t, fmt.Sprintf("사람%d", i)))
			d.subscribes(t, users[i], fmt.Sprint("session", i), fmt.Sprint("browser", i))
		}
		together(24, func(i int) {
			if err := d.WantPushes(t.Context(), map[int64]int64{int64(i): users[i%6]}, sns.NoticeLike, noon); err != nil {
				t.Error(err)
			}
		})
		if n := d.rows(t, "pushes"); n != 24 {
			t.Errorf("%d pushes, want 24", n)
		}
	})
}

// Two replicas claim everything once.
func TestTwoReplicasClaimEachPushOnce(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		minji := d.user(t, "민지")
		d.subscribes(t, minji, "phone", "phone")
		for i := range 30 {
			if err := d.WantPushes(t.Context(), map[int64]int64{int64(i + 1): minji}, sns.NoticeComment, noon); err != nil {
				t.Fatal(err)
			}
		}
		other := opened(t, d.url)
		var mu sync.Mutex
		claimed := map[int64]int{}
		together(4, func(i int) {
			replica := []*store.Store{d.Store, other}[i%2]
			for _, p := range (&database{Store: replica}).claimsPushes(t, fmt.Sprint("token", i), time.Now()) {
				mu.Lock()
				claimed[p.ID]++
				mu.Unlock()
			}
		})
		if len(claimed) != 30 {
			t.Errorf("%d are claimed", len(claimed))
		}
		for id, n := range claimed {
			if n != 1 {
				t.Errorf("%d is claimed %d times", id, n)
			}
		}
	})
}

func TestAFailedPushRestsAndADeadReplicaIsFollowed(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		minji := d.user(t, "민지")
		id := d.subscribes(t, minji, "phone", "phone")
		d.notices(t, noon, minji)
		now := time.Now()
		p := d.claimsPushes(t, "a", now)[0]
		if err := d.FailPush(t.Context(), p, "a", 503, time.Hour, now); err != nil {
			t.Fatal(err)
		}
		if device := d.devicesOf(t, minji)[0]; device.Status != 503 || device.Failures != 1 {
			t.Errorf("the device says %+v", device)
		}
		if got := d.claimsPushes(t, "a", now.Add(time.Hour-time.Second)); len(got) != 0 {
			t.Errorf("during the rest: %v", got)
		}
		if wait, err := d.TakePush(t.Context(), id); err != nil || wait < 50*time.Minute || wait > time.Hour {
			t.Errorf("the device may be sent something else in %s, %v", wait, err)
		}
		later := now.Add(time.Hour)
		if got := d.claimsPushes(t, "a", later); len(got) != 1 || got[0].Attempts != 1 || got[0].Device.Failures != 1 {
			t.Fatalf("after the rest: %+v", got)
		}
		if got := d.claimsPushes(t, "b", later); len(got) != 0 {
			t.Errorf("while another replica holds it: %v", got)
		}
		d.run(t, "UPDATE pushes SET lease_until = 0") // the replica has died, and a minute is over
		if got := d.claimsPushes(t, "b", later); len(got) != 1 {
			t.Errorf("after the lease: %v", got)
		}
		if err := d.FinishPush(t.Context(), p, "a", later); !errors.Is(err, sns.ErrNotFound) {
			t.Errorf("by the replica that seemed dead: %v", err)
		}
	})
}

func TestADeviceHasABoundedNumberOfPushes(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		id := d.subscribes(t, d.user(t, "민지"), "phone", "phone")
		for i := range sns.PushBurst + 3 {
			wait, err := d.TakePush(t.Context(), id)
			if err != nil || (wait == 0) != (i < sns.PushBurst) || wait > sns.PushEvery {
				t.Errorf("%d: wait %s, %v", i, wait, err)
			}
		}
	})
}

func TestATryIsForOnesOwnDevice(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		minji, haru := d.user(t, "민지"), d.user(t, "하루")
		id := d.subscribes(t, minji, "phone", "phone")
		if err := d.TryPush(t.Context(), haru, id, noon); !errors.Is(err, sns.ErrNotFound) {
			t.Errorf("by 하루: %v", err)
		}
		if err := d.TryPush(t.Context(), minji, id, noon); err != nil {
			t.Fatal(err)
		}
		if n, since, err := d.CountPushes(t.Context(), time.Now()); err != nil || n != 1 || !since.Equal(noon) {
			t.Errorf("%d wait since %s, %v", n, since, err)
		}
		if got := d.claimsPushes(t, "a", time.Now()); len(got) != 1 || got[0].Notice != 0 || got[0].Device.ID != id {
			t.Errorf("got %+v", got)
		}
		if err := d.DropPushDevice(t.Context(), id); err != nil || d.rows(t, "pushes") != 0 || len(d.devicesOf(t, minji)) != 0 {
			t.Errorf("dropped: %v", err)
		}
	})
}
