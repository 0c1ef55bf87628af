package request

import (
	"errors"

	"xxsns/app/network"
	"xxsns/app/sns"
	"xxsns/app/store"
)

// An Attempt is one try to sign in to a name, which may be nobody's.
type Attempt struct {
	store.Known
	username string // as typed
	device   string // the id of a device that the account knows, or ""
}

// NewAttempt returns the attempt of a request. The work is the same whether an account has
// the name or not.
func NewAttempt(r *Request, username string) (Attempt, error) {
	known, err := r.Store.CredentialsFrom(r.Ctx(), username, r.Keyring.NetworkDigest(username, r.Network()), r.Now)
	if err != nil && !errors.Is(err, sns.ErrNotFound) {
		return Attempt{}, err
	}
	return Attempt{known, username, knownDevice(r, known.User, known.Hash)}, nil
}

// From returns from where the attempt comes: a known "device", a known "network", or
// "elsewhere".
func (a Attempt) From() string {
	switch {
	case a.device != "":
		return "device"
	case a.Network:
		return "network"
	}
	return "elsewhere"
}

// Credentials returns what SignIn needs, once the password was checked.
func (a Attempt) Credentials() Credentials {
	return Credentials{UserID: a.User, PasswordHash: a.Hash, Username: a.username}
}

// Allow counts the attempt, or returns a SlowDownError. A known device or network has a
// limit of its own, which nobody elsewhere can use up. Strangers have limits for their
// address, for the address with the name, and take turns for the name.
func (a Attempt) Allow(r *Request) error {
	name := r.Keyring.NameDigest(a.username)
	switch a.From() {
	case "device":
		return refusedBy(r, LimitSignInDevice.Name, a.User, r.Limits.Take(r.Ctx(), LimitSignInDevice, a.device+" "+name))
	case "network":
		return refusedBy(r, LimitSignInNetwork.Name, a.User, r.Limits.Take(r.Ctx(), LimitSignInNetwork, r.Network()+" "+name))
	}
	if err := r.LimitAddress(LimitSignInAddress); err != nil {
		return err
	}
	for _, limit := range []Limit{LimitSignInBoth, LimitSignInLong} {
		err := r.Limits.Take(r.Ctx(), limit, r.Network()+" "+name)
		if err := refusedBy(r, limit.Name, a.User, err); err != nil {
			return err
		}
	}
	// Last: an attempt that another limit stops must not take a place among the turns.
	return refusedBy(r, "sign-in name", a.User, r.Turns.Take(r.Ctx(), name, turnNetwork(r)))
}

// turnNetwork returns whose turn it is: an IPv4 address, or the /48 network of an IPv6
// address. One subscriber may have as many /64 networks as there are turns.
func turnNetwork(r *Request) string { return network.Within(addressOf(r.Context), 32, 48).String() }
