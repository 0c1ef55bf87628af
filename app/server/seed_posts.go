package server

import (
	"cmp"
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"xxsns/app/seed"
	"xxsns/app/sns"
	"xxsns/app/store"
)

// Purposes of random sources; each batch has its own.
const (
	forPosts = iota + 1
	forComments
	forLikes
	forPictures
	forRooms
	forFollows
)

// batchSize is how many posts are made together with what stands under them,
// from a number on: few where pictures are drawn, which takes long.
func (s *seeder) batchSize(from int) int {
	const pictured = 2 * pictureEvery
	rows := 1 + (s.size.Comments+s.size.Likes)/s.size.Posts
	n := min(max(1, rowsABatch/rows), postsABatch, s.size.Posts-from)
	first := s.firstPicture()
	if from < first {
		return min(n, first-from)
	}
	return min(n, pictured)
}

// A postBatch is the posts of the numbers from … to-1 before they are made.
type postBatch struct {
	*seeder
	from     int
	posts    []store.CountedPost
	topics   []string
	saved    []string // image files
	comments []plannedComment
}

// A plannedComment will be written when it is its turn to be inserted.
type plannedComment struct {
	post int
	at   time.Time
}

// addPosts makes the posts of the numbers from … to-1.
func (s *seeder) addPosts(ctx context.Context, from, to int) error {
	b := postBatch{seeder: s, from: from, posts: make([]store.CountedPost, to-from), topics: make([]string, to-from)}
	rng := b.source(forPosts)
	b.count(rng, to)
	if err := b.write(ctx, rng); err != nil {
		return s.discard(ctx, b.saved, err)
	}
	b.planComments(rng)
	_, err := s.store.InsertPosts(ctx, store.PostBatch{Posts: b.posts, Comments: b.eachComment, Likes: b.eachLike})
	if err != nil {
		return s.discard(ctx, b.saved, err)
	}
	done := SeedResult{Posts: len(b.posts)}
	for _, p := range b.posts {
		done.Comments += p.Comments
		done.Likes += p.Likes
	}
	s.tell(done)
	return nil
}

func (b *postBatch) source(purpose uint64) *rand.Rand {
	return b.seeder.source(uint64(b.from)<<8 + purpose)
}

// count gives each post its number of comments and likes: what is popular gets
// more of both, and one in five is not talked about.
func (b *postBatch) count(rng *rand.Rand, to int) {
	liked, discussed := make([]float64, len(b.posts)), make([]float64, len(b.posts))
	for i := range b.posts {
		liked[i] = seed.Popularity(rng)
		discussed[i] = math.Sqrt(liked[i]) * (0.2 + rng.Float64())
		if rng.IntN(5) == 0 {
			discussed[i] = 0.001
		}
	}
	comments := seed.Shares(seed.Part(b.size.Comments, b.from, to, b.size.Posts), discussed, math.MaxInt)
	likes := seed.Shares(seed.Part(b.size.Likes, b.from, to, b.size.Posts), liked, b.size.Users)
	for i := range b.posts {
		b.posts[i].Comments, b.posts[i].Likes = comments[i], likes[i]
	}
}

// write writes the posts and draws their pictures.
func (b *postBatch) write(ctx context.Context, rng *rand.Rand) error {
	for i := range b.posts {
		p, number := &b.posts[i], b.from+i
		b.compose(rng, i)
		p.CreatedAt = b.clock.At(rng, number, b.size.Posts)
		if b.pictures[number] == 0 {
			continue
		}
		scenes := seed.Scenes(rng, b.pictures[number])
		p.Content, b.topics[i] = seed.Caption(rng, scenes[0]), seed.PhotoTopic
		for _, scene := range scenes {
			image, err := b.savePicture(ctx, rng, scene)
			if err != nil {
				return err
			}
			p.Images, b.saved = append(p.Images, image), append(b.saved, image.Name)
		}
	}
	return nil
}

// compose writes the text of a post, by somebody and for one of the boards.
func (b *postBatch) compose(rng *rand.Rand, i int) {
	p, author := &b.posts[i], seed.Member(rng, len(b.users))
	home := b.homes[author]
	slug := seed.BoardOf(rng, home.Known(), b.pictures[b.from+i] > 0)
	place, ok := b.venues[slug]
	if !ok {
		slug, place = sns.DefaultBoard, b.venues[sns.DefaultBoard]
	}
	p.Author, p.Board = b.users[author], place.board
	if slug == sns.LocalBoard {
		p.Location = home
	}
	var options []string
	p.Content, b.topics[i], options = seed.BoardPost(rng, slug, home.Town)
	p.Options = place.choose(options)
}

// planComments sets when comments are written, so that their ids rise with time.
func (b *postBatch) planComments(rng *rand.Rand) {
	now := b.now()
	for i, p := range b.posts {
		for range p.Comments {
			b.comments = append(b.comments, plannedComment{i, p.CreatedAt.Add(seed.Delay(rng, now.Sub(p.CreatedAt)))})
		}
	}
	slices.SortFunc(b.comments, func(x, y plannedComment) int {
		return cmp.Or(x.at.Compare(y.at), cmp.Compare(x.post, y.post))
	})
}

// eachComment writes the comments one by one.
func (b *postBatch) eachComment(yield func(store.NewComment) bool) {
	rng, said := b.source(forComments), sayings{}
	for _, c := range b.comments {
		author := b.users[seed.Member(rng, len(b.users))]
		text := said.fresh(c.post, func() string { return seed.Comment(rng, b.topics[c.post]) })
		if !yield(store.NewComment{Post: int64(c.post), Author: author, Content: text, CreatedAt: c.at}) {
			return
		}
	}
}

// A saying is a comment under a post of a batch.
type saying struct {
	post int
	text string
}

type sayings map[saying]bool

// fresh returns a comment that does not stand under the post yet, unless such
// a one is hard to find.
func (said sayings) fresh(post int, write func() string) string {
	const remembered, tries = 50_000, 6
	if len(said) > remembered {
		clear(said)
	}
	text := write()
	for range tries {
		if !said[saying{post, text}] {
			break
		}
		text = write()
	}
	said[saying{post, text}] = true
	return text
}

// eachLike lets as many different people as are counted like each post.
func (b *postBatch) eachLike(yield func(store.NewLike) bool) {
	rng, now := b.source(forLikes), b.now()
	var fans []int64
	for i, p := range b.posts {
		for k := range p.Likes { // the beginning of a shuffle
			other := k + rng.IntN(len(b.crowd)-k)
			b.crowd[k], b.crowd[other] = b.crowd[other], b.crowd[k]
		}
		fans = append(fans[:0], b.crowd[:p.Likes]...)
		slices.Sort(fans) // in the order of the index: many times faster to insert
		for _, fan := range fans {
			at := p.CreatedAt.Add(seed.Delay(rng, now.Sub(p.CreatedAt)))
			if !yield(store.NewLike{Post: int64(i), User: fan, CreatedAt: at}) {
				return
			}
		}
	}
}

// now is the time that nothing is later than.
func (s *seeder) now() time.Time { return s.clock.End().Add(newestAge) }
