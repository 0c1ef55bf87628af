package export

import (
	"cmp"
	"context"
	"slices"
	"time"

	"xxsns/app/sns"
	"xxsns/app/store"
	"xxsns/app/view"
)

type post struct {
	ID        int64      `json:"id"`
	CreatedAt time.Time  `json:"created_at"`
	EditedAt  *time.Time `json:"edited_at,omitempty"`
	Board     string     `json:"board"`
	Location  string     `json:"location,omitempty"`
	Text      string     `json:"text"`
	Images    []image    `json:"images"`
	Likes     int        `json:"likes"`
	Comments  int        `json:"comments"`
	HiddenAt  *time.Time `json:"hidden_at,omitempty"`
}

type image struct {
	File string `json:"file"`
	Alt  string `json:"alt"`
}

// known returns a time as data, or nil for the zero time.
func known(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// posts adds the posts of the user, with their images.
func (a *archive) posts(ctx context.Context, p part) error {
	return list(ctx, a, p, func(before int64, limit int) ([]sns.HiddenPost, error) {
		shown, err := a.Store.Timeline(ctx, sns.Timeline{Viewer: a.user.ID, Author: a.user.ID, Before: before, Limit: limit})
		if err != nil {
			return nil, err
		}
		all, err := a.Store.HiddenPostsBy(ctx, a.user.ID, before, limit)
		for _, one := range shown {
			all = append(all, sns.HiddenPost{Post: one})
		}
		return newest(all, limit, func(one sns.HiddenPost) int64 { return one.ID }), err
	}, a.post)
}

// newest returns the first limit things of a list that was read in two parts, by their ids.
func newest[T any](all []T, limit int, id func(T) int64) []T {
	slices.SortFunc(all, func(x, y T) int { return cmp.Compare(id(y), id(x)) })
	return all[:min(len(all), limit)]
}

// hidden adds to the note of a thing that others do not see the thing.
func (a *archive) hidden(note string, at time.Time) string {
	switch {
	case at.IsZero():
		return note
	case note == "":
		return a.locale.T("export.hidden")
	}
	return a.locale.T("export.hidden") + " · " + note
}

func (a *archive) post(one sns.HiddenPost) (view.ExportItem, post, int64) {
	data := post{
		ID: one.ID, CreatedAt: one.CreatedAt, EditedAt: known(one.EditedAt), Board: one.Board.Name, Location: view.PlaceName(one.Location),
		Text: one.Content, Images: []image{}, Likes: one.Likes, Comments: one.Comments, HiddenAt: known(one.At),
	}
	item := view.ExportItem{
		ID: "post-" + view.Itoa(one.ID), Head: one.Board.Name, Time: a.locale.ExportTime(one.CreatedAt), Text: view.ExportText(one.Content),
		Note: a.hidden(a.locale.T("export.counts", "Likes", one.Likes, "Comments", one.Comments), one.At),
	}
	for _, i := range one.Images {
		data.Images = append(data.Images, image{imagePath(i.Name), i.Alt})
		item.Images = append(item.Images, view.Link{Name: i.Alt, URL: "../" + imagePath(i.Name)})
	}
	return item, data, one.ID
}

type comment struct {
	ID        int64      `json:"id"`
	Post      int64      `json:"post"`
	Author    string     `json:"post_author"`
	CreatedAt time.Time  `json:"created_at"`
	EditedAt  *time.Time `json:"edited_at,omitempty"`
	Text      string     `json:"text"`
	HiddenAt  *time.Time `json:"hidden_at,omitempty"`
}

// comments adds the comments of the user.
func (a *archive) comments(ctx context.Context, p part) error {
	return list(ctx, a, p, func(before int64, limit int) ([]store.WrittenComment, error) {
		shown, err := a.Store.CommentsBy(ctx, a.user.ID, before, limit)
		if err != nil {
			return nil, err
		}
		hidden, err := a.Store.HiddenCommentsBy(ctx, a.user.ID, before, limit)
		return newest(append(shown, hidden...), limit, func(one store.WrittenComment) int64 { return one.ID }), err
	}, func(one store.WrittenComment) (view.ExportItem, comment, int64) {
		return view.ExportItem{
				ID: "comment-" + view.Itoa(one.ID), Head: a.locale.TUser("export.on_post", one.PostAuthor), Time: a.locale.ExportTime(one.CreatedAt), Text: view.ExportText(one.Content), Note: a.hidden("", one.HiddenAt),
			}, comment{
				ID: one.ID, Post: one.PostID, Author: a.locale.Name(one.PostAuthor), CreatedAt: one.CreatedAt, EditedAt: known(one.EditedAt), Text: one.Content, HiddenAt: known(one.HiddenAt),
			}, one.ID
	})
}

type like struct {
	Post   int64     `json:"post"`
	Author string    `json:"post_author"`
	At     time.Time `json:"at"`
}

// likes adds the likes of the user.
func (a *archive) likes(ctx context.Context, p part) error {
	return list(ctx, a, p, func(before int64, limit int) ([]store.GivenLike, error) {
		return a.Store.LikesBy(ctx, a.user.ID, before, limit)
	}, func(one store.GivenLike) (view.ExportItem, like, int64) {
		return view.ExportItem{Head: a.locale.TUser("export.of_post", one.Author), Time: a.locale.ExportTime(one.At)},
			like{one.Post, a.locale.Name(one.Author), one.At}, one.Post
	})
}

// following adds whom the user follows.
func (a *archive) following(ctx context.Context, p part) error {
	return a.people(ctx, p, a.Store.Followees)
}

// followers adds who follows the user.
func (a *archive) followers(ctx context.Context, p part) error {
	return a.people(ctx, p, a.Store.Followers)
}

type person struct {
	Username string `json:"username"`
}

func (a *archive) people(ctx context.Context, p part, query func(ctx context.Context, user, viewer, before int64, limit int) ([]sns.Follow, error)) error {
	return list(ctx, a, p, func(before int64, limit int) ([]sns.Follow, error) {
		return query(ctx, a.user.ID, a.user.ID, before, limit)
	}, func(one sns.Follow) (view.ExportItem, person, int64) {
		name := a.locale.Name(one.User)
		return view.ExportItem{Head: name}, person{name}, one.ID
	})
}

type notice struct {
	Kind   string    `json:"kind"`
	Text   string    `json:"text"`
	Title  string    `json:"title,omitempty"`
	Words  string    `json:"words,omitempty"`
	Unread bool      `json:"unread"`
	At     time.Time `json:"at"`
}

// notices adds the inbox of the user.
func (a *archive) notices(ctx context.Context, p part) error {
	return list(ctx, a, p, func(before int64, limit int) ([]sns.Notice, error) {
		return a.Store.Notices(ctx, a.user.ID, nil, before, limit)
	}, func(one sns.Notice) (view.ExportItem, notice, int64) {
		shown := a.locale.Notification(one, a.Now())
		return view.ExportItem{Head: shown.Text, Time: a.locale.ExportTime(one.At), Text: view.ExportText(shown.Title), Note: shown.Words},
			notice{shown.Kind, shown.Text, shown.Title, shown.Words, one.Unread, one.At}, one.Rank
	})
}
