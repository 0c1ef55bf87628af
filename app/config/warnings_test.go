package config_test

import (
	"strings"
	"testing"

	"xxsns/app/config"
)

func TestWarnings(t *testing.T) {
	for _, test := range []struct {
		name    string
		environ map[string]string
		warned  []string // beginnings
	}{
		{"nothing", nil, nil},
		{"good values", map[string]string{
			"SESSION_SECRET": "0f3a9c77b1d24e58a6c0915e8b7d2f43", "TRUSTED_PROXIES": "10.0.0.0/8, 127.0.0.1", "DATABASE_URL": "sqlite:x.db", "TZ": "Asia/Seoul",
		}, nil},
		{"other programs", map[string]string{"HOME": "/root", "PATH": "/bin", "PUBLIC_DIR": "x", "ADDRS": "x", "LOG_LEVELS_OF_OTHERS": "x"}, nil},
		{"blanks", map[string]string{"SESSION_SECRET": strings.Repeat(" ", 32)}, []string{"SESSION_SECRET: "}},
		{"one letter", map[string]string{"SESSION_SECRET": strings.Repeat("ab", 20)}, []string{"SESSION_SECRET: "}},
		{"everybody is a proxy", map[string]string{"TRUSTED_PROXIES": "10.0.0.1, 0.0.0.0/0,::/0"}, []string{"TRUSTED_PROXIES: 0.0.0.0/0", "TRUSTED_PROXIES: ::/0"}},
		{"misspelt", map[string]string{"DATABASE_ULR": "mysql://x", "SESION_SECRET": "x", "UPLOAD_DIR": "x"}, []string{"DATABASE_ULR: ", "SESION_SECRET: ", "UPLOAD_DIR: "}},
		{"both spellings", map[string]string{"DATABASE_URI": "mysql://x", "DATABASE_URL": "sqlite:x.db"}, nil},
	} {
		got := config.Warnings(test.environ)
		if len(got) != len(test.warned) {
			t.Errorf("%s: warned of %q, want %q", test.name, got, test.warned)
			continue
		}
		for i, beginning := range test.warned {
			if !strings.HasPrefix(got[i], beginning) {
				t.Errorf("%s: warned of %q, want %q", test.name, got, test.warned)
			}
		}
	}
}
