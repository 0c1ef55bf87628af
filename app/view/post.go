package view

import (
	"fmt"
	"strings"

	"xxsns/app/media"
	"xxsns/app/sns"
)

// Post is post/show, the page of a post.
type Post struct {
	ID       int64
	Card     *List // post/_card of the post
	Comments Comments
	Older    bool // the newest comments are left out
	Reply    Reply
	Mute     Mute
}

// Mute is post/_mute: the switch of a post's notices for the viewer.
type Mute struct {
	Post int64
	On   bool // the post is muted
}

// mark implements framed.
func (v Post) mark(f *filling, p *Page) (ok bool) {
	if v.Reply, ok = f.reply(v.Reply); !ok || v.Reply.Post != v.ID || v.Mute.Post != v.ID {
		return false
	}
	if isPlain(p.Title) && Isolated(p.Title) == p.Title {
		f.text[slotTitle], p.Title = p.Title, marks[slotTitle]
	}
	if topics, ok := strings.CutSuffix(p.Topics, TopicPost(v.ID)); ok {
		p.Topics = topics + TopicPost(slotPost.number())
	}
	f.text[slotPost] = Itoa(v.ID)
	v.ID, v.Reply.Post, v.Mute.Post = slotPost.number(), slotPost.number(), slotPost.number()
	v.Card, v.Comments.Items = f.list(slotCards, v.Card), f.list(slotItems, v.Comments.Items)
	p.Data = v
	return true
}

// EditPost is post/_edit, the form of the text of a post.
type EditPost struct {
	ID     int64
	Limit  int // graphemes
	Form   Form
	Images []Image
}

// Image is an image of a post. SrcSet and Sizes are the attributes of that name, or
// empty if the Thumb is the only small file.
type Image struct {
	URL, Thumb    string
	SrcSet, Sizes string
	Width, Height int
	Moves         bool // an animation, of which Thumb is the first frame
	Tall          bool // a capture of a screen, which begins at the top
	Alt           string
}

// Images returns the views of the images of a post.
func Images(images []sns.PostImage) (views []Image) {
	for i, image := range images {
		v := Image{
			URL: UploadPath(image.Name), Thumb: UploadPath(media.Thumb(image.Name)),
			Width: image.Width, Height: image.Height, Alt: image.Alt, Moves: strings.HasSuffix(image.Name, ".gif"),
			Tall: image.Height > media.Tall*image.Width,
		}
		if v.SrcSet = srcSet(image); v.SrcSet != "" {
			v.Sizes = shownWidth(image, i, len(images))
		}
		views = append(views, v)
	}
	return views
}

// srcSet returns the files of an image with their widths.
func srcSet(image sns.PostImage) string {
	var files []string
	for _, size := range media.Sizes(image.Name, image.Width, image.Sized) {
		files = append(files, fmt.Sprintf("%s %dw", UploadPath(size.Name), size.Width))
	}
	return strings.Join(files, ", ")
}

// shownWidth returns the width at which post/_card shows the i-th of n images: a single
// image fills the card (post.css), several share it in two columns of squares, and the
// first of three is two squares high. A square cuts the sides of a wide image off, so
// that the image is shown wider than the square.
func shownWidth(image sns.PostImage, i, n int) string {
	part := 1.0
	if n > 1 {
		ratio := float64(image.Width) / float64(image.Height)
		if n == 3 && i == 0 {
			ratio *= 2
		}
		part = max(1, ratio) / 2
	}
	return fmt.Sprintf("(min-width: 900px) %.3grem, %.3gvw", 36.5*part, 91*part)
}

// Like is post/_like, the button: Liked is about the viewer, Likes counts all
// users who like the post. Version is the version of the post that has this count:
// browsers keep the newest count.
type Like struct {
	ID      int64 // of the post
	Liked   bool
	Likes   int
	Version int64
}

func newLike(p sns.Post) Like { return Like{p.ID, p.Liked, p.Likes, p.Version} }

// Count is post/_comment_count, the number of a post's comments at a version.
type Count struct {
	ID      int64 // of the post
	Count   int
	Version int64
}
