package server_test

import (
	"database/sql"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"xxsns/app/apptest"
	"xxsns/app/config"
	"xxsns/app/media/mediatest"
)

// Images that were saved before there were sizes get their sizes after a start, also if
// some files are lost. A post keeps the cards that people have seen until then.
func TestOldImagesGetSizes(t *testing.T) {
	t.Parallel()
	ops := apptest.FreeAddress(t)
	app := apptest.Start(t, func(c *config.Config) { c.OpsAddr = ops })
	minji := app.Member("민지")
	minji.Upload("/posts", []apptest.File{
		{Field: "images", Name: "1.jpg", Content: mediatest.PhoneJPEG(1600, 1200, 1)},
		{Field: "images", Name: "2.png", Content: mediatest.PNG(1000, 500)},
		{Field: "images", Name: "3.png", Content: mediatest.PNG(300, 200)},
		{Field: "images", Name: "4.gif", Content: mediatest.AnimatedGIF(2)},
	}, "content", "네 장").Want(http.StatusSeeOther)
	minji.Upload("/posts", []apptest.File{{Field: "images", Name: "5.png", Content: mediatest.PNG(500, 500)}}, "content", "없어진 사진").Want(http.StatusSeeOther)
	saved := uploaded(t, app.Config.UploadsDir)
	app.Stop()

	raw, err := sql.Open("sqlite", strings.TrimPrefix(app.Config.DatabaseURL, "sqlite:")+"?_pragma=busy_timeout(60000)")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = raw.Close() })
	var lost string
	if err := raw.QueryRowContext(t.Context(), `SELECT name FROM post_images ORDER BY post_id DESC LIMIT 1`).Scan(&lost); err != nil {
		t.Fatal(err)
	}
	if _, err := raw.ExecContext(t.Context(), `UPDATE post_images SET sized = NULL`); err != nil {
		t.Fatal(err)
	}
	size := regexp.MustCompile(`-(480|960|1440)\.`)
	var made []string
	for _, name := range saved {
		isLost := strings.HasPrefix(name, lost[:32])
		if !isLost && size.MatchString(name) {
			made = append(made, name)
		}
		if isLost || size.MatchString(name) {
			if err := os.Remove(filepath.Join(app.Config.UploadsDir, name)); err != nil {
				t.Fatal(err)
			}
		}
	}
	if len(made) != 6 { // 480, 960 and 1440 of the first image, 480, 960 and 1000 of the second
		t.Fatalf("sizes: %v", made)
	}

	app.Restart()
	unsized := func() (names int) {
		if err := raw.QueryRowContext(t.Context(), `SELECT COUNT(*) FROM post_images WHERE sized IS NULL`).Scan(&names); err != nil {
			t.Fatal(err)
		}
		return names
	}
	eventually(t, "all images but the lost one are sized", func() bool { return unsized() == 1 })
	for _, name := range made {
		if status, _ := fetch(t, app.URL+"/uploads/"+name); status != http.StatusOK {
			t.Errorf("%s: %d", name, status)
		}
	}
	page := minji.Get("/").Want(http.StatusOK).Has(`.images img[srcset*=" 1440w"][sizes]`).Has(`.images img[srcset*=" 1000w"]`)
	if n := page.Find(".images img[srcset]").Length(); n != 2 {
		t.Errorf("%d images come in sizes, want 2", n)
	}
	eventually(t, "the metrics tell", func() bool {
		_, body := fetch(t, "http://"+ops+"/metrics")
		return strings.Contains(body, "\nxxsns_images_unsized 1\n") && strings.Contains(body, "\nxxsns_images_sized_total 4\n")
	})
}

func TestADeletedPostTakesTheSizesOfItsImagesAlong(t *testing.T) {
	t.Parallel()
	app := apptest.Start(t)
	minji := app.Member("민지")
	minji.Upload("/posts", []apptest.File{{Field: "images", Name: "1.jpg", Content: mediatest.PhoneJPEG(1600, 1200, 1)}}, "content", "사진").Want(http.StatusSeeOther)
	if n := len(uploaded(t, app.Config.UploadsDir)); n != 5 {
		t.Fatalf("%d files", n)
	}
	minji.Post("/posts/1/delete").Want(http.StatusSeeOther)
	wantFiles(t, app.Config.UploadsDir)
}
