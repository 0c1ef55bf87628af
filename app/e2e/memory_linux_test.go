package e2e

import (
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"xxsns/app/apptest"
	"xxsns/app/media/mediatest"
	"xxsns/app/sns"
)

// container is the memory of the container in which four people post photos.
const container = 128 << 20

// startSmall starts a program that knows of as little memory as in such a container.
func startSmall(tb testing.TB) *apptest.Program {
	return apptest.StartProgram(tb, "GOMEMLIMIT=68MiB") // as LimitMemory takes of the container
}

// Four people post four photos of 12 megapixels each at the same moment, to a program in a
// container of 128 MiB. On a slow machine the program may ask some to come again.
func TestManyPhotosFitIntoLittleMemory(t *testing.T) {
	p := startSmall(t)
	posts, person := postPhotos(t, p)
	timeline := person.Get("/").Want(http.StatusOK)
	if shown, want := timeline.Find(".images img").Length(), 4*posts; want == 0 || shown != want {
		t.Errorf("the timeline has %d photos, want %d", shown, want)
	}
	most, files := p.PeakMemory()
	t.Logf("at most %d MiB of %d, and %d MiB of files; %d of 4 posted", most>>20, container>>20, files>>20, posts)
	if most > container {
		t.Errorf("the program had %d MiB, more than %d", most>>20, container>>20)
	}
}

// BenchmarkPhotos is the most memory that the program has while four people post four photos
// of 12 megapixels each.
func BenchmarkPhotos(b *testing.B) {
	for b.Loop() {
		p := startSmall(b)
		posts, _ := postPhotos(b, p)
		most, files := p.PeakMemory()
		noTime(b)
		b.ReportMetric(float64(most)/(1<<20), "MiB-peak")
		b.ReportMetric(float64(files)/(1<<20), "MiB-of-files")
		b.ReportMetric(float64(posts), "posts")
		p.Kill9()
	}
}

// postPhotos lets four people post at once, and returns how many posts there are, and one of
// the people.
func postPhotos(tb testing.TB, p *apptest.Program) (posts int, person *apptest.Client) {
	tb.Helper()
	photo := mediatest.PhoneJPEG(4032, 3024, 6)
	var photos []apptest.File
	for _, name := range []string{"바다.jpg", "산.jpg", "강.jpg", "들.jpg"} {
		photos = append(photos, apptest.File{Field: "images", Name: name, Content: photo})
	}
	var posting sync.WaitGroup
	var posted atomic.Int64
	people := map[string]*apptest.Client{}
	for _, name := range []string{"민지", "서준", "하늘", "도윤"} {
		p.AddUser(name, sns.RoleUser)
		people[name] = p.Guest()
		people[name].Post("/sign-in", "username", name, "password", apptest.Password).Want(http.StatusSeeOther)
		people[name].HTTP().Timeout = 5 * time.Minute
	}
	for name, person := range people {
		posting.Go(func() {
			switch res := person.Upload("/posts", photos, "content", name+"의 여행"); res.Status {
			case http.StatusSeeOther:
				posted.Add(1)
			case http.StatusServiceUnavailable, http.StatusTooManyRequests:
				tb.Logf("%s is asked to come again", name)
			default:
				tb.Errorf("%s: %d\n%s", name, res.Status, res.Text("main"))
			}
		})
	}
	posting.Wait()
	return int(posted.Load()), people["민지"]
}
