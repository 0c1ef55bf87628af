package store_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"xxsns/app/sns"
	"xxsns/app/store"
)

// indexed works off all that waits to be indexed.
func (d *database) indexed(t testing.TB) {
	t.Helper()
	for {
		done, err := d.IndexSearch(t.Context(), 200)
		if err != nil {
			t.Fatal(err)
		}
		if done == 0 {
			return
		}
	}
}

// asked returns the search of a typed question.
func asked(typed string, limit int) sns.Search {
	q, _ := sns.ParseQuestion(typed)
	return sns.Search{Question: q, Limit: limit}
}

// everything returns what all pages of a search have.
func everything[T any](t testing.TB, search func(context.Context, sns.Search) ([]T, string, error), q sns.Search) (all []T) {
	t.Helper()
	for {
		page, next, err := search(t.Context(), q)
		if err != nil {
			t.Fatalf("%q: %v", q.Text, err)
		}
		if len(page) > q.Limit || len(page) < q.Limit && next != "" || next != "" && next == q.Before {
			t.Fatalf("%q: a page of %d, at most %d, and then %q", q.Text, len(page), q.Limit, next)
		}
		if all = append(all, page...); next == "" {
			return all
		}
		q.Before = next
	}
}

// foundPosts returns the ids of the posts that a typed question finds.
func (d *database) foundPosts(t testing.TB, typed string) (ids []int64) {
	t.Helper()
	for _, p := range everything(t, d.SearchPosts, asked(typed, 7)) {
		ids = append(ids, p.ID)
	}
	return ids
}

func (d *database) foundComments(t testing.TB, typed string) (ids []int64) {
	t.Helper()
	for _, c := range everything(t, d.SearchComments, asked(typed, 7)) {
		ids = append(ids, c.ID)
	}
	return ids
}

func TestPostsAreFound(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		people := d.users(t, 2)
		card := d.post(t, people[0], "카드결제가 안 돼요 Ｃａｆé")
		other := d.post(t, people[1], "결제는 카드로")
		p := d.newPost(t, people[1], "")
		p.Images = []sns.PostImage{{Name: "a.jpg", Width: 1, Height: 1, Alt: "바닷가의 노을"}, {Name: "b.jpg", Width: 1, Height: 1, Alt: "빈 의자"}}
		p.Location = sns.Location{Area: "서울특별시 마포구", Town: "망원동"}
		picture, err := d.CreatePost(t.Context(), p)
		if err != nil {
			t.Fatal(err)
		}
		for _, state := range []string{"waiting", "indexed"} {
			for typed, want := range map[string][]int64{
				"결제": {other, card}, "카드 결제": {other, card}, `"카드결제"`: {card}, `"결제가 안"`: {card}, "cafe": {card}, "CAFÉ 돼요": {card},
				"노을": {picture}, "의자 바닷가": {picture}, "망원동 노을": {picture}, "마포": {picture}, `"노을 빈"`: nil, "결 카드로": {other}, "없는말": nil,
				"결제 from:사람1": {other}, "결제 from:없음": nil, "결제 board:없음": nil, "결제 from:사람0 board:" + sns.DefaultBoard: {card},
				norm.NFD.String("카드결제"): {card}, "결": nil, "": nil,
			} {
				if got := d.foundPosts(t, typed); !slices.Equal(got, want) {
					t.Errorf("%s: %q finds %v, not %v", state, typed, got, want)
				}
			}
			d.indexed(t)
			if n := d.rows(t, "search_waits"); n > 0 {
				t.Errorf("%d texts wait", n)
			}
		}
	})
}

func TestPostsAreFoundAsTheyAre(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		author := d.user(t, "민지")
		post := d.post(t, author, "카드결제가 안 돼요")
		comment := d.comment(t, post, author, "저도 결제가 안 돼요")
		want := func(what string, posts, comments []int64, typed string) {
			t.Helper()
			for _, state := range []string{"waiting", "indexed"} {
				if got := d.foundPosts(t, typed); !slices.Equal(got, posts) {
					t.Errorf("%s, %s: %q finds posts %v, not %v", what, state, typed, got, posts)
				}
				if got := d.foundComments(t, typed); !slices.Equal(got, comments) {
					t.Errorf("%s, %s: %q finds comments %v, not %v", what, state, typed, got, comments)
				}
				d.indexed(t)
			}
			d.wantCleanIndex(t)
		}
		want("made", []int64{post}, []int64{comment}, "결제")
		if err := d.EditPost(t.Context(), post, author, "이제 잘 돼요", noon); err != nil {
			t.Fatal(err)
		}
		want("edited", nil, []int64{comment}, "결제")
		want("edited", []int64{post}, nil, "이제")
		if err := d.EditComment(t.Context(), comment, author, "다행이네요", noon); err != nil {
			t.Fatal(err)
		}
		want("comment edited", nil, []int64{comment}, "다행")
		if _, err := d.DeleteUser(t.Context(), author, noon); err != nil {
			t.Fatal(err)
		}
		want("account deleted", []int64{post}, nil, "이제")
		if got := d.foundPosts(t, "이제 from:민지"); got != nil {
			t.Errorf("found %v of a deleted account", got)
		}
		if _, err := d.DeletePost(t.Context(), post, author); err != nil {
			t.Fatal(err)
		}
		want("deleted", nil, nil, "이제")
		want("deleted", nil, nil, "다행")
	})
}

