package e2e

import (
	"fmt"
	"testing"

	"xxsns/app/apptest"
	"xxsns/app/sns"
)

// TestPastRooms: after the end the people who were inside find a room below the open
// ones, and on their own home, and read what was said.
func TestPastRooms(t *testing.T) {
	t.Parallel()
	app := apptest.Start(t)
	minji := comes(t, app, "민지", sns.RoleUser, apptest.Phone)
	app.AddUser("유진", sns.RoleMentor)
	yujin, member := app.SignIn("유진"), app.SignIn("민지")
	for i, name := range []string{"독서 모임", "처음 만나는 Go, 함께 천천히 읽고 이야기하는 저녁", "질문방", "주말 산책", "지금 이야기", "남의 이야기"} {
		room := fmt.Sprintf("/rooms/%d", i+1)
		yujin.Post("/rooms", "name", name, "user_limit", "5").Want(303)
		if i < 5 {
			member.Post(room + "/enter").Want(303)
		}
		if i < 4 {
			yujin.Post(room+"/messages", "content", "기억할 말", "client_id", "a").Want(303)
			yujin.Post(room + "/end").Want(303)
		}
	}
	minji.Goto("/rooms")
	minji.WaitContains(".mine .room", "지금 이야기")
	minji.WaitContains("#rooms .room", "남의 이야기")
	minji.Screenshot("rooms-past-phone")
	minji.clean("past rooms")
	yujin.Post("/rooms/6/end").Want(303)
	minji.WaitCount("#room-6", 0) // while the page is open
	desk := comes(t, app, "서준", sns.RoleUser, apptest.Dark)
	app.SignIn("서준").Post("/rooms/5/enter").Want(303)
	desk.Goto("/rooms")
	desk.WaitContains(".mine .room", "지금 이야기")
	desk.WaitGone("#rooms")
	desk.Screenshot("rooms-mine-dark")

	minji.Goto("/users/민지")
	minji.WaitCount("#past b", 3)
	minji.Screenshot("home-past-phone")
	minji.clean("past rooms at home")
	minji.Click("#past .more")
	minji.WaitCount("#past b", 4)
	minji.Click("#past li:last-child a")
	minji.WaitPath("/rooms/1")
	minji.WaitContains("#messages", "기억할 말")
}
