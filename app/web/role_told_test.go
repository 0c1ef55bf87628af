package web_test

import (
	"strings"
	"testing"

	"xxsns/app/web"
)

// A member is told of another role, and the notice leads to what the role is for.
func TestAMemberIsToldOfARole(t *testing.T) {
	v := openWithRooms(t)
	for _, c := range [][2]string{{"MENTOR", "/desk"}, {"ADMIN", "/admin"}, {"USER", "/reports"}} {
		role, leads := c[0], c[1]
		leadsTo(t, v.hyunwoo.Post("/admin/users/"+minjiID+"/role", "role", role), "/admin/users/"+minjiID)
		first := v.minji.Get("/notifications").Want(200).Find("#notifications li").First()
		if said := web.Korean("decision.role_" + strings.ToLower(role)); !strings.Contains(first.Text(), said) {
			t.Errorf("%s: the first notice says %q", role, first.Text())
		}
		leadsTo(t, v.minji.Get("/notifications/"+strings.TrimPrefix(first.AttrOr("id", ""), "notification-")+"/open"), leads)
	}
}
