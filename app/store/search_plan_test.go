package store_test

import (
	"context"

	"xxsns/app/sns"
)

// hotSearches are the hotReads of searches. Those for people and rooms read the names of all,
// which are few beside their texts.
func (d *database) hotSearches() map[string]func(context.Context) error {
	posts := func(typed, before string) func(context.Context) error {
		q := asked(typed, sns.SearchPage)
		q.Viewer, q.Before = sns.User{ID: 3}, before
		return func(ctx context.Context) error { _, _, err := d.SearchPosts(ctx, q); return err }
	}
	return map[string]func(context.Context) error{
		"search":                 posts("함께 읽는", ""),
		"search, second page":    posts("함께 읽는", "1500"),
		"search of an author":    posts("읽는 from:사람5", ""),
		"search of a board":      posts("읽는 board:facets", ""),
		"search of a long word":  posts(`"함께 읽는 글"`, ""),
		"search for what is not": posts("함께 없는", ""),
		"search of comments": func(ctx context.Context) error {
			_, _, err := d.SearchComments(ctx, asked("댓글", sns.SearchPage))
			return err
		},
		"search of messages": func(ctx context.Context) error {
			q := asked("이야기", sns.SearchPage)
			q.Viewer = sns.User{ID: 3}
			m, err := d.NewMessageSearch(ctx, q)
			if err != nil {
				return err
			}
			return d.SearchSaved(ctx, m)
		},
	}
}
