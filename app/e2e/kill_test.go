package e2e

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"xxsns/app/apptest"
	"xxsns/app/media/mediatest"
)

// TestKilledWhilePosting: posts that were answered with success are there after
// a crash, with their pictures; no half-written post shows, and no file stays
// behind.
func TestKilledWhilePosting(t *testing.T) {
	t.Parallel()
	p := apptest.StartProgram(t)
	names := []string{"민지", "서준", "하늘", "유진"}
	for _, name := range names {
		if out, err := p.Run(apptest.Password+"\n", "user", "add", name); err != nil {
			t.Fatalf("user add: %v\n%s", err, out)
		}
	}
	picture := mediatest.PhoneJPEG(640, 480, 6)
	rounds := 3
	kept := map[string]bool{} // texts that were answered with success
	for round := range rounds {
		for text := range postUntilKilled(t, p, names, round, picture) {
			kept[text] = true
		}
		p.Start()
	}
	if len(kept) < rounds {
		t.Fatalf("only %d posts were made before the kills: the test proves nothing", len(kept))
	}
	shown := readAll(t, p, names[0])
	for text := range kept {
		if shown[text] != 2 {
			t.Errorf("%q was answered with success and shows %d of its 2 pictures", text, shown[text])
		}
	}
	for text, pictures := range shown {
		if pictures != 2 {
			t.Errorf("%q is half done: %d of 2 pictures", text, pictures)
		}
	}
	t.Logf("%d posts answered, %d shown after %d kills", len(kept), len(shown), rounds)
	sweptClean(t, p, 2*len(shown))
}

// postUntilKilled lets all clients post as fast as possible, kills the program
// in the middle, and returns the texts that were answered with success.
func postUntilKilled(t *testing.T, p *apptest.Program, names []string, round int, picture []byte) map[string]bool {
	t.Helper()
	kept, mu, posting := map[string]bool{}, sync.Mutex{}, sync.WaitGroup{}
	for _, name := range names {
		c := p.Guest()
		c.Post("/sign-in", "username", name, "password", apptest.Password).Want(http.StatusSeeOther)
		posting.Go(func() {
			for i := 0; ; i++ {
				text := fmt.Sprintf("%s의 %d-%d번째 글", name, round, i)
				files := []apptest.File{{Field: "images", Name: "1.jpg", Content: picture}, {Field: "images", Name: "2.jpg", Content: picture}}
				res, err := c.HTTP().Do(c.Form("/posts", files, "content", text))
				if err != nil {
					return // killed
				}
				_ = res.Body.Close()
				if res.StatusCode == http.StatusSeeOther {
					mu.Lock()
					kept[text] = true
					mu.Unlock()
				}
			}
		})
	}
	time.Sleep(time.Duration(700+150*round) * time.Millisecond)
	p.Kill9()
	posting.Wait()
	return kept
}

// readAll pages through the timeline and returns how many pictures of each post
// can be loaded, in both sizes.
func readAll(t *testing.T, p *apptest.Program, name string) map[string]int {
	t.Helper()
	c := p.Guest()
	c.Post("/sign-in", "username", name, "password", apptest.Password).Want(http.StatusSeeOther)
	shown := map[string]int{}
	for path := "/"; path != ""; {
		page := c.Get(path).Want(http.StatusOK)
		page.Find("article.post").Each(func(_ int, post *goquery.Selection) {
			text := strings.TrimSpace(post.Find(".post-text").Text())
			shown[text] = 0
			post.Find(".images a").Each(func(_ int, a *goquery.Selection) {
				full, _ := a.Attr("href")
				thumb, _ := a.Find("img").Attr("src")
				if c.Get(full).Status == http.StatusOK && c.Get(thumb).Status == http.StatusOK {
					shown[text]++
				}
			})
		})
		path, _ = page.Find("a.more").Attr("href")
	}
	return shown
}

// sweptClean restarts the program after the files have become old and checks
// that exactly the pictures of the posts are left: a picture and a thumbnail
// each.
func sweptClean(t *testing.T, p *apptest.Program, pictures int) {
	t.Helper()
	p.Kill9()
	uploads := filepath.Join(p.Folder, "uploads")
	old := time.Now().Add(-48 * time.Hour)
	for _, f := range files(t, uploads) {
		if err := os.Chtimes(f, old, old); err != nil {
			t.Fatal(err)
		}
	}
	p.Start()
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		n := len(files(t, uploads))
		if n == 2*pictures {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d files for %d pictures with their thumbnails", n, pictures)
		}
	}
}

func files(t *testing.T, dir string) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(dir, "[^.]*"))
	if err != nil {
		t.Fatal(err)
	}
	return found
}
