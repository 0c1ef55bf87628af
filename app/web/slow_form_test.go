package web_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"xxsns/app/web"
)

// A form whose sender is signed out before the rest arrives must change nothing.
func TestAFormThatArrivesAfterSigningOutSaysNothing(t *testing.T) {
	v := open(t)
	elsewhere := v.SignIn("민지")
	body, rest := io.Pipe()
	req := elsewhere.Request(http.MethodPost, "/posts", body)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Expect", "100-continue") // the body is taken when the session is known
	answer := make(chan int, 1)
	go func() {
		res, err := elsewhere.HTTP().Do(req)
		if err != nil {
			t.Error(err)
			answer <- 0
			return
		}
		_ = res.Body.Close()
		answer <- res.StatusCode
	}()
	if _, err := io.Copy(rest, strings.NewReader("content=")); err != nil {
		t.Fatal(err)
	}
	v.minji.Post("/settings/sessions", "others", "1").Want(http.StatusSeeOther)
	time.Sleep(web.SlowBody + 200*time.Millisecond)
	_, _ = io.Copy(rest, strings.NewReader("late"))
	_ = rest.Close()
	if status := <-answer; status != http.StatusUnauthorized {
		t.Errorf("the answer is %d", status)
	}
	if n := v.count("SELECT COUNT(*) FROM posts"); n != 0 {
		t.Errorf("%d posts were made", n)
	}
}
