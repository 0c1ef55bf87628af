package sns

import (
	"context"
	"runtime"
	"sync"

	"github.com/alexedwards/argon2id"
	"golang.org/x/sync/semaphore"
)

// argon2id with the first recommendation of OWASP: 19 MiB, two passes.
var hashing = &argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// hashers bounds parallel hashing, so that a rush of sign-ins takes neither
// all memory nor all cores from those who are already inside.
var hashers = semaphore.NewWeighted(int64(max(1, runtime.NumCPU()/2)))

// HashPassword hashes a password that Password has accepted. It waits for its
// turn and returns the context's error when that ends first.
func HashPassword(ctx context.Context, password string) (string, error) {
	if err := hashers.Acquire(ctx, 1); err != nil {
		return "", err
	}
	defer hashers.Release(1)
	return argon2id.CreateHash(password, hashing)
}

// CheckPassword returns ErrSignIn unless password is the one of hash. An empty
// hash (no such account) takes the same time and never fits.
func CheckPassword(ctx context.Context, password, hash string) error {
	known := hash != ""
	if !known {
		hash = decoy()
	}
	if err := hashers.Acquire(ctx, 1); err != nil {
		return err
	}
	defer hashers.Release(1)
	ok, err := argon2id.ComparePasswordAndHash(NormalPassword(password), hash)
	if err != nil {
		return err
	}
	if !ok || !known {
		return ErrSignIn
	}
	return nil
}

// decoy is a hash that no password is known for.
var decoy = sync.OnceValue(func() string {
	hash, err := argon2id.CreateHash("", hashing)
	if err != nil {
		panic(err) // only when the system has no randomness
	}
	return hash
})
