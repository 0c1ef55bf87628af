package people

import (
	"errors"
	"net/http"
	"strconv"

	"xxsns/app/sns"
	"xxsns/app/view"
	"xxsns/app/web/request"
)

// Show shows a takedown to whoever has its token, and under its mere number to the author of the
// post, whom signing in makes known: the author must not have the token of the asker, nor learn who
// the asker is. sns.ErrNotFound for others.
func (Takedowns) Show(r *request.Request) error {
	r.Header("Referrer-Policy", "no-referrer") // the address may be a secret
	token := r.Param("token")
	if isNumber(token) {
		return showToAuthor(r, http.StatusOK, view.NewForm())
	}
	id, ok := r.Keyring.TakedownOf(token)
	if !ok {
		// A token cannot be guessed, and trying is made slow.
		return errors.Join(r.LimitAddress(request.LimitReset), sns.ErrNotFound)
	}
	t, err := r.Store.Takedown(r.Ctx(), id)
	if err != nil {
		return err
	}
	return r.Page(http.StatusOK, "takedown/show", view.Page{
		Title: r.T("takedown.title"), Socket: suspended(r), Data: r.Locale.AskedTakedown(t, r.Address(view.PostPath(t.Post)), r.Now),
	})
}

func isNumber(token string) bool {
	_, err := strconv.ParseInt(token, 10, 64)
	return err == nil
}

// showToAuthor shows the takedown of the route to the author of the post. Guests sign in first.
func showToAuthor(r *request.Request, status int, f view.Form) error {
	if r.Viewer == nil {
		return r.Redirect(view.PageURL("/sign-in", "next", r.From()))
	}
	t, err := loadOwnTakedown(r)
	if err != nil {
		return err
	}
	return r.Show(status, "takedown/_record", "takedown/show", view.Page{
		Title: r.T("takedown.title"), Nav: "notifications", Socket: suspended(r), Data: r.Locale.AuthorTakedown(t, r.Address(view.PostPath(t.Post)), f, r.Now),
	})
}

// loadOwnTakedown returns the takedown that the route names by its number, of a post of the
// viewer's. sns.ErrNotFound also for a takedown that was never accepted: the author is told of no
// request that had no effect.
func loadOwnTakedown(r *request.Request) (sns.Takedown, error) {
	id, err := r.Number("token")
	if err != nil {
		return sns.Takedown{}, err
	}
	t, err := r.Store.Takedown(r.Ctx(), id)
	if err == nil && (t.Author.ID != r.Viewer.ID || t.Until.IsZero()) {
		err = sns.ErrNotFound
	}
	return t, err
}

// Object keeps the objection of the author, once, while the takedown hides the post.
func (Takedowns) Object(r *request.Request) error {
	t, err := loadOwnTakedown(r)
	if err != nil {
		return err
	}
	text, p := sns.Objection(r.Value("text"))
	if p != nil {
		err = sns.Invalid{*p}
	} else {
		err = r.Store.ObjectTakedown(r.Ctx(), t.ID, r.Viewer.ID, text, r.Now)
	}
	if errors.Is(err, sns.ErrConflict) {
		f := r.Typed("text").WithProblems(r.Locale, sns.Invalid{{Field: "form", Key: "takedown.late"}})
		return showToAuthor(r, http.StatusConflict, f)
	}
	if err != nil {
		return r.Again(err, r.Typed("text"), func(status int, f view.Form) error { return showToAuthor(r, status, f) })
	}
	if !r.Partial() {
		return r.RedirectWithToast(view.AuthorTakedownPath(t.ID), "done.objected")
	}
	return showToAuthor(r, http.StatusOK, view.NewForm())
}
