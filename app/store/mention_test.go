package store_test

import (
	"fmt"
	"testing"
	"time"

	"xxsns/app/sns"
	"xxsns/app/store"
)

// mentions returns whom the text of a post and that of a comment mention, each in all ways in
// which they are read.
func (d *database) mentions(t *testing.T, post, comment, viewer int64) (ofPost, ofComment sns.Mentioned) {
	t.Helper()
	p, err := d.Post(t.Context(), post, viewer)
	if err != nil {
		t.Fatal(err)
	}
	c, err := d.Comment(t.Context(), comment)
	if err != nil {
		t.Fatal(err)
	}
	all, err := d.CommentsOf(t.Context(), p, 0, 0, 20)
	if err != nil || len(all) != 1 || all[0].Mentions != c.Mentions {
		t.Errorf("%v mention another than %q, %v", all, c.Mentions, err)
	}
	listed, err := d.Timeline(t.Context(), sns.Timeline{Viewer: viewer, Limit: 20})
	if err != nil || len(listed) != 1 || listed[0].Mentions != p.Mentions {
		t.Errorf("%v mention another than %q, %v", listed, p.Mentions, err)
	}
	return p.Mentions, c.Mentions
}

// A text mentions who existed when it was written, by the longest name.
func TestMentionsAreResolvedWhenATextIsWritten(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		minji, haru, gone := d.user(t, "MinJi"), d.user(t, "하루"), d.user(t, "지우")
		if _, err := d.DeleteUser(t.Context(), gone, noon); err != nil {
			t.Fatal(err)
		}
		text := "@하루님이 @minji에게도 @지우 @준호 `@MINJI` a@하루"
		post := d.post(t, minji, text)
		comment, _, err := d.AddComment(t.Context(), store.NewComment{Post: post, Author: haru, Content: text, CreatedAt: noon})
		if err != nil {
			t.Fatal(err)
		}
		want := sns.NewMentioned([]sns.User{{ID: haru, Username: "하루"}, {ID: minji, Username: "MinJi"}})
		if p, c := d.mentions(t, post, comment, haru); p != want || c != want {
			t.Errorf("%q and %q, want %q", p, c, want)
		}
		longer := d.user(t, "하루님")
		if p, c := d.mentions(t, post, comment, haru); p != want || c != want {
			t.Errorf("after somebody came: %q and %q, want %q", p, c, want)
		}
		if err := d.EditPost(t.Context(), post, minji, text, noon.Add(time.Minute)); err != nil {
			t.Fatal(err)
		}
		if err := d.EditComment(t.Context(), comment, haru, "아무도 아니에요", noon.Add(time.Minute)); err != nil {
			t.Fatal(err)
		}
		want = sns.NewMentioned([]sns.User{{ID: longer, Username: "하루님"}, {ID: minji, Username: "MinJi"}})
		if p, c := d.mentions(t, post, comment, haru); p != want || c != "" {
			t.Errorf("changed: %q and %q, want %q and nobody", p, c, want)
		}
	})
}

// A text of many names mentions the first of them, however many names it has.
func TestManyMentions(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		ids, text := d.users(t, 30), ""
		for i := range 600 {
			text += fmt.Sprintf("@없음%d ", i)
		}
		for i := range ids {
			text += fmt.Sprintf("@사람%d님 ", i)
		}
		p, err := d.Post(t.Context(), d.post(t, ids[0], text), ids[1])
		if got := p.Mentions.IDs(); err != nil || len(got) != sns.MentionsMost || got[0] != ids[0] || got[len(got)-1] != ids[sns.MentionsMost-1] {
			t.Errorf("%v, %v", got, err)
		}
	})
}
