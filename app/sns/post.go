package sns

import "time"

// Limits of a post. Lengths are in graphemes.
const (
	PostMax       = 2000
	PostImagesMax = 4
	AltMax        = 200
)

// A Post is a text with images on a board. Version rises with each change of the post, but
// not when its author or board changes.
type Post struct {
	ID        int64
	Author    User
	Board     Board
	Content   string
	Mentions  Mentioned // whom the Content mentions
	Images    []PostImage
	Likes     int
	Comments  int
	Version   int64
	CreatedAt time.Time
	EditedAt  time.Time // zero if never edited
	Liked     bool      // whether the viewer likes the post

	Options  []int64  // option ids, sorted
	Location Location // author's location at that time, on a local board only
}

// A PostImage is an image of a post. Name is the name of the file. Sized tells in which
// format there are files for screens, if there are any.
type PostImage struct {
	Name          string
	Width, Height int
	Alt           string
	Sized         string
}

// Counts are the counts of a post at a version. They are the same for every
// viewer.
type Counts struct {
	Post     int64 `json:"post"`
	Likes    int   `json:"likes"`
	Comments int   `json:"comments"`
	Version  int64 `json:"version"`
}

// EditableBy reports whether a user may edit or delete the post: only the
// author may.
func (p Post) EditableBy(user int64) bool { return p.Author.ID == user }

// PostContent normalises and checks the text of a post. The text may be empty
// if the post has images.
func PostContent(raw string, images int) (string, *Problem) {
	least := 1
	if images > 0 {
		least = 0
	}
	return TextWithin("content", raw, least, PostMax)
}

// Alt normalises and checks the description of an image: one line.
func Alt(raw string) (string, *Problem) {
	return LineWithin("alt", raw, 0, AltMax)
}
