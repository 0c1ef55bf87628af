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
	channels, reader, err := loadChannels(r)
	if err != nil {
		return err
	}
	v := r.Locale.NotificationSettings(chosen, channels)
	v.Digest = reader.Digest
	return switchesPage(r, http.StatusOK, v)
}

// loadChannels returns the channels that the page offers, and which mails the viewer wants.
// Only a confirmed address gets any.
func loadChannels(r *request.Request) ([]sns.Channel, sns.MailReader, error) {
	channels := []sns.Channel{sns.ChannelInbox, sns.ChannelPush}
	if r.Mails == nil {
		return channels, sns.MailReader{}, nil
	}
	box, err := r.Store.Mailbox(r.Ctx(), r.Viewer.ID)
	if err != nil || !box.Confirmed {
		return channels, sns.MailReader{}, err
	}
	reader, err := r.Store.MailReader(r.Ctx(), r.Viewer.ID)
	return append(channels, sns.ChannelMail), reader, err
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
	channels, _, err := loadChannels(r)
	if err != nil {
		return err
	}
	readSwitches(r, &chosen.Switches, channels)
	problems := readQuiet(r, &chosen.Quiet)
	v := r.Locale.NotificationSettings(chosen, channels)
	v.Digest = v.Mail && r.Value("digest") != ""
	if len(problems) > 0 {
		typed := r.Typed("quiet_from", "quiet_to", "zone").WithProblems(r.Locale, problems)
		return switchesPage(r, http.StatusUnprocessableEntity, v.Again(typed))
	}
	if err := r.Store.SetNoticeSettings(r.Ctx(), r.Viewer.ID, chosen); err != nil {
		return err
	}
	if v.Mail {
		want := sns.MailReader{Notices: chosen.Mails(), Digest: v.Digest}
		if err := r.Store.SetMailReader(r.Ctx(), r.Viewer.ID, want, sns.NextDigest(r.Now, r.Zone)); err != nil {
			return err
		}
	}
	if !r.Partial() {
		return r.RedirectWithToast(switchesPath, "done.saved")
	}
	v.Done = true
	return switchesPage(r, http.StatusOK, v)
}

// readSwitches reads the boxes of the form.
func readSwitches(r *request.Request, s *sns.Switches, channels []sns.Channel) {
	for _, k := range sns.NoticeKinds {
		for _, c := range channels {
			if on := r.Value(k.String()+"."+c.String()) != ""; on != s.Has(k, c) {
				s.Turn(k, c, on)
			}
		}
	}
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
