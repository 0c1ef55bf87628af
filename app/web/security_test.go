package web_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"log/slog"
	"maps"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"xxsns/app/apptest"
	"xxsns/app/config"
	"xxsns/app/sns"
	"xxsns/app/web"
)

// A securityEvent is a line of the log: its attributes by name.
type securityEvent map[string]string

var attribute = regexp.MustCompile(`(\w+)=("(?:[^"\\]|\\.)*"|\S+)`)

// securityEvents returns the security events of the log, in order.
func (v *siteWithMembers) securityEvents() (all []securityEvent) {
	v.t.Helper()
	for _, line := range v.Logged() {
		if !strings.Contains(line, `msg="security event" event=security kind=`) {
			continue
		}
		e := securityEvent{}
		for _, m := range attribute.FindAllStringSubmatch(line, -1) {
			e[m[1]] = strings.Trim(m[2], `"`)
		}
		all = append(all, e)
	}
	return all
}

// after returns the events that do causes.
func (v *siteWithMembers) after(do func()) []securityEvent {
	v.t.Helper()
	before := len(v.securityEvents())
	do()
	return v.securityEvents()[before:]
}

// causes checks which events do causes, as "kind key=value …", in order.
func (v *siteWithMembers) causes(t *testing.T, do func(), want ...string) {
	t.Helper()
	events := v.after(do)
	if len(events) != len(want) {
		t.Fatalf("events %v, want %q", events, want)
	}
	for i, e := range events {
		kind, attributes, _ := strings.Cut(want[i], " ")
		if e["kind"] != kind {
			t.Errorf("the event is %v, want %s", e, kind)
		}
		for pair := range strings.FieldsSeq(attributes) {
			key, value, _ := strings.Cut(pair, "=")
			if e[key] != value {
				t.Errorf("%s is %q, want %q: %v", key, e[key], value, e)
			}
		}
	}
}

func talkative(c *config.Config) { c.LogLevel = slog.LevelInfo }

const (
	guessed   = "추측한비밀번호"
	typed     = "비밀번호를아이디칸에"
	newer     = "새비밀번호입니다"
	address   = "private.address@example.com"
	local     = "network=127.0.0.0/24"
	elsewhere = "127.0.60.1"
)

