package main_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"xxsns/app/apptest"
	"xxsns/app/config"
)

// A command is a finished script with its output, run in a copy of the folder
// with a fake engine that records its arguments.
type command struct {
	folder, output string
	err            error
}

// engine stands in for docker. It knows the STATES of services, as service:state:health, and
// which volumes exist, and fails at the command in FAIL.
const engine = `#!/bin/sh
echo "$*" >>calls
case "$*" in
*"$FAIL"*) [ -z "$FAIL" ] || exit 1 ;;
esac
case "$*" in
"compose ps --services"*) for s in $STATES; do case $s in *:running:*) echo "${s%%:*}" ;; esac; done ;;
"compose ps"*) printf '%s\n' $STATES ;;
*" redis-cli") read -r line; echo "redis-cli: $line" >>calls; echo "$REDIS" ;;
"volume inspect $VOLUME") ;;
"volume inspect"*) exit 1 ;;
esac
`

// script runs a script of .ci in folder with additional variables.
func script(t *testing.T, folder, name string, environ ...string) command {
	t.Helper()
	apptest.Need(t, "bash")
	for file, text := range map[string]string{
		".ci/" + name: read(t, "../.ci/"+name), ".ci/update": read(t, "../.ci/update"), ".ci/env": read(t, "../.ci/env"), ".env.example": read(t, exampleFile), "bin/docker": engine, "bin/sleep": "#!/bin/sh\necho sleep >>calls\n",
	} {
		path := filepath.Join(folder, file)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.CommandContext(t.Context(), filepath.Join(folder, ".ci", name))
	cmd.Dir = t.TempDir() // the script must find its own folder
	cmd.Env = append([]string{"PATH=" + filepath.Join(folder, "bin") + ":" + os.Getenv("PATH")}, environ...)
	output, err := cmd.CombinedOutput()
	return command{folder, string(output), err}
}

// The test with a real engine says what is missing where there is none.
func TestTheTestOfComposeSaysWhatItLacks(t *testing.T) {
	for lacking, want := range map[string]string{"compose version": "the plugin compose", "info": "an engine"} {
		if c := script(t, t.TempDir(), "compose-up-test", "FAIL="+lacking); c.err == nil || !strings.Contains(c.output, want) || len(c.calls(t)) > 2 {
			t.Errorf("without %s: %v: %s", lacking, c.err, c.output)
		}
	}
}

func (c command) calls(t *testing.T) []string {
	t.Helper()
	text := read(t, filepath.Join(c.folder, "calls"))
	return strings.Split(strings.TrimSpace(text), "\n")
}

func TestSecretsAreMadeOnceAndForTheOwnerOnly(t *testing.T) {
	folder := t.TempDir()
	if c := script(t, folder, "env"); c.err != nil || !strings.Contains(c.output, ".env") {
		t.Fatalf("%v: %s", c.err, c.output)
	}
	file := filepath.Join(folder, ".env")
	info, err := os.Stat(file)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	made, example := variables(read(t, file)), variables(read(t, exampleFile))
	for name, value := range example {
		random := regexp.MustCompile(`^[0-9a-f]{64}$`).MatchString(made[name])
		if secret := strings.HasPrefix(value, "change-me"); secret != random || !secret && made[name] != value {
			t.Errorf("%s is %q", name, made[name])
		}
	}
	if made["SESSION_SECRET"] == made["DATABASE_PASSWORD"] || made["DATABASE_PASSWORD"] == made["REDIS_PASSWORD"] {
		t.Error("the secrets are the same")
	}
	before := read(t, file)
	if c := script(t, folder, "env"); c.err != nil || c.output != "" || read(t, file) != before {
		t.Errorf("the second time: %v: %s", c.err, c.output)
	}
}

func TestSecretsOfTheExampleAndOfALostFileAreRefused(t *testing.T) {
	folder := t.TempDir()
	if c := script(t, folder, "env", "VOLUME=xxsns_database"); c.err == nil || !strings.Contains(c.output, "bring it back") {
		t.Errorf("with a database: %v: %s", c.err, c.output)
	}
	if _, err := os.Stat(filepath.Join(folder, ".env")); err == nil {
		t.Error("there are new secrets all the same")
	}
	copied := strings.Replace(read(t, exampleFile), config.ExampleSecret, strings.Repeat("5e", 32), 1)
	if err := os.WriteFile(filepath.Join(folder, ".env"), []byte(copied), 0o600); err != nil {
		t.Fatal(err)
	}
	if c := script(t, folder, "env"); c.err == nil || !strings.Contains(c.output, "of the example") {
		t.Errorf("with a password of the example: %v: %s", c.err, c.output)
	}
}

// An installation of a version without a password of Redis gets one, and keeps all else.
func TestAnOlderInstallationGetsTheSecretThatIsMissing(t *testing.T) {
	for what, rest := range map[string]string{"missing": "", "empty": "REDIS_PASSWORD=\n", "commented": "# REDIS_PASSWORD=x\n"} {
		folder := t.TempDir()
		file := filepath.Join(folder, ".env")
		older := "# ours\nSESSION_SECRET=ours\n" + rest + "DATABASE_PASSWORD=theirs\nHTTP_PORT=8080" // and no line end
		if err := os.WriteFile(file, []byte(older), 0o600); err != nil {
			t.Fatal(err)
		}
		c := script(t, folder, "env", "VOLUME=xxsns_database")
		if c.err != nil || !strings.Contains(c.output, "added REDIS_PASSWORD") {
			t.Errorf("%s: %v: %s", what, c.err, c.output)
		}
		made := read(t, file)
		if added := strings.TrimPrefix(made, older+"\n"); !regexp.MustCompile(`^REDIS_PASSWORD=[0-9a-f]{64}\n$`).MatchString(added) {
			t.Errorf("%s: .env becomes\n%s", what, made)
		}
		if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%v, %v", info, err)
		}
		if c := script(t, folder, "env", "VOLUME=xxsns_database"); c.err != nil || c.output != "" || read(t, file) != made {
			t.Errorf("%s: the second time: %v: %s", what, c.err, c.output)
		}
	}
}

