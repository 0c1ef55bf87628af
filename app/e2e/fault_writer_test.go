package e2e

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"xxsns/app/apptest"
)

// A writer is a person who posts, comments and likes, one act after the other,
// each until success: a form is sent again unchanged, with its key. A writer
// keeps lists of these acts.
type writer struct {
	name   string
	client *apptest.Client
	pace   time.Duration

	posts, comments []string
	likes           bool        // the first post
	answers         map[int]int // by status; 0: no answer
	slowest         time.Duration
	done            atomic.Int64 // forms sent with success
}

func writes(name string, client *apptest.Client) *writer {
	return &writer{name: name, client: client, pace: 20 * time.Millisecond, answers: map[int]int{}}
}

// write writes until stop is closed and the last thing is answered.
func (w *writer) write(stop <-chan struct{}) {
	for !closed(stop) {
		w.round()
		time.Sleep(w.pace)
	}
}

// round is a post, a comment below the first post, and a like of that post, or
// its end.
func (w *writer) round() {
	n := len(w.posts)
	text := fmt.Sprintf("%s의 글 %d.", w.name, n)
	w.insist("/posts", "content", text, "key", fmt.Sprintf("%x", text))
	w.posts = append(w.posts, text)
	text = fmt.Sprintf("%s의 댓글 %d.", w.name, n)
	w.insist("/posts/1/comments", "content", text, "key", fmt.Sprintf("%x", text))
	w.comments = append(w.comments, text)
	w.insist("/posts/1/like", "on", fmt.Sprint(!w.likes))
	w.likes = !w.likes
}

// insist sends a form until the answer is success.
func (w *writer) insist(path string, pairs ...string) {
	for w.send(path, pairs...) != http.StatusSeeOther {
		time.Sleep(retryPause)
	}
	w.done.Add(1)
}

// send sends a form and returns the status of the answer; 0: there was no
// answer.
func (w *writer) send(path string, pairs ...string) (status int) {
	values := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		values.Add(pairs[i], pairs[i+1])
	}
	req := w.client.Request(http.MethodPost, path, strings.NewReader(values.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	begun := time.Now()
	if res, err := w.client.HTTP().Do(req); err == nil {
		_ = res.Body.Close()
		status = res.StatusCode
	}
	w.slowest = max(w.slowest, time.Since(begun))
	w.answers[status]++
	return status
}

// allWritten compares the writes that were answered with success with the
// pages, as c sees them: each write is there once, and no other.
func allWritten(t *testing.T, c *apptest.Client, writers ...*writer) {
	t.Helper()
	var posts, comments []string
	likes := 0
	for _, w := range writers {
		posts, comments = append(posts, w.posts...), append(comments, w.comments...)
		if w.likes {
			likes++
		}
		t.Logf("%s: answers by status %v, the slowest after %v", w.name, w.answers, w.slowest.Round(time.Millisecond))
	}
	shown := shownTexts(t, c, "/", "article.post .post-text")
	delete(shown, commentedPost)
	delete(shown, likedPost)
	once(t, "post", posts, shown)
	once(t, "comment", comments, shownTexts(t, c, "/posts/1", ".comment .comment-text"))
	first := c.Get("/posts/1").Want(http.StatusOK)
	if got := first.Text("#post-1-likes"); got != fmt.Sprint(likes) {
		t.Errorf("%s people like the first post, not %d", got, likes)
	}
	if got := first.Text("#post-1-comments"); got != fmt.Sprint(len(comments)) {
		t.Errorf("the first post counts %s comments, not %d", got, len(comments))
	}
	t.Logf("%d posts and %d comments answered with success, all there once", len(posts), len(comments))
}

// commentedPost is the post that writers comment on and like; likedPost is for
// the likes of other people.
const (
	commentedPost = "여기에 댓글을 남겨 주세요"
	likedPost     = "다시 왔나요?"
)

// once fails the test unless each of the texts is shown once, and no other
// text.
func once(t *testing.T, what string, texts []string, shown map[string]int) {
	t.Helper()
	for _, text := range texts {
		if shown[text] != 1 {
			t.Errorf("the %s %q was answered with success and is there %d times", what, text, shown[text])
		}
		delete(shown, text)
	}
	for text := range shown {
		t.Errorf("the %s %q is there, and nobody was told so", what, text)
	}
}

// shownTexts pages through a list and counts the texts at the selector.
func shownTexts(t *testing.T, c *apptest.Client, path, selector string) map[string]int {
	t.Helper()
	texts := map[string]int{}
	for path != "" {
		page := c.Get(path).Want(http.StatusOK)
		page.Find(selector).Each(func(_ int, s *goquery.Selection) { texts[strings.TrimSpace(s.Text())]++ })
		path, _ = page.Find(`a.more[href*="before="]`).Attr("href")
	}
	return texts
}
