package e2e

import (
	"fmt"
	"net/http"
	"testing"

	"xxsns/app/apptest"
	"xxsns/app/media/mediatest"
	"xxsns/app/seed"
	"xxsns/app/server"
)

// A browser loads the smallest file of a picture that is sharp on its screen.
func TestPicturesComeInTheSizeOfTheScreen(t *testing.T) {
	t.Parallel()
	app := apptest.Start(t)
	minji := app.Member("민지")
	photo := apptest.File{Field: "images", Name: "바다.jpg", Content: mediatest.PhoneJPEG(2000, 1500, 1)}
	minji.Upload("/posts", []apptest.File{photo}, "content", "한 장").Want(http.StatusSeeOther)
	minji.Upload("/posts", []apptest.File{photo, photo}, "content", "두 장").Want(http.StatusSeeOther)
	const loaded = `Promise.all([...document.querySelectorAll('.images img')].map(i => {
			i.loading = 'eager';
			return i.decode().then(() => i.currentSrc.slice(-9));
		}))
		.then(all => all.join(' '))`
	for name, look := range map[string][]apptest.Option{
		"phone":                 {apptest.Phone}, // 163 and 328 points, with two pixels each
		"desk":                  {},              // 286 and 575 points
		"phone without scripts": {apptest.Phone, apptest.NoJavaScript},
	} {
		p := &member{Person: apptest.NewPerson(t, app.URL, look...), t: t, app: app}
		p.Goto("/sign-in")
		p.signsInAs("민지")
		p.WaitCount(".images img", 3)
		var got string
		if p.Eval(loaded, &got); got != "-480.webp -480.webp -960.webp" {
			t.Errorf("the %s loads %s", name, got)
		}
	}
}

// The first visit to the timeline on a phone, with the pictures of the first screens,
// takes little of a mobile contract. nginx compresses the page further.
func TestAFirstVisitIsLight(t *testing.T) {
	t.Parallel()
	app := apptest.Start(t)
	size := seed.Size{Users: 50, Posts: 300, Comments: 900, Likes: 2500, Images: true, Password: apptest.Password}
	made, err := server.Seed(t.Context(), app.Config, size, func(int) {})
	if err != nil {
		t.Fatal(err)
	}
	p := &member{Person: apptest.NewPerson(t, app.URL, apptest.Phone), t: t, app: app}
	p.Goto("/sign-in")
	p.signsInAs(made.Somebody)
	p.WaitVisible("#timeline .images img")
	p.WaitFor(`[...document.querySelectorAll('#timeline .images img')].filter(i => i.complete).length > 3`)
	var pictures, all float64
	const bytes = `performance.getEntries().filter(e => %s).reduce((sum, e) => sum + (e.encodedBodySize || 0), 0)`
	p.Eval(fmt.Sprintf(bytes, `e.name.includes('/uploads/')`), &pictures)
	p.Eval(fmt.Sprintf(bytes, `true`), &all)
	t.Logf("%.0f kB, %.0f kB of them pictures", all/1000, pictures/1000)
	if all > 200_000 || pictures > 110_000 || pictures < 20_000 {
		t.Errorf("a first visit takes %.0f bytes, %.0f of them pictures", all, pictures)
	}
}
