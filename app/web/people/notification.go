package people

import (
	"errors"
	"net/http"
	"strconv"

	"xxsns/app/sns"
	"xxsns/app/view"
	"xxsns/app/web/request"
)

// NoticesPerPage is how many notices a page of the inbox lists.
const NoticesPerPage = 30

// inboxPath is the path of the inbox.
const inboxPath = "/notifications"

// The values of ?in=, which choose one half of the inbox.
const (
	inMine = "me"
	inNews = "news"
)

// List lists the notices of the viewer, or with ?in= one half of them, the newest first.
func (Notifications) List(r *request.Request) error {
	in := r.Query("in")
	if in != inMine && in != inNews {
		in = ""
	}
	before, err := r.Cursor("before")
	if err != nil {
		return err
	}
	notices, err := r.Store.Notices(r.Ctx(), r.Viewer.ID, half(in), before, NoticesPerPage+1)
	if err != nil {
		return err
	}
	v := view.Notifications{In: in, List: noticeList(r, notices, in)}
	for _, tab := range []struct{ title, in string }{{"notice.all", ""}, {"notice.mine", inMine}, {"notice.news", inNews}} {
		v.Tabs = append(v.Tabs, view.NewTab(r.T(tab.title), inboxOf(tab.in), tab.in == in))
	}
	inbox, err := r.Store.Inbox(r.Ctx(), r.Viewer.ID)
	if err != nil {
		return err
	}
	v.Unread = inbox.Mine > 0 && in != inNews || inbox.News > 0 && in != inMine
	if r.Partial() {
		return r.Fragments(http.StatusOK, request.Fragment{Name: "notification/_list", Data: v.List})
	}
	return r.Page(http.StatusOK, "notification/list", view.Page{Title: r.T("nav.notifications"), Nav: "notifications", Data: v})
}

// half returns the half of the inbox that ?in= chooses, as the store knows it.
func half(in string) *bool {
	if in != inMine && in != inNews {
		return nil
	}
	news := in == inNews
	return &news
}

// inboxOf returns the path of a half of the inbox.
func inboxOf(in string) string {
	if in == "" {
		return inboxPath
	}
	return inboxPath + "?in=" + in
}

func noticeList(r *request.Request, notices []sns.Notice, in string) (v view.NotificationList) {
	notices, more := view.Cut(notices, NoticesPerPage)
	for _, n := range notices {
		v.Notices = append(v.Notices, r.Locale.Notification(n, r.Now))
	}
	if more {
		v.More = inboxPath + "?before=" + view.Itoa(notices[len(notices)-1].Rank)
		if in != "" {
			v.More += "&in=" + in
		}
	}
	return v
}

// Open reads a notice of the viewer, and leads to its place. The link is the viewer's own,
// and reading twice changes nothing.
func (Notifications) Open(r *request.Request) error {
	id, err := r.Number("id")
	if err != nil {
		return err
	}
	n, err := r.Store.Notice(r.Ctx(), r.Viewer.ID, id)
	if errors.Is(err, sns.ErrNotFound) {
		return r.RedirectWithToast(inboxPath, "done.notice_gone")
	}
	if err != nil {
		return err
	}
	if n.Unread && r.Request.Method == http.MethodGet {
		if err := r.Store.ReadNotices(r.Ctx(), r.Viewer.ID, []int64{id}); err != nil {
			return err
		}
	}
	path := view.NoticePath(n)
	if path == "" { // several new followers
		path = view.HomePath(r.Viewer.Username) + followersPath
	}
	return r.Redirect(path)
}

// Unread answers with the present number of the viewer's notices, and whether something is
// unread in rooms, for a page that has missed changes.
func (Notifications) Unread(r *request.Request) error { return answerUnread(r) }

func answerUnread(r *request.Request) error {
	inbox, err := r.Store.Inbox(r.Ctx(), r.Viewer.ID)
	if err != nil {
		return err
	}
	return r.Fragments(http.StatusOK,
		request.Fragment{Name: "notification/_unread", Data: view.NewUnread(inbox)},
		request.Fragment{Name: "shared/_dots", Data: view.Dots(r.TellsOfRooms())})
}

// Read reads the notices of the viewer that the form names: by id, those of the post or of
// the room that the viewer looks at, of one half of the inbox (in), or all.
func (Notifications) Read(r *request.Request) error {
	if err := r.Limit(request.LimitRead); err != nil {
		return err
	}
	if err := readNamed(r); err != nil {
		return err
	}
	if !r.Partial() {
		return r.RedirectWithToast(inboxOf(r.Value("in")), "done.read")
	}
	return answerUnread(r)
}

func readNamed(r *request.Request) error {
	ids, err := numbers(r.Request.PostForm["id"])
	if err != nil {
		return err
	}
	post, err := numbers(r.Request.PostForm["post"])
	switch {
	case err != nil:
		return err
	case len(post) > 0:
		return r.Store.ReadPost(r.Ctx(), r.Viewer.ID, post[0])
	case len(ids) > 0:
		return r.Store.ReadNotices(r.Ctx(), r.Viewer.ID, ids)
	}
	return r.Store.ReadHalf(r.Ctx(), r.Viewer.ID, half(r.Value("in")))
}

// mostNumbers is how many notices a form may name.
const mostNumbers = 100

// numbers returns the ids of a form. Anything but at most mostNumbers positive numbers is
// ErrBadRequest.
func numbers(raw []string) (ids []int64, err error) {
	if len(raw) > mostNumbers {
		return nil, request.ErrBadRequest
	}
	for _, s := range raw {
		id, err := strconv.ParseInt(s, 10, 64)
		if err != nil || id < 1 {
			return nil, request.ErrBadRequest
		}
		ids = append(ids, id)
	}
	return ids, nil
}
