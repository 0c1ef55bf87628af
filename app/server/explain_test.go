package server_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"xxsns/app/server"
	"xxsns/app/sns"
)

// keyOf finds the keys of problems with the input of commands.
var keyOf = regexp.MustCompile(`"((?:username|password|email|invalid|suspension|account)\.[a-z_]+)"`)

// TestOperatorsReadEnglish looks up a sentence for each problem with the input of a command.
func TestOperatorsReadEnglish(t *testing.T) {
	found := 0
	for _, file := range []string{"name.go", "user.go", "guess.go", "text.go", "suspension.go"} {
		source, err := os.ReadFile(filepath.Join("..", "sns", file))
		if err != nil {
			t.Fatal(err)
		}
		for _, key := range keyOf.FindAllStringSubmatch(string(source), -1) {
			found++
			args := map[string]any{"Min": 2, "Max": 15, "Length": 16}
			said := server.Explain(sns.Invalid{{Field: "field", Key: key[1], Args: args}}).Error()
			if strings.Contains(said, key[1]) || strings.Contains(said, "nil") || !strings.HasPrefix(said, "field: ") {
				t.Errorf("%s says of %s: %s", file, key[1], said)
			}
		}
	}
	if found < 15 {
		t.Errorf("%d keys found, not all", found)
	}
}
