package sns

import "time"

// OverviewDays is how many days, today included, the overview of administrators shows.
const OverviewDays = 30

// An Overview is how a community is doing: what administrators see first.
type Overview struct {
	At                           time.Time // when the rest was counted
	Members, ThisWeek, ThisMonth int64     // accounts, and those that were here in the last 7 and 30 days
	Posts, Comments, Messages    int64
	Days                         []DayOfOverview // OverviewDays of them, today's last
	Stored                       []Stored
	Space, Free                  int64 // bytes of the disk with the images; 0: not known
	Versions                     Versions
}

// A DayOfOverview is what has happened on a day.
type DayOfOverview struct {
	Begin                   time.Time
	Joined, Posts, Messages int64
}

// A StoredKind is a kind of things that take room on disks.
type StoredKind string

// The kinds of what is stored.
const (
	StoredDatabase StoredKind = "database" // with the index of searches, unless StoredSearch stands beside
	StoredLog      StoredKind = "log"      // what SQLite has written, but not moved to the database file yet
	StoredSearch   StoredKind = "search"   // the index of searches
	StoredImages   StoredKind = "images"
	StoredSizes    StoredKind = "sizes" // thumbnails, and images in the sizes of screens
	StoredExports  StoredKind = "exports"
)

// Stored is how many bytes the things of a kind take.
type Stored struct {
	Kind  StoredKind
	Bytes int64
}

// Versions tell what runs.
type Versions struct {
	Program, Go string
	Schema      int64 // number of the newest migration
	Database    string
	Redis       string // empty: there is no Redis, or it does not answer
	HasRedis    bool
	Replicas    int64 // 0: not known
	Started     time.Time
}

// DayLines returns when the last n days began in a zone, the oldest first, and when the day of
// now ends: n+1 moments.
func DayLines(now time.Time, zone *time.Location, n int) []time.Time {
	year, month, day := now.In(zone).Date()
	lines := make([]time.Time, n+1)
	for i := range lines {
		lines[i] = time.Date(year, month, day+1-n+i, 0, 0, 0, 0, zone)
	}
	return lines
}

// MessagesBetween returns how many messages of a room have a seq above after, up to last. If the
// buffer was lost in between, the messages before the loss are left out.
func MessagesBetween(after, last int64) int64 {
	if after/SeqEpoch == last/SeqEpoch {
		return last - after
	}
	return last % SeqEpoch
}
