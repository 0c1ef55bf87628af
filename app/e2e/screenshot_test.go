package e2e

import (
	"os"
	"testing"

	"xxsns/app/apptest"
	"xxsns/app/seed"
	"xxsns/app/server"
)

// TestScreenshots takes the pictures of the README from the running program:
// make screenshot.
func TestScreenshots(t *testing.T) {
	if os.Getenv("SCREENSHOTS") == "" {
		t.Skip("needs $SCREENSHOTS, the folder for the pictures")
	}
	app := apptest.Start(t)
	size := seed.Size{Users: 12, Posts: 60, Comments: 160, Likes: 280, Rooms: 6, Messages: 400, Images: true, Password: apptest.Password}
	made, err := server.Seed(t.Context(), app.Config, size, func(int) {})
	if err != nil {
		t.Fatal(err)
	}
	for name, look := range map[string][]apptest.Option{
		"timeline-desk":  {apptest.ReducedMotion},
		"timeline-phone": {apptest.ReducedMotion, apptest.Phone},
	} {
		p := &member{Person: apptest.NewPerson(t, app.URL, look...), t: t, app: app}
		p.Goto("/sign-in")
		p.signsInAs(made.Somebody)
		p.WaitVisible("#timeline .images img")
		var drawn bool
		p.Eval(`Promise.all([...document.querySelectorAll('#timeline img')]
			.filter(i => i.getBoundingClientRect().top < innerHeight).map(i => i.decode())).then(() => true)`, &drawn)
		p.Screenshot(name)
	}
	reader := &member{Person: apptest.NewPerson(t, app.URL, apptest.ReducedMotion, apptest.Phone), t: t, app: app}
	reader.Goto("/sign-in")
	reader.signsInAs(made.Somebody)
	reader.Goto("/boards/invest")
	reader.Click("#filter summary")
	reader.WaitVisible("#filter .chips")
	reader.Click("#filter fieldset:nth-of-type(3) .chip:first-child")
	reader.WaitText("#filter summary .count", "1")
	reader.Screenshot("board-phone")
	mentor := &member{Person: apptest.NewPerson(t, app.URL, apptest.ReducedMotion, apptest.Phone, apptest.Dark), t: t, app: app}
	mentor.Goto("/sign-in")
	mentor.signsInAs(made.Mentor)
	mentor.Goto("/desk")
	mentor.Goto(mentor.Attr("#desk article h3 a", "href"))
	mentor.connected()
	mentor.Screenshot("room-dark")
}
