package main_test

import (
	"maps"
	"net/netip"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"xxsns/app/config"
)

func TestTheReplicasAreTheSameButForTheirAddress(t *testing.T) {
	services := composed(t, secrets).Services
	first, second := services["app1"], services["app2"]
	if first.Image == "" || first.Build == nil || second.Build != nil || first.Networks["default"].Address == second.Networks["default"].Address {
		t.Errorf("they are %+v and %+v", first, second)
	}
	first.Build, first.Networks, second.Networks = nil, nil, nil
	first.Hostname, second.Hostname = "", ""
	if !reflect.DeepEqual(first, second) {
		t.Errorf("app1 is %+v\napp2 is %+v", first, second)
	}
	if user := regexp.MustCompile(`(?m)^USER (\d+:\d+)$`).FindStringSubmatch(read(t, "../Dockerfile")); len(user) != 2 || user[1] != first.User || strings.HasPrefix(user[1], "0:") {
		t.Errorf("the user is %q, in the image %q", first.User, user)
	}
	if grace, err := time.ParseDuration(first.StopGracePeriod); err != nil || grace < 25*time.Second {
		t.Errorf("requests may take 20 s to finish, but are killed after %s", first.StopGracePeriod)
	}
}

func TestEveryServiceIsConfinedWatchedAndBrought(t *testing.T) {
	services := composed(t, secrets).Services
	if names := slices.Sorted(maps.Keys(services)); !slices.Equal(names, []string{"app1", "app2", "database", "nginx", "redis"}) {
		t.Errorf("the services are %v", names)
	}
	for name, s := range services {
		if !s.ReadOnly || !slices.Equal(s.CapDrop, []string{"ALL"}) || !slices.Equal(s.SecurityOpt, []string{"no-new-privileges:true"}) {
			t.Errorf("%s may write anywhere, or become more than it is: %+v", name, s)
		}
		if len(s.Healthcheck.Test) < 2 || s.Restart != "unless-stopped" || s.Logging.Options["max-size"] == "" {
			t.Errorf("%s is not watched, not brought back, or fills the disk: %+v", name, s)
		}
		if (len(s.Ports) > 0 || s.User == "" || len(s.CapAdd) > 0) != (name == "nginx") {
			t.Errorf("only nginx publishes ports, or is root and may do some of what root may: %s %+v", name, s)
		}
		if tag := regexp.MustCompile(`:\d+\.\d+(-alpine)?$`); s.Image != services["app1"].Image && !tag.MatchString(s.Image) {
			t.Errorf("%s is of %s, which changes by itself", name, s.Image)
		}
	}
}

func TestServicesWaitForTheHealthOfWhatTheyNeed(t *testing.T) {
	for name, s := range composed(t, secrets).Services {
		want := map[string][]string{"app1": {"database", "redis"}, "app2": {"database", "redis"}, "nginx": {"app1", "app2"}}[name]
		if needs := slices.Sorted(maps.Keys(s.DependsOn)); !slices.Equal(needs, want) {
			t.Errorf("%s waits for %v", name, needs)
		}
		for needed, how := range s.DependsOn {
			if how.Condition != "service_healthy" {
				t.Errorf("%s waits until %s is %s", name, needed, how.Condition)
			}
		}
	}
}

// Data that must outlast a container is in a volume, at the path where the
// program expects it.
func TestWhatIsWrittenIsKept(t *testing.T) {
	m := composed(t, secrets)
	for name, want := range map[string]string{
		"app1": "uploads:" + m.Services["app1"].Environment["UPLOADS_DIR"], "app2": "uploads:" + m.Services["app2"].Environment["UPLOADS_DIR"],
		"database": "database:/var/lib/mysql", "redis": "redis:/data", "nginx": "nginx:/var/cache/nginx",
	} {
		var kept []string
		for _, v := range m.Services[name].Volumes {
			if _, named := m.Volumes[v.Source]; v.Type == "volume" && named && !v.ReadOnly {
				kept = append(kept, v.Source+":"+v.Target)
			}
		}
		if !slices.Equal(kept, []string{want}) {
			t.Errorf("%s keeps %v, not %s", name, kept, want)
		}
	}
	redis := strings.Join(m.Services["redis"].Command, " ")
	for _, option := range []string{"--appendonly yes", "--maxmemory-policy noeviction", "--maxmemory 256mb"} {
		if !strings.Contains(redis, option) {
			t.Errorf("Redis runs without %s: %s", option, redis)
		}
	}
}

