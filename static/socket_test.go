package static

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// A page that came over TLS opens no socket without TLS: addresses of sockets are paths, and
// the library takes the scheme from the page.
func TestSocketsAreEncryptedWhereThePageIs(t *testing.T) {
	t.Parallel()
	library, err := fs.ReadFile(Files(), "vendor/htmx/hx-ws.min.js")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(library), `"https:"===window.location.protocol?"wss:":"ws:"`) {
		t.Error("the library chooses the scheme in another way: look at it, and change this test")
	}
	sockets := 0
	for _, folder := range []string{"../templates", "js"} {
		err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			text, err := os.ReadFile(path)
			if found := regexp.MustCompile(`\bwss?://|new WebSocket`).FindString(string(text)); found != "" {
				t.Errorf("%s has %s", path, found)
			}
			for _, address := range regexp.MustCompile(`hx-ws:connect="([^"]*)"`).FindAllStringSubmatch(string(text), -1) {
				sockets++
				if !strings.HasPrefix(address[1], "{{.Room.URL}}/") { // a path
					t.Errorf("%s connects to %s", path, address[1])
				}
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	}
	if sockets == 0 {
		t.Error("no template has a socket")
	}
}
