package rooms

import (
	"net/http"

	"xxsns/app/sns"
	"xxsns/app/view"
	"xxsns/app/web/request"
)

// Bounds of one answer to a page that catches up. MaxCaughtUp messages are sent at
// most, and fewer if their texts have more than maxCaughtUpBytes. The last maxChecked
// messages that the page has are checked for deletions.
const (
	MaxCaughtUp      = 200
	maxCaughtUpBytes = 512 << 10
	maxChecked       = 100
)

// catchUp answers a page whose socket was down: with the messages after ?after=, which
// is the last seq that the page has, and with all else that may have changed.
//
// The header X-More tells the page to catch up again from the last message of the
// answer. HX-Refresh makes the page load again: the transcript takes the place of a
// room that has ended.
func catchUp(r *request.Request, room sns.Room) error {
	after, err := r.Cursor("after")
	if err != nil {
		return err
	}
	shown, err := r.Rooms.Messages(r.Ctx(), room, sns.MessagePage{Before: after + 1, Limit: maxChecked})
	if err != nil {
		return err
	}
	missed, more, err := missedMessages(r, room, after)
	if err != nil {
		return err
	}
	people, err := peopleInside(r, room)
	if err != nil {
		return err
	}
	if more {
		r.Header("X-More", "true")
	}
	if room.Ended() || isAhead(after, shown, missed) {
		r.Header("HX-Refresh", "true")
	}
	fragments := []request.Fragment{
		{Name: "message/_list", Data: view.Messages{Room: room.ID, Items: r.Locale.FollowingMessages(missed, lastOf(shown))}},
		{Name: "room/_people", Data: people, Target: "#participants", Swap: "outerMorph"},
		{Name: "room/_head", Data: r.Locale.RoomHead(room, r.Now)},
	}
	for _, m := range shown {
		if m.Deleted {
			fragments = append(fragments, tombstone(room, m.Seq))
		}
	}
	return r.Fragments(http.StatusOK, fragments...)
}

// missedMessages returns the first messages after the message seq that fit into one
// answer, and whether there may be more.
func missedMessages(r *request.Request, room sns.Room, seq int64) (messages []sns.Message, more bool, err error) {
	messages, err = r.Rooms.Messages(r.Ctx(), room, sns.MessagePage{After: seq, Limit: MaxCaughtUp})
	fitting := within(messages, maxCaughtUpBytes)
	return fitting, len(fitting) < len(messages) || len(messages) == MaxCaughtUp, err
}

// within returns the first messages whose texts together have at most size bytes, but
// always the first message: a page that never gets a long message would never catch up.
func within(messages []sns.Message, size int) []sns.Message {
	for i, m := range messages {
		if size -= len(m.Content); size < 0 {
			return messages[:max(i, 1)]
		}
	}
	return messages
}

// isAhead reports whether the client's after is greater than our last seq: Redis lost
// messages in a crash. The page has to load again: otherwise the client would mistake
// new messages that reuse those seqs for messages that are already shown.
func isAhead(after int64, shown, missed []sns.Message) bool {
	last := lastOf(shown)
	return after > 0 && len(missed) == 0 && (last == nil || last.Seq < after)
}

// lastOf returns the last message, or nil if there is none.
func lastOf(messages []sns.Message) *sns.Message {
	if len(messages) == 0 {
		return nil
	}
	return &messages[len(messages)-1]
}
