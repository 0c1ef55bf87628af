package e2e

import (
	"testing"

	"xxsns/app/apptest"
	"xxsns/app/sns"
)

// TestLeavingEndsTheStream: a page that is left ends its stream and its socket itself.
// Cut off by the browser, they would be errors in the consoles of some browsers. A page
// that stays after all has its stream back.
func TestLeavingEndsTheStream(t *testing.T) {
	t.Parallel()
	app := apptest.Start(t)
	yujin := comes(t, app, "유진", sns.RoleMentor)
	connection := `document.getElementById('live')._htmx.sse`
	yujin.WaitFor(connection + `?.reader != null`)
	var ended bool
	yujin.Eval(`new Promise(ended => {
		document.getElementById('live').addEventListener('htmx:sse:before:connection', () => ended(true), { once: true });
		dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }));
	})`, &ended)
	yujin.WaitFor(connection + `?.reader != null`)

	yujin.Goto("/rooms")
	yujin.opensRoom("저녁 이야기", 5)
	yujin.connected()
	var code int
	yujin.Eval(`new Promise(closed => {
		document.getElementById('socket').addEventListener('htmx:ws:close', (event) => closed(event.detail.code));
		dispatchEvent(new PageTransitionEvent('pagehide'));
	})`, &code)
	if code != 1000 {
		t.Errorf("the socket closed with %d", code)
	}
}
