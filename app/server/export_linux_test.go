package server

import (
	"net/http"
	"time"
)

// QuiesceWithin is quiesce with a limit of a test.
var QuiesceWithin = quiesceWithin

// FollowArrivals is followArrivals, and returns how the arrivals are waited for.
func FollowArrivals(server *http.Server) (wait func(time.Duration)) {
	return followArrivals(server).wait
}