func TestTheLostPasswordOfADatabaseIsNotMadeAnew(t *testing.T) {
	folder := t.TempDir()
	const older = "SESSION_SECRET=ours\nREDIS_PASSWORD=ours\n"
	if err := os.WriteFile(filepath.Join(folder, ".env"), []byte(older), 0o600); err != nil {
		t.Fatal(err)
	}
	if c := script(t, folder, "env", "VOLUME=xxsns_database"); c.err == nil || !strings.Contains(c.output, "DATABASE_PASSWORD in .env is missing") || read(t, filepath.Join(folder, ".env")) != older {
		t.Errorf("%v: %s", c.err, c.output)
	}
}

const (
	askRedis   = "compose exec -T redis env -u REDISCLI_AUTH redis-cli"
	askWhoRuns = "compose ps --services --status running"
	askStates  = "compose ps --all --format {{.Service}}:{{.State}}:{{.Health}}"
	build      = "compose build app1"
	replace    = "compose up --detach --no-deps --no-build --wait --wait-timeout 180 "
	startRest  = "compose up --detach --no-recreate --no-deps --wait database redis"
	startAll   = "compose up --detach --wait"
	allServe   = "STATES=app2:running:healthy nginx:running:healthy app1:running:healthy redis:running:healthy"
)

// withSecrets returns a folder whose .env has all secrets.
func withSecrets(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, ".env"), []byte(secrets), 0o600); err != nil {
		t.Fatal(err)
	}
	return folder
}

// updated returns the commands of an update of replicas in an order.
func updated(replicas ...string) []string {
	calls := []string{askWhoRuns, build, askRedis, "redis-cli: PING", askStates}
	for _, replica := range replicas {
		calls = append(calls, replace+replica, "sleep")
	}
	return calls
}

