package sns

import "time"

// Bounds of a post. Lengths are in graphemes.
const (
	PostMax       = 2000
	PostImagesMax = 4
	AltMax        = 200
)

// A Post is a text with images on one board. Its counts are kept beside it;
// Version rises with each change of a count.
type Post struct {
	ID        int64
	Author    User
	Board     Board
	Content   string
	Images    []PostImage
	Likes     int
	Comments  int
	Version   int64
	CreatedAt time.Time
	EditedAt  time.Time // zero: never edited
	Liked     bool      // by the viewer it was loaded for

	Options  []int64  // what it says to the board's facets
	Location Location // where it was written, on a local board
}

// A PostImage is an image of a post; Name is its file's.
type PostImage struct {
	Name          string
	Width, Height int
	Alt           string
}

// Counts are what everybody may know of a post, as of Version.
type Counts struct {
	Post     int64 `json:"post"`
	Likes    int   `json:"likes"`
	Comments int   `json:"comments"`
	Version  int64 `json:"version"`
}

// EditableBy tells whether the user may change or delete the post.
func (p Post) EditableBy(user int64) bool { return p.Author.ID == user }

// PostContent cleans and checks the text of a post with that many images:
// images alone are a post, too.
func PostContent(raw string, images int) (string, *Problem) {
	least := 1
	if images > 0 {
		least = 0
	}
	return TextWithin("content", raw, least, PostMax)
}

// Alt cleans and checks the description of an image: one line.
func Alt(raw string) (string, *Problem) {
	s, p := TextWithin("alt", raw, 0, AltMax)
	return oneLine(s), p
}
