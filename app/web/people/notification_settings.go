package people

import (
	"net/http"

	"xxsns/app/sns"
	"xxsns/app/view"
	"xxsns/app/web/request"
)

// Settings shows which notices reach the viewer, and how.
func (Notifications) Settings(r *request.Request) error {
	chosen, err := r.Store.NoticeSettings(r.Ctx(), r.Viewer.ID)
	if err != nil {
		return err
	}
	return switchesPage(r, http.StatusOK, r.Locale.NotificationSettings(chosen))
}

func switchesPage(r *request.Request, status int, v view.NotificationSettings) error {
	if !r.Partial() {
		if err := loadPushDevices(r, &v.Devices); err != nil {
			return err
		}
	}
	return r.Show(status, "notification/_switches", "notification/settings", view.Page{Title: r.T("notice.settings"), Nav: "settings", Data: v})
}

// Change sets which notices reach the viewer. A box that is missing is off, as browsers send
// forms. The mail channel keeps its switches while nothing is mailed.
func (Notifications) Change(r *request.Request) error {
	if err := r.Limit(request.LimitEdit); err != nil {
		return err
	}
	chosen, err := r.Store.NoticeSettings(r.Ctx(), r.Viewer.ID)
	if err != nil {
		return err
	}
	for _, k := range sns.NoticeKinds {
		for _, c := range []sns.Channel{sns.ChannelInbox, sns.ChannelPush} {
			if on := r.Value(k.String()+"."+c.String()) != ""; on != chosen.Has(k, c) {
				chosen.Turn(k, c, on)
			}
		}
	}
	problems := readQuiet(r, &chosen.Quiet)
	v := r.Locale.NotificationSettings(chosen)
	if len(problems) > 0 {
		typed := r.Typed("quiet_from", "quiet_to", "zone").WithProblems(r.Locale, problems)
		return switchesPage(r, http.StatusUnprocessableEntity, v.Again(typed))
	}
	if err := r.Store.SetNoticeSettings(r.Ctx(), r.Viewer.ID, chosen); err != nil {
		return err
	}
	if !r.Partial() {
		return r.RedirectWithToast(switchesPath, "done.saved")
	}
	v.Done = true
	return switchesPage(r, http.StatusOK, v)
}

// switchesPath is the path of the page of the switches.
const switchesPath = "/settings/notifications"

// readQuiet reads the quiet hours of the form.
func readQuiet(r *request.Request, q *sns.Quiet) (problems sns.Invalid) {
	if r.Value("quiet") == "" {
		*q = sns.Quiet{}
		return nil
	}
	for field, minutes := range map[string]*int{"quiet_from": &q.From, "quiet_to": &q.To} {
		at, ok := view.MinutesOf(r.Value(field))
		if !ok {
			problems = append(problems, sns.Problem{Field: field, Key: "notice.time_bad"})
		}
		*minutes = at
	}
	if q.Zone = r.Value("zone"); !view.IsZone(q.Zone) {
		problems = append(problems, sns.Problem{Field: "zone", Key: "notice.zone_bad"})
	}
	if len(problems) == 0 && q.From == q.To {
		problems = append(problems, sns.Problem{Field: "quiet_to", Key: "notice.quiet_none"})
	}
	return problems
}
