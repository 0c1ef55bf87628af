package admin

import (
	"net/http"

	"xxsns/app/sns"
	"xxsns/app/view"
	"xxsns/app/web/request"
)

const logPath = "/admin/log"

// actsPerPage is how many acts a page of the log lists.
const actsPerPage = 50

// Show lists what administrators and mentors did to others, the newest first, narrowed to a
// kind and to the acts of and to a user.
func (Log) Show(r *request.Request) error {
	before, err := r.Cursor("before")
	if err != nil {
		return err
	}
	user, err := r.Cursor("user")
	if err != nil {
		return err
	}
	page := sns.ActPage{Kind: sns.ActKind(r.Query("kind")), User: user, Before: before, Limit: actsPerPage + 1}
	acts, err := r.Store.Acts(r.Ctx(), page, r.Now)
	if err != nil {
		return err
	}
	next := ""
	acts, more := view.Cut(acts, actsPerPage)
	if more {
		query := []string{"kind", string(page.Kind), "before", view.Itoa(acts[len(acts)-1].ID)}
		if user != 0 {
			query = append(query, "user", view.Itoa(user))
		}
		next = view.PageURL(logPath, query...)
	}
	names, err := r.Store.Users(r.Ctx(), []int64{user})
	if err != nil {
		return err
	}
	v := r.Locale.AdminLog(page, names[user], acts, next, r.Now)
	return r.Show(http.StatusOK, "admin/_acts", "admin/log", view.Page{Title: r.T("act.title"), Nav: "admin", Data: v})
}