// No other host may be trusted as a proxy.
func TestOnlyNginxIsBelieved(t *testing.T) {
	for _, subnet := range []string{"10.213.77", "172.30.5"} {
		m := composed(t, secrets+"SUBNET="+subnet)
		nginx := m.Services["nginx"]
		network := netip.MustParsePrefix(m.Networks["default"].IPAM.Config[0].Subnet)
		others := netip.MustParsePrefix(m.Networks["default"].IPAM.Config[0].IPRange)
		for _, name := range []string{"app1", "app2", "nginx"} {
			address := m.Services[name].Networks["default"].Address
			if a := netip.MustParseAddr(address); !network.Contains(a) || others.Contains(a) || !strings.HasPrefix(address, subnet) {
				t.Errorf("%s has %s in %s, of which others are given %s", name, address, network, others)
			}
			if name == "nginx" {
				continue
			}
			if trusted := m.Services[name].Environment["TRUSTED_PROXIES"]; trusted != nginx.Networks["default"].Address {
				t.Errorf("%s believes %s", name, trusted)
			}
			if !slices.Contains(nginx.ExtraHosts, name+"="+address) {
				t.Errorf("nginx does not know %s at %s, but %v", name, address, nginx.ExtraHosts)
			}
		}
	}
}

// nginx must find its settings, read-only, and each replica that the settings
// name.
func TestNginxReadsTheShippedFile(t *testing.T) {
	m := composed(t, secrets)
	upstreams := regexp.MustCompile(`(?m)^\s*server (\S+:\d+)`).FindAllStringSubmatch(read(t, "../nginx.conf"), -1)
	if len(upstreams) != 2 {
		t.Errorf("nginx asks %v", upstreams)
	}
	for _, upstream := range upstreams {
		name, port, _ := strings.Cut(upstream[1], ":")
		if m.Services[name].Environment["ADDR"] != ":"+port {
			t.Errorf("nginx asks %s, which is at %q", upstream[1], m.Services[name].Environment["ADDR"])
		}
	}
	mounted := map[string]string{}
	for _, v := range m.Services["nginx"].Volumes {
		if v.Type == "bind" && v.ReadOnly {
			mounted[v.Target] = filepath.Base(v.Source)
		}
	}
	if want := map[string]string{"/etc/nginx/nginx.conf": "nginx.conf", "/etc/nginx/tls": ".tls"}; !maps.Equal(mounted, want) {
		t.Errorf("it reads %v", mounted)
	}
	if command := strings.Join(m.Services["nginx"].Command, " "); command != "nginx -p /var/cache/nginx -c /etc/nginx/nginx.conf -g daemon off;" {
		t.Errorf("it is %s", command)
	}
}

// The program must accept the environment of the file.
func TestTheProgramAcceptsItsEnvironment(t *testing.T) {
	secret, password := strings.Repeat("5e", 32), strings.Repeat("a1", 32)
	m := composed(t, "SESSION_SECRET="+secret+"\nDATABASE_PASSWORD="+password+"\nREDIS_PASSWORD="+password)
	c, err := config.Read(m.Services["app2"].Environment)
	if err != nil {
		t.Fatal(err)
	}
	database := m.Services["database"].Environment
	if want := "mysql://" + database["MYSQL_USER"] + ":" + password + "@database:3306/" + database["MYSQL_DATABASE"]; c.DatabaseURL != want || database["MYSQL_PASSWORD"] != password {
		t.Errorf("the database is %s, for %v", c.DatabaseURL, database)
	}
	if c.RedisURL != "redis://:"+password+"@redis:6379" || c.SessionSecret != secret || !c.RateLimits {
		t.Errorf("it is %+v", c)
	}
	if strings.HasPrefix(c.OpsAddr, "127.") || c.OpsAddr == "" {
		t.Errorf("nobody can read its metrics at %s", c.OpsAddr)
	}
	connections := 0
	for _, flag := range m.Services["database"].Command {
		if value, found := strings.CutPrefix(flag, "--max-connections="); found {
			connections, _ = strconv.Atoi(value)
		}
	}
	if connections < 2*c.DatabasePool+20 {
		t.Errorf("the database takes %d connections, two replicas open %d each", connections, c.DatabasePool)
	}
}

// The image is made of the program alone: of the repository only what it is built of is
// sent to the engine, and of that nothing is in the last stage.
func TestTheImageHoldsTheProgramAlone(t *testing.T) {
	var patterns []string
	for line := range strings.Lines(read(t, "../.dockerignore")) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			patterns = append(patterns, line)
		}
	}
	if len(patterns) < 5 || patterns[0] != "/*" {
		t.Errorf("the engine is sent what is not named: %v", patterns)
	}
	for _, pattern := range patterns {
		if strings.HasPrefix(pattern, "!/.") || strings.HasPrefix(pattern, "!") && strings.Contains(pattern, "*") {
			t.Errorf("the engine is sent %s", pattern)
		}
	}
	file := read(t, "../Dockerfile")
	last := file[strings.LastIndex(file, "\nFROM "):]
	if !strings.HasPrefix(last, "\nFROM scratch\n") {
		t.Errorf("the last stage begins with %.40q", last)
	}
	var copied []string
	for _, c := range regexp.MustCompile(`(?m)^(?:COPY|ADD) (.+)$`).FindAllStringSubmatch(last, -1) {
		copied = append(copied, c[1])
	}
	if want := []string{
		"--from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/", "--from=build /src/image/xxsns /xxsns",
		"--from=build --chown=10001:10001 /src/image/writable/ /",
	}; !slices.Equal(copied, want) {
		t.Errorf("the image gets %v", copied)
	}
}
