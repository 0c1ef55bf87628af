package view

import (
	"html/template"
	"time"

	"xxsns/app/sns"
)

// AdminCommunity is admin/_community: the form of the community's words and of signing up.
type AdminCommunity struct {
	Name, Notice, Rules, Contact, MinAge, Invites Input
	SignUp                                        Choices
	FirstDay                                      bool
	Posts, Links                                  int // limits of the first day
}

// NewCommunityForm returns the form of the present community.
func NewCommunityForm(c sns.Community) Form {
	f := NewForm("name", c.Name, "notice", c.Notice, "rules", c.Rules, "contact", c.Contact,
		"sign_up", string(c.SignUp), "min_age", Itoa(int64(c.MinAge)), "invites", Itoa(int64(c.Invites)))
	if c.FirstDay {
		f["first_day"] = Field{Value: "on"}
	}
	return f
}

// AdminCommunity shows the form of the community.
func (l *Locale) AdminCommunity(f Form) AdminCommunity {
	mode := sns.SignUpMode(f.Field("sign_up").Value)
	return AdminCommunity{
		Name:    f.Input("name", l.T("community.name"), l.T("community.name_help", "Name", l.T("app.name"))),
		Notice:  f.Input("notice", l.T("community.notice"), l.T("community.notice_help")).Long(3),
		Rules:   f.Input("rules", l.T("community.rules"), l.T("community.rules_help")).Long(8),
		Contact: f.Input("contact", l.T("community.contact"), l.T("community.contact_help")),
		MinAge:  f.Input("min_age", l.T("community.min_age"), l.T("community.min_age_help")).Of("number"),
		Invites: f.Input("invites", l.T("community.invites"), l.T("community.invites_help")).Of("number"),
		SignUp: Choices{Name: "sign_up", Label: l.T("community.sign_up"), Error: f.Field("sign_up").Error, All: []Choice{
			{string(sns.SignUpOpen), l.T("community.open"), mode == sns.SignUpOpen},
			{string(sns.SignUpApproval), l.T("community.approval"), mode == sns.SignUpApproval},
			{string(sns.SignUpInvitation), l.T("community.invitation"), mode == sns.SignUpInvitation},
			{string(sns.SignUpClosed), l.T("community.closed"), mode == sns.SignUpClosed},
		}},
		FirstDay: f.Field("first_day").Value != "", Posts: sns.NewcomerPosts, Links: sns.NewcomerLinks,
	}
}

// SiteNotice is community/_notice: the notice on top of the timeline.
type SiteNotice struct {
	Version int64         // 0: there is none, or the viewer has put it away
	Text    template.HTML // with links
}

// NewSiteNotice returns the notice of a community for a viewer who has put away the notice of
// a version.
func NewSiteNotice(c sns.Community, away int64) SiteNotice {
	if c.Notice == "" || away == c.NoticeVersion {
		return SiteNotice{}
	}
	return SiteNotice{c.NoticeVersion, withLinks(c.Notice)}
}

// Rules is community/rules: the rules of the community, and whom to ask.
type Rules struct {
	Text, Contact template.HTML // or empty
}

// NewRules returns the page of the rules.
func NewRules(c sns.Community) Rules { return Rules{withLinks(c.Rules), withLinks(c.Contact)} }

// Privacy is community/privacy: what is kept of members, and for how long.
type Privacy struct {
	Kept    []Kept
	Contact template.HTML // or empty
}

// Kept is something that the site keeps, and until when.
type Kept struct{ What, Until string }

// Privacy returns the page about what is kept of members. The times are those of the program.
func (l *Locale) Privacy(c sns.Community) Privacy {
	days := func(key string, kept time.Duration) string { return l.T(key, "Days", daysOf(kept)) }
	return Privacy{Contact: withLinks(c.Contact), Kept: []Kept{
		{l.T("privacy.account"), l.T("privacy.account_until")},
		{l.T("privacy.names"), l.T("privacy.names_until", "Reserved", daysOf(sns.NameReserved), "Days", daysOf(sns.FormerNameKept))},
		{l.T("privacy.posts"), l.T("privacy.posts_until")},
		{l.T("privacy.rooms"), l.T("privacy.rooms_until")},
		{l.T("privacy.devices"), l.T("privacy.devices_until", "Days", daysOf(sns.SessionLife), "Most", daysOf(sns.SessionMost))},
		{l.T("privacy.networks"), days("privacy.days", sns.NetworkLife)},
		{l.T("privacy.applications"), days("privacy.applications_until", sns.ApplicationLife)},
		{l.T("privacy.notices"), days("privacy.days", sns.NoticesKept)},
		{l.T("privacy.pushes"), days("privacy.pushes_until", sns.PushEndedKept)},
		{l.T("privacy.reports"), days("privacy.reports_until", sns.EvidenceLife)},
		{l.T("privacy.takedowns"), days("privacy.takedowns_until", sns.TakedownLife)},
		{l.T("privacy.acts"), days("privacy.days", sns.ActLife)},
	}}
}

func daysOf(d time.Duration) int { return int(d / (24 * time.Hour)) }
