package web_test

import (
	"fmt"
	"strconv"
	"strings"
	"sync"
	"testing"

	"golang.org/x/text/unicode/norm"

	"xxsns/app/apptest"
	"xxsns/app/sns"
)

// pair opens a room with 수아 and 민지 inside, and a socket for each participant.
func pair(t *testing.T, v *siteWithRooms) (room string, sua, minji *apptest.Talk) {
	t.Helper()
	room = v.opens(v.sua, "질문방", 5)
	v.enters(room, v.minji)
	return room, talks(v.sua, room), talks(v.minji, room)
}

func TestAMessageReachesEverybodyInside(t *testing.T) {
	v := openWithRooms(t)
	_, sua, minji := pair(t, v)
	minji.Say("\n안녕하세요\r\n반가워요 ", "abc-1_X")
	for name, talk := range map[string]*apptest.Talk{"her own page": minji, "another's page": sua} {
		f := hears(t, talk, ".message-body", "안녕하세요\n반가워요")
		li := f.Find(`[hx-target="#messages"][hx-swap=beforeend] > li#message-1-3`)
		for attribute, want := range map[string]string{"data-seq": "3", "data-from": minjiID, "data-client-id": "abc-1_X"} {
			if got := li.AttrOr(attribute, ""); got != want {
				t.Errorf("on %s %s is %q, want %q", name, attribute, got, want)
			}
		}
	}
	p := v.sua.Get("/rooms/1")
	if got := p.Text("#message-1-3 .message-body"); got != "안녕하세요\n반가워요" {
		t.Errorf("the page says %q", got)
	}
}

func TestMessagesArriveInTheOrderOfTheirNumbers(t *testing.T) {
	v := openWithRooms(t)
	_, sua, minji := pair(t, v)
	const each = 40
	var all sync.WaitGroup
	for _, talk := range []*apptest.Talk{sua, minji} {
		all.Go(func() {
			for i := range each {
				talk.Say(fmt.Sprint("말 ", i), fmt.Sprint("id-", i))
			}
		})
	}
	for _, talk := range []*apptest.Talk{sua, minji} {
		var own [2]int
		for seq := 3; seq < 3+2*each; seq++ {
			f := talk.Until("a message", func(f apptest.Frame) bool { return f.Find(".message-body").Length() > 0 })
			if seqOf(f) != strconv.Itoa(seq) {
				t.Fatalf("message %s comes where %d should", seqOf(f), seq)
			}
			who := map[string]int{suaID: 0, minjiID: 1}[f.Find("[data-seq]").AttrOr("data-from", "")]
			if got := strings.TrimSpace(f.Find(".message-body").Text()); got != fmt.Sprint("말 ", own[who]) {
				t.Fatalf("%q comes where number %d should", got, own[who])
			}
			own[who]++
		}
	}
	all.Wait()
}

// In the original the sender's name and id came from the client.
func TestTheSenderIsWhoIsSignedIn(t *testing.T) {
	v := openWithRooms(t)
	_, sua, minji := pair(t, v)
	minji.Send(`{"content":"누구게","client_id":"a","user_id":4,"from":4,"sender":"수아","username":"수아","author":{"ID":4,"Username":"수아"},"room":9,"room_id":9,"seq":1,"kind":"entered","HEADERS":{}}`)
	f := hears(t, sua, ".message-body", "누구게")
	if got := f.Find("li").AttrOr("data-from", ""); got != minjiID || !strings.Contains(f.Find(".message-by").Text(), "민지") || seqOf(f) != "3" {
		t.Errorf("it is from %s: %s", got, f.Body)
	}
	p := v.minji.Post("/rooms/1/messages", "content", "또 누구게", "client_id", "b", "user_id", "4", "username", "수아").Want(303)
	if got := v.sua.Get("/rooms/1").Find("#message-1-4").AttrOr("data-from", ""); got != minjiID {
		t.Errorf("by the form it is from %s (%s)", got, p.Header.Get("Location"))
	}
}

// In the original the text of a message went through innerHTML.
func TestTheTextOfAMessageIsText(t *testing.T) {
	v := openWithRooms(t)
	_, sua, minji := pair(t, v)
	for i, text := range append(evil, `{"event":"removed"}`, `{"content":"x"}`) {
		minji.Say(text, fmt.Sprint("evil-", i))
		f := hears(t, sua, ".message-body", text)
		if f.Event != "" || f.Find("script, [data-xss], [onfocus], [onmouseover], [href^='javascript:'], .message-body :not(a)").Length() > 0 {
			t.Errorf("%q becomes %s", text, f.Body)
		}
	}
}

func TestTheLongestMessageFits(t *testing.T) {
	v := openWithRooms(t)
	_, sua, minji := pair(t, v)
	for i, text := range []string{strings.Repeat("가", sns.MessageMax), strings.Repeat("👍🏽", sns.MessageMax), norm.NFD.String(strings.Repeat("각", sns.MessageMax))} {
		minji.Say(text, fmt.Sprint("long-", i))
		hears(t, sua, ".message-body", norm.NFC.String(text))
	}
	minji.Say(strings.Repeat("가", sns.MessageMax+1), "longer")
	refusedOf(t, minji, "longer")
}

func TestTheSameMessageTwiceIsSaidOnce(t *testing.T) {
	v := openWithRooms(t)
	room, sua, minji := pair(t, v)
	minji.Say("한 번만", "same")
	first := hears(t, minji, ".message-body", "한 번만")
	hears(t, sua, ".message-body", "한 번만")
	minji.Say("한 번만", "same")
	again := hears(t, minji, ".message-body", "한 번만")
	if seqOf(again) != seqOf(first) || again.Find("[data-seq]").AttrOr("data-client-id", "") != "same" {
		t.Errorf("the second answer is %s", again.Body)
	}
	hearsNothingOf(t, sua, "한 번만")
	v.minji.HX().Post("/rooms/"+room+"/messages", "content", "한 번만", "client_id", "same").Want(200).Has("#message-1-" + seqOf(first))
	leadsTo(t, v.minji.Post("/rooms/"+room+"/messages", "content", "한 번만", "client_id", "same"), "/rooms/1#message-1-"+seqOf(first))
	sua.Say("한 번만", "same") // the same client id of a different user is a different id
	if f := hears(t, sua, ".message-body", "한 번만"); seqOf(f) == seqOf(first) {
		t.Error("two people's messages are one")
	}
	if n := v.count("SELECT COUNT(*) FROM buffered_messages WHERE kind = 'said'"); n != 2 {
		t.Errorf("%d messages", n)
	}
}
