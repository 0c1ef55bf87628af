package main_test

import (
	"strings"
	"testing"

	"xxsns/app/licences"
)

// TestTheProgramHasItsLicences compares the licences that the program prints with those of what
// is linked now: `make notice` writes them anew.
func TestTheProgramHasItsLicences(t *testing.T) {
	linked, err := dependencies(t, "notice", "..", "")
	if err != nil {
		t.Fatalf("%v\n%s", err, linked)
	}
	var printed strings.Builder
	if err := licences.Write(&printed); err != nil {
		t.Fatal(err)
	}
	if printed.String() != linked {
		t.Error("xxsns licenses does not print the licences of what is linked: run make notice")
	}
	for _, part := range []string{"xxsns, LICENSE\n", "static/vendor/htmx, LICENSE\n", "github.com/gin-gonic/gin ", "Go, LICENSE\n"} {
		if !strings.Contains(linked, part) {
			t.Errorf("no licence of %s", part)
		}
	}
}
