package web_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"xxsns/app/apptest"
	"xxsns/app/store"
)

// markers are strings that stand in everything that a person leaves behind.
type markers struct{ all []string }

// next returns a new marker.
func (m *markers) next() string {
	m.all = append(m.all, fmt.Sprintf("zqx%05dkvw", len(m.all)))
	return m.all[len(m.all)-1]
}

// leavesNothing lets a person delete the account with everything, and waits until that is done.
func (v *siteWithMembers) leavesNothing(c *apptest.Client) {
	v.t.Helper()
	leadsTo(v.test(), c.Post("/settings/delete", "current_password", apptest.Password, "remains", "none"), "/sign-in")
	for end := time.Now().Add(2 * patience); v.count("SELECT COUNT(*) FROM erasures") > 0; time.Sleep(100 * time.Millisecond) {
		if time.Now().After(end) {
			v.t.Fatal("the account is not erased")
		}
	}
}

// found returns the markers that stand in the files of folders, in any case.
func (m *markers) found(t *testing.T, folders ...string) map[string]string {
	t.Helper()
	found := map[string]string{}
	for _, folder := range folders {
		err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			content, err := os.ReadFile(path)
			text := strings.ToLower(string(content))
			for _, marker := range m.all {
				if strings.Contains(text, marker) {
					found[marker] = path
				}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return found
}

// writes lets 민지 write a thousand texts everywhere, and returns them.
func writesEverywhere(v *siteWithRooms) *markers {
	m := &markers{}
	theirs := v.posts(v.seojun, "서준의 글")
	v.minji.Post("/settings/profile", "status_message", m.next()).Want(303)
	v.minji.Post("/settings/location", "location", m.next()).Want(303)
	v.minji.Upload("/posts", []apptest.File{photo(m.next() + ".png")}, "content", m.next(), "alt", m.next()).Want(303)
	long := v.posts(v.minji, m.next()+strings.Repeat(" 긴 글", 450)+m.next())
	v.minji.Post("/posts/"+long, "content", m.next()).Want(303)
	v.comments(v.seojun, long, "서준의 댓글")
	v.minji.Post("/posts/"+theirs+"/like", "on", "true").Want(303)
	for range 250 {
		v.posts(v.minji, m.next())
		v.comments(v.minji, theirs, m.next())
	}
	open, ended := v.opens(v.sua, "열린 방", 5), v.opens(v.sua, "끝난 방", 5)
	v.enters(open, v.minji)
	v.enters(ended, v.minji)
	for len(m.all) < 1000 {
		for _, room := range []string{open, ended} {
			v.minji.Post("/rooms/"+room+"/messages", "content", m.next()).Want(303)
		}
	}
	v.sua.Post("/rooms/"+open+"/messages", "content", "수아의 말").Want(303)
	v.ends(v.sua, ended)
	v.saved(ended)
	return m
}

func TestNothingIsLeftInTheFiles(t *testing.T) {
	v := openWithRooms(t)
	m := writesEverywhere(v)
	folders := []string{filepath.Dir(databaseOf(v.Config)), v.Config.UploadsDir}
	v.exported(v.minji)
	if before := m.found(t, folders...); len(before) < 900 {
		t.Fatalf("only %d markers stand in the files before", len(before))
	}
	images := len(filesIn(t, v.Config.UploadsDir))
	v.leavesNothing(v.minji)
	v.exported(v.seojun)
	if found := m.found(t, folders...); len(found) > 0 {
		t.Errorf("%d of %d markers are left: %v", len(found), len(m.all), found)
	}
	if files := filesIn(t, v.Config.UploadsDir); len(files) >= images {
		t.Errorf("the images are left: %v", files)
	}

	// All else stays, and fits.
	p := v.seojun.Get("/posts/1").Want(200)
	if p.Text("#post-1-comments") != "0" || p.Text("#post-1-likes") != "0" {
		t.Errorf("the counts are %q, %q", p.Text("#post-1-comments"), p.Text("#post-1-likes"))
	}
	if lines := spoken(v.sua.Get("/rooms/1")); len(lines) == 0 || lines[len(lines)-1] != "수아의 말" {
		t.Errorf("in the open room stand %q", lines)
	}
	for _, count := range []string{
		"SELECT COUNT(*) FROM posts WHERE user_id = " + minjiID, "SELECT COUNT(*) FROM comments WHERE user_id = " + minjiID,
		"SELECT COUNT(*) FROM likes WHERE user_id = " + minjiID, "SELECT COUNT(*) FROM messages WHERE user_id = " + minjiID + " AND content <> ''",
		"SELECT COUNT(*) FROM buckets WHERE post_count <> (SELECT COUNT(*) FROM posts WHERE bucket_id = buckets.id)",
		"SELECT COUNT(*) FROM mentions WHERE actor_id = " + minjiID, "SELECT COUNT(*) FROM search_waits",
	} {
		if n := v.count(count); n != 0 {
			t.Errorf("%s: %d", count, n)
		}
	}
}

func TestWhatGoesIsHiddenAtOnce(t *testing.T) {
	v := openWithRooms(t)
	theirs := v.posts(v.seojun, "서준의 글")
	post, image, _ := v.postsImage(v.minji, "비밀 하나")
	v.comments(v.minji, theirs, "비밀 둘")
	room := v.opens(v.sua, "방", 5)
	v.enters(room, v.minji)
	v.minji.Post("/rooms/"+room+"/messages", "content", "비밀 셋").Want(303)
	v.minji.Post("/rooms/" + room + "/leave").Want(303)
	for _, path := range []string{"/", "/posts/" + post, "/posts/" + theirs, "/rooms/" + room, "/search?q=비밀"} {
		v.sua.Get(path).Want(200)
	}
	// The worker has not begun: the account is marked, as EraseUser does.
	id, _ := strconv.ParseInt(minjiID, 10, 64)
	s, err := store.Open(t.Context(), v.Config.DatabaseURL)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, err := s.EraseUser(t.Context(), id, time.Now()); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/", "/posts/" + post, "/posts/" + theirs, "/rooms/" + room, "/search?q=비밀"} {
		if p := v.sua.Get(path); strings.Contains(strings.ReplaceAll(p.Body, "q=비밀", ""), "비밀 ") || strings.Contains(p.Body, image) {
			t.Errorf("%s still shows something", path)
		}
	}
}

func TestTheChoiceIsKeptAfterAWrongPassword(t *testing.T) {
	v := open(t)
	p := v.minji.Get("/settings/delete").Want(200).Has("[value=all][checked]").Has("a[href='/settings/export']")
	says(t, p, "account.remains")
	p = v.minji.Post("/settings/delete", "current_password", "아니야", "remains", "none").Want(422)
	p.Has("[value=none][checked]").Lacks("[value=all][checked]")
	v.minji.Post("/settings/delete", "current_password", apptest.Password, "remains", "some").Want(400)
	v.posts(v.minji, "남는 글")
	leadsTo(t, v.minji.Post("/settings/delete", "current_password", apptest.Password, "remains", "all"), "/sign-in")
	if n := v.count("SELECT COUNT(*) FROM erasures"); n != 0 {
		t.Error("what was to remain goes")
	}
	if texts := texted(v.seojun.Get("/").Want(200)); len(texts) != 1 || texts[0] != "남는 글" {
		t.Errorf("left are %q", texts)
	}
}
