package admin

import (
	"errors"
	"net/http"
	"strconv"

	"xxsns/app/live"
	"xxsns/app/sns"
	"xxsns/app/view"
	"xxsns/app/web/request"
)

const peoplePath = "/admin/users"

// peoplePerPage is how many people a page lists.
const peoplePerPage = 50

// List lists people, the newest first, narrowed by a name (q), a role and a state.
func (People) List(r *request.Request) error {
	before, err := r.Cursor("before")
	if err != nil {
		return err
	}
	question, _ := sns.ParseQuestion(r.Query("q"))
	page := sns.PeoplePage{
		Words: question.Words, Role: sns.Role(r.Query("role")), State: sns.PersonState(r.Query("state")), Before: before, Limit: peoplePerPage + 1,
	}
	if page.Role != "" && !page.Role.Valid() {
		return request.ErrBadRequest
	}
	found, err := r.Store.People(r.Ctx(), page, r.Now)
	if err != nil {
		return err
	}
	next := ""
	found, more := view.Cut(found, peoplePerPage)
	if more {
		next = view.PageURL(peoplePath, "q", question.Text, "role", string(page.Role), "state", string(page.State), "before", view.Itoa(found[len(found)-1].ID))
	}
	ids := make([]int64, len(found))
	for i, user := range found {
		ids[i] = user.ID
	}
	former, err := r.Store.FormerNames(r.Ctx(), ids)
	if err != nil {
		return err
	}
	v := r.Locale.AdminPeople(question.Text, page, found, former, next, r.Now)
	if v.Waits, err = r.Store.CountAppeals(r.Ctx(), r.Now); err != nil {
		return err
	}
	return r.Page(http.StatusOK, "admin/people", view.Page{Title: r.T("people.title"), Nav: "admin", Data: v})
}

// Show shows a person, what was done to them, and the forms of what may be done.
func (People) Show(r *request.Request) error {
	user, err := loadPerson(r)
	if err != nil {
		return err
	}
	return personPage(r, http.StatusOK, user, nil)
}

// loadPerson returns the person whom the route names, or sns.ErrNotFound.
func loadPerson(r *request.Request) (sns.User, error) {
	id, err := r.Number("id")
	if err != nil {
		return sns.User{}, err
	}
	return r.Store.User(r.Ctx(), id)
}

// actsOfPerson is how many acts the page of a person shows.
const actsOfPerson = 20

// personPage shows a person; with adds what a form has left, and may be nil.
func personPage(r *request.Request, status int, user sns.User, with func(*view.AdminPerson), more ...request.Fragment) error {
	record, err := r.Store.Record(r.Ctx(), user.ID, r.Now)
	if err != nil {
		return err
	}
	former, err := r.Store.FormerNames(r.Ctx(), []int64{user.ID})
	if err != nil {
		return err
	}
	v := r.Locale.AdminPerson(user, record, former[user.ID], r.Viewer.ID, r.Now)
	inviter, err := r.Store.InviterOf(r.Ctx(), user.ID)
	if err == nil {
		by := r.Locale.Author(inviter)
		v.Inviter = &by
	} else if !errors.Is(err, sns.ErrNotFound) {
		return err
	}
	if user.Suspended(r.Now) {
		if v.Suspension, err = loadSuspension(r, user); err != nil {
			return err
		}
	}
	acts, err := r.Store.Acts(r.Ctx(), sns.ActPage{User: user.ID, Limit: actsOfPerson}, r.Now)
	if err != nil {
		return err
	}
	v.Acts = r.Locale.Acts(acts, r.Now)
	if with != nil {
		with(&v)
	}
	if r.Partial() {
		return r.Fragments(status, append([]request.Fragment{{Name: "admin/_person", Data: v}}, more...)...)
	}
	return r.Page(status, "admin/person", view.Page{Title: r.T("people.person", "Name", user.Username), Nav: "admin", Data: v})
}

func loadSuspension(r *request.Request, user sns.User) (*view.AdminSuspension, error) {
	s, err := r.Store.LastSuspension(r.Ctx(), user.ID)
	if err != nil {
		return nil, err
	}
	by, err := r.Store.Users(r.Ctx(), []int64{s.By})
	return r.Locale.AdminSuspension(s, by[s.By], r.Now), err
}

// changed answers a form of the page of a person after do: plain forms are led to the page,
// htmx gets the page anew. If the sender can mend the error, the form is shown again by with,
// which may be nil; conflict is the key of the text for an act that another administrator came before.
func changed(r *request.Request, user sns.User, toast, conflict string, typed view.Form, do func() error, with func(*view.AdminPerson, view.Form)) error {
	err := do()
	if errors.Is(err, sns.ErrConflict) {
		problems := sns.Invalid{{Field: "form", Key: conflict}}
		return showAgain(r, http.StatusConflict, user, typed.WithProblems(r.Locale, problems), with)
	}
	if err != nil {
		return r.Again(err, typed, func(status int, f view.Form) error { return showAgain(r, status, user, f, with) })
	}
	if !r.Partial() {
		return r.RedirectWithToast(view.PersonPath(user.ID), toast)
	}
	if user, err = r.Store.User(r.Ctx(), user.ID); err != nil {
		return err
	}
	return personPage(r, http.StatusOK, user, nil, r.Toast(toast))
}

