package people

import (
	"net/http"

	"xxsns/app/sns"
	"xxsns/app/view"
	"xxsns/app/web/request"
)

// mostCompleted is how many names Complete offers.
const mostCompleted = 8

// Complete shows the people whom ?q=, the beginning of a name behind @, may mean. The people
// in the room ?room=, or of the thread below ?post=, come first.
func (Names) Complete(r *request.Request) error {
	if !r.Partial() {
		return r.Redirect(view.SearchPath(r.Query("q"), "people", ""))
	}
	completion := sns.Completion{Text: sns.Query(r.Query("q"), longestName), Viewer: r.Viewer.User, Limit: mostCompleted}
	var err error
	if completion.Room, err = r.Cursor("room"); err != nil {
		return err
	}
	if completion.Post, err = r.Cursor("post"); err != nil {
		return err
	}
	if err := r.Limit(request.LimitSuggest); err != nil {
		return err
	}
	users, err := r.Store.CompletePeople(r.Ctx(), completion)
	if err != nil {
		return err
	}
	names := make([]view.Author, len(users))
	for i, u := range users {
		names[i] = r.Locale.Author(u)
	}
	return r.Fragments(http.StatusOK, request.Fragment{Name: "user/_complete", Data: names})
}

// longestName bounds the bytes of a name that is being typed.
const longestName = 120