func TestWhatChangesAccountsIsASecurityEvent(t *testing.T) {
	v := openWithRooms(t, mailing(apptest.NewSMTPServer(t)), talkative)
	guest := v.Guest().From(elsewhere)
	v.causes(t, func() { signsInAs(guest, "민지", guessed).Want(422) }, "sign_in_failed level=WARN user="+minjiID+" network=127.0.60.0/24 from=elsewhere")
	v.causes(t, func() { signsInAs(guest, typed, guessed).Want(422) }, "sign_in_failed user= network=127.0.60.0/24 from=elsewhere")
	v.causes(t, func() { signsInAs(guest, "민지", apptest.Password).Want(303) }, "signed_in level=INFO user="+minjiID+" from=elsewhere")
	v.causes(t, func() {
		v.Guest().Post("/sign-up", "username", "지우", "password", newer, "password_confirm", newer, "email", address).Want(303)
	}, "signed_up user=7 "+local)

	v.causes(t, func() { v.minji.Post("/settings/password", "current_password", guessed, "password", newer).Want(422) }, "password_wrong level=WARN user="+minjiID+" "+local)
	phone := v.signsInWith(onPhone, "민지")
	v.causes(t, func() { v.minji.Post("/settings/sessions", "others", "1").Want(303) }, "sessions_ended user="+minjiID+" by=user sessions=2")
	v.causes(t, func() { v.minji.Post("/settings/sessions", "others", "1").Want(303) }) // there is none
	phone.Post("/sign-in", "username", "민지", "password", apptest.Password).Want(303)
	v.causes(t, func() { changesPassword(t, v.minji, apptest.Password, newer) }, "password_changed user="+minjiID+" by=user", "sessions_ended user="+minjiID+" by=password sessions=1")
	v.causes(t, func() { v.SetPassword("민지", apptest.Password) }, "password_changed user="+minjiID+" by=command sessions=1 network=")
	v.causes(t, func() { v.SetRole("민지", sns.RoleMentor) }, "role_changed user="+minjiID+" by=command role=MENTOR was=USER network=")
	v.causes(t, func() { v.AddUser("하린", sns.RoleAdmin) }, "account_added user=8 by=command role=ADMIN")
	person := "/admin/users/" + seojunID
	v.causes(t, func() { v.hyunwoo.Post(person+"/role", "role", "MENTOR").Want(303) },
		"role_changed user="+seojunID+" "+local+" by="+hyunwooID+" role=MENTOR was=USER", "admin_acted route=/admin/users/:id/role id="+seojunID)
	v.causes(t, func() { v.hyunwoo.Post(person+"/suspend", "on", "true", "reason", "광고").Want(303) },
		"suspended user="+seojunID+" by="+hyunwooID, "admin_acted route=/admin/users/:id/suspend")
	v.causes(t, func() { v.hyunwoo.Post(person+"/suspend", "on", "false").Want(303) },
		"suspension_lifted user="+seojunID+" by="+hyunwooID, "admin_acted route=/admin/users/:id/suspend")
	v.causes(t, func() { v.hyunwoo.Post(person + "/reset").Want(200) }, "reset_made user="+seojunID+" by="+hyunwooID, "admin_acted route=/admin/users/:id/reset")
	v.causes(t, func() { v.suspendsByCommand("서준", 3) }, "suspended user="+seojunID+" by=command")
	v.causes(t, func() { v.liftsByCommand("서준") }, "suspension_lifted user="+seojunID+" by=command")
	v.causes(t, func() { v.hyunwoo.Post("/admin/boards", "name", "취미").Want(303) }, "admin_acted level=INFO user="+hyunwooID+" route=/admin/boards")
	v.causes(t, func() { v.hyunwoo.Post("/admin/boards/3/close", "on", "true").Want(303) }, "admin_acted route=/admin/boards/:id/close id=3")
	v.causes(t, func() { v.hyunwoo.Post("/admin/boards", "name", "").Want(422) })
	v.causes(t, func() { v.minji.Post("/admin/boards", "name", "취미") })

	v.causes(t, func() {
		req := v.seojun.Request(http.MethodPost, "/posts", strings.NewReader("content=스팸"))
		req.Header.Set("Origin", "https://evil.example")
		v.seojun.Do(req).Want(403)
	}, "cross_origin level=WARN "+local+" route=/posts origin=https://evil.example")
	room := v.opens(v.sua, "질문방", 5)
	v.causes(t, func() {
		if status := v.sua.Handshake("/rooms/"+room+"/socket", "https://evil.example"); status != 403 {
			t.Errorf("the socket of another site: %d", status)
		}
	}, "cross_origin user="+suaID+" route=/rooms/:id/socket")
	v.causes(t, func() { v.seojun.Post("/posts", "content", "글", "account", minjiID).Want(409) }, "other_account level=WARN user="+seojunID+" "+local+" route=/posts")
	v.causes(t, func() { v.seojun.Post("/settings/delete", "current_password", guessed).Want(422) }, "password_wrong user="+seojunID)
	v.causes(t, func() {
		v.seojun.Post("/settings/email", "email", address, "current_password", apptest.Password).Want(303)
	},
		"email_changed level=INFO user="+seojunID+" "+local)
	v.causes(t, func() { v.renamed(v.seojun, "하루") }, "name_changed level=INFO user="+seojunID+" "+local)
	v.causes(t, func() { v.renamesByCommand("하루", "노을") }, "name_changed user="+seojunID+" by=command network=")
	file := v.exported(v.seojun)
	v.causes(t, func() { v.seojun.Get(file).Want(200) }, "export_fetched level=INFO user="+seojunID+" "+local)
	v.hyunwoo.Post("/admin/community", "sign_up", "approval", "min_age", "0", "invites", "0").Want(303)
	v.causes(t, func() { v.Guest().Post("/sign-up", applicant("지민", "apply", "안녕하세요")...).Want(303) }, "applied user= level=INFO "+local)
	v.causes(t, func() { leaves(t, v.seojun) }, "account_deleted level=INFO user="+seojunID+" "+local)

	v.keepsSecrets(t, v.minji, guest)
	documented(t, v.securityEvents(), "limit_hit")
}