// showAgain shows the page of a person as the person is now, with what was typed, and what is
// wrong with it.
func showAgain(r *request.Request, status int, user sns.User, f view.Form, with func(*view.AdminPerson, view.Form)) error {
	user, err := r.Store.User(r.Ctx(), user.ID)
	if err != nil {
		return err
	}
	return personPage(r, status, user, func(v *view.AdminPerson) {
		v.Error = f.Field("form").Error
		if with != nil {
			with(v, f)
		}
	})
}

// Role gives a person a role. Streams that the role does not permit close.
func (People) Role(r *request.Request) error {
	user, err := loadPerson(r)
	if err != nil {
		return err
	}
	role := sns.Role(r.Value("role"))
	if !role.Valid() {
		return request.ErrBadRequest
	}
	return changed(r, user, "done.role", "people.oneself", r.Typed(), func() error {
		was, err := r.Store.GiveRole(r.Ctx(), r.Viewer.ID, user.ID, role, r.Now)
		if err != nil {
			return err
		}
		request.Record(r, request.RoleChanged, user.ID, "by", r.Viewer.ID, "role", role, "was", was)
		r.Tell(live.RoleEvent(live.UserTopic(user.ID), string(role)))
		return nil
	}, nil)
}

// Suspend suspends a person, or ends the suspension (the field on).
func (People) Suspend(r *request.Request) error {
	user, err := loadPerson(r)
	if err != nil {
		return err
	}
	on, err := r.Bool("on")
	if err != nil {
		return err
	}
	if !on {
		return lift(r, user)
	}
	return changed(r, user, "done.suspended", "suspension.already", r.Typed("days", "reason"), func() error {
		s, err := typedSuspension(r, user)
		if err != nil {
			return err
		}
		return suspend(r, user, s)
	}, func(v *view.AdminPerson, f view.Form) { v.Form = f })
}

// typedSuspension returns the suspension of the form, or sns.Invalid. Empty days mean 0: for
// good.
func typedSuspension(r *request.Request, user sns.User) (sns.Suspension, error) {
	return sns.SuspensionOf(user.ID, r.Viewer.ID, typedDays(r), r.Value("reason"), r.Now)
}

// typedDays returns the days of the form, or -1, which no suspension has.
func typedDays(r *request.Request) int {
	typed := r.Value("days")
	if typed == "" {
		return 0
	}
	days, err := strconv.Atoi(typed)
	if err != nil {
		return -1
	}
	return days
}

// suspend keeps the suspension, closes all streams and sockets of the person on every
// replica, and ends the open rooms that the person leads: nobody would look after them. Seats
// in rooms of others stay.
func suspend(r *request.Request, user sns.User, s sns.Suspension) error {
	if err := r.Store.Suspend(r.Ctx(), s); err != nil {
		return err
	}
	return suspended(r, user, s)
}

// suspended follows a suspension that is kept already.
func suspended(r *request.Request, user sns.User, s sns.Suspension) error {
	request.Record(r, request.Suspended, user.ID, "by", r.Viewer.ID, "until", s.Until)
	hangUp(r, user.ID)
	return r.Rooms.EndAll(r.Ctx(), r.Viewer.User, user, s.Reason)
}

// lift ends the suspension of a person.
func lift(r *request.Request, user sns.User) error {
	return changed(r, user, "done.lifted", "suspension.over", r.Typed("note"), func() error {
		note, p := sns.AppealAnswer(r.Value("note"))
		if p != nil {
			return sns.Invalid{*p}
		}
		if err := r.Store.Lift(r.Ctx(), r.Viewer.ID, user.ID, note, r.Now); err != nil {
			return err
		}
		request.Record(r, request.Lifted, user.ID, "by", r.Viewer.ID)
		hangUp(r, user.ID)
		return nil
	}, func(v *view.AdminPerson, f view.Form) { v.Answer = f })
}

// hangUp closes the streams and sockets of a user on every replica, which then asks the database
// anew who the user is.
func hangUp(r *request.Request, user int64) {
	r.Tell(live.Event{Topic: live.UserTopic(user), Kind: live.KindDisconnect})
}

// Answer answers the appeal of a suspended person: accepting lifts the suspension.
func (People) Answer(r *request.Request) error {
	user, err := loadPerson(r)
	if err != nil {
		return err
	}
	switch r.Value("decision") {
	case "accept":
		return lift(r, user)
	case "decline":
	default:
		return request.ErrBadRequest
	}
	return changed(r, user, "done.declined", "suspension.answered", r.Typed("note"), func() error {
		note, p := sns.AppealAnswer(r.Value("note"))
		if p != nil {
			return sns.Invalid{*p}
		}
		return r.Store.DeclineAppeal(r.Ctx(), r.Viewer.ID, user.ID, note, r.Now)
	}, func(v *view.AdminPerson, f view.Form) { v.Answer = f })
}

// Reset makes a link by which a person sets a new password, and shows the link this once.
func (People) Reset(r *request.Request) error {
	user, err := loadPerson(r)
	if err != nil {
		return err
	}
	token, id := request.NewToken()
	err = r.Store.MakeReset(r.Ctx(), sns.Reset{ID: id, User: user, By: r.Viewer.ID, CreatedAt: r.Now, Until: r.Now.Add(sns.ResetLife)})
	if err != nil {
		return r.Again(err, r.Typed(), func(status int, f view.Form) error {
			return showAgain(r, status, user, f, nil)
		})
	}
	request.Record(r, request.ResetMade, user.ID, "by", r.Viewer.ID)
	return personPage(r, http.StatusOK, user, func(v *view.AdminPerson) { v.Reset = r.Address("/reset/" + token) })
}
