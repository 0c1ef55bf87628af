package main_test

import (
	"bytes"
	"regexp"
	"strings"
	"testing"

	"xxsns/app/config"
)

const exampleFile = "../.env.example"

// variables returns the variables of a file of lines NAME=value.
func variables(text string) map[string]string {
	all := map[string]string{}
	for line := range strings.Lines(text) {
		if name, value, found := strings.Cut(strings.TrimSpace(line), "="); found && !strings.HasPrefix(name, "#") {
			all[name] = value
		}
	}
	return all
}

// fromMake is the variable that make sets; no file contains it.
const fromMake = "VERSION"

func TestTheExampleNamesEveryVariable(t *testing.T) {
	named := variables(read(t, exampleFile))
	used := map[string]bool{}
	for _, use := range regexp.MustCompile(`\$\{(\w+)`).FindAllStringSubmatch(read(t, composeFile), -1) {
		used[use[1]] = true
		if _, found := named[use[1]]; !found && use[1] != fromMake {
			t.Errorf("%s is not in the example", use[1])
		}
	}
	for name := range named {
		if !used[name] {
			t.Errorf("%s stands in the example, but is not used", name)
		}
		if !regexp.MustCompile(`(?m)^# .+\n` + name + `=`).MatchString(read(t, exampleFile)) {
			t.Errorf("the example does not say what %s is", name)
		}
	}
}

// Deleting a line of the example must not change the effect.
func TestTheExampleHoldsTheDefaults(t *testing.T) {
	example := read(t, exampleFile)
	var needed strings.Builder
	for _, name := range []string{"SESSION_SECRET", "DATABASE_PASSWORD", "REDIS_PASSWORD"} {
		needed.WriteString(name + "=" + variables(example)[name] + "\n")
	}
	whole, err := loadCompose(t, composeFile, example)
	if err != nil {
		t.Fatal(err)
	}
	short, err := loadCompose(t, composeFile, needed.String())
	if err != nil || !bytes.Equal(whole, short) {
		t.Errorf("%v; with the whole example:\n%s\nwith the secrets only:\n%s", err, whole, short)
	}
}

func TestWithoutASecretNothingStarts(t *testing.T) {
	for name := range variables(secrets) {
		for _, rest := range []string{"", name + "=\n"} {
			for other, value := range variables(secrets) {
				if other != name {
					rest += other + "=" + value + "\n"
				}
			}
			_, err := loadCompose(t, composeFile, rest)
			if err == nil || !strings.Contains(err.Error(), name) || !strings.Contains(err.Error(), "openssl rand -hex 32") {
				t.Errorf("with %q: %v", rest, err)
			}
		}
	}
}

// Secrets come from outside; no file contains a value that looks like one.
func TestTheFilesHoldNoSecret(t *testing.T) {
	for _, file := range []string{composeFile, "../Dockerfile", "../nginx.conf"} {
		for _, found := range regexp.MustCompile(`(?i)\w*(?:password|secret)\w*(?:: +|=)(\S+)`).FindAllStringSubmatch(read(t, file), -1) {
			if !strings.HasPrefix(found[1], "${") && found[1] != `"yes"` {
				t.Errorf("%s: %s", file, found[0])
			}
		}
		if found := regexp.MustCompile(`[0-9a-fA-F]{32,}`).FindString(read(t, file)); found != "" {
			t.Errorf("%s: %s", file, found)
		}
	}
}

func TestTheSecretOfTheExampleIsRefused(t *testing.T) {
	secret := variables(read(t, exampleFile))["SESSION_SECRET"]
	if secret != config.ExampleSecret {
		t.Errorf("it is %q", secret)
	}
	_, err := config.Read(map[string]string{"SESSION_SECRET": secret, "DATABASE_URL": "mysql://xxsns:pw@database:3306/xxsns"})
	if err == nil || !strings.HasPrefix(err.Error(), "SESSION_SECRET: ") {
		t.Errorf("the program says %v", err)
	}
}