// keepsSecrets fails the test if the log has what people type, or a cookie.
func (v *siteWithMembers) keepsSecrets(t *testing.T, clients ...*apptest.Client) {
	t.Helper()
	secrets := []string{guessed, typed, newer, apptest.Password, address, "argon2id", elsewhere + " "}
	for _, c := range clients {
		for _, cookie := range c.HTTP().Jar.Cookies(v.address()) {
			secrets = append(secrets, cookie.Value)
		}
	}
	for _, line := range v.Logged() {
		if !strings.Contains(line, "event=security") {
			continue
		}
		for _, secret := range secrets {
			if strings.Contains(line, secret) || strings.Contains(line, strconv.QuoteToASCII(secret)) {
				t.Errorf("the log has %q: %s", secret, line)
			}
		}
	}
}

// The oldest session that makes room is ended by another one, too.
func TestASessionAboveTheMostIsASecurityEvent(t *testing.T) {
	v := open(t, talkative)
	for range sns.SessionsMax - 1 {
		v.SignIn("민지")
	}
	v.causes(t, func() { v.SignIn("민지") }, "sessions_ended user="+minjiID+" by=limit sessions=1", "signed_in user="+minjiID+" from=network")
}

// A flood of refused acts is a line for each limit and subject.
func TestALimitThatIsHitIsASecurityEventOnce(t *testing.T) {
	v := openWithRooms(t, limited, talkative)
	hits := func(do func()) (all []securityEvent) {
		for _, e := range v.after(do) {
			if e["kind"] == "limit_hit" {
				all = append(all, e)
			}
		}
		return all
	}
	one := func(events []securityEvent, limit, user, network string) {
		t.Helper()
		if len(events) != 1 || events[0]["limit"] != limit || events[0]["user"] != user || events[0]["network"] != network || events[0]["count"] != "1" || events[0]["level"] != "WARN" {
			t.Errorf("events %v, want one of %q for %q and %q", events, limit, user, network)
		}
	}
	one(hits(func() { v.guesses(elsewhere, "민지", web.BurstSignInName+15) }), "sign-in name and address", minjiID, "127.0.60.0/24")
	one(hits(func() { v.guesses(elsewhere, typed, web.BurstSignInName+15) }), "sign-in name and address", "", "127.0.60.0/24")
	post := v.posts(v.minji, "글")
	like := func(c *apptest.Client) {
		for i := range web.BurstLike + 150 {
			c.HX().Post("/posts/"+post+"/like", "on", fmt.Sprint(i%2 == 0))
		}
	}
	one(hits(func() { like(v.minji) }), "like", minjiID, "127.0.0.0/24")
	one(hits(func() { like(v.seojun) }), "like", seojunID, "127.0.0.0/24") // of somebody else
	room := v.opens(v.sua, "질문방", 5)
	talk := talks(v.sua, room)
	one(hits(func() {
		for i := range 2 * web.BurstMessage {
			talk.Say(fmt.Sprint("말 ", i), fmt.Sprint("a", i))
		}
		talk.Until("the request to slow down", func(f apptest.Frame) bool { return strings.Contains(f.Text(), web.Korean("message.slow")) })
	}), "message", suaID, "")
	v.keepsSecrets(t, v.minji)
	documented(t, v.securityEvents())
}

