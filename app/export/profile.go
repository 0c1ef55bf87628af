package export

import (
	"context"
	"time"

	"xxsns/app/sns"
	"xxsns/app/view"
)

type profile struct {
	Username  string    `json:"username"`
	Email     string    `json:"email"`
	Role      sns.Role  `json:"role"`
	Status    string    `json:"status_message,omitempty"`
	Area      string    `json:"area,omitempty"`
	Town      string    `json:"town,omitempty"`
	Image     string    `json:"image,omitempty"`
	CreatedAt time.Time `json:"created_at"`
	Followers int       `json:"followers"`
	Following int       `json:"following"`

	Names    []formerName    `json:"former_usernames"`
	Sessions []device        `json:"sessions"`
	Devices  []device        `json:"push_devices"`
	Notices  map[string]bool `json:"notice_settings"`
	Quiet    *sns.Quiet      `json:"quiet_hours,omitempty"`
}

// A device is a session, or a browser that is told of notices.
type device struct {
	Agent     string    `json:"agent"`
	CreatedAt time.Time `json:"created_at"`
	SeenAt    time.Time `json:"seen_at"`
}

// A formerName is a username that the account had.
type formerName struct {
	Username string    `json:"username"`
	Since    time.Time `json:"since"`
	Until    time.Time `json:"until"`
}

// profile adds the first page: the account, where it is signed in, and what it has chosen.
func (a *archive) profile(ctx context.Context) error {
	p, err := a.readProfile(ctx)
	if err != nil {
		return err
	}
	page := a.newPage(part{title: "export.profile"}, "index.html")
	page.Title = a.locale.T("export.title", "Name", a.user.Username)
	page.Help = a.locale.T("export.made", "Time", a.locale.ExportTime(a.Now()))
	page.Facts = a.facts(p)
	if p.Image != "" {
		page.Image = imagePath(p.Image)
		if err := a.addImage(ctx, p.Image); err != nil {
			return err
		}
	}
	if err := a.addPage("index.html", page); err != nil {
		return err
	}
	return a.addJSON("profile.json", p)
}

func (a *archive) readProfile(ctx context.Context) (p profile, err error) {
	u := a.user
	p = profile{
		Username: u.Username, Role: u.Role, Status: u.StatusMessage, Area: u.Location.Area, Town: u.Location.Town, Image: u.Image,
		CreatedAt: u.CreatedAt, Followers: u.Followers, Following: u.Following, Names: []formerName{}, Sessions: []device{}, Devices: []device{}, Notices: map[string]bool{},
	}
	if p.Email, err = a.Store.Email(ctx, u.ID); err != nil {
		return p, err
	}
	names, err := a.Store.FormerNames(ctx, []int64{u.ID})
	for _, n := range names[u.ID] {
		p.Names = append(p.Names, formerName{n.Name, n.Since, n.Until})
	}
	if err != nil {
		return p, err
	}
	sessions, err := a.Store.Sessions(ctx, u.ID, a.Now())
	for _, s := range sessions {
		p.Sessions = append(p.Sessions, device{s.Agent, s.CreatedAt, s.SeenAt})
	}
	if err != nil {
		return p, err
	}
	browsers, err := a.Store.PushDevices(ctx, u.ID)
	for _, d := range browsers {
		p.Devices = append(p.Devices, device{d.Agent, d.CreatedAt, d.SeenAt})
	}
	if err != nil {
		return p, err
	}
	chosen, err := a.Store.NoticeSettings(ctx, u.ID)
	for _, k := range sns.NoticeKinds {
		for _, c := range sns.Channels {
			p.Notices[k.String()+"."+c.String()] = chosen.Has(k, c)
		}
	}
	if chosen.Quiet != (sns.Quiet{}) {
		p.Quiet = &chosen.Quiet
	}
	return p, err
}

// facts shows a profile.
func (a *archive) facts(p profile) (facts []view.ExportFact) {
	add := func(key, value string) {
		if value != "" {
			facts = append(facts, view.ExportFact{Name: a.locale.T(key), Value: value})
		}
	}
	add("field.username", p.Username)
	for _, n := range p.Names {
		add("export.former_name", n.Username+" · "+a.locale.ExportTime(n.Since)+" – "+a.locale.ExportTime(n.Until))
	}
	add("field.email", p.Email)
	add("export.status", p.Status)
	add("export.location", view.PlaceName(a.user.Location))
	add("export.joined", a.locale.ExportTime(p.CreatedAt))
	for _, s := range p.Sessions {
		add("export.session", s.Agent+" · "+a.locale.ExportTime(s.SeenAt))
	}
	for _, d := range p.Devices {
		add("export.push", d.Agent+" · "+a.locale.ExportTime(d.CreatedAt))
	}
	return facts
}
