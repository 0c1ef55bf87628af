package store_test

import (
	"testing"

	"xxsns/app/sns"
)

// Mentors are listed with what they led, and not for whom they have blocked.
func TestMentorsAreListedForThoseWhoSeeThem(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		minji, sua, doyun := d.user(t, "민지"), d.user(t, "수아"), d.user(t, "도윤")
		for _, mentor := range []int64{sua, doyun} {
			if err := d.SetRole(t.Context(), mentor, sns.RoleMentor); err != nil {
				t.Fatal(err)
			}
		}
		d.run(t, "INSERT INTO rooms (mentor_id, name, notice, buffer, user_limit, head_count, created_at) SELECT id, '책', '', '', 5, 0, 7000000 FROM users WHERE username = '수아'")
		listed := func(viewer, before int64, want ...int64) {
			t.Helper()
			all, err := d.Mentors(t.Context(), viewer, before, 5)
			if err != nil || len(all) != len(want) {
				t.Fatalf("listed are %+v, %v; want %v", all, err, want)
			}
			for i, m := range all {
				if m.User.ID != want[i] || (m.User.ID == sua) != (m.Rooms == 1) || (m.User.ID == sua) == m.LastAt.IsZero() {
					t.Errorf("%d. is %+v", i, m)
				}
			}
		}
		listed(minji, 0, doyun, sua)
		listed(minji, doyun, sua)
		d.block(t, sua, minji, true)
		listed(minji, 0, doyun)
		listed(doyun, 0, doyun, sua)
	})
}