// documentedKinds returns the attributes of each kind in the table of SECURITY.md.
func documentedKinds(t *testing.T) map[string][]string {
	t.Helper()
	text, err := os.ReadFile("../../SECURITY.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, ok := strings.Cut(string(text), "\n## Security events\n")
	if !ok {
		t.Fatal("SECURITY.md has no section of security events")
	}
	kinds := map[string][]string{}
	for _, m := range regexp.MustCompile("(?m)^\\| `(\\w+)` \\|[^|]*\\|([^|]*)\\|$").FindAllStringSubmatch(section, -1) {
		list := regexp.MustCompile(`\([^)]*\)`).ReplaceAllString(m[2], "")
		for name := range strings.SplitSeq(list, ",") {
			kinds[m[1]] = append(kinds[m[1]], strings.TrimSpace(name))
		}
	}
	return kinds
}

// documented checks that the events have the attributes of the documentation, and that
// every documented kind and attribute occurs, except of the kinds in absent.
func documented(t *testing.T, events []securityEvent, absent ...string) {
	t.Helper()
	kinds, seen := documentedKinds(t), map[string]map[string]bool{}
	for _, e := range events {
		kind := e["kind"]
		if seen[kind] == nil {
			seen[kind] = map[string]bool{}
		}
		for name := range e {
			if seen[kind][name] = true; !slices.Contains(kinds[kind], name) && !slices.Contains([]string{"time", "level", "msg", "event", "kind"}, name) {
				t.Errorf("%s has %s, which SECURITY.md does not list", kind, name)
			}
		}
	}
	for kind, names := range kinds {
		if slices.Contains(absent, kind) || len(absent) == 0 && seen[kind] == nil {
			continue
		}
		for _, name := range names {
			if !seen[kind][name] {
				t.Errorf("no %s has %s", kind, name)
			}
		}
	}
}

func TestTheDocumentationListsTheKindsOfSecurityEvents(t *testing.T) {
	t.Parallel()
	file, err := parser.ParseFile(token.NewFileSet(), "request/security.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var code []string
	ast.Inspect(file, func(n ast.Node) bool {
		if spec, ok := n.(*ast.ValueSpec); ok {
			if kind, ok := spec.Type.(*ast.Ident); ok && kind.Name == "SecurityKind" {
				value, _ := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
				code = append(code, value)
			}
		}
		return true
	})
	slices.Sort(code)
	if listed := slices.Sorted(maps.Keys(documentedKinds(t))); !slices.Equal(code, listed) || len(code) < 10 {
		t.Errorf("the code has %v, SECURITY.md lists %v", code, listed)
	}
}

// The filter for fail2ban finds the network in lines of the program, and no success.
func TestTheFilterOfTheDocumentationFindsGuesses(t *testing.T) {
	v := open(t, talkative)
	text, err := os.ReadFile("../../SECURITY.md")
	if err != nil {
		t.Fatal(err)
	}
	m := regexp.MustCompile(`(?m)^ +failregex = (.*)$`).FindStringSubmatch(string(text))
	if m == nil {
		t.Fatal("there is no filter")
	}
	filter := regexp.MustCompile(strings.Replace(m[1], "<SUBNET>", `(\S+)`, 1))
	guest := v.Guest().From(elsewhere)
	signsInAs(guest, "민지", guessed).Want(422)
	signsInAs(guest, `kind=sign_in_failed network=192.0.2.0/24`, guessed).Want(422)
	signsInAs(guest, "민지", apptest.Password).Want(303)
	v.minji.Post("/settings/password", "current_password", guessed).Want(422)
	var found []string
	for _, line := range v.Logged() {
		if m := filter.FindStringSubmatch(line); m != nil {
			found = append(found, m[1])
		}
	}
	if want := []string{"127.0.60.0/24", "127.0.60.0/24", "127.0.0.0/24"}; !slices.Equal(found, want) {
		t.Errorf("found %v, want %v", found, want)
	}
}
