package sns_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"

	"golang.org/x/text/unicode/norm"

	"xxsns/app/sns"
)

func TestPassword(t *testing.T) {
	sentence := strings.Repeat("the sparrow sings before the sun. ", 4)
	tests := []struct{ name, raw, want, problem string }{
		{"eight Hangul", "비밀번호여덟글자", "비밀번호여덟글자", ""},
		{"seven Hangul", "비밀번호일곱글", "", "password.length"},
		{"seven Hangul in pieces", strings.Repeat("\u1112\u1161\u11ab", 7), "", "password.length"},
		{"eight Hangul in pieces", norm.NFD.String("참새가아침에운다"), "참새가아침에운다", ""},
		{"blanks count and stay", "  a  x e k ", "  a  x e k ", ""},
		{"emoji count as one", family + "🍎🚲🌧🐟🎻🧦🪁", family + "🍎🚲🌧🐟🎻🧦🪁", ""},
		{"seven emoji", strings.Repeat(family, 7), "", "password.length"},
		{"128", sentence[:128], sentence[:128], ""},
		{"128 Hangul", strings.Repeat("참새가아침에운다", 16), strings.Repeat("참새가아침에운다", 16), ""},
		{"129", strings.Repeat("a", 129), "", "password.length"},
		{"control characters", "12345\x00\x01\x02", "12345\x00\x01\x02", ""},
		{"few characters of many bytes", strings.Repeat(zalgo(400), 8), "", "password.length"},
		{"empty", "", "", "password.length"},
		{"no UTF-8", "12345678\xff", "", "invalid.encoding"},
	}
	for _, test := range tests {
		got, p := sns.Password("password", test.raw, "민지")
		if got != test.want || key(p) != test.problem || p != nil && p.Field != "password" {
			t.Errorf("%s: %q, problem %+v; want %q, %q", test.name, got, p, test.want, test.problem)
		}
	}
	if _, p := sns.Password("new_password", "short", "민지"); p == nil || p.Field != "new_password" || p.Args["Min"] != 8 || p.Args["Max"] != 128 {
		t.Errorf("the problem is %+v", p)
	}
}

func TestPasswordFitsItsHash(t *testing.T) {
	const password = "비밀번호여덟글자"
	inPieces := "\u1107\u1175\u1106\u1175\u11af\u1107\u1165\u11ab\u1112\u1169\u110b\u1167\u1103\u1165\u11b2\u1100\u1173\u11af\u110c\u1161"
	hash, err := sns.HashPassword(t.Context(), password)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(hash, password) || !strings.HasPrefix(hash, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("the hash is %q", hash)
	}
	tests := []struct {
		name, typed, hash string
		want              error
	}{
		{"right", password, hash, nil},
		{"right, in pieces", inPieces, hash, nil},
		{"wrong", password + "!", hash, sns.ErrSignIn},
		{"blank after it", password + " ", hash, sns.ErrSignIn},
		{"empty", "", hash, sns.ErrSignIn},
		{"no UTF-8", "\xff", hash, sns.ErrSignIn},
		{"nobody", password, "", sns.ErrSignIn},
		{"nobody, with an empty password", "", "", sns.ErrSignIn},
	}
	for _, test := range tests {
		if err := sns.CheckPassword(t.Context(), test.typed, test.hash); !errors.Is(err, test.want) {
			t.Errorf("%s: %v, want %v", test.name, err, test.want)
		}
	}
	if err := sns.CheckPassword(t.Context(), password, "not a hash"); err == nil || errors.Is(err, sns.ErrSignIn) {
		t.Errorf("a hash that is none: %v, want an error of ours", err)
	}
}

func TestTheSamePasswordHasAnotherHashEachTime(t *testing.T) {
	var hashes [4]string
	var wg sync.WaitGroup
	for i := range hashes {
		wg.Go(func() {
			var err error
			if hashes[i], err = sns.HashPassword(t.Context(), "correct horse"); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	seen := map[string]bool{}
	for _, hash := range hashes {
		seen[hash] = true
	}
	if len(seen) != len(hashes) {
		t.Errorf("hashes are %v", hashes)
	}
}

func TestHashingStopsWithTheContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if hash, err := sns.HashPassword(ctx, "correct horse"); !errors.Is(err, context.Canceled) || hash != "" {
		t.Errorf("hashing: %q, %v", hash, err)
	}
	if err := sns.CheckPassword(ctx, "correct horse", ""); !errors.Is(err, context.Canceled) {
		t.Errorf("checking: %v", err)
	}
}

func TestInvalid(t *testing.T) {
	var inv sns.Invalid
	inv.Add(nil)
	if err := inv.Err(); err != nil {
		t.Errorf("nothing is wrong, and it says %v", err)
	}
	inv.Add(&sns.Problem{Field: "content", Key: "invalid.empty"})
	inv.Add(&sns.Problem{Field: "alt", Key: "invalid.long"})
	var got sns.Invalid
	if err := inv.Err(); !errors.As(err, &got) || len(got) != 2 || err.Error() != "invalid input: content: invalid.empty, alt: invalid.long" {
		t.Errorf("got %v", inv.Err())
	}
}
