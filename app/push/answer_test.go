package push_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"xxsns/app/apptest"
	"xxsns/app/push"
	"xxsns/app/sns"
)

// Each answer of a push service, and the fates of the push and of the subscription.
func TestAnswersOfPushServices(t *testing.T) {
	for name, c := range map[string]struct {
		answer  apptest.PushAnswer
		fate    string
		gone    bool // the subscription
		waiting int64
	}{
		"201":             {apptest.PushAnswer{Status: 201}, push.Sent, false, 0},
		"404":             {apptest.PushAnswer{Status: 404}, push.Gone, true, 0},
		"410":             {apptest.PushAnswer{Status: 410}, push.Gone, true, 0},
		"400":             {apptest.PushAnswer{Status: 400}, push.Refused, false, 0},
		"413":             {apptest.PushAnswer{Status: 413}, push.Refused, false, 0},
		"403":             {apptest.PushAnswer{Status: 403}, push.Refused, false, 0},
		"a redirect":      {apptest.PushAnswer{Status: 307, To: "https://push.example.com/elsewhere"}, push.Refused, false, 0},
		"429":             {apptest.PushAnswer{Status: 429, After: "3600"}, push.Failed, false, 1},
		"500":             {apptest.PushAnswer{Status: 500}, push.Failed, false, 1},
		"no answer":       {apptest.PushAnswer{Hang: true}, push.Failed, false, 1},
		"503 until later": {apptest.PushAnswer{Status: 503, After: time.Now().Add(time.Hour).UTC().Format("Mon, 02 Jan 2006 15:04:05 GMT")}, push.Failed, false, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var w *world
			var minji int64
			var phone *apptest.PushBrowser
			var replica *push.Worker
			asks := func(timeout time.Duration) bool {
				w = newWorld(t, "sqlite:"+filepath.Join(t.TempDir(), "xxsns.db"))
				minji, phone = w.joins("민지")
				phone.Answers(c.answer)
				w.notice(1, minji, comment)
				w.passes(sns.PushDelay)
				replica = w.replica()
				replica.Sender.Client.Timeout = timeout
				w.runs(replica)
				return phone.Asked() > 0
			}
			if c.answer.Hang {
				for timeout := 300 * time.Millisecond; !asks(timeout) && timeout < patience; timeout *= 2 {
				}
			} else {
				asks(0)
			}
			if replica.Stats.Count(c.fate) != 1 || w.waiting() != c.waiting || phone.Asked() != 1 {
				t.Errorf("%d are %s, %d wait, %d were asked", replica.Stats.Count(c.fate), c.fate, w.waiting(), phone.Asked())
			}
			all, err := w.store.PushDevices(t.Context(), minji)
			if err != nil || (len(all) == 0) != c.gone || !c.gone && all[0].Status != c.answer.Status {
				t.Errorf("the devices are %+v, %v", all, err)
			}
			if secret := strings.TrimPrefix(phone.Device().Endpoint, "https://push.example.com/"); strings.Contains(w.log.String(), secret) {
				t.Errorf("the log has the endpoint: %s", w.log)
			}
		})
	}
}

func TestAFailedPushIsSentAgainAfterARest(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		minji, phone := w.joins("민지")
		phone.Answers(apptest.PushAnswer{Status: 503})
		w.notice(1, minji, comment)
		w.passes(sns.PushDelay)
		w.runs(w.replica())
		w.passes(29 * time.Second)
		w.runs(w.replica())
		if n := phone.Asked(); n != 1 {
			t.Errorf("asked %d times during the rest", n)
		}
		w.passes(time.Second)
		w.rests()
		w.runs(w.replica()) // of a program that was started again
		if got := phone.Pushed(); len(got) != 1 || w.waiting() != 0 || w.device(minji).Failures != 0 {
			t.Errorf("got %v, %d wait, the device says %+v", got, w.waiting(), w.device(minji))
		}
	})
}

// rests lets the rests of devices be over, which run by the clock of the database.
func (w *world) rests() {
	w.t.Helper()
	w.edits("UPDATE push_subscriptions SET paced_until = 0")
}

