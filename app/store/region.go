package store

import "strings"

// A region is a set of tables whose commits are counted together. A result in memory is
// forgotten when somebody commits in a region from which the query has read: a like costs the
// lists of posts, and not the list of rooms.
type region uint8

const (
	regionPosts   region = 1 << iota // which posts there are, and where
	regionCounts                     // what is new of a post: its version and counts
	regionNotices                    // the inboxes
	regionRooms                      // the rooms, who is inside, and what they have read
	regionRest                       // the other tables

	regions           = 5
	everywhere region = 1<<regions - 1
	unkept     region = 0 // tables from which no query reads that memory keeps
)

// regionOf names the regions of tables; the others are the rest.
// TestMemoryKnowsItsRegions compares them with the queries of memory.
var regionOf = map[string]region{
	"posts": regionPosts | regionCounts, "buckets": regionPosts,
	"likes": regionCounts, "comments": regionCounts,
	"inboxes": regionNotices, "notices": regionNotices,
	"rooms": regionRooms, "participants": regionRooms, "room_reads": regionRooms, "room_waits": regionRooms,

	"sessions": unkept, "known_networks": unkept, "admin_log": unkept, "resets": unkept, "erasures": unkept, "exports": unkept,
	"takedowns": unkept, "takedown_proofs": unkept, "case_pictures": unkept,
	"pushes": unkept, "push_subscriptions": unkept, "mails": unkept, "mail_readers": unkept,
	"buffers": unkept, "buffered_messages": unkept, "spilled_messages": unkept, "messages": unkept, "end_rooms": unkept, "untold_mentions": unkept, "untold_deeds": unkept,
	"search_states": unkept, "search_waits": unkept, "search_blocks": unkept,
	"search_posts": unkept, "search_comments": unkept, "search_messages": unkept, "mentions": unkept,
}

// writtenBy returns the region of the table that a statement writes.
func writtenBy(statement string) region {
	words := strings.Fields(statement[:min(len(statement), longestHead)])
	at := 2 // INSERT INTO, REPLACE INTO, DELETE FROM
	if words[0] == "UPDATE" {
		at = 1
	}
	if len(words) <= at {
		return everywhere
	}
	table := words[at]
	if words[0] == "UPDATE" && table == "posts" {
		return regionCounts // no UPDATE moves a post
	}
	if in, ok := regionOf[table]; ok {
		return in
	}
	return regionRest
}

// longestHead is longer than the verb and table of a statement.
const longestHead = 60
