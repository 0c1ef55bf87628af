package e2e

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"xxsns/app/apptest"
	"xxsns/app/media/mediatest"
)

// postsWithPhoto writes a post with a picture and returns its id and the address
// of the picture.
func postsWithPhoto(t *testing.T, c *apptest.Client, text string) (id, picture string) {
	t.Helper()
	files := []apptest.File{{Field: "images", Name: "사진.jpg", Content: mediatest.PhoneJPEG(800, 600, 6)}}
	p := c.HX().Upload("/posts", files, "content", text).Want(http.StatusOK).Has("article.post .images a")
	picture, _ = p.Find(".images a").Attr("href")
	id, _ = p.Find("article.post").Attr("id")
	return strings.TrimPrefix(id, "post-"), picture
}

// TestTimelineAcrossReplicas: posts, likes and comments on one replica show at
// once on the other replica.
func TestTimelineAcrossReplicas(t *testing.T) {
	t.Parallel()
	r := apptest.StartReplicas(t, apptest.ReplicasOptions{})
	minji, seojun := r.One.Member("민지"), r.Two.Member("서준")
	seojunSees := seojun.Listen("timeline")
	post, picture := postsWithPhoto(t, minji, "강가에서")
	seojunSees.Until("the new post", func(f apptest.Frame) bool { return f.Event == "post" && f.Body == post })
	seojun.Get("/").Want(http.StatusOK).Has("#post-" + post + " .images img")
	samePicture(t, r, minji, seojun, picture)

	minjiSees := minji.Listen("timeline", "post:"+post)
	seojun.HX().Post("/posts/"+post+"/like", "on", "true").Want(http.StatusOK)
	minjiSees.Shows("#post-"+post+"-likes", "1")
	seojun.HX().Post("/posts/"+post+"/comments", "content", "저도 가 보고 싶어요").Want(http.StatusOK)
	minjiSees.Shows(".comment-text", "저도 가 보고 싶어요")
	seojunSees.Shows("#post-"+post+"-comments", "1")

	// A browser that reaches either replica: signing out at one replica hangs
	// up at the other replica, and nowhere else.
	roaming := seojun.From(minji.Address())
	roaming.Post("/sign-out").Want(http.StatusSeeOther)
	if err := seojunSees.Ended(); err != nil {
		t.Errorf("the stream broke off: %v", err)
	}
	minji.HX().Post("/posts/"+post+"/like", "on", "true").Want(http.StatusOK)
	minjiSees.Shows("#post-"+post+"-likes", "2")
	seojun.Get("/").Want(http.StatusSeeOther)
}

// samePicture compares a picture that was posted on the first replica with the
// picture of the second replica, and with the copy that nginx keeps.
func samePicture(t *testing.T, r *apptest.Replicas, minji, seojun *apptest.Client, picture string) {
	t.Helper()
	original := r.One.Program.Guest().Get(picture).Want(http.StatusOK)
	if other := r.Two.Program.Guest().Get(picture).Want(http.StatusOK); other.Body != original.Body {
		t.Error("the replicas have different pictures")
	}
	for i, c := range []*apptest.Client{seojun, minji, seojun} {
		p := c.Get(picture).Want(http.StatusOK)
		if p.Body != original.Body {
			t.Errorf("nginx has a picture of %d bytes, not of %d", len(p.Body), len(original.Body))
		}
		if got, want := p.Header.Get("X-Cache-Status"), []string{"MISS", "HIT", "HIT"}[i]; got != want {
			t.Errorf("picture %d: cache %s, want %s", i, got, want)
		}
		if got := p.Header.Get("Cache-Control"); !strings.Contains(got, "max-age=31536000") {
			t.Errorf("browsers are told %q", got)
		}
	}
	part := seojun.Request(http.MethodGet, picture, nil)
	part.Header.Set("Range", "bytes=10-19")
	if p := seojun.Do(part).Want(http.StatusPartialContent); p.Body != original.Body[10:20] || p.Header.Get("X-Served-By") != "nginx" {
		t.Errorf("ten bytes in the middle are %q, from %s", p.Body, p.Header.Get("X-Served-By"))
	}
}

// TestRoomAcrossReplicas: a room with its mentor on one replica and members on
// both is one room, from its door to its transcript.
func TestRoomAcrossReplicas(t *testing.T) {
	t.Parallel()
	r := apptest.StartReplicas(t, apptest.ReplicasOptions{})
	yujin, minji, seojun := r.One.Mentor("유진"), r.Two.Member("민지"), r.One.Member("서준")
	lists := []*apptest.Stream{yujin.Listen("rooms"), minji.Listen("rooms")}
	yujin.Post("/rooms", "name", "두 집 사이", "user_limit", "5").Want(http.StatusSeeOther)
	for i, c := range []*apptest.Client{minji, seojun} {
		c.Post("/rooms/1/enter").Want(http.StatusSeeOther)
		for _, list := range lists {
			list.Shows("#room-1-count", fmt.Sprint(i+2))
		}
	}
	talks := []*apptest.Talk{yujin.Talk("/rooms/1/socket"), minji.Talk("/rooms/1/socket"), seojun.Talk("/rooms/1/socket")}
	heard := chats(talks)
	want := heard(0)
	for i := 1; i < len(talks); i++ {
		if got := heard(i); got != want {
			t.Errorf("one hears %s\nanother %s", want, got)
		}
	}

	yujin.HX().Post("/rooms/1/participants/2/remove").Want(http.StatusOK)
	if code := talks[1].CloseCode(); code != 1000 {
		t.Errorf("who is removed is hung up with %d", code)
	}
	for _, list := range lists {
		list.Shows("#room-1-count", "2")
	}
	if status := minji.Handshake("/rooms/1/socket", r.URL); status != http.StatusForbidden {
		t.Errorf("who was removed gets a socket: %d", status)
	}
	seojun.Post("/rooms/1/messages", "content", "들어와 있어요").Want(http.StatusSeeOther)
	yujin.Post("/rooms/1/end").Want(http.StatusSeeOther)
	for _, i := range []int{0, 2} {
		if code := talks[i].CloseCode(); code != 1000 {
			t.Errorf("at the end a socket closes with %d", code)
		}
	}
	saved(t, yujin)
	transcript := seojun.Get("/rooms/1/transcript?format=txt").Want(http.StatusOK).Body
	for _, said := range append(strings.Split(want, "|"), "들어와 있어요") {
		if strings.Count(transcript, said) != 1 {
			t.Errorf("%q is in the transcript %d times:\n%s", said, strings.Count(transcript, said), transcript)
		}
	}
}

// chats lets all people say numbered messages at once; the returned function
// returns the messages that a person has heard, in order.
func chats(talks []*apptest.Talk) (heard func(who int) string) {
	const each = 20
	for who, talk := range talks {
		go func() {
			for n := range each {
				talk.TrySay(fmt.Sprintf("말-%d-%02d.", who, n), fmt.Sprintf("say-%d-%d", who, n))
			}
		}()
	}
	return func(who int) string {
		var all []string
		for len(all) < each*len(talks) {
			f := talks[who].Until("a message", func(f apptest.Frame) bool { return f.Find("[data-seq] .message-body").Length() > 0 })
			all = append(all, numbered.FindAllString(f.Text(), -1)...)
		}
		return strings.Join(all, "|")
	}
}

var numbered = regexp.MustCompile(`말-\d-\d+\.`)
