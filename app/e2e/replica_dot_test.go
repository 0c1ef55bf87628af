package e2e

import (
	"fmt"
	"net/http"
	"testing"

	"xxsns/app/apptest"
)

// TestDotsAtAnotherReplica: an open page at one replica shows the dot of unread rooms, and loses
// the dot when the room is read, left or ended at the other one.
func TestDotsAtAnotherReplica(t *testing.T) {
	t.Parallel()
	r := apptest.StartReplicas(t, apptest.ReplicasOptions{Direct: true})
	yujin, minji := r.One.Mentor("유진"), r.One.Member("민지")
	seen := sameBrowser(t, r.Two, minji, r.URL).Listen("timeline")
	shows := func(what string, dots int) {
		t.Helper()
		seen.Until(fmt.Sprintf("%s: %d dots", what, dots), func(f apptest.Frame) bool {
			return f.Find("#rooms-dot").Length() == 1 && f.Find("#rooms-dot .dot").Length() == dots
		})
	}
	for room, end := range []func(path string){
		func(path string) { minji.Post(path+"/read", "seq", "99").Want(http.StatusSeeOther) },
		func(path string) { minji.Post(path + "/leave").Want(http.StatusSeeOther) },
		func(path string) { yujin.Post(path + "/participants/2/remove").Want(http.StatusSeeOther) },
		func(path string) { yujin.Post(path + "/end").Want(http.StatusSeeOther) },
	} {
		path := fmt.Sprintf("/rooms/%d", room+1)
		yujin.Post("/rooms", "name", "읽을 방", "user_limit", "5").Want(http.StatusSeeOther)
		minji.Post(path + "/enter").Want(http.StatusSeeOther)
		yujin.Post(path+"/messages", "content", "새 말").Want(http.StatusSeeOther)
		shows(path+", said", 1)
		end(path)
		shows(path+", over", 0)
	}
}
