package web_test

import (
	"bufio"
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"xxsns/app/apptest"
	"xxsns/app/chat"
	"xxsns/app/config"
	"xxsns/app/seed"
	"xxsns/app/server"
	"xxsns/app/sns"
	"xxsns/app/store"
	"xxsns/app/view"
	"xxsns/app/web/rooms"
)

// A benchSite is the whole program in process, with a member signed in.
type benchSite struct {
	cfg     config.Config
	handler http.Handler
	cookie  *http.Cookie
	newest  int64
	pages   map[string]string // the measured pages: name → path
}

// newBenchSite makes a site on SQLite; see newBenchSiteOn.
func newBenchSite(b *testing.B, posts int) *benchSite {
	b.Helper()
	return newBenchSiteOn(b, onSQLite, posts)
}

// newBenchSiteOn makes a site with that many posts, of which the newest 20 have
// pictures, comments and likes as on a busy day.
func newBenchSiteOn(b *testing.B, servers benchServers, posts int) *benchSite {
	b.Helper()
	cfg := config.Config{
		UploadsDir: filepath.Join(b.TempDir(), "uploads"), SessionSecret: apptest.Secret, Zone: apptest.Seoul, RoomMaxLimit: 15,
	}
	cfg.DatabaseURL, cfg.RedisURL = servers(b)
	ctx := context.Background()
	size := seed.Size{Users: 200, Posts: posts - 20, Comments: posts, Likes: 2 * posts, Follows: 2000, Password: apptest.Password}
	made, err := server.Seed(ctx, cfg, size, func(int) {})
	if err != nil {
		b.Fatal(err)
	}
	site := &benchSite{cfg: cfg, newest: busyDay(b, cfg)}
	openRooms(b, cfg)
	site.handler = served(b, cfg)
	site.cookie = signsIn(b, site.handler, made.Somebody)
	site.pages = pagesOf(b, cfg, made.Somebody)
	site.pages["post"] = view.PostPath(site.newest)
	return site
}

// served returns a process of the program on the servers of a configuration.
func served(b *testing.B, cfg config.Config) http.Handler {
	b.Helper()
	s, err := server.New(context.Background(), cfg, slog.New(slog.DiscardHandler), false)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(s.Close)
	return s.Handler()
}

// signsIn returns the cookie of a member who signs in.
func signsIn(b *testing.B, at http.Handler, name string) *http.Cookie {
	b.Helper()
	w := sends(at, nil, "/sign-in", url.Values{"username": {name}, "password": {apptest.Password}}.Encode())
	for _, c := range w.Result().Cookies() {
		if c.Name == "session" {
			return c
		}
	}
	b.Fatalf("%s is not signed in: %d", name, w.Code)
	return nil
}

// sends sends a form as a browser does; cookie may be nil.
func sends(at http.Handler, cookie *http.Cookie, path, form string) *httptest.ResponseRecorder {
	req := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if cookie != nil {
		req.AddCookie(cookie)
	}
	w := httptest.NewRecorder()
	at.ServeHTTP(w, req)
	return w
}

// pagesOf returns the lists of posts that a member may look at. The member's location
// is one where the seed has many members, and the filter is one of several facets.
func pagesOf(b *testing.B, cfg config.Config, name string) map[string]string {
	b.Helper()
	ctx := context.Background()
	s, err := store.Open(ctx, cfg.DatabaseURL)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	user, err := s.UserByName(ctx, name)
	if err == nil {
		err = s.SetLocation(ctx, user.ID, sns.Location{Area: "서울특별시 성동구"})
	}
	board, errBoard := s.BoardBySlug(ctx, "invest")
	if err != nil || errBoard != nil || len(board.Facets) != 4 {
		b.Fatalf("%v, %v, %d facets", err, errBoard, len(board.Facets))
	}
	style, opinion := board.Facets[0].Options, board.Facets[2].Options
	return map[string]string{
		"timeline":  "/",
		"board":     "/boards/invest",
		"filtered":  fmt.Sprintf("/boards/invest?f=%d&f=%d&f=%d", style[0].ID, opinion[0].ID, opinion[1].ID),
		"local":     "/local",
		"following": "/following",
		"rooms":     "/rooms",
	}
}

// openRooms opens as many rooms as the list of rooms shows at once.
func openRooms(b *testing.B, cfg config.Config) {
	b.Helper()
	s, err := store.Open(b.Context(), cfg.DatabaseURL)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	for i := range rooms.RoomsPerPage {
		room := store.NewRoom{
			Mentor: int64(i) + 1, Name: fmt.Sprintf("퇴근길 책 이야기 %d", i+1), UserLimit: 10, Buffer: chat.BufferTable, CreatedAt: time.Now(),
		}
		if _, _, err := s.CreateRoom(b.Context(), room); err != nil {
			b.Fatal(err)
		}
	}
}

