// Package feed answers requests about posts: the timeline, boards, the local
// community, comments and likes.
package feed

// The handlers of the area, a type for each noun.
type (
	// Timeline shows the posts of all boards, or those of followed people.
	Timeline struct{}

	// Posts makes, shows, changes, deletes and likes posts.
	Posts struct{}

	// Comments does the same with comments.
	Comments struct{}

	// Boards shows boards, the local community included, and their filters.
	Boards struct{}
)
