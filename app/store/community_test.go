package store_test

import (
	"testing"
	"time"

	"xxsns/app/sns"
	"xxsns/app/store"
)

func TestACommunityIsKeptWithTheActs(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		admin := d.user(t, "현우")
		want, err := d.Community(t.Context())
		if err != nil || want != (sns.Community{SignUp: sns.SignUpOpen}) {
			t.Fatalf("at first the community is %+v, %v", want, err)
		}
		act := sns.Act{By: sns.User{ID: admin}, Kind: sns.ActCommunity, Note: "approval", At: noon}
		for i, notice := range []string{"하나", "하나", "둘", ""} {
			want = sns.Community{
				Name: "책 모임", Notice: notice, Rules: "규칙", Contact: "연락", SignUp: sns.SignUpApproval, MinAge: 14, Invites: 3, FirstDay: true,
				NoticeVersion: []int64{1, 1, 2, 3}[i],
			}
			if err := d.SetCommunity(t.Context(), want, act); err != nil {
				t.Fatal(err)
			}
			if got, err := d.Community(t.Context()); err != nil || got != want {
				t.Errorf("the community is %+v, %v; want %+v", got, err, want)
			}
		}
		if n := d.rows(t, "admin_log WHERE kind = 'community' AND by_id = ?", admin); n != 4 {
			t.Errorf("%d acts are in the log", n)
		}
	})
}

func TestACommunityIsRememberedForAMoment(t *testing.T) {
	d := migrated(t, sqliteFile(t))
	now := noon
	cache := store.NewCommunityCache(d.Store, func() time.Time { return now })
	name := func() string {
		c, err := cache.Present(t.Context())
		if err != nil || cache.Last() != c {
			t.Fatal(c, cache.Last(), err)
		}
		return c.Name
	}
	if cache.Last() != (sns.Community{}) || name() != "" {
		t.Error("a name before there is one")
	}
	if err := d.SetCommunity(t.Context(), sns.Community{Name: "모임"}, sns.Act{At: noon}); err != nil {
		t.Fatal(err)
	}
	if name() != "" {
		t.Error("the cache asks each time")
	}
	if now = now.Add(time.Second); name() != "모임" {
		t.Error("after a second the cache has the old name")
	}
	cache.Forget()
}
