package sns_test

import (
	"strings"
	"testing"

	"xxsns/app/sns"
)

func TestValidKey(t *testing.T) {
	t.Parallel()
	for key, want := range map[string]bool{
		"a": true, "Az09-_": true, strings.Repeat("k", sns.KeyMax): true,
		"": false, strings.Repeat("k", sns.KeyMax+1): false, "a b": false, "a.b": false, "키": false, "a\n": false, "\xff": false,
	} {
		if got := sns.ValidKey(key); got != want {
			t.Errorf("ValidKey(%q) = %t, want %t", key, got, want)
		}
	}
}
