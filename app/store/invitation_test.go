package store_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"xxsns/app/sns"
)

// invite makes an invitation of an administrator, and returns the id.
func (d *database) invite(t testing.TB, by int64, role sns.Role, uses int) int64 {
	t.Helper()
	i := sns.Invitation{By: sns.User{ID: by}, Role: role, Uses: uses, CreatedAt: noon, ExpiresAt: noon.Add(time.Hour)}
	id, err := d.Invite(t.Context(), i, sns.Act{By: i.By, Kind: sns.ActInvite, At: noon})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// joins makes an account by an invitation.
func (d *database) joins(t testing.TB, name string, invitation int64, at time.Time) (int64, error) {
	t.Helper()
	u := newUser(name)
	u.Invitation, u.CreatedAt = invitation, at
	return d.CreateUser(t.Context(), u)
}

func TestAnInvitationLetsAsManyInAsItMay(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		admin := d.user(t, "현우")
		id := d.invite(t, admin, sns.RoleMentor, 2)
		if _, err := d.joins(t, "현우", id, noon); !errors.Is(err, sns.ErrConflict) {
			t.Errorf("the taken name: %v", err)
		}
		var wg sync.WaitGroup
		errs := make([]error, 6)
		for i := range errs {
			wg.Go(func() { _, errs[i] = d.joins(t, fmt.Sprint("손님", i), id, noon) })
		}
		wg.Wait()
		in := 0
		for _, err := range errs {
			if err == nil {
				in++
			} else if !errors.Is(err, sns.ErrInvitation) {
				t.Error(err)
			}
		}
		got, err := d.Invitation(t.Context(), id)
		if err != nil || in != 2 || got.Used != 2 || got.State(noon) != sns.InvitationUsedUp || got.By.Username != "현우" {
			t.Errorf("%d got in by %+v, %v", in, got, err)
		}
		joined, err := d.InvitedBy(t.Context(), id, 10)
		if err != nil || len(joined) != 2 || joined[0].Role != sns.RoleMentor {
			t.Errorf("joined have %+v, %v", joined, err)
		}
		if by, err := d.InviterOf(t.Context(), joined[0].ID); err != nil || by.ID != admin {
			t.Errorf("the inviter is %+v, %v", by, err)
		}
		if _, err := d.InviterOf(t.Context(), admin); !errors.Is(err, sns.ErrNotFound) {
			t.Errorf("the first member was invited: %v", err)
		}
	})
}

func TestAnInvitationThatIsNotOpen(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		admin := d.user(t, "현우")
		expired, closed := d.invite(t, admin, sns.RoleUser, 1), d.invite(t, admin, sns.RoleUser, 1)
		act := sns.Act{By: sns.User{ID: admin}, Kind: sns.ActInvite, At: noon}
		for range 2 {
			if err := d.CloseInvitation(t.Context(), closed, 0, act); err != nil {
				t.Fatal(err)
			}
		}
		for _, c := range []struct {
			id    int64
			at    time.Time
			state sns.InvitationState
		}{{expired, noon.Add(time.Hour), sns.InvitationExpired}, {closed, noon, sns.InvitationClosed}} {
			if _, err := d.joins(t, "손님", c.id, c.at); !errors.Is(err, sns.ErrInvitation) {
				t.Errorf("%s: %v", c.state, err)
			}
			if got, err := d.Invitation(t.Context(), c.id); err != nil || got.State(c.at) != c.state || got.Used != 0 {
				t.Errorf("%+v, %v, want %s", got, err, c.state)
			}
		}
		if err := d.CloseInvitation(t.Context(), expired, d.user(t, "민지"), act); !errors.Is(err, sns.ErrNotFound) {
			t.Errorf("another closes it: %v", err)
		}
		if _, err := d.Invitation(t.Context(), 99); !errors.Is(err, sns.ErrNotFound) {
			t.Errorf("an unknown one: %v", err)
		}
		first, err := d.Invitations(t.Context(), 0, 1)
		if err != nil || len(first) != 1 || first[0].ID != closed {
			t.Errorf("the list begins with %+v, %v", first, err)
		}
		if next, err := d.Invitations(t.Context(), closed, 5); err != nil || len(next) != 1 || next[0].ID != expired {
			t.Errorf("the list goes on with %+v, %v", next, err)
		}
	})
}

// A member has a number of invitations. One that nobody used comes back when it is closed or
// expires.
func TestAMemberInvitesAsManyAsTheCommunityAllows(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		minji := d.user(t, "민지")
		invites := func(at time.Time) (int64, error) {
			return d.InviteAsMember(t.Context(), sns.Invitation{By: sns.User{ID: minji}, Role: sns.RoleUser, Uses: 1, CreatedAt: at, ExpiresAt: at.Add(time.Hour)}, 2)
		}
		var wg sync.WaitGroup
		errs := make([]error, 4)
		for i := range errs {
			wg.Go(func() { _, errs[i] = invites(noon) })
		}
		wg.Wait()
		mine, err := d.InvitationsBy(t.Context(), minji, 10)
		if err != nil || len(mine) != 2 {
			t.Fatalf("%d invitations, %v, %v", len(mine), err, errs)
		}
		if _, err := d.joins(t, "손님", mine[0].ID, noon); err != nil {
			t.Fatal(err)
		}
		if err := d.CloseInvitation(t.Context(), mine[1].ID, minji, sns.Act{At: noon}); err != nil {
			t.Fatal(err)
		}
		if _, err := invites(noon); err != nil {
			t.Errorf("after one was closed: %v", err)
		}
		if _, err := invites(noon); !errors.Is(err, sns.ErrConflict) {
			t.Errorf("one more: %v", err)
		}
		last, err := invites(noon.Add(2 * time.Hour))
		if err != nil {
			t.Errorf("after one has expired: %v", err)
		}
		d.deleteUser(t, minji)
		if got, err := d.Invitation(t.Context(), last); err != nil || got.State(noon) != sns.InvitationClosed {
			t.Errorf("of a deleted member %+v, %v", got, err)
		}
	})
}
