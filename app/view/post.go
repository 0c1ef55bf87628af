package view

import (
	"html/template"
	"strings"

	"xxsns/app/media"
	"xxsns/app/sns"
)

// Image is an image of a post.
type Image struct {
	URL, Thumb    string
	Width, Height int
	Moves         bool // an animation, of which Thumb is the first frame
	Alt           string
}

func Images(images []sns.PostImage) (all []Image) {
	for _, image := range images {
		all = append(all, Image{
			URL: UploadPath(image.Name), Thumb: UploadPath(media.Thumb(image.Name)),
			Width: image.Width, Height: image.Height, Alt: image.Alt, Moves: strings.HasSuffix(image.Name, ".gif"),
		})
	}
	return all
}

// Like is post/_like: the heart shows mine, the number is everybody's.
type Like struct {
	ID    int64
	Liked bool
	Likes int
}

// Count is the number of a post's comments.
type Count struct {
	ID    int64
	Count int
}

func viewLike(p sns.Post) Like { return Like{p.ID, p.Liked, p.Likes} }

// EditPost is post/_edit.
type EditPost struct {
	ID     int64
	Limit  int // graphemes
	Form   Form
	Images []Image
}

// Post is post/show, the page of one post.
type Post struct {
	ID       int64
	Card     template.HTML // post/_card
	Comments Comments
	Older    bool // not the newest comments
	Reply    Reply
}
