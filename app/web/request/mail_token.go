package request

import (
	"crypto/hmac"
	"encoding/hex"
	"strconv"
	"time"

	"xxsns/app/sns"
)

// ConfirmToken returns the token of a link that confirms the address of a user until a time.
// The link works for that address alone.
func (k *Keyring) ConfirmToken(user int64, address string, until time.Time) string {
	id, end := strconv.FormatInt(user, 10), strconv.FormatInt(until.Unix(), 10)
	return id + "-" + end + "-" + k.sealed("confirm", id, end, address)
}

// StopToken returns the token of a link that ends mails of a kind to a user, for ever: a mail
// may be old when its reader has enough.
func (k *Keyring) StopToken(user int64, kind sns.MailKind) string {
	id := strconv.FormatInt(user, 10)
	return id + "-" + string(kind) + "-" + k.sealed("stop", id, string(kind))
}

func (k *Keyring) sealed(texts ...string) string {
	return hex.EncodeToString(keyed(k.mail, texts...)[:16])
}

// SameToken compares a token with the right one. The duration tells nothing of the right one.
func SameToken(got, right string) bool { return hmac.Equal([]byte(got), []byte(right)) }
