package people

import (
	"cmp"
	"errors"
	"net/http"
	"time"

	"xxsns/app/sns"
	"xxsns/app/view"
	"xxsns/app/web/request"
)

// New shows the form that reports a thing (?kind=, ?id=), which the viewer must be allowed to
// see and must not be the viewer's own.
func (Reports) New(r *request.Request) error {
	thing, ok := sns.ParseReported(r.Query("kind"), r.Query("id"))
	if !ok {
		return request.ErrBadRequest
	}
	report, name, err := loadReported(r, thing)
	if err != nil {
		return refuseReport(r, err)
	}
	return reportForm(r, http.StatusOK, report, name, r.Typed())
}

func reportForm(r *request.Request, status int, report sns.Report, name string, f view.Form) error {
	return r.Show(status, "report/_form", "report/new", view.Page{Title: r.T("report.title"), Data: r.Locale.NewReport(report, name, f)})
}

// Create keeps a report of the viewer. The same again is answered like the first time, also
// when the thing has gone meanwhile.
func (Reports) Create(r *request.Request) error {
	thing, ok := sns.ParseReported(r.Value("kind"), r.Value("id"))
	if !ok {
		return request.ErrBadRequest
	}
	again, err := r.Store.Reported(r.Ctx(), r.Viewer.ID, thing)
	if err != nil {
		return err
	}
	if again {
		return r.RedirectWithToast(view.DecisionsPath, "done.reported")
	}
	report, name, err := loadReported(r, thing)
	if err != nil {
		return refuseReport(r, err)
	}
	if err := keepReport(r, report); err != nil {
		return r.Again(err, r.Typed("reason", "note"), func(status int, f view.Form) error { return reportForm(r, status, report, name, f) })
	}
	return r.RedirectWithToast(view.DecisionsPath, "done.reported")
}

// keepReport keeps a report with the reason and note of the form.
func keepReport(r *request.Request, report sns.Report) (err error) {
	report.Reason = r.Value("reason")
	if report.Note, err = sns.ReportWords(report.Reason, r.Value("note")); err != nil {
		return err
	}
	if err := r.Limit(request.LimitReport); err != nil {
		return err
	}
	pictures, err := openPictures(r, report.Evidence)
	defer closePictures(pictures)
	if err != nil {
		return err
	}
	report.Pictures = pictures
	h, _, err := r.Store.Report(r.Ctx(), report)
	if err != nil {
		return err
	}
	r.TellHiding(h)
	return nil
}

// errOwn means that the viewer reports something of their own.
var errOwn = errors.New("one's own")

// refuseReport says why a thing cannot be reported.
func refuseReport(r *request.Request, err error) error {
	switch {
	case errors.Is(err, errOwn):
		return r.Refuse(http.StatusForbidden, sns.Invalid{{Field: "form", Key: "report.own"}})
	case errors.Is(err, sns.ErrNotFound):
		return r.Refuse(http.StatusNotFound, sns.Invalid{{Field: "form", Key: "report.gone"}})
	}
	return err
}

// loadReported returns the report of a thing as the viewer sees it, with the evidence, and the
// name of the one whose thing it is. sns.ErrNotFound also for what the viewer may not see,
// errOwn.
func loadReported(r *request.Request, thing sns.Reported) (report sns.Report, name string, err error) {
	var subject sns.User
	report = sns.Report{Reporter: r.Viewer.User, Reported: thing, At: r.Now}
	switch thing.Kind {
	case sns.ReportPost:
		subject, report.Evidence, err = reportedPost(r, thing.Thing)
	case sns.ReportComment:
		subject, report.Evidence, err = reportedComment(r, thing.Thing)
	case sns.ReportMessage:
		subject, report.Evidence, err = reportedMessage(r, thing)
	case sns.ReportUser:
		subject, err = r.Store.User(r.Ctx(), thing.Thing)
		report.Evidence = sns.Evidence{Path: view.LastingHomePath(subject), Lines: []sns.EvidenceLine{home(r, subject)}}
	}
	if err == nil && subject.ID == r.Viewer.ID {
		err = errOwn
	}
	for i := range report.Evidence.Lines {
		l := &report.Evidence.Lines[i]
		l.Reported = l.Reported || len(report.Evidence.Lines) == 1
	}
	report.Subject = subject.ID
	return report, r.Locale.Name(subject), err
}

func line(r *request.Request, author sns.User, text string, at time.Time) sns.EvidenceLine {
	return sns.EvidenceLine{Author: author.ID, Name: r.Locale.Name(author), Text: text, At: at}
}

// home returns what the home of a user shows of the user: the status and the profile image.
func home(r *request.Request, user sns.User) sns.EvidenceLine {
	l := line(r, user, user.StatusMessage, r.Now)
	if user.Image != "" {
		l.Images = []string{user.Image}
	}
	return l
}

func reportedPost(r *request.Request, id int64) (sns.User, sns.Evidence, error) {
	post, err := r.Store.Post(r.Ctx(), id, r.Viewer.ID)
	l := line(r, post.Author, post.Content, post.CreatedAt)
	for _, image := range post.Images {
		l.Images = append(l.Images, image.Name)
	}
	return post.Author, sns.Evidence{Path: view.PostPath(id), Lines: []sns.EvidenceLine{l}}, err
}

// reportedComment returns a comment below the first words of its post.
func reportedComment(r *request.Request, id int64) (sns.User, sns.Evidence, error) {
	c, err := r.Store.Comment(r.Ctx(), id)
	if err != nil {
		return sns.User{}, sns.Evidence{}, err
	}
	post, err := r.Store.Post(r.Ctx(), c.PostID, r.Viewer.ID)
	above, l := line(r, post.Author, sns.Beginning(post.Content, sns.EvidenceWords), post.CreatedAt), line(r, c.Author, c.Content, c.CreatedAt)
	l.Reported = true
	return c.Author, sns.Evidence{Path: "/comments/" + view.Itoa(id), Lines: []sns.EvidenceLine{above, l}}, err
}

// reportedMessage returns a message that the viewer may read, among those around it.
func reportedMessage(r *request.Request, thing sns.Reported) (author sns.User, e sns.Evidence, err error) {
	room, membership, err := r.Store.Room(r.Ctx(), thing.Thing, r.Viewer.ID)
	if err == nil && !room.MayRead(r.Viewer.User, membership) && !room.ManagedBy(r.Viewer.User) {
		err = sns.ErrNotFound
	}
	if err != nil {
		return author, e, err
	}
	page := sns.MessagePage{After: max(0, thing.Seq-1-sns.EvidenceAround), Limit: 2*sns.EvidenceAround + 1}
	around, err := r.Rooms.Messages(r.Ctx(), room, page)
	e.Path, err = view.RoomPath(room.ID), cmp.Or(err, sns.ErrNotFound)
	for _, m := range around {
		if m.Kind != sns.MessageSaid || m.Deleted {
			continue
		}
		l := line(r, m.Author, m.Content, m.At)
		if l.Reported = m.Seq == thing.Seq; l.Reported {
			author, err = m.Author, nil
		}
		e.Lines = append(e.Lines, l)
	}
	return author, e, err
}
