package view

import (
	"html/template"
	"strings"

	"xxsns/app/media"
	"xxsns/app/sns"
)

// Post is post/show, the page of a post.
type Post struct {
	ID       int64
	Card     template.HTML // post/_card
	Comments Comments
	Older    bool // the newest comments are left out
	Reply    Reply
}

// EditPost is post/_edit, the form of the text of a post.
type EditPost struct {
	ID     int64
	Limit  int // graphemes
	Form   Form
	Images []Image
}

// Image is an image of a post.
type Image struct {
	URL, Thumb    string
	Width, Height int
	Moves         bool // an animation, of which Thumb is the first frame
	Tall          bool // a capture of a screen, which begins at the top
	Alt           string
}

// Images returns the views of the images of a post.
func Images(images []sns.PostImage) (views []Image) {
	for _, image := range images {
		views = append(views, Image{
			URL: UploadPath(image.Name), Thumb: UploadPath(media.Thumb(image.Name)),
			Width: image.Width, Height: image.Height, Alt: image.Alt, Moves: strings.HasSuffix(image.Name, ".gif"),
			Tall: image.Height > media.Tall*image.Width,
		})
	}
	return views
}

// Like is post/_like, the button: Liked is about the viewer, Likes counts all
// users who like the post.
type Like struct {
	ID    int64 // of the post
	Liked bool
	Likes int
}

func newLike(p sns.Post) Like { return Like{p.ID, p.Liked, p.Likes} }

// Count is post/_comment_count, the number of a post's comments.
type Count struct {
	ID    int64 // of the post
	Count int
}
