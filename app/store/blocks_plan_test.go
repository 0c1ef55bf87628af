package store_test

import (
	"context"
	"fmt"
	"testing"

	"xxsns/app/sns"
)

// hider is a user of crowded who does not see everybody.
const hider = 9

// hotHiddenReads are the hotReads of a viewer who does not see everybody.
func (d *database) hotHiddenReads() map[string]func(context.Context) error {
	all := map[string]func(context.Context) error{
		"blocks":           func(ctx context.Context) error { _, err := d.Blocks(ctx, hider); return err },
		"list of blocks":   func(ctx context.Context) error { _, err := d.Blocked(ctx, hider, 0, pageSize); return err },
		"hidden: comments": func(ctx context.Context) error { _, err := d.Comments(ctx, busy, hider, 1500, pageSize); return err },
		"hidden: missed": func(ctx context.Context) error {
			_, err := d.CommentsAfter(ctx, busy, hider, 1500, pageSize)
			return err
		},
		"hidden: one comment": func(ctx context.Context) error { _, err := d.CommentFor(ctx, 903, hider); return err },
		"hidden: counts":      func(ctx context.Context) error { _, err := d.Counts(ctx, hider, []int64{5, 900, 2100}); return err },
		"hidden: followers":   func(ctx context.Context) error { _, err := d.Followers(ctx, leader, hider, 0, pageSize); return err },
		"hidden: followees": func(ctx context.Context) error {
			_, err := d.Followees(ctx, allFollowed, hider, 0, pageSize)
			return err
		},
		"hidden: notices": func(ctx context.Context) error { _, err := d.Notices(ctx, hider, nil, 0, pageSize); return err },
	}
	timelines := mergedTimelines()
	timelines["everybody"], timelines["everybody, second page"] = sns.Timeline{Limit: pageSize}, sns.Timeline{Limit: pageSize, Before: 2000}
	timelines["everybody, new"] = sns.Timeline{Limit: pageSize, After: 2900}
	timelines["an author"] = sns.Timeline{Limit: pageSize, Author: 5, Before: 2000}
	for name, of := range timelines {
		of.Viewer = hider
		all["hidden: page of "+name] = func(ctx context.Context) error { _, err := d.Timeline(ctx, of); return err }
		if of.After > 0 {
			of.Except = hider
			all["hidden: count of "+name] = func(ctx context.Context) error { _, err := d.CountPosts(ctx, of); return err }
		}
	}
	return all
}

// crowdedBlocks makes the blocks of crowded: three of the hider, and many of others.
func (d *database) crowdedBlocks(t *testing.T) {
	t.Helper()
	blocks := []string{fmt.Sprintf("(%d, 2, 0)", hider), fmt.Sprintf("(%d, 7, 0)", hider), fmt.Sprintf("(8, %d, 0)", hider)}
	for i := range 1000 {
		blocks = append(blocks, fmt.Sprintf("(%d, %d, 0)", 1000+i/20, 2000+i))
	}
	d.insert(t, "blocks (user_id, blocked_id, created_at)", blocks)
}
