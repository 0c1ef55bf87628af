package sns

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// A Community is what administrators say and decide of the whole site.
type Community struct {
	Name          string // empty: the name of the product
	Notice        string // on top of the timeline, or empty
	NoticeVersion int64  // raised with each change of Notice
	Rules         string // or empty
	Contact       string // how to reach those who run the site, or empty
	SignUp        SignUpMode
	MinAge        int  // years, which a new member confirms; 0: nobody is asked
	Invites       int  // how many people a member may invite; 0: none
	FirstDay      bool // new accounts have the limits of Newcomer
}

// A SignUpMode says who may make an account. An invitation lets its holder in, unless the
// mode is SignUpClosed.
type SignUpMode string

// The modes of signing up.
const (
	SignUpOpen       SignUpMode = "open"
	SignUpApproval   SignUpMode = "approval" // an administrator decides on each application
	SignUpInvitation SignUpMode = "invitation"
	SignUpClosed     SignUpMode = "closed"
)

// SignUpModes are all modes, in the order of the form.
var SignUpModes = []SignUpMode{SignUpOpen, SignUpApproval, SignUpInvitation, SignUpClosed}

// Limits of what a community says of itself, in graphemes, and of its numbers.
const (
	CommunityNameMax = 20
	NoticeMax        = 500
	RulesMax         = 5000
	ContactMax       = 200
	MinAgeMax        = 99
	InvitesMax       = 100
)

// CommunityForm is the form of a Community, as typed.
type CommunityForm struct {
	Name, Notice, Rules, Contact, SignUp, MinAge, Invites string
	FirstDay                                              bool
}

// Check returns the community, or Invalid with all problems.
func (f CommunityForm) Check() (Community, error) {
	var inv Invalid
	take := func(s string, p *Problem) string { inv.Add(p); return s }
	count := func(n int, p *Problem) int { inv.Add(p); return n }
	c := Community{
		Name:     take(LineWithin("name", f.Name, 0, CommunityNameMax)),
		Notice:   take(TextWithin("notice", f.Notice, 0, NoticeMax)),
		Rules:    take(TextWithin("rules", f.Rules, 0, RulesMax)),
		Contact:  take(LineWithin("contact", f.Contact, 0, ContactMax)),
		SignUp:   SignUpMode(f.SignUp),
		MinAge:   count(NumberWithin("min_age", f.MinAge, 0, MinAgeMax)),
		Invites:  count(NumberWithin("invites", f.Invites, 0, InvitesMax)),
		FirstDay: f.FirstDay,
	}
	if !slices.Contains(SignUpModes, c.SignUp) {
		inv.Add(&Problem{Field: "sign_up", Key: "community.mode"})
	}
	return c, inv.Err()
}

// NumberWithin checks a typed number with its limits.
func NumberWithin(field, raw string, min, max int) (int, *Problem) {
	n, err := strconv.Atoi(strings.TrimSpace(raw))
	if err != nil || n < min || n > max {
		return 0, &Problem{Field: field, Key: "invalid.number", Args: map[string]any{"Min": min, "Max": max}}
	}
	return n, nil
}

// Limits of an account in its first day, if the community wants them.
const (
	NewcomerLife  = 24 * time.Hour
	NewcomerPosts = 10 // in the first day
	NewcomerLinks = 2  // in a post or comment
)

// Newcomer reports whether the limits of the first day hold for a member. They never hold for
// mentors and administrators, whom somebody has chosen.
func (c Community) Newcomer(u User, now time.Time) bool {
	return c.FirstDay && !u.Role.Is(RoleMentor) && now.Sub(u.CreatedAt) < NewcomerLife
}

// NewcomerText returns a problem if a text has more links than a newcomer may write.
func NewcomerText(text string) *Problem {
	links := 0
	for piece := range Addresses(text) {
		if piece.Kind == PieceAddress {
			links++
		}
	}
	if links > NewcomerLinks {
		return &Problem{Field: "content", Key: "newcomer.links", Args: map[string]any{"Max": NewcomerLinks}}
	}
	return nil
}