func (d *database) wantCleanIndex(t testing.TB) {
	t.Helper()
	if n, err := d.CheckSearch(t.Context()); err != nil || n != 0 {
		t.Errorf("%d texts differ from the index, %v", n, err)
	}
}

// Typed text is never an error, and no sign is an operator.
func TestAnythingMayBeTyped(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		author := d.user(t, "민지")
		odd := []string{"100% _할인_ !", `NEAR(a b) * "OR" AND NOT`, "👍👍🏽 ㅋㅋㅋ", "ﾃｽﾄ ｶﾞ", "c++ a'b \\ --", "grams: ^x {y}"}
		var ids []int64
		for _, text := range odd {
			ids = append(ids, d.post(t, author, text))
		}
		d.indexed(t)
		for typed, want := range map[string][]int64{
			"100%": ids[:1], "0%": ids[:1], "_할": ids[:1], "NEAR(": ids[1:2], `"near(a b)"`: ids[1:2], "AND NOT": ids[1:2], "👍👍": ids[2:3], "ㅋㅋ": ids[2:3],
			"テスト": ids[3:4], "カ": nil, "C++": ids[4:5], "a'b": ids[4:5], "--": ids[4:5], "grams:": ids[5:6], "^x": ids[5:6], "{y}": ids[5:6],
			"*": nil, "%": nil, "!": nil, `"`: nil, `""`: nil, "\\": nil, "%%": nil, "__": nil, strings.Repeat("가", 1000): nil, strings.Repeat("NEAR(a ", 200): ids[1:2],
			"\xff\xfe": nil, "\x00a": nil, "'; DROP TABLE posts; --": nil, "from:": nil, "from:%": nil, "aa OR bb": nil, "-100": nil,
		} {
			if got := d.foundPosts(t, typed); !slices.Equal(got, want) {
				t.Errorf("%q finds %v, not %v", typed, got, want)
			}
			q := asked(typed, 5)
			q.Viewer = sns.User{ID: author, Role: sns.RoleAdmin}
			everything(t, d.SearchComments, q)
			everything(t, d.SearchPeople, q)
			everything(t, d.SearchRooms, q)
			if _, err := d.SearchBoards(t.Context(), q); err != nil {
				t.Errorf("boards: %q: %v", typed, err)
			}
			if _, err := d.CompletePeople(t.Context(), sns.Completion{Text: typed, Viewer: q.Viewer, Limit: 5}); err != nil {
				t.Errorf("completion of %q: %v", typed, err)
			}
		}
		for _, cursor := range []string{"x", "-1", "0", "1.2", "99999999999999999999"} {
			q := asked("결제", 5)
			q.Before = cursor
			if _, _, err := d.SearchPosts(t.Context(), q); !errors.Is(err, sns.ErrNotFound) {
				t.Errorf("cursor %q: %v", cursor, err)
			}
		}
	})
}

// A phrasebook makes texts of few words, so that questions find much and little.
type phrasebook struct{ *rand.Rand }

var (
	stems   = strings.Fields("카드 결제 주문 배송 환불 사진 노을 산책 책 영화 커피 점심 저녁 회의 숙제 시험 친구 가족 고양이 강아지 cafe Menu OK 3월 iPhone ㅋㅋ 👍 ㅠㅠ C++ naïve ＷＩＤＥ ｶﾅ 漢字 서울 부산")
	endings = strings.Fields("가 는 을 를 이 에서 으로 도 만 까지 했어요 돼요 합니다 하자 ! ? ... 요 ~")
)

func (p phrasebook) word() string {
	word := stems[int(float64(len(stems))*p.Float64()*p.Float64())] // some are common
	for p.IntN(3) == 0 {
		word += stems[p.IntN(len(stems))]
	}
	if p.IntN(2) == 0 {
		word += endings[p.IntN(len(endings))]
	}
	if p.IntN(20) == 0 {
		word += strconv.Itoa(p.IntN(300))
	}
	return word
}

