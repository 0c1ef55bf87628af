package seed

import (
	"math/rand/v2"
	"regexp"
	"strings"
)

// Home returns where somebody lives, as the list of the government calls it:
// the region, the district and the town. Most people live in few districts. One
// in four has not said it, and all three are empty.
func Home(rng *rand.Rand) (region, district, town string) {
	if rng.IntN(4) == 0 {
		return "", "", ""
	}
	names := strings.Split(texts().text(rng, "home", nil), " / ")
	return names[0], names[1], names[2]
}

// section is the number that some towns have and nobody says.
var section = regexp.MustCompile(`\d+가$`)

// spoken is what people call their town.
func spoken(town string) string {
	if town == "" {
		return "우리 동네"
	}
	return section.ReplaceAllString(town, "")
}