// The second replica stops only after the first is healthy and nginx uses the
// first again. A replica that serves nobody is the first.
func TestAnUpdateReplacesOneReplicaAfterTheOther(t *testing.T) {
	for states, order := range map[string][]string{
		allServe: {"app1", "app2"},
		"STATES=app1:running:unhealthy app2:running:healthy":       {"app1", "app2"},
		"STATES=app1:running:healthy app2:running:unhealthy":       {"app2", "app1"},
		"STATES=app1:running:healthy app2:exited:":                 {"app2", "app1"},
		"STATES=app1:running:healthy app2:restarting:":             {"app2", "app1"},
		"STATES=app1:running:healthy app2:running:starting":        {"app2", "app1"},
		"STATES=app1:running:healthy nginx:running:healthy":        {"app2", "app1"},
		"STATES=app11:running:healthy app2:running:healthy":        {"app1", "app2"},
		"STATES=app1:exited: app2:exited: database:running:health": {"app1", "app2"},
	} {
		c := script(t, withSecrets(t), "update", states)
		if calls := c.calls(t); c.err != nil || !slices.Equal(calls, updated(order...)) {
			t.Errorf("%s: %v: %s\n%q", states, c.err, c.output, calls)
		}
	}
}

// A Redis of a version before asks for no password: the running one learns it before the
// first replica that brings it, and is replaced when nobody comes without it any more.
func TestAnUpdateGivesRedisItsPassword(t *testing.T) {
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, ".env"), []byte("SESSION_SECRET=ours\nDATABASE_PASSWORD=ours\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c := script(t, folder, "update", allServe, "REDIS=PONG")
	password := variables(read(t, filepath.Join(folder, ".env")))["REDIS_PASSWORD"]
	want := []string{
		askWhoRuns, build, askRedis, "redis-cli: PING", askRedis, "redis-cli: CONFIG SET requirepass " + password, askStates,
		replace + "app1", "sleep", replace + "app2", "sleep", replace + "redis",
	}
	if calls := c.calls(t); c.err != nil || len(password) != 64 || !slices.Equal(calls, want) || strings.Contains(c.output, password) {
		t.Errorf("%v: %s\n%q", c.err, c.output, calls)
	}
}

func TestAnUpdateLeavesOneReplicaInPeace(t *testing.T) {
	for _, test := range []struct{ states, fail, last, said string }{
		{"STATES=app1:exited: app2:exited:", "", askWhoRuns, "nothing runs: make up"},
		{allServe, "FAIL=compose build", build, ""},
		{allServe, "FAIL=180 app1", replace + "app1", "app1 does not become healthy"},
		{"STATES=app1:running:healthy app2:running:unhealthy", "FAIL=180 app2", replace + "app2", "make update begins with app2"},
	} {
		c := script(t, withSecrets(t), "update", test.states, test.fail)
		calls := c.calls(t)
		if c.err == nil || calls[len(calls)-1] != test.last || !strings.Contains(c.output, test.said) {
			t.Errorf("%s, %s: %v: %s\n%q", test.states, test.fail, c.err, c.output, calls)
		}
	}
}

// make up on a running project replaces one replica after the other, too, and all at once only
// where nobody is served. What an update before has left half done is mended.
func TestUpReplacesWhatRunsOneByOne(t *testing.T) {
	fresh := []string{askWhoRuns, build, startAll}
	for states, want := range map[string][]string{
		"STATES=": fresh,
		"STATES=database:running:healthy redis:running:healthy": fresh,
		allServe: slices.Concat([]string{askWhoRuns, startRest}, updated("app1", "app2"), []string{startAll}),
		"STATES=app1:running:healthy app2:running:unhealthy": slices.Concat([]string{askWhoRuns, startRest}, updated("app2", "app1"), []string{startAll}),
	} {
		c := script(t, withSecrets(t), "up", states)
		if calls := c.calls(t); c.err != nil || !slices.Equal(calls, want) {
			t.Errorf("%s: %v: %s\n%q", states, c.err, c.output, calls)
		}
	}
	c := script(t, withSecrets(t), "up", allServe, "FAIL=180 app1")
	if calls := c.calls(t); c.err == nil || calls[len(calls)-1] != replace+"app1" {
		t.Errorf("after a failure: %v: %s\n%q", c.err, c.output, calls)
	}
}
