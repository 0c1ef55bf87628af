package store_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"xxsns/app/sns"
	"xxsns/app/store"
)

// told returns the notices of a user, newest first, each as one line such as
// "like 민지 하루 +1 unread".
func (d *database) told(t testing.TB, user int64) []string {
	t.Helper()
	all, err := d.Notices(t.Context(), user, nil, 0, 1000)
	if err != nil {
		t.Fatal(err)
	}
	lines := make([]string, len(all))
	for i, n := range all {
		lines[i] = noticeLine(n)
	}
	return lines
}

func noticeLine(n sns.Notice) string {
	words := []string{n.Kind.String()}
	for _, actor := range n.Actors {
		words = append(words, actor.Username)
	}
	if n.Others > 0 {
		words = append(words, fmt.Sprintf("+%d", n.Others))
	}
	if n.Unread {
		words = append(words, "unread")
	}
	return strings.Join(words, " ")
}

// wantTold fails unless the notices of a user are these, newest first, and the numbers of the
// inbox are those of the unread ones.
func (d *database) wantTold(t testing.TB, user int64, want ...string) {
	t.Helper()
	got := d.told(t, user)
	if !slices.Equal(got, want) {
		t.Errorf("user %d was told %q, want %q", user, got, want)
	}
	var mine, news int
	for _, line := range want {
		if !strings.HasSuffix(line, " unread") {
			continue
		}
		if kind, _, _ := strings.Cut(line, " "); slices.Contains([]string{"like", "follow", "room"}, kind) {
			news++
		} else {
			mine++
		}
	}
	d.wantUnread(t, user, mine, news)
}

func (d *database) wantUnread(t testing.TB, user int64, mine, news int) {
	t.Helper()
	inbox, err := d.Inbox(t.Context(), user)
	if err != nil || inbox.Mine != mine || inbox.News != news {
		t.Errorf("inbox of %d: %+v, %v, want %d and %d", user, inbox, err, mine, news)
	}
	if n, err := d.CheckNotices(t.Context()); err != nil || n != 0 {
		t.Errorf("%d inboxes are wrong, %v", n, err)
	}
}

// names makes accounts with these names and returns their ids.
func (d *database) names(t testing.TB, names ...string) []int64 {
	t.Helper()
	ids := make([]int64, len(names))
	for i, name := range names {
		ids[i] = d.user(t, name)
	}
	return ids
}

func (d *database) unlike(t testing.TB, post, user int64) {
	t.Helper()
	if _, _, err := d.SetLike(t.Context(), post, user, false, noon); err != nil {
		t.Fatal(err)
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestCommentTellsTheAuthorAndWhoCommentedBefore(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		p := d.names(t, "민지", "하루", "준호", "서연")
		minji, haru, junho, seoyeon := p[0], p[1], p[2], p[3]
		post := d.post(t, minji, "함께  읽어요\n오늘")
		first := d.comment(t, post, haru, "저도요")
		d.wantTold(t, minji, "comment 하루 unread")
		d.wantTold(t, haru)
		d.comment(t, post, junho, "좋아요")
		d.comment(t, post, minji, "고마워요")
		d.comment(t, post, haru, "네")
		d.wantTold(t, minji, "comment 하루 준호 unread")
		d.wantTold(t, haru, "thread 민지 준호 unread")
		d.wantTold(t, junho, "thread 하루 민지 unread")
		last := d.comment(t, post, seoyeon, "다음에도\n불러요")
		d.wantTold(t, minji, "comment 서연 하루 +1 unread")
		d.wantTold(t, seoyeon)
		all, err := d.Notices(t.Context(), minji, nil, 0, 10)
		must(t, err)
		n := all[0]
		if n.Post != post || n.Comment != first || n.Title != "함께 읽어요 오늘" || n.Words != "다음에도 불러요" || n.Image || !n.At.Equal(noon) || last <= first {
			t.Errorf("%+v", n)
		}
	})
}

func TestLikesAreGatheredAndRecounted(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		p := d.names(t, "민지", "하루", "준호", "서연")
		post := d.post(t, p[0], "글")
		d.like(t, post, p[0])
		d.wantTold(t, p[0])
		for _, user := range p[1:] {
			d.like(t, post, user)
		}
		d.wantTold(t, p[0], "like 서연 준호 +1 unread")
		d.unlike(t, post, p[3])
		d.wantTold(t, p[0], "like 준호 하루 unread")
		d.unlike(t, post, p[2])
		d.unlike(t, post, p[1])
		d.wantTold(t, p[0])
		if n := d.rows(t, "notices"); n != 0 {
			t.Errorf("%d rows are left", n)
		}
	})
}

