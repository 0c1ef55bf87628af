package e2e

import (
	"fmt"
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"

	"xxsns/app/apptest"
	"xxsns/app/sns"
)

// TestSearch: two syllables find what people wrote, on a phone in the dark and on a desk.
// The list goes on by itself, and the device keeps the question until it is told to forget.
func TestSearch(t *testing.T) {
	t.Parallel()
	app := apptest.Start(t)
	minji := comes(t, app, "민지", sns.RoleUser, apptest.Phone, apptest.Dark)
	yujin := comes(t, app, "유진", sns.RoleMentor)
	app.SignIn("유진").Post("/rooms", "name", "결제 공부방", "user_limit", "5").Want(303)
	app.SignIn("유진").Post("/rooms/1/messages", "content", "결제 로그부터 봐요", "client_id", "a").Want(303)
	writer := app.SignIn("민지")
	for i := range sns.SearchPage + 5 {
		writer.Post("/posts", "content", fmt.Sprintf("카드결제가 %d번 안 됐어요", i)).Want(303)
	}
	writer.Post("/posts/1/comments", "content", "저도 결제가 안 돼요").Want(303)
	for _, m := range []*member{minji, yujin} {
		m.Goto("/")
		m.Click(map[*member]string{minji: `.bar [href="/search"]`, yujin: `.side [href="/search"]`}[m])
		m.WaitFocus("#q")
		m.clean("the empty search of " + m.name)
		m.Paste("#q", "결제")
		m.Press(kb.Enter)
		m.WaitText("#results .post mark", "결제")
		m.WaitText("#comment-1 mark", "결제")
		m.WaitText("#room-1 mark", "결제")
		m.clean("what is found for " + m.name)
		m.Click(`.tabs [href*="in=posts"]`)
		m.WaitPath("/search?in=posts&q=%EA%B2%B0%EC%A0%9C")
		m.Eval(`(scrollTo(0, document.body.scrollHeight), true)`, new(bool))
		m.WaitCount("#results article.post", sns.SearchPage+5)
		m.WaitCount("#results .more", 0)

		m.Goto("/search?q=" + "없는말이에요")
		m.WaitContains("#results", "찾는 말이 없어요")
		m.clean("nothing is found for " + m.name)
		m.Goto("/search")
		m.WaitText("#recent li:nth-child(2) bdi", "결제")
		m.clean("recent questions of " + m.name)
		m.Click("#recent li:nth-child(2) a")
		m.WaitVisible("#results mark")
		m.Goto("/search")
		m.Click("#recent button")
		m.WaitGone("#recent")
		m.Reload()
		m.WaitFocus("#q")
		m.WaitGone("#recent")
	}
	minji.Goto("/search?q=결제&in=messages")
	minji.WaitContains("#results", "찾는 말이 없어요") // she is not in the room
	yujin.Goto("/search?q=결제&in=messages")
	yujin.Click("#results .person a")
	yujin.WaitVisible("#message-1-2")
	yujin.Goto("/rooms")
	yujin.Click(`form[action="/sign-out"] button`)
	yujin.WaitPath("/sign-in")
	yujin.WaitFor(`!Object.keys(localStorage).some((key) => key.startsWith('searches'))`)
}

// TestSuggestionsOfTheSearch: initials suggest people; keys lead to them, and Escape closes.
// Within a syllable nothing is asked.
func TestSuggestionsOfTheSearch(t *testing.T) {
	t.Parallel()
	app := apptest.Start(t)
	minji := comes(t, app, "김민지", sns.RoleUser)
	minji.Goto("/search")
	minji.Type("#q", "ㄱㅁㅈ")
	minji.WaitText("#suggestions li:first-child bdi", "김민지")
	minji.clean("suggestions")
	minji.Press(kb.ArrowDown)
	minji.WaitFocus("#suggestions li:first-child a")
	minji.Press(kb.ArrowUp)
	minji.WaitFocus("#q")
	minji.Press(kb.Escape)
	minji.WaitCount("#suggestions a", 0)
	if typed := minji.Value("#q"); typed != "ㄱㅁㅈ" {
		t.Errorf("Escape leaves %q", typed)
	}
	minji.Clear("#q")
	composes := func(event string) {
		minji.Eval(`(document.getElementById('q').value = '김민', document.getElementById('q').dispatchEvent(new `+event+`))`, new(bool))
	}
	composes(`InputEvent('input', {bubbles: true, isComposing: true})`)
	time.Sleep(600 * time.Millisecond) // four times the pause after which a question is asked
	minji.WaitCount("#suggestions a", 0)
	composes(`CompositionEvent('compositionend', {bubbles: true})`)
	minji.WaitText("#suggestions li:first-child bdi", "김민지")
	minji.Press(kb.ArrowDown)
	minji.Press(kb.Enter)
	minji.WaitPath("/users/%EA%B9%80%EB%AF%BC%EC%A7%80")
}

