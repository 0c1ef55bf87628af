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

// Four people post four photos of 12 megapixels each at the same moment, to a program in a
// container of 128 MiB. On a slow machine the program may ask some to come again.
func TestManyPhotosFitIntoLittleMemory(t *testing.T) {
	const container = 128 << 20
	p := apptest.StartProgram(t, "GOMEMLIMIT=68MiB") // as LimitMemory takes of such a container
	photo := mediatest.PhoneJPEG(4032, 3024, 6)
	var photos []apptest.File
	for _, name := range []string{"바다.jpg", "산.jpg", "강.jpg", "들.jpg"} {
		photos = append(photos, apptest.File{Field: "images", Name: name, Content: photo})
	}
	var posting sync.WaitGroup
	var posts atomic.Int64
	people := map[string]*apptest.Client{}
	for _, name := range []string{"민지", "서준", "하늘", "도윤"} {
		p.AddUser(name, sns.RoleUser)
		people[name] = signsIn(t, p, name, apptest.Password)
		people[name].HTTP().Timeout = 5 * time.Minute
	}
	for name, person := range people {
		posting.Go(func() {
			switch res := person.Upload("/posts", photos, "content", name+"의 여행"); res.Status {
			case http.StatusSeeOther:
				posts.Add(1)
			case http.StatusServiceUnavailable, http.StatusTooManyRequests:
				t.Logf("%s is asked to come again", name)
			default:
				t.Errorf("%s: %d\n%s", name, res.Status, res.Text("main"))
			}
		})
	}
	posting.Wait()
	timeline := people["민지"].Get("/").Want(http.StatusOK)
	if shown, want := timeline.Find(".images img").Length(), 4*int(posts.Load()); want == 0 || shown != want {
		t.Errorf("the timeline has %d photos, want %d", shown, want)
	}
	most, files := p.PeakMemory()
	t.Logf("at most %d MiB of %d, and %d MiB of files; %d of 4 posted", most>>20, container>>20, files>>20, posts.Load())
	if most > container {
		t.Errorf("the program had %d MiB, more than %d", most>>20, container>>20)
	}
}