// A notice that was read stays as it was; what comes later is another notice.
func TestReadingClosesANotice(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		p := d.names(t, "민지", "하루", "준호", "서연")
		post, other := d.post(t, p[0], "글"), d.post(t, p[0], "또 글")
		d.like(t, post, p[1])
		d.comment(t, post, p[1], "댓글")
		d.comment(t, other, p[1], "댓글")
		must(t, d.ReadPost(t.Context(), p[0], post))
		d.wantTold(t, p[0], "comment 하루 unread", "comment 하루", "like 하루")
		d.like(t, post, p[2])
		d.comment(t, post, p[2], "댓글")
		d.wantTold(t, p[0], "comment 준호 unread", "like 준호 unread", "comment 하루 unread", "comment 하루", "like 하루")
		d.unlike(t, post, p[1])
		d.wantTold(t, p[0], "comment 준호 unread", "like 준호 unread", "comment 하루 unread", "comment 하루")
		must(t, d.ReadNotices(t.Context(), p[0], nil))
		d.wantTold(t, p[0], "comment 준호", "like 준호", "comment 하루", "comment 하루")
		before, err := d.Inbox(t.Context(), p[0])
		must(t, err)
		must(t, d.ReadNotices(t.Context(), p[0], nil))
		must(t, d.ReadPost(t.Context(), p[0], post))
		must(t, d.ReadFollows(t.Context(), p[0]))
		after, err := d.Inbox(t.Context(), p[0])
		if err != nil || after != before {
			t.Errorf("reading nothing: %+v, was %+v, %v", after, before, err)
		}
	})
}

func TestNoticesOfOthersCannotBeRead(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		p := d.names(t, "민지", "하루")
		d.like(t, d.post(t, p[0], "글"), p[1])
		d.like(t, d.post(t, p[1], "글"), p[0])
		all, err := d.Notices(t.Context(), p[0], nil, 0, 10)
		must(t, err)
		must(t, d.ReadNotices(t.Context(), p[1], []int64{all[0].ID, 99}))
		must(t, d.ReadNotices(t.Context(), p[1], []int64{}))
		d.wantTold(t, p[0], "like 하루 unread")
		d.wantTold(t, p[1], "like 민지 unread")
		must(t, d.ReadNotices(t.Context(), p[0], []int64{all[0].ID}))
		d.wantTold(t, p[0], "like 하루")
	})
}

func TestMentionTakesThePlaceOfTheComment(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		p := d.names(t, "민지", "하루", "준호", "나")
		post := d.post(t, p[0], "@하루 이 책 어때요? @민지 @아무개 @하루")
		d.wantTold(t, p[1], "mention 민지 unread")
		d.wantTold(t, p[0])
		comment := d.comment(t, post, p[2], "@민지 저는 좋아요")
		d.wantTold(t, p[0], "mention 준호 unread")
		d.comment(t, post, p[1], "저도요")
		d.wantTold(t, p[0], "comment 하루 unread", "mention 준호 unread")
		d.comment(t, post, p[0], "@준호님도 와요")
		d.wantTold(t, p[2], "mention 민지 unread", "thread 하루 unread")
		all, err := d.Notices(t.Context(), p[0], nil, 0, 10)
		if err != nil || all[1].Comment != comment || all[1].Words != "@민지 저는 좋아요" {
			t.Errorf("%+v, %v", all, err)
		}
		all, err = d.Notices(t.Context(), p[1], nil, 0, 10)
		if err != nil || all[len(all)-1].Comment != 0 || all[len(all)-1].Post != post {
			t.Errorf("%+v, %v", all, err)
		}
	})
}

// The words of a notice are those of the person whom it names first, also if the name was put
// into an older comment later.
func TestWordsAreOfTheLatestMention(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		p := d.names(t, "민지", "하루", "준호")
		post := d.post(t, p[0], "글")
		older := d.comment(t, post, p[1], "안녕")
		d.comment(t, post, p[2], "@민지 어서 와요")
		must(t, d.EditComment(t.Context(), older, p[1], "@민지 안녕", noon))
		all, err := d.Notices(t.Context(), p[0], nil, 0, 10)
		if err != nil || all[0].Actors[0].ID != p[1] || all[0].Words != "@민지 안녕" {
			t.Errorf("%+v, %v", all, err)
		}
	})
}

