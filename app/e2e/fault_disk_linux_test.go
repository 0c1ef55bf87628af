package e2e

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"xxsns/app/apptest"
	"xxsns/app/media/mediatest"
)

// TestFaultUploadsFull: the disk for uploads is full. People who post a photo
// are told, and keep the text; no half-written file stays; all other acts go
// on, and photos do when there is room again.
func TestFaultUploadsFull(t *testing.T) {
	t.Parallel()
	r := apptest.StartReplicas(t, apptest.ReplicasOptions{})
	disk := smallDisk(t, r.Uploads, "4m")
	minji, seojun := r.One.Member("민지"), r.Two.Member("서준")
	_, picture := postsWithPhoto(t, minji, "아직 자리가 있어요")
	for _, width := range []int{640, 1600} { // which wait in memory, and on the disk
		photo := mediatest.PhoneJPEG(width, width*3/4, 6)
		need := disk.takes(t, minji, photo)
		before := len(disk.files())
		for eighth := range int64(8) {
			disk.fill(need * eighth / 8)
			refusesPhotos(t, minji, photo)
			if files := disk.files(); len(files) != before {
				t.Errorf("with %d of %d KiB left there are %v", need*eighth/8>>10, need>>10, files)
			}
		}
		disk.free()
	}
	disk.fill(0)
	seojun.Get(picture).Want(http.StatusOK)
	minji.Post("/posts", "content", "글은 돼요").Want(http.StatusSeeOther)
	seojun.Post("/posts/1/comments", "content", "댓글도 돼요").Want(http.StatusSeeOther)
	seojun.Post("/posts/1/like", "on", "true").Want(http.StatusSeeOther)
	disk.free()
	postsWithPhoto(t, seojun, "이제 돼요")
	shown := readAll(t, r.One.Program, "민지")
	if fmt.Sprint(shown) != fmt.Sprint(map[string]int{"아직 자리가 있어요": 1, "글은 돼요": 0, "이제 돼요": 1}) {
		t.Errorf("the timeline shows %v", shown)
	}
}

// TestFaultDatabaseFull: the disk of the embedded database is full. Who writes, or signs in, is
// told so with 503, and the program says so; everybody reads on, and writes again when there is
// room.
func TestFaultDatabaseFull(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	disk := smallDisk(t, folder, "32m")
	p := apptest.StartProgram(t, "DATABASE_URL=sqlite:"+filepath.Join(folder, "xxsns.db"))
	adds(t, p, "민지")
	minji := signsIn(t, p, "민지", apptest.Password)
	minji.Post("/posts", "content", "아직 자리가 있어요").Want(http.StatusSeeOther)
	<-p.Terminate() // which empties the log of the database
	p.Start()
	minji = signsIn(t, p, "민지", apptest.Password)
	disk.fill(0)
	long, full := strings.Repeat("자리가 있을까요? ", 200), false
	for range 2000 { // what is left of the files takes some
		if status := minji.HX().Post("/posts", "content", long).Status; status == http.StatusServiceUnavailable {
			full = true
			break
		} else if status != http.StatusOK {
			t.Fatalf("with a full disk a post is answered %d", status)
		}
	}
	if !full {
		t.Fatal("a full disk takes all posts")
	}
	page := minji.Post("/posts", "content", "자리가 있을까요?").Want(http.StatusServiceUnavailable)
	if text := page.Text("#compose-content"); text != "자리가 있을까요?" || !strings.Contains(page.Text("#compose"), "읽기는 그대로 할 수 있어요") {
		t.Errorf("the form keeps %q and says %s", text, page.Text("#compose"))
	}
	minji.Get("/").Want(http.StatusOK)
	minji.Get("/posts/1").Want(http.StatusOK)
	if page := p.Guest().Post("/sign-in", "username", "민지", "password", apptest.Password); page.Status != http.StatusServiceUnavailable {
		t.Errorf("with a full disk signing in is answered %d", page.Status)
	}
	disk.free()
	minji.Post("/posts", "content", "이제 돼요").Want(http.StatusSeeOther)
	if list := minji.Get("/").Text("#timeline"); !strings.Contains(list, "이제 돼요") {
		t.Errorf("the timeline shows %s", list)
	}
}

