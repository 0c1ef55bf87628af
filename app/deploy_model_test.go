package main_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"xxsns/app/apptest"
)

// A model is the content of docker-compose.yml with all variables filled in.
type model struct {
	Services map[string]service
	Networks map[string]struct {
		IPAM struct {
			Config []struct {
				Subnet  string
				IPRange string `json:"ip_range"`
			}
		}
	}
	Volumes map[string]any
}

type service struct {
	Image       string
	Build       any
	User        string
	Restart     string
	Hostname    string
	Command     []string
	Environment map[string]string
	Ports       []struct {
		Target    int
		Published string
	}
	ReadOnly        bool     `json:"read_only"`
	CapDrop         []string `json:"cap_drop"`
	CapAdd          []string `json:"cap_add"`
	SecurityOpt     []string `json:"security_opt"`
	StopGracePeriod string   `json:"stop_grace_period"`
	ExtraHosts      []string `json:"extra_hosts"`
	Volumes         []struct {
		Type, Source, Target string
		ReadOnly             bool `json:"read_only"`
	}
	DependsOn   map[string]struct{ Condition string } `json:"depends_on"`
	Healthcheck struct{ Test []string }
	Logging     struct{ Options map[string]string }
	Networks    map[string]*struct {
		Address string `json:"ipv4_address"`
	}
}

const composeFile = "../docker-compose.yml"

// loadCompose loads a compose file with the loader of the specification. The
// loader's modules may have to be downloaded first.
func loadCompose(t *testing.T, file, environ string) ([]byte, error) {
	t.Helper()
	program := apptest.Need(t, "go")
	file, err := filepath.Abs(file)
	if err != nil {
		t.Fatal(err)
	}
	variables := filepath.Join(t.TempDir(), "env")
	if err := os.WriteFile(variables, []byte(environ), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), program, "-C", "../.ci/compose", "run", ".", file, variables)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	output, err := cmd.Output()
	if err != nil {
		err = errors.New(stderr.String())
	}
	return output, err
}

func read(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// secrets are the variables without a default.
const secrets = "SESSION_SECRET=s3ss10n\nDATABASE_PASSWORD=passw0rd\nREDIS_PASSWORD=w0rd\n"

func composed(t *testing.T, environ string) (m model) {
	t.Helper()
	output, err := loadCompose(t, composeFile, environ)
	if err == nil {
		err = json.Unmarshal(output, &m)
	}
	if err != nil {
		t.Fatal(err)
	}
	return m
}
