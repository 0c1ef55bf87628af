package e2e

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"xxsns/app/apptest"
	"xxsns/app/sns"
)

// TestUserList: the operator reads who has an account, in the order in which they came.
func TestUserList(t *testing.T) {
	t.Parallel()
	p := apptest.StartProgram(t)
	p.AddUser("서준", sns.RoleAdmin)
	p.AddUser("민지", sns.RoleMentor)
	p.AddUser("Yujin", sns.RoleUser)
	signsIn(t, p, "민지", apptest.Password)
	operate(t, p, "", nil, "user", "suspend", "Yujin", "--days=3", "--reason=광고").does("Yujin")
	list := operate(t, p, "", nil, "user", "list")
	list.does("ADMIN   active", "MENTOR  active", "USER    suspended until 2", "joined 2", "never seen", "seen 2")
	if lines := strings.Split(strings.TrimSpace(list.out), "\n"); len(lines) != 3 || !strings.HasPrefix(lines[0], "서준 ") || !strings.HasPrefix(lines[2], "Yujin ") {
		t.Errorf("the list is not in order:\n%s", list.out)
	}
	one := operate(t, p, "", nil, "user", "list", "--role=MENTOR", "--json")
	one.does()
	var line struct {
		Name, Role, State string
		Joined, Seen      time.Time
	}
	if err := json.Unmarshal([]byte(one.out), &line); err != nil || line.Name != "민지" || line.Role != "MENTOR" || line.State != "active" || line.Joined.IsZero() || line.Seen.IsZero() {
		t.Errorf("the mentors are %s, %v", one.out, err)
	}
	operate(t, p, "", nil, "user", "list", "--role=KING").teaches("KING")
}

// TestUserDelete: an account that the operator deletes is signed out at once, its rooms end, and
// what it wrote remains without the name, or goes.
func TestUserDelete(t *testing.T) {
	t.Parallel()
	p := apptest.StartProgram(t)
	p.AddUser("서준", sns.RoleAdmin)
	p.AddUser("민지", sns.RoleMentor)
	p.AddUser("유진", sns.RoleUser)
	seojun, minji, yujin := signsIn(t, p, "서준", apptest.Password), signsIn(t, p, "민지", apptest.Password), signsIn(t, p, "유진", apptest.Password)
	minji.Post("/posts", "content", "남긴 글").Want(http.StatusSeeOther)
	yujin.Post("/posts", "content", "지울 글").Want(http.StatusSeeOther)
	minji.Post("/rooms", "name", "수다방", "user_limit", "5").Want(http.StatusSeeOther)
	yujin.Post("/rooms/1/enter").Want(http.StatusSeeOther)

	operate(t, p, "", nil, "user", "delete", "민지").refuses("--yes")
	operate(t, p, "", nil, "user", "delete", "서준", "--yes").refuses("the only active administrator")
	operate(t, p, "", nil, "user", "delete", "없는사람", "--yes").refuses("없는사람")
	minji.Get("/").Want(http.StatusOK)
	ended := listens(t, minji)
	operate(t, p, "", nil, "user", "delete", "민지", "--yes").does("민지 is deleted", "remains")
	select {
	case <-ended: //nolint:errcheck // before the servers look at all sessions
	case <-time.After(25 * time.Second):
		t.Error("the stream of a deleted account stays open")
	}
	minji.Get("/").Want(http.StatusSeeOther)
	page := seojun.Get("/").Want(http.StatusOK)
	if !strings.Contains(page.Body, "남긴 글") || strings.Contains(page.Body, "민지") {
		t.Error("the post of a deleted account is gone, or has the name")
	}
	if room := seojun.Get("/rooms").Want(http.StatusOK); strings.Contains(room.Body, "수다방") {
		t.Error("the room of a deleted mentor is open")
	}
	p.Guest().Post("/sign-in", "username", "민지", "password", apptest.Password).Want(http.StatusUnprocessableEntity)
	operate(t, p, "", nil, "user", "delete", "유진", "--everything", "--yes").does("유진 is deleted", "deletes the rest")
	yujin.Get("/").Want(http.StatusSeeOther)
	if strings.Contains(seojun.Get("/").Want(http.StatusOK).Body, "지울 글") {
		t.Error("the post of an account that was erased is shown")
	}
	operate(t, p, "", nil, "user", "list").does("서준")
}
