package store_test

import (
	"context"
	"fmt"
	"regexp"
	"testing"

	"xxsns/app/apptest"
	"xxsns/app/store"
)

// told is who has many notices in crowded.
const told = 3

// ofIDs finds the queries of people and inboxes by their ids.
var ofIDs = regexp.MustCompile(`FROM (users u|inboxes) WHERE (u\.id|user_id) IN \(`)

// ofDeeds finds the query of the deeds of a page of notices, each of which is bounded.
var ofDeeds = regexp.MustCompile(`^SELECT \S+.* FROM \(SELECT \S+ AS notice`)

// ofPeople finds the query of whom a comment tells, who are bounded.
var ofPeople = regexp.MustCompile(`(?s)^SELECT u\.id AS user_id, .* LIMIT \d+\) f\) w JOIN users u `)

// hotNoticeReads are the hotReads about notices.
func (d *database) hotNoticeReads() map[string]func(context.Context) error {
	page := func(news *bool, before int64) func(context.Context) error {
		return func(ctx context.Context) error {
			_, err := d.Notices(ctx, told, news, before, pageSize)
			return err
		}
	}
	yes := true
	return map[string]func(context.Context) error{
		"inbox":                func(ctx context.Context) error { _, err := d.Inbox(ctx, told); return err },
		"notices":              page(nil, 0),
		"notices, second page": page(nil, 900),
		"news":                 page(&yes, 0),
		"muted":                func(ctx context.Context) error { _, err := d.Muted(ctx, told, busy); return err },
		"notice settings":      func(ctx context.Context) error { _, err := d.NoticeSettings(ctx, told); return err },
		"reading a post":       func(ctx context.Context) error { return d.ReadPost(ctx, told, 2500) },
		"reading a room":       func(ctx context.Context) error { return d.ReadRoom(ctx, told, 7, 9) },
		"old notices":          func(ctx context.Context) error { _, err := d.ForgetNotices(ctx, noon.AddDate(-1, 0, 0)); return err },
		"erased message":       func(ctx context.Context) error { return d.ForgetMessage(ctx, 7, 9) },
	}
}

// deeds are the deeds that look for whom to tell.
func (d *database) deeds() map[string]func(context.Context) error {
	const post = 1501
	return map[string]func(context.Context) error{
		"like and unlike": func(ctx context.Context) error {
			if _, _, err := d.SetLike(ctx, post, told, true, noon); err != nil {
				return err
			}
			_, _, err := d.SetLike(ctx, post, told, false, noon)
			return err
		},
		"comment and deletion": func(ctx context.Context) error {
			id, _, err := d.AddComment(ctx, store.NewComment{Post: post, Author: told, Content: "@사람7 댓글", CreatedAt: noon})
			if err != nil {
				return err
			}
			if err := d.EditComment(ctx, id, told, "@사람8 댓글", noon); err != nil {
				return err
			}
			_, err = d.DeleteComment(ctx, id, told)
			return err
		},
	}
}

// TestPlansOfDeeds explains what deeds ask for notices within their transactions.
func TestPlansOfDeeds(t *testing.T) {
	url := apptest.MariaDB(t)
	crowded(t, url, sizes[2])
	d, w := wired(t, url)
	d.run(t, "ANALYZE TABLE "+noticeTables+", posts, users, comments, likes, follows")
	for name, deed := range d.deeds() {
		d.wantGoodMariaDBPlans(t, name, w, deed)
	}
}

const noticeTables = "notices, inboxes, mentions, mutes, notice_settings, push_subscriptions"

// crowdedNotices tells everybody of something, and one person of a thousand things.
func (d *database) crowdedNotices(t *testing.T, people int) {
	t.Helper()
	var notices, inboxes, devices []string
	for i := 1; i <= 3000; i++ {
		user, kind, news, open, last := i%people+1, i%4+1, 0, "1", "NULL"
		if i%3 == 0 {
			user = told
		}
		if kind == 4 {
			news = 1
		}
		if i%2 == 0 {
			open, last = "NULL", "5000"
		}
		notices = append(notices, fmt.Sprintf("(%d, %d, %d, %d, 0, 0, %s, %s, %d, %d, %[9]d)", user, kind, news, i, last, open, i, noon.UnixMicro(), noon.UnixMicro()+int64(i)))
	}
	for user := range people {
		inboxes = append(inboxes, fmt.Sprintf("(%d, 0, 0, 5000)", user+1))
		devices = append(devices, fmt.Sprintf("(%d, 'session%[1]d', 'hash%[1]d', '', '', '', '', 'ko', 1, 1)", user+1))
	}
	d.insert(t, "notices (user_id, kind, news, post_id, room_id, first_ref, last_ref, open, ranked, created_at, changed_at)", notices)
	d.insert(t, "inboxes (user_id, unread, news, version)", inboxes)
	d.insert(t, "push_subscriptions (user_id, session_id, endpoint_hash, endpoint, public_key, secret, agent, lang, created_at, seen_at)", devices)
	d.run(t, "UPDATE inboxes SET unread = (SELECT COUNT(*) FROM notices n WHERE n.user_id = inboxes.user_id AND n.open = 1)")
}