// busyDay adds 20 posts with two pictures, three comments and ten likes each,
// and returns the id of the last.
func busyDay(b *testing.B, cfg config.Config) (newest int64) {
	b.Helper()
	ctx := context.Background()
	s, err := store.Open(ctx, cfg.DatabaseURL)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	for i := range 20 {
		var images []sns.PostImage
		for j := range 2 {
			images = append(images, sns.PostImage{Name: fmt.Sprintf("%026d.jpg", i*2+j), Width: 1600, Height: 1200, Alt: "노을 진 강가"})
		}
		newest, err = s.CreatePost(ctx, store.NewPost{
			Author: int64(i%50) + 1, Board: 1, Images: images, CreatedAt: time.Now(),
			Content: "퇴근길에 잠깐 내려서 찍었어요. 오늘 노을은 혼자 보기 아까워서요.\n다들 오늘 하루 어땠어요? https://example.com/river에서 더 볼 수 있어요.",
		})
		if err != nil {
			b.Fatal(err)
		}
		for j := range 10 {
			if _, _, err := s.SetLike(ctx, newest, int64(j)+1, true, time.Now()); err != nil {
				b.Fatal(err)
			}
		}
		for j := range 3 {
			if _, _, err := s.AddComment(ctx, store.NewComment{Post: newest, Author: int64(j) + 1, Content: "와!", CreatedAt: time.Now()}); err != nil {
				b.Fatal(err)
			}
		}
	}
	return newest
}

// page asks for a list of posts as a browser does.
func (s *benchSite) page(b *testing.B, path string) {
	req := httptest.NewRequest(http.MethodGet, path, nil)
	req.AddCookie(s.cookie)
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, req)
	if w.Code != http.StatusOK || strings.Count(w.Body.String(), `<article class="post"`) < 10 {
		b.Fatalf("%s: %d, with few posts", path, w.Code)
	}
}

// BenchmarkTimelinePage measures a page of 20 posts with pictures, comments and likes,
// from the request to the last byte, on all cores.
func BenchmarkTimelinePage(b *testing.B) {
	site := newBenchSite(b, 1000)
	b.ReportAllocs()
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			site.page(b, "/")
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "pages/s")
}

// BenchmarkTimelineGrowth asks for each list of posts of a small and of a large
// community in turns. The benchmark reports how much slower the large community is, and
// how each list compares with the timeline of the small community.
func BenchmarkTimelineGrowth(b *testing.B) {
	small, large := newBenchSite(b, 1_000), newBenchSite(b, 100_000)
	for _, name := range []string{"timeline", "board", "filtered", "local", "following"} {
		b.Run(name, func(b *testing.B) {
			var times [3][]time.Duration
			for b.Loop() {
				for i, ask := range []func(){
					func() { small.page(b, small.pages[name]) },
					func() { large.page(b, large.pages[name]) },
					func() { small.page(b, "/") },
				} {
					start := time.Now()
					ask()
					times[i] = append(times[i], time.Since(start))
				}
			}
			b.ReportMetric(percentile(times[1], 50)/percentile(times[0], 50), "x-p50-100k/1k")
			b.ReportMetric(percentile(times[1], 99)/percentile(times[0], 99), "x-p99-100k/1k")
			b.ReportMetric(percentile(times[0], 50)/percentile(times[2], 50), "x-timeline")
		})
	}
}

func percentile(times []time.Duration, p int) float64 {
	slices.Sort(times)
	return times[(len(times)-1)*p/100].Seconds()
}

// BenchmarkLikeToThousand measures a like from the form to the fragment in 1,000 open
// streams. The counts of a post are gathered for a quarter of a second, which is most of
// ns/op; the allocations are those of the whole way.
func BenchmarkLikeToThousand(b *testing.B) {
	site := newBenchSite(b, 100)
	site.like(b, false) // so that the first like below changes something
	web := httptest.NewServer(site.handler)
	defer web.Close()
	var seen atomic.Int64
	var streams sync.WaitGroup
	const watchers = 1000
	arrived := make(chan struct{}, watchers)
	for range watchers {
		conn := site.watch(b, web.Listener.Addr().String())
		defer func() { _ = conn.Close() }()
		streams.Go(func() {
			lines := bufio.NewScanner(conn)
			for lines.Scan() {
				if strings.Contains(lines.Text(), "-likes") {
					seen.Add(1)
					arrived <- struct{}{}
				}
			}
		})
	}
	b.ReportAllocs()
	b.ResetTimer()
	for i := range b.N {
		site.like(b, i%2 == 0)
		for range watchers {
			<-arrived
		}
	}
	b.ReportMetric(float64(seen.Load())/float64(b.N), "fragments/op")
}

func (s *benchSite) watch(b *testing.B, addr string) net.Conn {
	b.Helper()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		b.Fatal(err)
	}
	fmt.Fprintf(conn, "GET /live?topic=timeline HTTP/1.1\r\nHost: %s\r\nCookie: session=%s\r\n\r\n", addr, s.cookie.Value)
	if status, err := bufio.NewReaderSize(conn, 16).ReadString('\n'); err != nil || !strings.Contains(status, "200") {
		b.Fatalf("no stream: %s %v", status, err)
	}
	return conn
}

func (s *benchSite) like(b *testing.B, on bool) {
	if w := sends(s.handler, s.cookie, view.PostPath(s.newest)+"/like", fmt.Sprintf("on=%t", on)); w.Code != http.StatusSeeOther {
		b.Fatalf("no like: %d", w.Code)
	}
}
