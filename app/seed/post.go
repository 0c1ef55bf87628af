package seed

import (
	"cmp"
	"context"
	crand "crypto/rand"
	"fmt"
	"iter"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"xxsns/app/sns"
	"xxsns/app/store"
)

// A post is a post to be inserted, with the numbers of comments and likes.
type post struct {
	store.NewPost
	topic           topic
	comments, likes int
}

// A postBatch is the posts that are inserted in one transaction, with all that
// belongs to them.
type postBatch struct {
	*seeder
	from     int // the number of the first post
	posts    []post
	saved    []string // names of image files
	comments []comment
}

// A comment is a comment to be inserted. The text is made up at insertion: the
// texts of a batch could be too many for the memory.
type comment struct {
	post int // an index of posts
	at   time.Time
}

func (s *seeder) addPosts(ctx context.Context) error {
	s.planPictures()
	for s.made.Posts < s.size.Posts {
		b := postBatch{seeder: s, from: s.made.Posts, posts: make([]post, s.batchSize())}
		if err := b.add(ctx); err != nil {
			return s.discard(ctx, b.saved, err)
		}
	}
	return nil
}

// batchSize returns the number of posts in the next batch. Batches with pictures
// are small, because saving pictures is slow.
func (s *seeder) batchSize() int {
	rows := 1 + (s.size.Comments+s.size.Likes)/s.size.Posts
	n, first := min(max(1, rowsABatch/rows), postsABatch, s.size.Posts-s.made.Posts), s.size.Posts
	for number := range s.pictures {
		first = min(first, number)
	}
	if s.made.Posts < first {
		return min(n, first-s.made.Posts)
	}
	return min(n, 2*pictureEvery)
}

func (b *postBatch) source(purpose int) *rand.Rand { return b.seeder.source(purpose, b.from) }

// add makes up the posts and inserts them.
func (b *postBatch) add(ctx context.Context) error {
	rng := b.source(forPosts)
	b.count(rng)
	for i := range b.posts {
		if err := b.write(ctx, rng, i); err != nil {
			return err
		}
	}
	b.planComments(rng)
	if err := b.insert(ctx); err != nil {
		return err
	}
	likes := 0
	for _, p := range b.posts {
		likes += p.likes
	}
	b.tell(&b.made.Posts, len(b.posts))
	b.tell(&b.made.Comments, len(b.comments))
	b.tell(&b.made.Likes, likes)
	return nil
}

// count decides how many comments and likes each post has. Popular posts get
// more of both; every fifth post gets hardly any comments.
func (b *postBatch) count(rng *rand.Rand) {
	liked, discussed := make([]float64, len(b.posts)), make([]float64, len(b.posts))
	for i := range b.posts {
		liked[i] = popularity(rng)
		discussed[i] = math.Sqrt(liked[i]) * (0.2 + rng.Float64())
		if rng.IntN(5) == 0 {
			discussed[i] = 0.001
		}
	}
	to := b.from + len(b.posts)
	comments := shares(portion(b.size.Comments, b.from, to, b.size.Posts), discussed, math.MaxInt)
	likes := shares(portion(b.size.Likes, b.from, to, b.size.Posts), liked, b.size.Users)
	for i := range b.posts {
		b.posts[i].comments, b.posts[i].likes = comments[i], likes[i]
	}
}

// write makes up a post, and saves the pictures of the post.
func (b *postBatch) write(ctx context.Context, rng *rand.Rand, i int) error {
	p, author, number := &b.posts[i], member(rng, len(b.users)), b.from+i
	home := b.homes[author]
	slug := boardFor(rng, home.Known(), len(b.pictures[number]) > 0)
	board, ok := b.boards[slug]
	if !ok {
		slug, board = sns.DefaultBoard, b.boards[sns.DefaultBoard]
	}
	p.Author, p.Board = b.users[author], board.id
	if slug == sns.LocalBoard {
		p.Location = home
	}
	p.Content, p.topic = boardText(rng, slug, home.Town)
	p.Options = board.choose(p.topic)
	p.CreatedAt = b.clock.at(rng, number, b.size.Posts)
	for k, picture := range b.pictures[number] {
		if k == 0 {
			p.Content, p.topic = captionText(rng, picture.scene)
		}
		image, err := upload(ctx, b.Images.Save, picture.file)
		if err != nil {
			return err
		}
		p.Images = append(p.Images, sns.PostImage{Name: image.Name, Width: image.Width, Height: image.Height, Alt: picture.alt(rng), Sized: image.Sized})
		b.saved = append(b.saved, image.Name)
	}
	return nil
}

