package sns

import (
	"errors"
	"time"
)

// PushDevicesMax is the number of browsers of a user that are told of notices. One more ends
// the one that was seen the longest ago.
const PushDevicesMax = 20

// Delays and bounds of pushes.
const (
	PushDelay     = 10 * time.Second    // from the deed to the push: who reads meanwhile is told nothing
	PushEvery     = 15 * time.Second    // a device that has had PushBurst pushes at once gets one more after each PushEvery
	PushBurst     = 20                  // see PushEvery
	PushAttempts  = 8                   // of sending one push
	PushEndedKept = 90 * 24 * time.Hour // how long the end of a subscription by its user is remembered
)

// ErrPushEnded means that the user has removed this browser from those that are told.
var ErrPushEnded = errors.New("push subscription was removed by its user")

// PushKeys are the keys by which push services know this community (VAPID), as base64url: the
// uncompressed point and the scalar.
type PushKeys struct{ Public, Private string }

// A PushDevice is a browser that wants to be told of a user's notices: a subscription.
type PushDevice struct {
	ID        int64
	User      int64
	Session   string // that the browser is signed in with: with it the subscription ends
	Endpoint  string // URL at the push service; who knows it may push
	PublicKey string // of the browser (p256dh), base64url
	Secret    string // shared with the browser (auth), base64url
	Agent     string // the User-Agent header
	Lang      string // of the browser's pages
	CreatedAt time.Time
	SeenAt    time.Time
	Status    int       // HTTP status of the last push; 0: the push service did not answer
	LastAt    time.Time // of the last push; zero: there was none
	Failures  int       // pushes in a row that failed
}

// A Push is an entry of the queue: a device is to be told of a notice.
type Push struct {
	ID        int64
	User      int64
	Notice    int64 // 0: a try
	Kind      NoticeKind
	Attempts  int
	Deeds     int64 // raised with each deed that is added to the notice
	CreatedAt time.Time
	Device    PushDevice
}