func (p phrasebook) text(most int) string {
	words := make([]string, 1+p.IntN(most))
	for i := range words {
		words[i] = p.word()
	}
	text := strings.Join(words, []string{" ", "  ", "\n"}[p.IntN(3)])
	if p.IntN(10) == 0 {
		text = norm.NFD.String(text)
	}
	content, problem := sns.PostContent(text, 0)
	if problem != nil {
		return "책"
	}
	return content
}

// question returns 1 to 4 words, drawn from a text or beside.
func (p phrasebook) question(text string) string {
	runes := []rune(text)
	words := make([]string, 1+p.IntN(4))
	for i := range words {
		switch p.IntN(4) {
		case 0:
			words[i] = p.word()
		case 1:
			from := p.IntN(len(runes))
			words[i] = `"` + strings.ReplaceAll(string(runes[from:min(len(runes), from+2+p.IntN(6))]), `"`, "") + `"`
		default:
			from := p.IntN(len(runes))
			words[i] = string(runes[from:min(len(runes), from+1+p.IntN(4))])
		}
	}
	return strings.Join(words, " ")
}

// TestSearchesEqualBruteForce asks many questions of each database; $SEARCH is how many to ask of
// 20,000 texts, such as 50000.
func TestSearchesEqualBruteForce(t *testing.T) {
	texts, questions := 2000, 1000
	if v := os.Getenv("SEARCH"); v != "" {
		n, err := strconv.Atoi(v)
		if err != nil {
			t.Fatal("SEARCH: ", err)
		}
		texts, questions = 20_000, n
	}
	each(t, func(t *testing.T, d *database) {
		d.Prove(0, nil)
		book := phrasebook{rand.New(rand.NewPCG(16, 1))} //nolint:gosec // no secret
		posts := d.bulkPosts(t, book, texts)
		d.indexed(t)
		for range 100 { // wait until the tenth part was asked
			content := book.text(12)
			posts = append(posts, sns.Post{ID: d.post(t, 1, content), Content: content})
		}
		folded := make([]string, len(posts))
		for i, p := range posts {
			folded[i] = sns.FoldText(p.Content)
		}
		for i := range questions {
			if t.Failed() {
				return // one question says enough
			}
			if i == questions/10 {
				d.indexed(t)
				d.wantCleanIndex(t)
			}
			typed := book.question(posts[book.IntN(len(posts))].Content)
			d.wantBruteForce(t, posts, folded, typed, i < 100 || i%200 == 0)
		}
	})
}

// wantBruteForce compares the first page, and sometimes all pages, of a question with a search
// in Go. posts are in the order of their ids, folded are their texts.
func (d *database) wantBruteForce(t *testing.T, posts []sns.Post, folded []string, typed string, all bool) {
	t.Helper()
	q := asked(typed, 20)
	var want []int64
	for i, text := range slices.Backward(folded) {
		if !q.FindsTexts() {
			break
		}
		if q.Matches(text) {
			if want = append(want, posts[i].ID); len(want) == q.Limit && !all {
				break
			}
		}
	}
	var found []sns.Post
	if all {
		found = everything(t, d.SearchPosts, q)
	} else {
		var err error
		if found, _, err = d.SearchPosts(t.Context(), q); err != nil {
			t.Fatal(err)
		}
	}
	got := make([]int64, len(found))
	for i, p := range found {
		got[i] = p.ID
	}
	if !slices.Equal(got, want) {
		t.Errorf("%q finds %d posts %.200v, not %d, %.200v", typed, len(got), fmt.Sprint(got), len(want), fmt.Sprint(want))
	}
}

// bulkPosts inserts n posts of a phrasebook, which are to be indexed as old ones, and returns
// them in the order of their ids.
func (d *database) bulkPosts(t testing.TB, book phrasebook, n int) []sns.Post {
	t.Helper()
	author := d.user(t, fmt.Sprint("글쓴이", n))
	made := d.newPost(t, author, "")
	bucket, err := d.BucketFor(t.Context(), made.Board, "", nil)
	if err != nil {
		t.Fatal(err)
	}
	posts := make([]sns.Post, n)
	err = d.Bulk(t.Context(), func(b *store.Bulk) {
		b.Insert(`INSERT INTO posts (id, user_id, board_id, bucket_id, content, created_at)`, func(yield func([]any) bool) {
			for i := range posts {
				posts[i] = sns.Post{ID: int64(i + 1), Content: book.text(12)}
				if !yield([]any{posts[i].ID, author, made.Board, bucket, posts[i].Content, noon}) {
					return
				}
			}
		})
	})
	if err == nil {
		err = d.ReindexSearch(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	return posts
}
