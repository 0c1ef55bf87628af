// Package feed answers requests about posts: the timeline, boards, the local
// community, comments, likes and the search.
package feed

// The handlers of the area, a type for each noun.
type (
	// Timeline shows the posts of all boards, or of followed people, and answers
	// pages that ask for newer posts or present counts.
	Timeline struct{}

	// Boards shows boards, the local community included, and the filters of boards.
	Boards struct{}

	// Posts creates, shows, edits, deletes and likes posts.
	Posts struct{}

	// Comments lists, creates, shows, edits and deletes the comments on posts.
	Comments struct{}

	// Search finds posts, comments, people, boards, rooms and messages.
	Search struct{}
)
