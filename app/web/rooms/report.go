package rooms

import (
	"errors"
	"net/http"

	"xxsns/app/sns"
	"xxsns/app/view"
	"xxsns/app/web/request"
)

// Reports lists what was reported of the rooms of the viewer. The viewer must be a mentor.
// Names of reporters are not shown, and reports about the mentor are for administrators.
func (Desk) Reports(r *request.Request) error {
	if err := requireMentor(r); err != nil {
		return err
	}
	v, err := r.Cases(view.DeskReportsPath, r.Viewer.ID)
	if err != nil {
		return err
	}
	return r.Show(http.StatusOK, "report/_cases", "room/reports", view.Page{Title: r.T("report.queue"), Nav: "desk", Data: v})
}

// Report shows a case of a room of the viewer.
func (Desk) Report(r *request.Request) error {
	c, _, err := loadRoomCase(r)
	if err != nil {
		return err
	}
	return roomCasePage(r, http.StatusOK, c, r.Typed())
}

// loadRoomCase returns the case that the route names, and its room, for who manages the room; for
// others the error is request.ErrNotMentor. sns.ErrNotFound for reports about the viewer.
func loadRoomCase(r *request.Request) (c sns.Case, room sns.Room, err error) {
	if err := requireMentor(r); err != nil {
		return c, room, err
	}
	id, err := r.Number("id")
	if err != nil {
		return c, room, err
	}
	c, err = r.Store.Case(r.Ctx(), id)
	if err == nil && (c.Kind != sns.ReportMessage || c.Subject.ID == r.Viewer.ID) {
		err = sns.ErrNotFound
	}
	if err != nil {
		return c, room, err
	}
	room, _, err = r.Store.Room(r.Ctx(), c.Thing, r.Viewer.ID)
	if err == nil && !room.ManagedBy(r.Viewer.User) {
		err = request.ErrNotMentor
	}
	return c, room, err
}

func roomCasePage(r *request.Request, status int, c sns.Case, f view.Form, more ...request.Fragment) error {
	v, err := r.Case(view.DeskReportsPath, c, sns.MentorVerdicts, f)
	if err != nil {
		return err
	}
	for i := range v.Reports {
		v.Reports[i].State = ""
	}
	if r.Partial() {
		return r.Fragments(status, append([]request.Fragment{{Name: "report/_case", Data: v}}, more...)...)
	}
	return r.Page(status, "room/report", view.Page{Title: r.T("report.case", "Kind", v.Kind), Nav: "desk", Data: v})
}

// DecideReport decides a case of a room of the viewer: nothing is wrong, the message goes, or
// the person goes from the room.
func (Desk) DecideReport(r *request.Request) error {
	c, room, err := loadRoomCase(r)
	if err != nil {
		return err
	}
	err = decideRoomCase(r, c, room)
	switch {
	case errors.Is(err, sns.ErrConflict):
		if c, err = r.Store.Case(r.Ctx(), c.ID); err != nil {
			return err
		}
		late := sns.Invalid{{Field: "form", Key: "report.late"}}
		return roomCasePage(r, http.StatusConflict, c, r.Typed("decision", "note").WithProblems(r.Locale, late))
	case err != nil:
		return r.Again(err, r.Typed("decision", "note"), func(status int, f view.Form) error { return roomCasePage(r, status, c, f) })
	case !r.Partial():
		return r.RedirectWithToast(view.DeskReportsPath, "done.decided")
	}
	if c, err = r.Store.Case(r.Ctx(), c.ID); err != nil {
		return err
	}
	return roomCasePage(r, http.StatusOK, c, r.Typed(), r.Toast("done.decided"))
}

// decideRoomCase acts in the room first: what cannot be done there leaves the case open, and
// doing it again changes nothing.
func decideRoomCase(r *request.Request, c sns.Case, room sns.Room) error {
	if !c.Open() {
		return sns.ErrConflict
	}
	ruling, err := r.Ruling(c, sns.MentorVerdicts)
	if err != nil {
		return err
	}
	switch ruling.Verdict { //nolint:exhaustive // the others are for administrators
	case sns.VerdictDelete:
		err = r.EraseReported(c)
	case sns.VerdictRemove:
		err = r.Rooms.Remove(r.Ctx(), room, r.Viewer.User, c.Subject)
	}
	if err != nil {
		return err
	}
	_, err = r.Store.Rule(r.Ctx(), ruling)
	return err
}
