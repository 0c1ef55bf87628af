package request

import (
	"crypto/hmac"
	"crypto/rand"
	"errors"
	"slices"
	"time"

	"github.com/gorilla/securecookie"

	"xxsns/app/sns"
)

// DeviceCookie is the name of the cookie with the accounts that have signed in in this
// browser, without the prefix that it has behind TLS. The cookie is no session: it buys
// tries to sign in that strangers cannot use up. Signing out keeps the cookie.
const DeviceCookie = "device"

const (
	// deviceLife is the time after which a browser is no known device of an account in
	// which nobody has signed in there since.
	deviceLife = 365 * 24 * time.Hour

	// mostAccounts bounds the accounts of one browser.
	mostAccounts = 8
)

// A deviceAccount is an account that has signed in in this browser.
type deviceAccount struct {
	User   int64  `json:"u"`
	Device string `json:"d"` // a random id, by which a Limiter counts tries
	Proof  string `json:"p"` // of the password: with another password the device is not known
	At     int64  `json:"t"` // when the user signed in, in seconds
}

// knownDevice returns the id of this browser if the user has signed in here with the
// password of the hash, and otherwise "".
func knownDevice(r *Request, user int64, hash string) string {
	for _, a := range deviceAccounts(r) {
		if a.User == user && hmac.Equal([]byte(a.Proof), []byte(r.Keyring.proofOf(hash))) {
			return a.Device
		}
	}
	return ""
}

// deviceAccounts returns the accounts in the cookies of this browser, without those of
// too long ago. Behind TLS only cookies of this very host count.
func deviceAccounts(r *Request) []deviceAccount {
	name := cookieNames(r.Request, DeviceCookie)[0]
	var all []deviceAccount
	for _, cookie := range r.Request.CookiesNamed(name) {
		var some []deviceAccount
		if securecookie.DecodeMulti(name, cookie.Value, &some, r.Keyring.cookies...) == nil {
			all = append(all, some...)
		}
	}
	all = slices.DeleteFunc(all, func(a deviceAccount) bool { return r.Now.Sub(time.Unix(a.At, 0)) > deviceLife })
	return all[:min(len(all), mostAccounts)]
}

// rememberDevice makes this browser a known device of a user whose password was checked.
func rememberDevice(r *Request, checked Credentials) error {
	mine := deviceAccount{User: checked.UserID, Device: rand.Text(), Proof: r.Keyring.proofOf(checked.PasswordHash), At: r.Now.Unix()}
	others := deviceAccounts(r)
	if i := slices.IndexFunc(others, func(a deviceAccount) bool { return a.User == checked.UserID }); i >= 0 {
		mine.Device = others[i].Device // and the tries that were counted
	}
	others = slices.DeleteFunc(others, func(a deviceAccount) bool { return a.User == checked.UserID })
	all := append([]deviceAccount{mine}, others[:min(len(others), mostAccounts-1)]...)
	name := cookieNames(r.Request, DeviceCookie)[0]
	value, err := securecookie.EncodeMulti(name, all, r.Keyring.cookies...)
	if err != nil {
		return err
	}
	setCookie(r.Writer, r.Request, name, value, int(deviceLife.Seconds()))
	return nil
}

// RememberName makes the network of the request known for the viewer's account under a new
// username: the digests of networks are those of a username.
func RememberName(r *Request, hash, username string) {
	rememberNetwork(r, Credentials{UserID: r.Viewer.ID, PasswordHash: hash, Username: username})
}

// rememberNetwork makes the network of the request a known network of a user whose
// password was checked. Failing costs the user nothing but tries: the error is logged.
func rememberNetwork(r *Request, checked Credentials) {
	digest := r.Keyring.NetworkDigest(checked.Username, r.Network())
	err := r.Store.SeeNetwork(r.Ctx(), checked.UserID, checked.PasswordHash, digest, r.Now)
	if err != nil && !errors.Is(err, sns.ErrNotFound) { // not found: the password has changed meanwhile
		r.Log.WarnContext(r.Ctx(), "network not remembered", "error", err)
	}
}
