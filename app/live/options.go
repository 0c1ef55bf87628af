package live

import (
	"cmp"
	"log/slog"
	"slices"
	"strconv"
	"time"
)

// Options are the limits of a Hub; the zero value of each means its default.
type Options struct {
	Log          *slog.Logger  // slog.Default()
	MaxMessages  int           // that wait for one client: 256
	MaxBytes     int           // that wait for one client: 512 KiB
	Beat         time.Duration // between two signs of life on an idle stream: 15 s
	WriteTimeout time.Duration // for a client that takes nothing: 10 s
	DrainTimeout time.Duration // for Close: 5 s
}

func (o Options) withDefaults() Options {
	return Options{
		Log:          cmp.Or(o.Log, slog.Default()),
		MaxMessages:  cmp.Or(o.MaxMessages, 256),
		MaxBytes:     cmp.Or(o.MaxBytes, 512<<10),
		Beat:         cmp.Or(o.Beat, 15*time.Second),
		WriteTimeout: cmp.Or(o.WriteTimeout, 10*time.Second),
		DrainTimeout: cmp.Or(o.DrainTimeout, 5*time.Second),
	}
}

// Who is somebody who looks on.
type Who struct {
	UserID  int64  // 0: not signed in
	Session string // "": none
	Lang    string // what Render is called with
	Topics  []string
}

// topics returns the topics of w once each, with those that everybody joins by
// being somebody: the user's and the session's own.
func (w Who) topics() []string {
	names := slices.Clone(w.Topics)
	if w.UserID != 0 {
		names = append(names, UserTopic(w.UserID))
	}
	if w.Session != "" {
		names = append(names, SessionTopic(w.Session))
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// UserTopic is the topic of all clients of a user.
func UserTopic(id int64) string { return "user:" + strconv.FormatInt(id, 10) }

// SessionTopic is the topic of all clients of a session.
func SessionTopic(id string) string { return "session:" + id }