func TestAPushIsGivenUpAfterSomeAttempts(t *testing.T) {
	w := newWorld(t, "sqlite:"+filepath.Join(t.TempDir(), "xxsns.db"))
	minji, phone := w.joins("민지")
	var answers []apptest.PushAnswer
	for range 2 * sns.PushAttempts {
		answers = append(answers, apptest.PushAnswer{Status: 500})
	}
	phone.Answers(answers...)
	w.notice(1, minji, comment)
	replica := w.replica()
	for range 2 * sns.PushAttempts {
		w.passes(3 * time.Hour)
		w.rests()
		w.runs(replica)
	}
	if n := phone.Asked(); n != sns.PushAttempts || w.waiting() != 0 || replica.Stats.Count(push.GivenUp) != 1 {
		t.Errorf("asked %d times, %d wait, %d are given up", n, w.waiting(), replica.Stats.Count(push.GivenUp))
	}
}

func TestTwoReplicasSendEachPushOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		var browsers []*apptest.PushBrowser
		for i := range 20 {
			user, b := w.joins(fmt.Sprint("사람", i))
			browsers = append(browsers, b)
			w.notice(int64(2*i+1), user, comment)
			w.notice(int64(2*i+2), user, sns.Notice{Kind: sns.NoticeMention, Post: 8, Title: "불렀어요"})
		}
		w.passes(sns.PushDelay)
		w.runs(w.replica(), w.replica())
		for i, b := range browsers {
			if got := b.Pushed(); len(got) != 2 || b.Asked() != 2 || got[0].Topic == got[1].Topic {
				t.Errorf("browser %d got %d pushes", i, len(got))
			}
		}
	})
}

// A push service that never answers takes the place of one person's pushes, and of nobody
// else's.
func TestOneWhoseServiceHangsKeepsNobodyWaiting(t *testing.T) {
	w := newWorld(t, "sqlite:"+filepath.Join(t.TempDir(), "xxsns.db"))
	minji, phone := w.joins("민지")
	var hang []apptest.PushAnswer
	for i := range 12 {
		hang = append(hang, apptest.PushAnswer{Hang: true})
		w.notice(int64(i+1), minji, comment)
	}
	phone.Answers(hang...)
	var others []*apptest.PushBrowser
	for i := range 10 {
		user, b := w.joins(fmt.Sprint("사람", i))
		others = append(others, b)
		w.notice(int64(100+i), user, comment)
	}
	w.passes(sns.PushDelay)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- w.replica().Run(ctx) }()
	for _, b := range others {
		for deadline := time.Now().Add(patience); len(b.Pushed()) == 0; time.Sleep(10 * time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatal("others wait")
			}
		}
	}
	if n := phone.Asked(); n != 1 {
		t.Errorf("%d pushes to one person at once", n)
	}
	cancel() // the program stops meanwhile
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("ended with %v", err)
	}
	if n := w.waiting(); n != 12 {
		t.Errorf("%d wait for the next start", n)
	}
}

func TestAPersonHasABoundedNumberOfPushes(t *testing.T) {
	w := newWorld(t, "sqlite:"+filepath.Join(t.TempDir(), "xxsns.db"))
	minji, phone := w.joins("민지")
	for i := range 2 * sns.PushBurst {
		w.notice(int64(i+1), minji, sns.Notice{Kind: sns.NoticeMention, Post: int64(i), Title: "불렀어요"})
	}
	w.passes(sns.PushDelay)
	replica, begun := w.replica(), time.Now()
	w.runs(replica)
	more := int(time.Since(begun) / sns.PushEvery) // by the clock of the database
	n := len(phone.Pushed())
	if n < sns.PushBurst || n > sns.PushBurst+more || int(replica.Stats.Count(push.Paced)) != 2*sns.PushBurst-n {
		t.Errorf("%d pushes at once, %d are put off", n, replica.Stats.Count(push.Paced))
	}
}

func TestATryIsSentAtOnce(t *testing.T) {
	w := newWorld(t, "sqlite:"+filepath.Join(t.TempDir(), "xxsns.db"))
	minji, phone := w.joins("민지")
	w.settings.Quiet = sns.Quiet{From: 0, To: 24*60 - 1} // who tries wants to hear it
	if err := w.store.TryPush(t.Context(), minji, w.device(minji).ID, w.now); err != nil {
		t.Fatal(err)
	}
	w.runs(w.replica())
	if got := phone.Pushed(); len(got) != 1 || got[0].Urgency != "high" || w.device(minji).Status != 201 {
		t.Errorf("got %+v, the device says %+v", got, w.device(minji))
	}
}
