package web_test

import (
	"testing"

	"xxsns/app/apptest"
	"xxsns/app/config"
	"xxsns/app/sns"
	"xxsns/app/web"
)

// withRedis gives the program a Redis, through which commands reach the server.
func withRedis(t *testing.T) func(*config.Config) {
	t.Helper()
	url := apptest.StartRedis(t, apptest.RedisOptions{}).URL()
	return func(c *config.Config) { c.RedisURL, c.RedisPool = url, 8 }
}

// losesTheRole demotes a mentor and an administrator, who have streams and sockets open,
// and checks what is left of them.
func losesTheRole(t *testing.T, v *siteWithRooms) {
	t.Helper()
	room := v.opens(v.sua, "질문방", 5)
	v.enters(room, v.minji)
	socket, other := talks(v.sua, room), talks(v.minji, room)
	desk := v.listen(v.sua, "topic=rooms&topic=settlement:"+suaID)
	watching := v.listen(v.hyunwoo, "topic=settlement:"+suaID)
	timeline, neighbour := v.listen(v.sua, "topic=timeline"), v.listen(v.doyun, "topic=settlement:"+doyunID)

	v.SetRole("수아", sns.RoleUser)
	v.SetRole("현우", sns.RoleMentor)
	v.sua.Get("/desk").Want(403)
	v.sua.Post("/rooms/" + room + "/end").Want(403)
	desk.ends()
	watching.ends()
	v.sua.Get("/live?topic=rooms&topic=settlement:" + suaID).Want(403)
	v.hyunwoo.Get("/live?topic=settlement:" + suaID).Want(403)
	v.listen(v.hyunwoo, "topic=settlement:"+hyunwooID) // what a mentor may follow

	// Acts that are open to everybody go on.
	speaks(t, socket, "저는 아직 여기 있어요")
	hears(t, other, "[data-seq] .message-body", "저는 아직 여기 있어요")
	timeline.gets("post", v.posts(v.minji, "여전히 보여요"))
	v.SetRole("현우", sns.RoleAdmin)
	v.doyun.Post("/rooms", "name", "다른 방", "user_limit", "5").Want(303)
	v.ends(v.doyun, "2")
	neighbour.shows("#room-2-settlement .good", web.Korean("room.saved", "Saved", 1, "Total", 1))
}

func TestStreamsFollowTheRoleThatACommandTells(t *testing.T) {
	losesTheRole(t, openWithRooms(t, withRedis(t)))
}

// Without Redis no command reaches the server, which sees that somebody has committed.
func TestStreamsFollowTheRoleWhenNobodyTells(t *testing.T) {
	losesTheRole(t, openWithRooms(t))
}

func TestAPasswordSetByCommandClosesStreamsAtOnce(t *testing.T) {
	v := open(t, withRedis(t))
	mine, other := v.listen(v.minji, "topic=timeline"), v.listen(v.seojun, "topic=timeline")
	v.SetPassword("민지", "새비밀번호입니다")
	mine.ends()
	other.gets("post", v.posts(v.seojun, "저는 그대로예요"))
}