func TestAtMostTwentyAreTold(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		author, people := d.user(t, "민지"), d.users(t, 25)
		var text strings.Builder
		for i := range people {
			fmt.Fprintf(&text, "@사람%d ", i)
		}
		d.post(t, author, text.String())
		if n := d.rows(t, "mentions"); n != sns.MentionsMost {
			t.Errorf("%d are mentioned", n)
		}
		if n := d.rows(t, "inboxes WHERE unread = 1"); n != sns.MentionsMost {
			t.Errorf("%d were told", n)
		}
	})
}

func TestFollowersAreGathered(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		p := d.names(t, "민지", "하루", "준호", "서연")
		for _, user := range p[1:] {
			d.follow(t, user, p[0], true)
		}
		d.wantTold(t, p[0], "follow 서연 준호 +1 unread")
		d.follow(t, p[2], p[0], false)
		d.wantTold(t, p[0], "follow 서연 하루 unread")
		must(t, d.ReadFollows(t.Context(), p[0]))
		d.follow(t, p[2], p[0], true)
		d.wantTold(t, p[0], "follow 준호 unread", "follow 서연 하루")
		d.follow(t, p[2], p[0], false)
		d.wantTold(t, p[0], "follow 서연 하루")
	})
}

// Of many likes at once, few write into the inbox.
func TestOpenNoticeIsRenewedOnceAMinute(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		p := d.names(t, "민지", "하루", "준호", "서연", "지우")
		post := d.post(t, p[0], "글")
		versions := []int64{1, 1, 2, 2}
		for i, at := range []time.Duration{0, 59 * time.Second, time.Minute, time.Minute + 30*time.Second} {
			if _, _, err := d.SetLike(t.Context(), post, p[i+1], true, noon.Add(at)); err != nil {
				t.Fatal(err)
			}
			if inbox, err := d.Inbox(t.Context(), p[0]); err != nil || inbox.Version != versions[i] {
				t.Errorf("like %d: %+v, %v, want version %d", i, inbox, err, versions[i])
			}
		}
		d.wantTold(t, p[0], "like 지우 서연 +2 unread")
	})
}

func TestPagesOfNotices(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		p := d.names(t, "민지", "하루")
		for i := range 5 {
			post := d.post(t, p[0], fmt.Sprint("글 ", i))
			d.like(t, post, p[1])
			d.comment(t, post, p[1], "댓글")
		}
		yes, no := true, false
		for _, part := range []struct {
			news *bool
			want int
		}{{nil, 10}, {&yes, 5}, {&no, 5}} {
			var before int64
			seen := map[int64]bool{}
			for {
				page, err := d.Notices(t.Context(), p[0], part.news, before, 3)
				must(t, err)
				if len(page) == 0 {
					break
				}
				for _, n := range page {
					if part.news != nil && n.Kind.IsNews() != *part.news || before > 0 && n.Rank >= before {
						t.Errorf("%+v after %d", n, before)
					}
					seen[n.ID], before = true, n.Rank
				}
			}
			if len(seen) != part.want {
				t.Errorf("%d of %d", len(seen), part.want)
			}
		}
	})
}

// A deed of an account that is gone, or on a thing that is gone, makes no inbox.
func TestFailedDeedsTellNobody(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		p := d.names(t, "민지", "하루")
		post := d.post(t, p[0], "글")
		c := store.NewComment{Post: post, Author: p[1], Content: "댓글", Key: "k", CreatedAt: noon}
		for i := range 2 {
			if _, _, err := d.AddComment(t.Context(), c); i == 1 && !errors.Is(err, sns.ErrConflict) {
				t.Errorf("%v, want ErrConflict", err)
			}
		}
		d.like(t, post, p[1])
		d.like(t, post, p[1])
		d.wantTold(t, p[0], "like 하루 unread", "comment 하루 unread")
		if inbox, err := d.Inbox(t.Context(), p[0]); err != nil || inbox.Version != 2 {
			t.Errorf("%+v, %v", inbox, err)
		}
		if inbox, err := d.Inbox(t.Context(), 99); err != nil || inbox != (sns.Inbox{User: 99}) {
			t.Errorf("%+v, %v", inbox, err)
		}
	})
}
