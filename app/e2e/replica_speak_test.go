package e2e

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"xxsns/app/apptest"
)

// TestNobodySpeaksAfterBeingRemoved: of all that a member says without a pause at one
// replica, nothing that was sent after the other replica has answered that the member is
// outside is in the room.
func TestNobodySpeaksAfterBeingRemoved(t *testing.T) {
	t.Parallel()
	r := apptest.StartReplicas(t, apptest.ReplicasOptions{})
	yujin, minji := r.One.Mentor("유진"), r.Two.Member("민지")
	for room := 1; room <= 10; room++ {
		path := fmt.Sprintf("/rooms/%d", room)
		yujin.Post("/rooms", "name", "말 많은 방", "user_limit", "5").Want(http.StatusSeeOther)
		minji.Post(path + "/enter").Want(http.StatusSeeOther)
		talk := minji.Talk(path + "/socket")
		var sent atomic.Int64
		var talking sync.WaitGroup
		talking.Go(func() {
			for n := int64(1); talk.TrySay(fmt.Sprintf("말-%d.", n), fmt.Sprint("n-", n)); n++ {
				sent.Store(n)
				time.Sleep(time.Millisecond)
			}
		})
		time.Sleep(100 * time.Millisecond)
		if room%2 == 0 {
			yujin.HX().Post(path + "/participants/2/remove").Want(http.StatusOK)
		} else {
			sameBrowser(t, r.One, minji, r.URL).Post(path + "/leave").Want(http.StatusSeeOther)
		}
		most := sent.Load() + 1 // one may be under way
		if p := minji.HX().Post(path+"/messages", "content", "아직 있어요", "client_id", "late"); p.Status != http.StatusForbidden {
			t.Errorf("saying something afterwards: %d", p.Status)
		}
		if code := talk.CloseCode(); code != 1000 {
			t.Errorf("the socket closed with %d", code)
		}
		talking.Wait()
		yujin.Post(path + "/end").Want(http.StatusSeeOther)
		transcript := yujin.Get(path + "/transcript?format=txt").Want(http.StatusOK).Body
		if !strings.Contains(transcript, "말-1.") {
			t.Error("nothing was said")
		}
		for n := most + 1; n <= sent.Load(); n++ {
			if strings.Contains(transcript, fmt.Sprintf("말-%d.", n)) {
				t.Errorf("room %d: %d was said; outside since %d", room, n, most)
			}
		}
	}
}
