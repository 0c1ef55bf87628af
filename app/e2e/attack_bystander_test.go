package e2e

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"xxsns/app/apptest"
	"xxsns/app/media/mediatest"
	"xxsns/app/sns"
)

// A bystander is a mentor with a room who has nothing to do with an attack.
type bystander struct {
	client *apptest.Client
	room   string
	talk   *apptest.Talk
	photo  []byte
}

// A view is how the site looks to a bystander: the slowest answers, and what failed.
type view struct {
	mu                     sync.Mutex
	page, message, picture time.Duration
	failures               []string
}

// bystander signs in a new mentor, who opens a room.
func (v *victim) bystander() *bystander {
	v.t.Helper()
	b := &bystander{client: v.member("이웃", sns.RoleMentor), photo: mediatest.PNG(20, 20)}
	p := b.client.Post("/rooms", "name", "조용한 방", "user_limit", "5").Want(http.StatusSeeOther)
	b.room = strings.TrimPrefix(p.Header.Get("Location"), "/rooms/")
	b.talk = b.client.Talk("/rooms/" + b.room + "/socket")
	b.client.Get("/").Want(http.StatusOK)
	return b
}

// goesOn reads, talks and sends pictures for a while.
func (b *bystander) goesOn(during time.Duration) *view {
	seen := &view{}
	end := time.Now().Add(during)
	var acts sync.WaitGroup
	repeat := func(slowest *time.Duration, pause time.Duration, act func() error) {
		acts.Go(func() {
			for time.Now().Before(end) {
				start := time.Now()
				err := act()
				seen.notes(slowest, time.Since(start), err)
				time.Sleep(pause)
			}
		})
	}
	repeat(&seen.page, 200*time.Millisecond, b.reads)
	repeat(&seen.message, 500*time.Millisecond, b.talks)
	repeat(&seen.picture, 1500*time.Millisecond, b.sendsPicture)
	acts.Wait()
	return seen
}

func (v *view) notes(slowest *time.Duration, took time.Duration, err error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	*slowest = max(*slowest, took)
	if err != nil {
		v.failures = append(v.failures, err.Error())
	}
}

func (b *bystander) reads() error {
	if p := b.client.Get("/"); p.Status != http.StatusOK {
		return fmt.Errorf("the timeline: %d", p.Status)
	}
	return nil
}

func (b *bystander) talks() error {
	id := rand.Text()
	if !b.talk.TrySay("잘 지내요", id) {
		return fmt.Errorf("the socket of room %s takes nothing", b.room)
	}
	for deadline := time.Now().Add(10 * time.Second); ; {
		f, ok := b.talk.Next(time.Until(deadline))
		switch {
		case !ok:
			return fmt.Errorf("the message is not there")
		case f.Find("[data-client-id='"+id+"'][data-seq]").Length() > 0:
			return nil
		case strings.Contains(f.Body, id):
			return fmt.Errorf("the message is refused: %.200s", f.Body)
		}
	}
}

func (b *bystander) sendsPicture() error {
	files := []apptest.File{{Field: "image", Name: "나.png", Content: b.photo}}
	if p := b.client.Upload("/settings/profile", files, "status_message", "잘 지내요"); p.Status != http.StatusSeeOther {
		return fmt.Errorf("the picture: %d %s", p.Status, p.Text("main"))
	}
	return nil
}