// TestReadyTellsOfAFullDisk: /readyz and the metrics tell of a disk that is nearly full while
// everybody can still write.
func TestReadyTellsOfAFullDisk(t *testing.T) {
	t.Parallel()
	const size, scarce = 64 << 20, 64 << 20 / 20
	for _, what := range []string{"database", "uploads"} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			folder := t.TempDir()
			disk := smallDisk(t, folder, fmt.Sprint(size))
			p := apptest.StartProgram(t, map[string]string{"database": "DATABASE_URL=sqlite:" + filepath.Join(folder, "xxsns.db"), "uploads": "UPLOADS_DIR=" + folder}[what])
			adds(t, p, "민지")
			minji := signsIn(t, p, "민지", apptest.Password)
			disk.fill(scarce * 3 / 2)
			operate(t, p, "", []string{"ADDR=" + strings.TrimPrefix(p.URL, "http://")}, "ready").does("database: up")
			disk.fill(scarce * 3 / 4)
			page := p.Guest().Get("/readyz").Want(http.StatusOK)
			if want := "disk: of the " + what + " is nearly full, "; !strings.Contains(page.Body, want) || !strings.Contains(page.Body, "database: up\n") || strings.Contains(page.Body, folder) {
				t.Errorf("/readyz says %q, want %q", page.Body, want)
			}
			asked := operate(t, p, "", []string{"ADDR=" + strings.TrimPrefix(p.URL, "http://")}, "ready")
			if asked.code != 0 || !strings.Contains(asked.out, "nearly full") {
				t.Errorf("the command ready: exit code %d, %s%s", asked.code, asked.out, asked.errs)
			}
			if left := p.Metric("xxsns_disk_free_bytes"); left == 0 {
				t.Error("no metric tells of the disk")
			}
			minji.Post("/posts", "content", "아직 자리가 있어요").Want(http.StatusSeeOther)
			disk.free()
			if page := p.Guest().Get("/readyz").Want(http.StatusOK); strings.Contains(page.Body, "disk") {
				t.Errorf("with room again /readyz says %q", page.Body)
			}
		})
	}
}

// refusesPhotos: a post with two photos is refused with the reason and the
// typed text.
func refusesPhotos(t *testing.T, c *apptest.Client, photo []byte) {
	t.Helper()
	const text, why = "사진 두 장과 함께", "사진을 저장하지 못했어요"
	p := c.Upload("/posts", twice(photo), "content", text).Want(http.StatusUnprocessableEntity)
	if !strings.Contains(p.Text("#compose"), why) || p.Text("#compose-content") != text {
		t.Errorf("the form says %s", p.Text("#compose"))
	}
}

// takes is how many bytes a post with two of the photos takes, on a disk with
// room.
func (d *disk) takes(t *testing.T, c *apptest.Client, photo []byte) int64 {
	t.Helper()
	before := d.left()
	p := c.HX().Upload("/posts", twice(photo), "content", "곧 지울 글").Want(http.StatusOK)
	need := before - d.left()
	id, _ := p.Find("article.post").Attr("id")
	c.Post("/posts/" + strings.TrimPrefix(id, "post-") + "/delete").Want(http.StatusSeeOther)
	return need
}

func twice(photo []byte) []apptest.File {
	return []apptest.File{{Field: "images", Name: "1.jpg", Content: photo}, {Field: "images", Name: "2.jpg", Content: photo}}
}

// A disk is a small disk in the place of a folder.
type disk struct {
	t      *testing.T
	folder string
	filler string
}

// smallDisk mounts a disk in the folder. Only root may do so.
func smallDisk(t *testing.T, folder, size string) *disk {
	t.Helper()
	if err := syscall.Mount("tmpfs", folder, "tmpfs", 0, "size="+size); errors.Is(err, syscall.EPERM) {
		t.Skip("a small disk can only be made by root who may mount")
	} else if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(folder, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return &disk{t: t, folder: folder, filler: filepath.Join(folder, ".filler")}
}

// fill leaves so many bytes free.
func (d *disk) fill(left int64) {
	d.t.Helper()
	d.free()
	if err := os.WriteFile(d.filler, make([]byte, d.left()-left), 0o600); err != nil {
		d.t.Fatal(err)
	}
}

// left is how many bytes are free.
func (d *disk) left() int64 {
	d.t.Helper()
	var now syscall.Statfs_t
	if err := syscall.Statfs(d.folder, &now); err != nil {
		d.t.Fatal(err)
	}
	return int64(now.Bavail) * now.Bsize
}

// free makes room.
func (d *disk) free() {
	d.t.Helper()
	if err := os.Remove(d.filler); err != nil && !errors.Is(err, os.ErrNotExist) {
		d.t.Fatal(err)
	}
}

// files returns all files except the file that fills the disk, hidden files
// included.
func (d *disk) files() (names []string) {
	d.t.Helper()
	entries, err := os.ReadDir(d.folder)
	if err != nil {
		d.t.Fatal(err)
	}
	for _, e := range entries {
		if e.Name() != filepath.Base(d.filler) {
			names = append(names, e.Name())
		}
	}
	return names
}
