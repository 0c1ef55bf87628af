package web_test

import (
	"net/url"
	"strings"
	"testing"

	"xxsns/app/server"
)

// renamesByCommand gives a member another name by the command of the operator.
func (v *siteWithMembers) renamesByCommand(name, other string) {
	v.t.Helper()
	if err := server.Rename(v.t.Context(), v.Config, v.Log(), name, other); err != nil {
		v.t.Fatal(err)
	}
}

func TestAdministratorsSeeFormerNames(t *testing.T) {
	v := openWithRooms(t)
	v.renamed(v.minji, "하루")
	p := v.hyunwoo.Get("/admin/users/" + minjiID).Want(200)
	if !strings.Contains(p.Text("#person .profile"), "예전 아이디 민지") {
		t.Errorf("the page of the person says %q", p.Text("#person .profile"))
	}
	p = v.hyunwoo.Get("/admin/users?q=" + url.QueryEscape("민지")).Want(200).Has("#user-" + minjiID)
	if row := p.Text("#user-" + minjiID); !strings.Contains(row, "하루") || !strings.Contains(row, "민지") {
		t.Errorf("the row says %q", row)
	}
	if page := v.seojun.Get(homeOf("하루")).Want(200); strings.Contains(page.Body, "민지") {
		t.Error("everybody sees the former name")
	}
	v.seojun.Get("/search?in=people&q=" + url.QueryEscape("민지")).Lacks("#person-" + minjiID)
}

// People in a room see the new name at once, in the list and in what is said and was said.
func TestANewNameInARoom(t *testing.T) {
	v := openWithRooms(t)
	room := v.opens(v.sua, "이야기방", 5)
	v.enters(room, v.minji)
	mine, theirs := talks(v.minji, room), talks(v.sua, room)
	speaks(t, mine, "안녕하세요")
	v.renamed(v.minji, "하루")
	hears(t, theirs, "#participant-"+minjiID+" bdi", "하루")
	speaks(t, mine, "이름을 바꿨어요")
	hears(t, theirs, ".message-by bdi", "하루")
	if p := v.sua.Get("/rooms/" + room).Want(200); strings.Contains(p.Text("#messages"), "민지") || strings.Contains(p.Text("#participants"), "민지") {
		t.Errorf("the room says %q, %q", p.Text("#messages"), p.Text("#participants"))
	}
	mine.Close()
	v.renamesByCommand("수아", "노을")
	if list := v.seojun.Get("/rooms").Text("#room-" + room); !strings.Contains(list, "노을") {
		t.Errorf("the list says %q", list)
	}
	v.ends(v.sua, room)
	if p := v.minji.Get("/rooms/" + room + "/transcript?format=txt").Want(200); strings.Contains(p.Body, "민지") || !strings.Contains(p.Body, "하루") {
		t.Errorf("the transcript says %q", p.Body)
	}
}

func TestTheOperatorRenames(t *testing.T) {
	v := openWithRooms(t)
	if err := server.Rename(t.Context(), v.Config, v.Log(), "민지", "서준"); err == nil || !strings.Contains(err.Error(), "taken") {
		t.Errorf("a taken name: %v", err)
	}
	if err := server.Rename(t.Context(), v.Config, v.Log(), "민지", "민 지"); err == nil {
		t.Error("a name with a blank is given")
	}
	v.renamesByCommand("민지", "하루")
	leadsTo(t, v.seojun.Get(homeOf("민지")), homeOf("하루"))
	says(t, v.hyunwoo.Get("/admin/log").Want(200), "act.rename")
}

func TestTheExportHasFormerNames(t *testing.T) {
	v := open(t)
	v.renamed(v.minji, "하루")
	files := unpacked(t, v.minji.Get(v.exported(v.minji)).Want(200).Body)
	if !strings.Contains(files["profile.json"], `"former_usernames"`) || !strings.Contains(files["profile.json"], `"민지"`) {
		t.Errorf("profile.json has %s", files["profile.json"])
	}
	if !strings.Contains(files["index.html"], "예전 아이디") {
		t.Error("the first page has no former name")
	}
	says(t, v.Guest().Get("/privacy").Want(200), "privacy.names")
}