// TestSearchWithoutScripts: the box, the pages and what narrows are plain forms and links.
func TestSearchWithoutScripts(t *testing.T) {
	t.Parallel()
	app := apptest.Start(t)
	minji := comes(t, app, "민지", sns.RoleUser, apptest.NoJavaScript, apptest.Phone)
	app.AddUser("서준", sns.RoleUser)
	seojun := app.SignIn("서준")
	for range sns.SearchPage + 1 {
		seojun.Post("/posts", "content", "결제 이야기").Want(303)
	}
	app.SignIn("민지").Post("/posts", "content", "결제 다른 이야기").Want(303)
	minji.Goto("/")
	minji.Click(`.bar [href="/search"]`)
	minji.Paste("#q", "결제")
	minji.Press(kb.Enter)
	minji.WaitCount("#results .post mark", sns.SearchFew)
	minji.Click("#results .more")
	minji.WaitCount("#results .post mark", sns.SearchPage)
	minji.Click("#results .more")
	minji.WaitCount("#results .post mark", 2)
	minji.Goto("/search?q=결제")
	minji.Click(".chips a:first-child")
	minji.WaitText(".chips .on bdi", "민지님이 쓴 것만")
	minji.WaitCount("#results .post", 1)
	minji.Click(".chips .on")
	minji.WaitCount("#results .post", sns.SearchFew)
}

// TestCompletingNames: behind @ a list offers names where people write; Enter chooses and
// sends nothing, and Escape leaves the text.
func TestCompletingNames(t *testing.T) {
	t.Parallel()
	app := apptest.Start(t)
	app.AddUser("서준", sns.RoleUser)
	yujin := comes(t, app, "유진", sns.RoleMentor)
	phone := comes(t, app, "하늘", sns.RoleUser, apptest.Phone)
	yujin.opensRoom("이야기방", 5)
	app.SignIn("유진").Post("/posts", "content", "글").Want(303)
	app.SignIn("하늘").Post("/rooms/1/enter").Want(303)

	yujin.Type("#say", "@하")
	yujin.WaitText(`#complete [aria-selected="true"] bdi`, "하늘")
	yujin.clean("names in a room")
	yujin.Press(kb.Enter)
	yujin.WaitGone("#complete")
	if typed := yujin.Value("#say"); typed != "@하늘 " {
		t.Errorf("chosen is %q", typed)
	}
	yujin.Type("#say", "안녕")
	yujin.Press(kb.Enter)
	yujin.WaitContains("#messages .message", "@하늘 안녕")
	yujin.WaitCount("#messages .message", 1)
	yujin.WaitText("#messages a.mention", "@하늘")
	yujin.clean("a mention in a room")

	phone.Goto("/posts/1")
	phone.Paste("#reply-content", "봐요 @서")
	phone.Click(`#complete [data-name="서준"]`)
	phone.WaitFor(`document.getElementById('reply-content').value === '봐요 @서준 '`)
	phone.WaitFocus("#reply-content")
	phone.Click("#reply .btn-main")
	phone.WaitText("#comments a.mention", "@서준")
	phone.clean("a mention in a comment")
	phone.Goto("/")
	phone.Paste("#compose-content", "메일은 a@서")
	time.Sleep(600 * time.Millisecond) // four times the pause after which names are asked for
	phone.WaitCount("#complete", 0)
	phone.Paste("#compose-content", " @ㅅㅈ")
	phone.WaitText("#complete bdi", "서준")
	phone.clean("names in the composer")
	phone.Press(kb.Escape)
	phone.WaitCount("#complete", 0)
	if typed := phone.Value("#compose-content"); typed != "메일은 a@서 @ㅅㅈ" {
		t.Errorf("Escape leaves %q", typed)
	}
}