// planComments decides when the comments are written, in the order of time, so
// that the ids of comments are in the order of time.
func (b *postBatch) planComments(rng *rand.Rand) {
	for i, p := range b.posts {
		for range p.comments {
			b.comments = append(b.comments, comment{i, p.CreatedAt.Add(delay(rng, b.Now.Sub(p.CreatedAt)))})
		}
	}
	slices.SortFunc(b.comments, func(x, y comment) int {
		return cmp.Or(x.at.Compare(y.at), cmp.Compare(x.post, y.post))
	})
}

// insert inserts either the posts with images, comments and likes, or nothing.
func (b *postBatch) insert(ctx context.Context) (err error) {
	keys, buckets, counts := make([]string, len(b.posts)), make([]int64, len(b.posts)), map[int64]int{}
	prefix := crand.Text()[:12]
	for i := range b.posts {
		if buckets[i], err = b.bucket(ctx, &b.posts[i]); err != nil {
			return err
		}
		counts[buckets[i]]++
		keys[i] = fmt.Sprintf("%s-%d", prefix, i)
	}
	delete(counts, 0) // no bucket
	return b.Store.Bulk(ctx, func(bulk *store.Bulk) {
		ids := bulk.InsertNamed("posts", "form_key", keys,
			`INSERT INTO posts (user_id, board_id, bucket_id, town, content, like_count, comment_count, version, form_key, created_at)`,
			rows(b.posts, func(i int, p post) []any {
				return []any{p.Author, p.Board, buckets[i], p.Location.Town, p.Content, p.likes, p.comments, p.likes + p.comments, keys[i], p.CreatedAt}
			}))
		for i, p := range b.posts {
			bulk.Insert(`INSERT INTO post_images (post_id, position, name, width, height, alt, sized)`,
				rows(p.Images, func(position int, image sns.PostImage) []any {
					return []any{ids[i], position, image.Name, image.Width, image.Height, image.Alt, image.Sized}
				}))
		}
		bulk.Insert(`INSERT INTO comments (post_id, user_id, content, created_at)`, b.commentRows(ids))
		bulk.Insert(`INSERT INTO likes (post_id, user_id, created_at)`, b.likeRows(ids))
		bulk.Count(`UPDATE buckets SET post_count = post_count + ? WHERE id IN (?)`, counts)
	})
}

// rows returns the rows of values.
func rows[T any](values []T, row func(int, T) []any) iter.Seq[[]any] {
	return func(yield func([]any) bool) {
		for i, value := range values {
			if !yield(row(i, value)) {
				return
			}
		}
	}
}

// commentRows makes up the comments in the order of time. The comments of a post
// differ, as far as there are enough texts.
func (b *postBatch) commentRows(ids []int64) iter.Seq[[]any] {
	const remembered, tries = 50_000, 6
	type written struct {
		post int
		text string
	}
	rng, all := b.source(forComments), map[written]bool{}
	return rows(b.comments, func(_ int, c comment) []any {
		if len(all) > remembered {
			clear(all)
		}
		author := b.users[member(rng, len(b.users))]
		text := commentText(rng, b.posts[c.post].topic)
		for try := 0; try < tries && all[written{c.post, text}]; try++ {
			text = commentText(rng, b.posts[c.post].topic)
		}
		all[written{c.post, text}] = true
		return []any{ids[c.post], author, text, c.at}
	})
}

// likeRows makes up the likes. For each post, the rows have the order of the
// index, which makes inserting many times faster.
func (b *postBatch) likeRows(ids []int64) iter.Seq[[]any] {
	return func(yield func([]any) bool) {
		rng := b.source(forLikes)
		var likers []int64
		for i, p := range b.posts {
			for k := range p.likes { // the first steps of a shuffle
				other := k + rng.IntN(len(b.shuffled)-k)
				b.shuffled[k], b.shuffled[other] = b.shuffled[other], b.shuffled[k]
			}
			likers = append(likers[:0], b.shuffled[:p.likes]...)
			slices.Sort(likers)
			for _, liker := range likers {
				if !yield([]any{ids[i], liker, p.CreatedAt.Add(delay(rng, b.Now.Sub(p.CreatedAt)))}) {
					return
				}
			}
		}
	}
}
