package e2e

import (
	"testing"

	"xxsns/app/apptest"
	"xxsns/app/sns"
)

// arrives opens a browser for a person whose requests land on the replica, and
// signs in to an account that an operator makes.
func arrives(t *testing.T, replica *apptest.Replica, name string, role sns.Role) *member {
	t.Helper()
	replica.AddUser(name, role)
	m := &member{Person: apptest.NewPerson(t, replica.Door().URL(), apptest.Phone, apptest.ReducedMotion), t: t, name: name}
	m.Goto("/sign-in")
	m.Type("#username", name)
	m.Type("#password", apptest.Password)
	m.Click("form .btn-main")
	m.WaitVisible("#compose")
	return m
}

// TestTwoPhones: two people with their phones on different replicas like and
// talk as on a single replica.
func TestTwoPhones(t *testing.T) {
	t.Parallel()
	r := apptest.StartReplicas(t, apptest.ReplicasOptions{})
	yujin, minji := arrives(t, r.One, "유진", sns.RoleMentor), arrives(t, r.Two, "민지", sns.RoleUser)
	yujin.posts("오늘도 수고했어요")
	minji.WaitContains("#fresh", "새 글 1개")
	minji.Click("#fresh a")
	minji.likes(1)
	yujin.WaitText("#post-1-likes", "1")

	minji.Goto("/rooms")
	yujin.opensRoom("멀리서도 가까이", 5)
	minji.WaitText("#room-1-count", "1")
	minji.enters(1)
	yujin.WaitContains("#messages .event", "민지님이 들어왔어요")
	yujin.WaitCount("#participant-2.online", 1)
	yujin.says("잘 들리나요?")
	minji.hears("잘 들리나요?")
	minji.says("네, 바로 옆에 있는 것 같아요")
	yujin.hears("바로 옆에")
	yujin.endsRoom()
	minji.WaitContains(".settle", "저장됨")
	minji.WaitContains("#messages", "잘 들리나요?")
}
