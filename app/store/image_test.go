package store_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"xxsns/app/sns"
)

// Rows of the time before there were sizes are found newest first, and each once.
func TestUnsizedImages(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		minji := d.user(t, "민지")
		var ids []int64
		for i := range 3 {
			made := d.newPost(t, minji, "사진")
			made.Images = images(fmt.Sprintf("%da.jpg", i), fmt.Sprintf("%db.png", i))
			made.Images[0].Sized = "webp"
			id, err := d.CreatePost(t.Context(), made)
			if err != nil {
				t.Fatal(err)
			}
			ids = append(ids, id)
		}
		wantUnsized := func(want ...string) {
			t.Helper()
			names, err := d.UnsizedImages(t.Context(), 3)
			if err != nil || !slices.Equal(names, want) {
				t.Errorf("unsized are %q, %v, want %q", names, err, want)
			}
		}
		wantUnsized() // a new image needs none, also if there are none
		d.run(t, `UPDATE post_images SET sized = NULL`)
		wantUnsized("2a.jpg", "2b.png", "1a.jpg")
		for name, sized := range map[string]string{"2a.jpg": "webp", "2b.png": "", "1b.png": "png"} {
			if err := d.SetSized(t.Context(), name, sized); err != nil {
				t.Error(err)
			}
		}
		wantUnsized("1a.jpg", "0a.jpg", "0b.png")
		if n, err := d.CountUnsizedImages(t.Context()); n != 3 || err != nil {
			t.Errorf("%d are unsized, %v, want 3", n, err)
		}
		for _, name := range []string{"2a.jpg", "2b.png", "gone.jpg"} {
			if err := d.SetSized(t.Context(), name, "jpg"); !errors.Is(err, sns.ErrNotFound) {
				t.Errorf("%s again: %v, want ErrNotFound", name, err)
			}
		}
		var got []string
		for _, id := range ids {
			post, err := d.Post(t.Context(), id, minji)
			if err != nil {
				t.Fatal(err)
			}
			for _, image := range post.Images {
				got = append(got, image.Sized)
			}
		}
		if want := []string{"", "", "", "png", "webp", ""}; !slices.Equal(got, want) {
			t.Errorf("posts show %q, want %q", got, want)
		}
	})
}
