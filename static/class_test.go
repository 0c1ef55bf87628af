package static

import (
	"regexp"
	"testing"
)

// sharedStyles are the stylesheets of what many pages have: others add to their classes.
var sharedStyles = map[string]bool{"css/base.css": true, "css/layout.css": true, "css/button.css": true, "css/content.css": true}

// A class of a page's own stylesheet is of that stylesheet alone: all of them are loaded
// together, and two pages with one word for two things would change each other.
func TestAClassHasOneStylesheet(t *testing.T) {
	top := regexp.MustCompile(`(?m)^  \.([a-z-]+)(?: \{|,$)`)
	owner := map[string]string{}
	for _, name := range styleFiles {
		if sharedStyles[name] {
			continue
		}
		for _, class := range top.FindAllStringSubmatch(read(t, name), -1) {
			if was := owner[class[1]]; was != "" && was != name {
				t.Errorf(".%s is in %s and in %s", class[1], was, name)
			}
			owner[class[1]] = name
		}
	}
	if len(owner) < 50 {
		t.Errorf("only %d classes were found", len(owner))
	}
}
