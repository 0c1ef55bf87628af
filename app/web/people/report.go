package people

import (
	"net/http"

	"xxsns/app/view"
	"xxsns/app/web/request"
)

// decisionsPerPage is how many decisions a page lists.
const decisionsPerPage = 30

// reportsShown is how many of the viewer's reports the page shows.
const reportsShown = 30

// List lists what the viewer has reported, and what was decided about the viewer, the latest first. The notices of decisions
// are read.
func (Reports) List(r *request.Request) error {
	before, err := r.Cursor("before")
	if err != nil {
		return err
	}
	if err := r.Store.ReadDecisions(r.Ctx(), r.Viewer.ID); err != nil {
		return err
	}
	decisions, err := r.Store.Decisions(r.Ctx(), r.Viewer.ID, before, decisionsPerPage+1)
	if err != nil {
		return err
	}
	decisions, more := view.Cut(decisions, decisionsPerPage)
	var v view.Decisions
	if before == 0 {
		reports, err := r.Store.ReportsOf(r.Ctx(), r.Viewer.ID, reportsShown)
		if err != nil {
			return err
		}
		v.Mine = r.Locale.MyReports(reports, r.Now)
	}
	for _, d := range decisions {
		v.Decisions = append(v.Decisions, r.Locale.Decision(d, r.Now))
	}
	if more {
		v.More = view.DecisionsPath + "?before=" + view.Itoa(decisions[len(decisions)-1].ID)
	}
	return r.Show(http.StatusOK, "report/_decisions", "report/list", view.Page{Title: r.T("decision.title"), Nav: "notifications", Data: v})
}
