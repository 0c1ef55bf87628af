package web_test

// An audience is the people who may use a route. All others are refused, and change
// nothing.
type audience string

const (
	forEverybody  audience = "everybody"
	forMembers    audience = "members"    // signed in
	forWelcome    audience = "welcome"    // members but those removed from the room
	forInside     audience = "inside"     // participants of the room
	forAuthors    audience = "authors"    // of the post or comment
	forMentors    audience = "mentors"    // and administrators
	forLeaders    audience = "leaders"    // the mentor of the room, and administrators
	forModerators audience = "moderators" // of a message: its author, and leaders
	forAdmins     audience = "admins"
)

// audiences has the audience of each route. The statuses for each kind of input are in
// the tables of routes_test.go, room_routes_test.go and board_routes_test.go.
var audiences = map[string]audience{
	"GET /healthz": forEverybody, "HEAD /healthz": forEverybody,
	"GET /readyz": forEverybody, "HEAD /readyz": forEverybody,
	"GET /static/:name": forEverybody, "HEAD /static/:name": forEverybody,
	"GET /favicon.ico": forEverybody, "HEAD /favicon.ico": forEverybody,
	"GET /sw.js": forEverybody, "HEAD /sw.js": forEverybody, "GET /offline": forEverybody,
	"GET /uploads/:name": forEverybody, "HEAD /uploads/:name": forEverybody,

	"GET /manifest.json": forEverybody, "GET /rules": forEverybody, "GET /privacy": forEverybody,
	"POST /notice":         forMembers,
	"GET /admin/community": forAdmins, "POST /admin/community": forAdmins,

	"GET /admin/applications": forAdmins, "POST /admin/applications/:id": forAdmins,
	"GET /admin/invitations": forAdmins, "POST /admin/invitations": forAdmins,
	"POST /admin/invitations/:id/close":    forAdmins,
	"GET /settings/invitations":            forMembers,
	"POST /settings/invitations":           forMembers,
	"POST /settings/invitations/:id/close": forMembers, // of their own
	"GET /settings/mentor":                 forMembers,
	"POST /settings/mentor":                forMembers,
	"GET /mentors":                         forMembers,

	"GET /sign-up/waiting": forEverybody,
	"GET /sign-up":         forEverybody, "POST /sign-up": forEverybody,
	"GET /sign-up/username": forEverybody,
	"GET /sign-in":          forEverybody, "POST /sign-in": forEverybody,
	"POST /sign-out": forEverybody,
	"GET /appeal":    forMembers, "POST /appeal": forMembers, // says to others that they are not suspended
	"GET /mail/stop/:token": forEverybody, "POST /mail/stop/:token": forEverybody, // who has the mail
	"POST /settings/email":     forMembers,
	"GET /settings/name":       forMembers,
	"POST /settings/name":      forMembers,
	"GET /mail/confirm/:token": forEverybody, "POST /mail/confirm/:token": forEverybody, // who has the link
	"GET /forgot": forEverybody, "POST /forgot": forEverybody,
	"GET /reset/:token": forEverybody, "POST /reset/:token": forEverybody, // who has the link

	"GET /":                        forMembers,
	"GET /following":               forMembers,
	"GET /boards":                  forMembers,
	"GET /boards/:slug":            forMembers,
	"GET /boards/:slug/filter":     forMembers,
	"GET /local":                   forMembers,
	"GET /local/filter":            forMembers,
	"POST /posts":                  forMembers,
	"GET /posts/counts":            forMembers,
	"GET /posts/facets":            forMembers,
	"GET /posts/new":               forMembers,
	"GET /posts/:id":               forMembers,
	"GET /posts/:id/edit":          forAuthors,
	"POST /posts/:id":              forAuthors,
	"GET /posts/:id/delete":        forAuthors,
	"POST /posts/:id/delete":       forAuthors,
	"POST /posts/:id/like":         forMembers,
	"POST /posts/:id/mute":         forMembers,
	"GET /posts/:id/comments":      forMembers,
	"POST /posts/:id/comments":     forMembers,
	"GET /comments/:id":            forMembers,
	"GET /comments/:id/edit":       forAuthors,
	"POST /comments/:id":           forAuthors,
	"GET /comments/:id/delete":     forAuthors,
	"POST /comments/:id/delete":    forAuthors,
	"GET /search":                  forMembers,
	"GET /search/suggest":          forMembers,
	"GET /people/complete":         forMembers,
	"GET /users/:username":         forMembers,
	"GET /users/:username/about":   forMembers,
	"POST /users/:username/follow": forMembers,
	"GET /users/:username/block":   forMembers,
	"POST /users/:username/block":  forMembers,
	"GET /settings/blocks":         forMembers,

	"GET /posts/:id/comments/latest": forMembers,
	"GET /users/:username/followers": forMembers,
	"GET /users/:username/following": forMembers,

	"GET /rooms":                              forMembers,
	"POST /rooms":                             forMentors,
	"GET /rooms/new":                          forMentors,
	"GET /rooms/:id":                          forMembers, // the door for those outside
	"POST /rooms/:id":                         forLeaders,
	"GET /rooms/:id/edit":                     forLeaders,
	"POST /rooms/:id/enter":                   forWelcome,
	"GET /rooms/:id/leave":                    forMembers, // leads those outside to the door
	"POST /rooms/:id/leave":                   forMembers,
	"POST /rooms/:id/wait":                    forWelcome,
	"GET /rooms/:id/end":                      forLeaders,
	"POST /rooms/:id/end":                     forLeaders,
	"POST /rooms/:id/settle":                  forLeaders,
	"POST /rooms/:id/read":                    forInside,
	"POST /rooms/:id/alerts":                  forInside,
	"GET /rooms/:id/messages":                 forInside,
	"POST /rooms/:id/messages":                forInside,
	"GET /rooms/:id/messages/:seq/delete":     forModerators,
	"POST /rooms/:id/messages/:seq/delete":    forModerators,
	"GET /rooms/:id/transcript":               forInside,
	"GET /rooms/:id/socket":                   forInside,
	"GET /desk":                               forMentors,
	"GET /notifications":                      forMembers,
	"GET /reports":                            forMembers,
	"POST /reports":                           forMembers,
	"GET /reports/new":                        forMembers,
	"GET /takedown":                           forEverybody,
	"POST /takedown":                          forEverybody,
	"GET /takedown/:token":                    forEverybody, // who has the token
	"POST /takedown/:token/object":            forAuthors,
	"GET /desk/reports":                       forMentors,
	"GET /desk/reports/:id":                   forLeaders,
	"POST /desk/reports/:id":                  forLeaders,
	"POST /notifications/read":                forMembers,
	"GET /notifications/unread":               forMembers,
	"GET /notifications/:id/open":             forMembers,
	"GET /settings/notifications":             forMembers,
	"POST /settings/notifications":            forMembers,
	"GET /settings":                           forMembers,
	"GET /settings/profile":                   forMembers,
	"POST /settings/profile":                  forMembers,
	"GET /settings/location":                  forMembers,
	"POST /settings/location":                 forMembers,
	"POST /settings/password":                 forMembers,
	"POST /settings/sessions":                 forMembers,
	"GET /settings/export":                    forMembers,
	"POST /settings/export":                   forMembers,
	"GET /settings/export/:name":              forMembers,
	"GET /settings/delete":                    forMembers,
	"GET /push/key":                           forMembers,
	"GET /push/subscriptions":                 forMembers,
	"POST /push/subscriptions":                forMembers,
	"POST /push/subscriptions/delete":         forMembers,
	"POST /push/subscriptions/:id/test":       forMembers, // of their own
	"POST /settings/delete":                   forMembers,
	"GET /me.css":                             forMembers,
	"GET /live":                               forMembers,
	"GET /admin":                              forAdmins,
	"GET /admin/users":                        forAdmins,
	"GET /admin/users/:id":                    forAdmins,
	"POST /admin/users/:id/role":              forAdmins,
	"POST /admin/users/:id/suspend":           forAdmins,
	"POST /admin/users/:id/appeal":            forAdmins,
	"POST /admin/users/:id/reset":             forAdmins,
	"GET /admin/takedowns":                    forAdmins,
	"GET /admin/takedowns/:id":                forAdmins,
	"POST /admin/takedowns/:id":               forAdmins,
	"GET /admin/takedowns/:id/proofs/:number": forAdmins,
	"GET /admin/reports":                      forAdmins,
	"GET /admin/reports/:id":                  forAdmins,
	"POST /admin/reports/:id":                 forAdmins,
	"GET /admin/reports/:id/pictures/:number": forAdmins,
	"GET /admin/rooms":                        forAdmins,
	"POST /admin/rooms/:id/settle":            forAdmins,
	"GET /admin/log":                          forAdmins,
	"GET /admin/boards":                       forAdmins,
	"POST /admin/boards":                      forAdmins,
	"GET /admin/boards/:id":                   forAdmins,
	"POST /admin/boards/:id":                  forAdmins,
	"POST /admin/boards/:id/move":             forAdmins,
	"POST /admin/boards/:id/close":            forAdmins,
	"POST /admin/boards/:id/facets":           forAdmins,
	"POST /admin/facets/:id":                  forAdmins,
	"POST /admin/facets/:id/move":             forAdmins,
	"POST /admin/facets/:id/close":            forAdmins,
	"POST /admin/facets/:id/options":          forAdmins,
	"POST /admin/options/:id":                 forAdmins,
	"POST /admin/options/:id/move":            forAdmins,
	"POST /admin/options/:id/close":           forAdmins,

	"GET /rooms/:id/participants/:user_id/remove":   forLeaders,
	"POST /rooms/:id/participants/:user_id/remove":  forLeaders,
	"POST /rooms/:id/participants/:user_id/restore": forLeaders,
}
