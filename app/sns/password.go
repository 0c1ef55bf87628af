package sns

import (
	"context"
	"runtime"
	"sync"

	"github.com/alexedwards/argon2id"
	"golang.org/x/sync/semaphore"
)

// OWASP's first recommendation for argon2id: 19 MiB, two passes.
var argonParams = &argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// hashers bounds parallel hashing, so that many sign-ins at once leave memory
// and CPU to other requests.
var hashers = semaphore.NewWeighted(int64(max(1, runtime.NumCPU()/2)))

// HashPassword hashes a password that Password has accepted. HashPassword waits
// for a free slot, and returns the context's error if the context ends before.
func HashPassword(ctx context.Context, password string) (string, error) {
	if err := hashers.Acquire(ctx, 1); err != nil {
		return "", err
	}
	defer hashers.Release(1)
	return argon2id.CreateHash(password, argonParams)
}

// CheckPassword returns nil if password matches hash, and ErrSignIn if not.
// Pass an empty hash if there is no such account: the check then takes the same
// time and fails, so that the time does not reveal usernames. Like
// HashPassword, it may return the context's error.
func CheckPassword(ctx context.Context, password, hash string) error {
	known := hash != ""
	if !known {
		hash = dummyHash()
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

// dummyHash is a hash that no known password matches.
var dummyHash = sync.OnceValue(func() string {
	hash, err := argon2id.CreateHash("", argonParams)
	if err != nil {
		panic(err) // the system has no randomness
	}
	return hash
})
