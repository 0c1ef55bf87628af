package request

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
	"time"

	"github.com/gorilla/securecookie"

	"xxsns/app/sns"
)

// A Keyring holds keys that are made from the secret of the session cookie, one for each
// purpose.
type Keyring struct {
	cookies []securecookie.Codec
	proof   []byte
	network []byte

	invitation []byte
	mail       []byte
	takedown   []byte
	probe      []byte
}

// NewKeyring returns the keys that are made from a secret.
func NewKeyring(secret []byte) *Keyring {
	codec := securecookie.New(keyed(secret, "device cookie"), nil).
		SetSerializer(securecookie.JSONEncoder{}).MaxAge(int(deviceLife.Seconds()))
	return &Keyring{
		cookies: []securecookie.Codec{codec}, proof: keyed(secret, "device proof"), network: keyed(secret, "network"),
		invitation: keyed(secret, "invitation"), mail: keyed(secret, "mail"), takedown: keyed(secret, "takedown"),
		probe: keyed(secret, "probe"),
	}
}

// keyed returns a digest of texts that nobody can make or search without the key.
func keyed(key []byte, texts ...string) []byte {
	mac := hmac.New(sha256.New, key)
	for _, text := range texts {
		sum := sha256.Sum256([]byte(text)) // of one length: "a", "bc" is not "ab", "c"
		mac.Write(sum[:])
	}
	return mac.Sum(nil)
}

// NameDigest returns a name for limits: what is typed as a username may be a password,
// and stands in no limit's key.
func (k *Keyring) NameDigest(username string) string {
	return hex.EncodeToString(keyed(k.network, sns.FoldUsername(username))[:16])
}

// NetworkDigest returns a network for the list of an account's known networks. The same
// network has another digest with each account.
func (k *Keyring) NetworkDigest(username, network string) string {
	return hex.EncodeToString(keyed(k.network, sns.FoldUsername(username), network)[:16])
}

// InvitationToken returns the token of the link of an invitation. The database does not have
// it: who reads a copy of the database cannot use the invitations.
func (k *Keyring) InvitationToken(id int64) string { return tokenOf(k.invitation, id) }

// InvitationOf returns the id of the invitation of a token; ok is false if nobody was given the
// token.
func (k *Keyring) InvitationOf(token string) (id int64, ok bool) { return idOf(k.invitation, token) }

// TakedownToken returns the token of the page by which an asker follows a takedown. The database
// does not have it, and each mail to the asker can.
func (k *Keyring) TakedownToken(id int64) string { return tokenOf(k.takedown, id) }

// TakedownOf returns the id of the takedown of a token; ok is false if nobody was given the token.
func (k *Keyring) TakedownOf(token string) (id int64, ok bool) { return idOf(k.takedown, token) }

// probeLife is how long the token of a probe is good.
const probeLife = time.Minute

// ProbeToken returns the token by which the doctor asks a server how its requests arrive.
func (k *Keyring) ProbeToken(now time.Time) string { return tokenOf(k.probe, now.Unix()) }

// MayProbe reports whether a token was made by ProbeToken a moment ago.
func (k *Keyring) MayProbe(token string, now time.Time) bool {
	made, ok := idOf(k.probe, token)
	return ok && now.Sub(time.Unix(made, 0)).Abs() < probeLife
}

// tokenOf returns an id with its seal by a key.
func tokenOf(key []byte, id int64) string {
	n := strconv.FormatInt(id, 10)
	return n + "-" + hex.EncodeToString(keyed(key, n)[:16])
}

// idOf returns the id of a token of a key.
func idOf(key []byte, token string) (id int64, ok bool) {
	n, _, _ := strings.Cut(token, "-")
	id, err := strconv.ParseInt(n, 10, 64)
	return id, err == nil && hmac.Equal([]byte(token), []byte(tokenOf(key, id)))
}

func (k *Keyring) proofOf(hash string) string { return hex.EncodeToString(keyed(k.proof, hash)[:12]) }
