package web_test

import (
	"context"
	"net/http"
	"slices"
	"testing"
	"time"

	"xxsns/app/apptest"
	"xxsns/app/media"
	"xxsns/app/media/mediatest"
)

// A client that hangs up at any moment of posting leaves a post with all pictures, or
// neither: never a post without files, never a file without a post.
func TestHangingUpWhilePostingLosesNoPicture(t *testing.T) {
	v := open(t)
	picture := mediatest.PNG(40, 30)
	const tries = 200
	for i := range tries {
		ctx, hangUp := context.WithTimeout(t.Context(), time.Duration(i)*20*time.Microsecond)
		req := v.minji.Form("/posts", []apptest.File{{Field: "images", Name: "a.png", Content: picture}}, "content", "끊긴 글")
		if res, err := v.minji.HTTP().Do(req.WithContext(ctx)); err == nil {
			_ = res.Body.Close()
		}
		hangUp()
	}
	v.Stop() // waits for the requests whose clients hung up
	names := v.names(t, "SELECT name FROM post_images")
	want := make([]string, 0, 2*len(names))
	for _, name := range names {
		want = append(want, name, media.Thumb(name))
	}
	files := v.uploads()
	slices.Sort(want)
	slices.Sort(files)
	if !slices.Equal(files, want) {
		t.Errorf("the posts show %v, there are %v", want, files)
	}
	t.Logf("%d of %d posts were made", len(names), tries)
	v.Restart()
	v.SignIn("민지").Get("/").Want(http.StatusOK)
}

// names returns the strings of a query's only column.
func (v *siteWithMembers) names(t *testing.T, query string) (names []string) {
	t.Helper()
	rows, err := v.database().Query(query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		names = append(names, name)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return names
}
