package e2e

import (
	"bytes"
	"context"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"xxsns/app/apptest"
)

// An outcome is the result of a command.
type outcome struct {
	t         *testing.T
	what      string
	out, errs string // standard output, standard error
	code      int
}

// operate runs a command on the data of a running program, with input as the
// standard input and more variables as "NAME=value".
func operate(t *testing.T, p *apptest.Program, input string, env []string, args ...string) outcome {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	cmd := p.Command(ctx, args...)
	var out, errs bytes.Buffer
	cmd.Dir, cmd.Env = p.Folder, append(cmd.Env, env...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(input), &out, &errs
	err := cmd.Run()
	o := outcome{t: t, what: strings.Join(append(env, args...), " "), out: out.String(), errs: errs.String()}
	if ctx.Err() != nil || cmd.ProcessState == nil {
		t.Fatalf("%s: does not end: %v\n%s%s", o.what, err, o.out, o.errs)
	}
	o.code = cmd.ProcessState.ExitCode()
	return o
}

// does fails unless the command succeeded and printed every part.
func (o outcome) does(parts ...string) {
	o.t.Helper()
	if o.code != 0 || o.errs != "" {
		o.t.Errorf("%s: exit code %d, %q", o.what, o.code, o.errs)
	}
	for _, part := range parts {
		if !strings.Contains(o.out, part) {
			o.t.Errorf("%s: prints no %q:\n%s", o.what, part, o.out)
		}
	}
}

// refuses fails the test unless the command gave up with exactly one line,
// which holds the part.
func (o outcome) refuses(part string) {
	o.t.Helper()
	line, rest, _ := strings.Cut(o.errs, "\n")
	if o.code != 1 || o.out != "" || rest != "" || !strings.HasPrefix(line, "xxsns: ") || !strings.Contains(line, part) {
		o.t.Errorf("%s: exit code %d, want 1, printed %q and on stderr, want one line with %q:\n%s", o.what, o.code, o.out, part, o.errs)
	}
}

// teaches fails the test unless the command gave up and printed its usage.
func (o outcome) teaches(part string) {
	o.t.Helper()
	if o.code == 0 || !strings.Contains(o.out+o.errs, "Usage: xxsns") || !strings.Contains(o.errs, part) {
		o.t.Errorf("%s: exit code %d, want a hint at %q:\n%s%s", o.what, o.code, part, o.out, o.errs)
	}
}

// TestHelp: every command prints its purpose, even where the environment is
// wrong.
func TestHelp(t *testing.T) {
	t.Parallel()
	p := apptest.StartProgram(t)
	for _, h := range []struct {
		command string
		parts   []string
	}{
		{"", []string{"serve", "migrate", "user add <name>", "user rename <name> <other>", "user role <name> <role>", "user password <name>", "seed", "DATABASE_URL"}},
		{"serve", []string{"Usage: xxsns serve", "--dev", "--new"}},
		{"migrate", []string{"Usage: xxsns migrate"}},
		{"backup", []string{"Usage: xxsns backup <file>", "--keep"}},
		{"verify", []string{"Usage: xxsns verify <file>"}},
		{"restore", []string{"Usage: xxsns restore <file>", "--replace", "--yes"}},
		{"user", []string{"Usage: xxsns user", "add <name>", "role <name> <role>", "password <name>"}},
		{"user add", []string{"Usage: xxsns user add <name>", "--role", "USER, MENTOR or ADMIN", "--email"}},
		{"user role", []string{"Usage: xxsns user role <name> <role>", "USER, MENTOR or ADMIN"}},
		{"user password", []string{"Usage: xxsns user password <name>"}},
		{"user list", []string{"Usage: xxsns user list", "--role", "--json"}},
		{"user delete", []string{"Usage: xxsns user delete <name>", "--everything", "--yes"}},
		{"doctor", []string{"Usage: xxsns doctor", "--fix", "--json", "--mail", "--verify", "--backups"}},
		{"seed", []string{"Usage: xxsns seed", "--users", "--follows", "--posts", "--comments", "--likes", "--rooms", "--messages", "--password", "--force"}},
	} {
		args := append(strings.Fields(h.command), "--help")
		operate(t, p, "", nil, args...).does(h.parts...)
		operate(t, p, "", []string{"ADDR=x"}, args...).does(h.parts...)
	}
	operate(t, p, "", nil, "sreve").refuses("--help lists the commands")
	operate(t, p, "", nil, "--prot=8080").refuses("--prot")
	operate(t, p, "", nil, "user").teaches("add")
	operate(t, p, "", nil, "user", "add").teaches("<name>")
}

func TestMigrate(t *testing.T) {
	t.Parallel()
	p := apptest.StartProgram(t)
	operate(t, p, "", nil, "migrate").does("0 migrations applied")
	fresh := []string{"DATABASE_URL=sqlite:" + filepath.Join(t.TempDir(), "새 폴더", "x.db")}
	first := operate(t, p, "", fresh, "migrate")
	first.does("migrations applied")
	if strings.HasPrefix(first.out, "0 ") {
		t.Errorf("a new database got no migrations: %q", first.out)
	}
	operate(t, p, "", fresh, "migrate").does("0 migrations applied")
}

// TestUserAdd: a user who is added beside a running server may sign in at once.
func TestUserAdd(t *testing.T) {
	t.Parallel()
	p := apptest.StartProgram(t)
	for _, u := range []struct {
		name, input, password, badge string
		options                      []string
	}{
		{"민지", "열려라참깨123\n", "열려라참깨123", "멘토", []string{"--role", "MENTOR"}},
		{"서준", "열려라참깨123", "열려라참깨123", "관리자", []string{"--role=ADMIN", "--email", "seojun@example.com"}},
		{"하늘", "두 낱말의 암호\r\n둘째 줄\n", "두 낱말의 암호", "", nil},
		{"Yujin.2", "correct horse\n", "correct horse", "", []string{"--role", "USER"}},
	} {
		args := append([]string{"user", "add", u.name}, u.options...)
		operate(t, p, u.input, nil, args...).does(u.name)
		home := signsIn(t, p, u.name, u.password).Get("/users/" + u.name).Want(http.StatusOK)
		if badge := home.Text(".profile .badge"); badge != u.badge {
			t.Errorf("%s has the badge %q, want %q", u.name, badge, u.badge)
		}
	}
}

func TestUserAddRefuses(t *testing.T) {
	t.Parallel()
	p := apptest.StartProgram(t)
	adds(t, p, "민지")
	adds(t, p, "Seojun")
	const password = apptest.Password + "\n"
	for _, r := range []struct {
		input string
		args  []string
		part  string
	}{
		{password, []string{"민지"}, "민지"},
		{password, []string{"seoJUN"}, "seoJUN is taken"},
		{password, []string{"\u1106\u1175\u11ab\u110c\u1175"}, "taken"}, // 민지, in pieces
		{password, []string{"하"}, "the name must have 2 to 15"},
		{password, []string{"하늘 하늘"}, "letters, digits"},
		{password, []string{"하늘."}, "dot"},
		{password, []string{"하늘", "--email", "아닌데요"}, "email: "},
		{"일곱글자예요\n", []string{"하늘"}, "password: the password must have 8"},
		{"iloveyou\n", []string{"하늘"}, "many people use"},
		{"하늘123456\n", []string{"하늘"}, "more than the name"},
		{"\n", []string{"하늘"}, "password: "},
		{"", []string{"하늘"}, "password: "},
		{"짧다\n", []string{"하"}, "username: "},
	} {
		operate(t, p, r.input, nil, append([]string{"user", "add"}, r.args...)...).refuses(r.part)
	}
	p.Guest().Post("/sign-in", "username", "하늘", "password", apptest.Password).Want(http.StatusUnprocessableEntity)
}

// TestUserRole: a role holds from the next request on, on every page.
func TestUserRole(t *testing.T) {
	t.Parallel()
	p := apptest.StartProgram(t)
	adds(t, p, "서준")
	seojun := signsIn(t, p, "서준", apptest.Password)
	seojun.Post("/posts", "content", "안녕하세요").Want(http.StatusSeeOther)
	for _, r := range []struct{ role, badge string }{{"", ""}, {"ADMIN", "관리자"}, {"MENTOR", "멘토"}, {"USER", ""}} {
		if r.role != "" {
			operate(t, p, "", nil, "user", "role", "서준", r.role).does("서준", r.role)
		}
		if badge := seojun.Get("/users/서준").Want(http.StatusOK).Text(".profile .badge"); badge != r.badge {
			t.Errorf("%s: the home shows %q, want %q", r.role, badge, r.badge)
		}
		if badge := seojun.Get("/").Want(http.StatusOK).Has("#post-1").Text("#post-1 .badge"); badge != r.badge {
			t.Errorf("%s: the post shows %q, want %q", r.role, badge, r.badge)
		}
	}
}

func TestUserPassword(t *testing.T) {
	t.Parallel()
	p := apptest.StartProgram(t)
	adds(t, p, "민지")
	adds(t, p, "서준")
	phone, laptop := signsIn(t, p, "민지", apptest.Password), signsIn(t, p, "민지", apptest.Password)
	other := signsIn(t, p, "서준", apptest.Password)
	operate(t, p, "짧다\n", nil, "user", "password", "민지").refuses("8 to 128")
	operate(t, p, "민지민지1234\n", nil, "user", "password", "민지").refuses("more than the name")
	phone.Get("/").Want(http.StatusOK)
	operate(t, p, "새로 지은 암호\n", nil, "user", "password", "민지").does("민지")
	phone.Get("/").Want(http.StatusSeeOther)
	laptop.Get("/").Want(http.StatusSeeOther)
	other.Get("/").Want(http.StatusOK)
	p.Guest().Post("/sign-in", "username", "민지", "password", apptest.Password).Want(http.StatusUnprocessableEntity)
	signsIn(t, p, "민지", "새로 지은 암호").Get("/").Want(http.StatusOK)
}

func TestUnknownUsersAndRoles(t *testing.T) {
	t.Parallel()
	p := apptest.StartProgram(t)
	operate(t, p, "", nil, "user", "role", "없는사람", "ADMIN").refuses("없는사람")
	operate(t, p, apptest.Password+"\n", nil, "user", "password", "없는사람").refuses("없는사람")
	operate(t, p, "", nil, "user", "role", "없는사람", "KING").teaches("KING")
	operate(t, p, "", nil, "user", "role", "없는사람").teaches("<role>")
	operate(t, p, apptest.Password+"\n", nil, "user", "add", "민지", "--role", "KING").teaches("KING")
	p.Guest().Post("/sign-in", "username", "민지", "password", apptest.Password).Want(http.StatusUnprocessableEntity)
}

// TestSeedBesideAServer: the example people may sign in at once, and posts show.
func TestSeedBesideAServer(t *testing.T) {
	t.Parallel()
	p := apptest.StartProgram(t)
	o := operate(t, p, "", nil, "seed", "--users=3", "--posts=5", "--comments=4", "--likes=6", "--no-images", "--password", apptest.Password)
	if o.code != 0 || !strings.Contains(o.out, "3 people and 6 follows; 5 posts, 4 comments and 6 likes") {
		t.Fatalf("exit code %d: %s%s", o.code, o.out, o.errs)
	}
	if n := signsIn(t, p, between(o.out, "sign in as ", " "), apptest.Password).Get("/").Want(http.StatusOK).Find("#timeline article").Length(); n != 5 {
		t.Errorf("%d posts show, want 5", n)
	}
	operate(t, p, "", nil, "seed", "--users=0").refuses("person")
	operate(t, p, "", nil, "seed", "--password=short").refuses("8 to 128")
	operate(t, p, "", nil, "seed", "--posts=many").teaches("many")
}

// between returns the part of a text after one mark and before the next.
func between(text, before, after string) string {
	_, text, _ = strings.Cut(text, before)
	text, _, _ = strings.Cut(text, after)
	return text
}

// TestSeedLeavesACommunityAlone: example people get a password that nobody knows
// beforehand, and stand beside other people only if the operator insists.
func TestSeedLeavesACommunityAlone(t *testing.T) {
	t.Parallel()
	p := apptest.StartProgram(t)
	few := []string{"seed", "--users=1", "--follows=0", "--posts=1", "--comments=0", "--likes=0", "--rooms=0", "--no-images"}
	passwords := map[string]bool{}
	for range 2 { // the people of the first run are no strangers to the second run
		o := operate(t, p, "", nil, few...)
		o.does("1 people")
		password := between(o.out, `the password "`, `"`)
		passwords[password] = true
		signsIn(t, p, between(o.out, "sign in as ", " "), password)
	}
	if len(passwords) != 2 || passwords["password"] {
		t.Errorf("the passwords are %v", passwords)
	}
	operate(t, p, apptest.Password+"\n", nil, "user", "add", "두리").does("두리 may sign in now")
	operate(t, p, "", nil, few...).refuses("--force")
	operate(t, p, "", nil, append(few, "--force")...).does("1 people")
}

// TestWrongEnvironment: a wrong value stops every command that reads the
// variable, with one line that names the variable.
func TestWrongEnvironment(t *testing.T) {
	t.Parallel()
	p := apptest.StartProgram(t)
	dir := t.TempDir()
	file := filepath.Join(dir, "파일")
	if err := os.WriteFile(file, []byte("something else"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(dir, "secret", "session.secret"), 0o700); err != nil {
		t.Fatal(err)
	}
	const secret = "SESSION_SECRET=0123456789abcdef0123456789abcdef"
	both, alone := []string{"serve", "migrate"}, []string{"serve"}
	for _, w := range []struct {
		env      string // one or more variables
		names    string
		commands []string
	}{
		{"ADDR=x", "ADDR", both},
		{"ADDR=" + strings.TrimPrefix(p.URL, "http://") + " DATABASE_URL=sqlite:" + dir + "/new.db UPLOADS_DIR=" + dir + "/uploads", "ADDR", alone}, // taken
		{"OPS_ADDR=x", "OPS_ADDR", both},
		{"TZ=Nowhere", "TZ", both},
		{"LOG_LEVEL=loud", "LOG_LEVEL", both},
		{"LOG_FORMAT=xml", "LOG_FORMAT", both},
		{"RATE_LIMITS=maybe", "RATE_LIMITS", both},
		{"TRUSTED_PROXIES=abc", "TRUSTED_PROXIES", both},
		{"ADDRESS_CONNECTIONS=15", "ADDRESS_CONNECTIONS", both},
		{"ADDRESS_STREAMS=all", "ADDRESS_STREAMS", both},
		{"REDIS_URL=http://127.0.0.1", "REDIS_URL", both},
		{"UPLOADS_DIR=" + file, "UPLOADS_DIR", alone},
		{"SESSION_SECRET=short", "SESSION_SECRET", both},
		{"DATABASE_URL=mysql://x SESSION_SECRET=", "SESSION_SECRET", both},
		{"DATABASE_URL=sqlite:" + dir + "/secret/x.db SESSION_SECRET= UPLOADS_DIR=" + dir + "/uploads", "SESSION_SECRET", alone},
		{"DATABASE_URL=postgres://localhost/x", "DATABASE_URL", both},
		{"DATABASE_URL=mysql://x " + secret, "DATABASE_URL", both},
		{"DATABASE_URL=mysql://a:b@" + hangsUp(t) + "/x " + secret, "DATABASE_URL", both},
		{"DATABASE_URL=sqlite:" + file, "DATABASE_URL: " + file, both},  // no database
		{"DATABASE_URL=sqlite:" + dir, "DATABASE_URL", both},            // a folder
		{"DATABASE_URL=sqlite:" + file + "/x.db", "DATABASE_URL", both}, // no folder
		{"DATABASE_URL=sqlite::memory:", "DATABASE_URL", both},          // loses all data at once
	} {
		for _, command := range w.commands {
			operate(t, p, "", strings.Fields(w.env), command).refuses("xxsns: " + w.names + ": ")
		}
	}
}

// hangsUp is an address whose server closes every connection at once.
func hangsUp(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			_ = conn.Close()
		}
	}()
	return listener.Addr().String()
}

// TestInterruptedAtThePassword: Ctrl-C at the prompt cancels the command.
func TestInterruptedAtThePassword(t *testing.T) {
	t.Parallel()
	p := apptest.StartProgram(t)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	cmd := p.Command(ctx, "user", "add", "민지")
	typing, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = typing.Close() }()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(300 * time.Millisecond) // until the command prompts
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err == nil || ctx.Err() != nil {
		t.Errorf("an interrupted command goes on waiting: %v", err)
	}
}
