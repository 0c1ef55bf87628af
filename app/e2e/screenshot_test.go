package e2e

import (
	"os"
	"testing"

	"xxsns/app/apptest"
	"xxsns/app/server"
)

// TestScreenshots takes the pictures of the README from the running program:
// make screenshot.
func TestScreenshots(t *testing.T) {
	if os.Getenv("SCREENSHOTS") == "" {
		t.Skip("needs $SCREENSHOTS, the folder for the pictures")
	}
	app := apptest.Start(t)
	size := server.SeedSize{Users: 12, Posts: 60, Comments: 160, Likes: 280, Images: true, Password: apptest.Password}
	made, err := server.Seed(t.Context(), app.Config, size, func(int) {})
	if err != nil {
		t.Fatal(err)
	}
	for name, look := range map[string][]apptest.Option{
		"timeline-desk":  {apptest.ReducedMotion},
		"timeline-phone": {apptest.ReducedMotion, apptest.Phone},
		"timeline-dark":  {apptest.ReducedMotion, apptest.Phone, apptest.Dark},
	} {
		p := apptest.NewPerson(t, app.URL, look...)
		p.Goto("/sign-in")
		p.Type("#username", made.Somebody)
		p.Type("#password", apptest.Password)
		p.Click("form .btn-main")
		p.WaitVisible("#timeline .images img")
		var drawn bool
		p.Eval(`Promise.all([...document.querySelectorAll('#timeline img')]
			.filter(i => i.getBoundingClientRect().top < innerHeight).map(i => i.decode())).then(() => true)`, &drawn)
		p.Screenshot(name)
	}
}
