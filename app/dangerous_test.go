package main_test

import (
	"slices"
	"strings"
	"testing"
)

// dangerous are the packages of Go with which an input can become a command, a program or
// an object, or with which a secret is weak, and the packages that may import each; none,
// if there is no such package.
var dangerous = map[string][]string{
	"os/exec":       {"app/apptest"}, // the program starts no other program
	"plugin":        nil,
	"unsafe":        nil,
	"syscall/js":    nil,
	"net/rpc":       nil,
	"encoding/gob":  nil, // makes objects of the sender's choice
	"encoding/xml":  nil,
	"text/template": nil, // escapes nothing; its parser alone is used
	"math/rand":     nil,
	"math/rand/v2":  {"app/seed", "app/server", "app/apptest/load"}, // of app/server: which old images are next
}

// cryptography are the packages of crypto/ that the program needs, and no other.
var cryptography = []string{"crypto/rand", "crypto/sha256", "crypto/hmac", "crypto/subtle", "crypto/tls", "crypto/x509"}

// cryptographyOf are packages that some packages of ours need beside: a push service of the tests
// reads what browsers read, and subscriptions have points on a curve. A library encrypts.
var cryptographyOf = map[string][]string{
	"crypto/ecdh": {"app/push", "app/apptest"}, "crypto/aes": {"app/apptest"}, "crypto/cipher": {"app/apptest"}, "crypto/ecdsa": {"app/apptest"},
	"crypto/elliptic": {"app/apptest"}, "crypto/hkdf": {"app/apptest"},
}

// risks returns what a package imports and may not.
func risks(p listed) (all []string) {
	for _, path := range p.Imports {
		where, known := dangerous[path]
		switch {
		case known && !belowAny(p.ImportPath, where):
			all = append(all, path)
		case below(path, "crypto") && !slices.Contains(cryptography, path) && !belowAny(p.ImportPath, cryptographyOf[path]):
			all = append(all, path)
		case strings.HasPrefix(path, "golang.org/x/crypto/"): // through libraries alone
			all = append(all, path)
		}
	}
	return all
}

func TestNothingDangerousIsImported(t *testing.T) {
	used := map[string]bool{}
	for _, p := range list(t) {
		for _, path := range risks(p) {
			t.Errorf("%s imports %s", p.ImportPath, path)
		}
		for _, path := range p.Imports {
			used[path] = true
		}
	}
	if !used["os/exec"] || !used["math/rand/v2"] || !used["crypto/rand"] {
		t.Error("the imports that are allowed were not found: nothing was looked at")
	}
	for _, path := range []string{"os/exec", "encoding/gob", "crypto/md5", "crypto/cipher", "crypto/ecdh", "golang.org/x/crypto/ssh", "math/rand/v2"} {
		if len(risks(listed{"xxsns/app/web", []string{"fmt", path}})) != 1 {
			t.Errorf("app/web may import %s", path)
		}
	}
}
