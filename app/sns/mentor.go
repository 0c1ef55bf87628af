package sns

import "time"

// A Mentor is a mentor with what they have led.
type Mentor struct {
	User   User
	Rooms  int       // open and ended
	LastAt time.Time // when the latest room was opened; zero: none was
}
