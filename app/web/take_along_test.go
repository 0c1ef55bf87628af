package web_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"xxsns/app/apptest"
	"xxsns/app/web"
)

// exported asks for an export and waits until it is ready, and returns the address of the file.
func (v *siteWithMembers) exported(c *apptest.Client) string {
	v.t.Helper()
	leadsTo(v.test(), c.Post("/settings/export"), "/settings/export")
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if file := c.Get("/settings/export").Want(200).Find("#export a[download]"); file.Length() > 0 {
			return file.AttrOr("href", "")
		}
	}
	v.t.Fatal("the export is not ready")
	return ""
}

// unpacked returns the files of a zip by their names.
func unpacked(t *testing.T, content string) map[string]string {
	t.Helper()
	r, err := zip.NewReader(strings.NewReader(content), int64(len(content)))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, f := range r.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		files[f.Name] = string(body)
	}
	return files
}

func TestEverythingOfMineIsOneFile(t *testing.T) {
	v := openWithRooms(t)
	post, image, _ := v.postsImage(v.minji, "남산에 다녀왔어요 <b> https://example.com")
	theirs := v.posts(v.seojun, "서준의 글이에요")
	v.comments(v.minji, theirs, "저도 갈래요")
	v.comments(v.seojun, post, "멋져요")
	v.minji.Post("/posts/"+theirs+"/like", "on", "true").Want(303)
	v.minji.Post(homeOf("서준")+"/follow", "on", "true").Want(303)
	v.minji.Post("/settings/profile", "status_message", "졸려요").Want(303)
	said := func(c *apptest.Client, room, text string) {
		c.Post("/rooms/"+room+"/messages", "content", text).Want(303)
	}
	open, ended, removed := v.opens(v.sua, "열린 방", 5), v.opens(v.sua, "끝난 방", 5), v.opens(v.sua, "쫓겨난 방", 5)
	for _, room := range []string{open, ended, removed} {
		v.enters(room, v.minji)
		said(v.sua, room, "어서 오세요 "+room)
		said(v.minji, room, "고맙습니다 "+room)
	}
	v.sua.Post("/rooms/" + removed + "/participants/" + minjiID + "/remove").Want(303)
	v.ends(v.sua, ended)

	file := v.exported(v.minji)
	got := v.minji.Get(file).Want(200)
	if kind, how := got.Header.Get("Content-Type"), got.Header.Get("Content-Disposition"); kind != "application/zip" || !strings.HasPrefix(how, "attachment; filename=xxsns-") {
		t.Errorf("the file comes as %q, %q", kind, how)
	}
	files := unpacked(t, got.Body)
	notice := v.minji.Get("/notifications").Want(200).Find(`[data-kind=report]`)
	if !strings.Contains(notice.Text(), web.Korean("decision.export_ready")) {
		t.Errorf("the notice is %q", notice.Text())
	}
	for name, words := range map[string][]string{
		"index.html":                   {"민지", "졸려요", "posts/1.html"},
		"profile.json":                 {`"username": "민지"`, `"email": "`, `"comment.inbox": true`},
		"posts/1.html":                 {"남산에 다녀왔어요 &lt;b&gt;", `href="https://example.com"`, `src="../images/` + image + `"`, `href="../style.css"`},
		"posts/1.json":                 {"남산에 다녀왔어요", image},
		"comments/1.html":              {"저도 갈래요", "서준님의 글에"},
		"likes/1.html":                 {"서준님의 글"},
		"following/1.html":             {"서준"},
		"followers/1.html":             {"아직 없어요."},
		"notices/1.html":               {"서준님이"},
		"rooms/1.html":                 {"열린 방", "끝난 방", "쫓겨난 방", open + "/1.html"},
		"rooms/" + open + "/1.html":    {"어서 오세요 " + open, "고맙습니다 " + open, "수아", `href="../../style.css"`},
		"rooms/" + ended + "/1.json":   {"어서 오세요 " + ended, "고맙습니다 " + ended},
		"rooms/" + removed + "/1.html": {"고맙습니다 " + removed},
		"style.css":                    {"light-dark"},
	} {
		for _, word := range words {
			if !strings.Contains(files[name], word) {
				t.Errorf("%s lacks %q: %s", name, word, files[name])
			}
		}
	}
	if strings.Contains(files["rooms/"+removed+"/1.html"], "어서 오세요") {
		t.Error("who was removed reads what others said")
	}
	if kept, err := os.ReadFile(filepath.Join(v.Config.UploadsDir, image)); err != nil || files["images/"+image] != string(kept) {
		t.Errorf("the image is another one, %v", err)
	}
	for name, content := range files {
		if strings.HasSuffix(name, ".json") && !json.Valid([]byte(content)) {
			t.Errorf("%s is no JSON", name)
		}
		if strings.HasSuffix(name, ".html") && strings.Contains(content, `href="/`) {
			t.Errorf("%s leads to pages that are not there", name)
		}
	}
}

func TestTheFileIsForItsOwnerAlone(t *testing.T) {
	v := open(t)
	file := v.exported(v.minji)
	name := filepath.Base(file)
	v.seojun.Get(file).Want(404)
	leadsTo(t, v.Guest().Get(file), "/sign-in?next="+strings.ReplaceAll(file, "/", "%2F"))
	v.Guest().Get("/uploads/exports/" + name).Want(404)
	v.Guest().Get("/uploads/exports%2f" + name).Want(404)
	info, err := os.Stat(filepath.Join(v.Config.UploadsDir, "exports", name))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file is %v, %v", info, err)
	}

	// Long after the last time that the password was typed, it has to be typed again.
	v.edits("UPDATE sessions SET proved_at = 0")
	v.Restart()
	leadsTo(t, v.minji.Get(file), "/settings/export")
	v.minji.Get("/settings/export").Want(200).Lacks("a[download]").Has("#export-password")
	v.minji.Post("/settings/export", "prove", "1", "current_password", "아니야").Want(422).Has("#export-password[aria-invalid]")
	v.minji.HX().Post("/settings/export", "prove", "1", "current_password", apptest.Password).Want(200).Has("#export a[download]")
	if got := v.minji.Get(file).Want(200); !bytes.HasPrefix([]byte(got.Body), []byte("PK")) {
		t.Error("the file is no zip")
	}
}

func TestOneFileADay(t *testing.T) {
	v := open(t)
	first := v.exported(v.minji)
	p := v.minji.Get("/settings/export").Want(200).Lacks("#export form")
	if !strings.Contains(p.Text("#export"), "다음 파일은") {
		t.Errorf("nothing says when: %s", p.Text("#export"))
	}
	v.minji.Post("/settings/export").Want(409).Has("#export .bad")
	v.edits("UPDATE exports SET asked_at = asked_at - 86400000000")
	second := v.exported(v.minji)
	v.minji.Get(first).Want(404)
	v.minji.Get(second).Want(200)
	v.edits("UPDATE exports SET asked_at = asked_at - 259200000000, done_at = done_at - 259200000000")
	v.minji.Get(second).Want(404)
	v.minji.Get("/settings/export").Want(200).Lacks("a[download]").Has("#export form .btn-main")
}

func TestTheFileIsGoneWithItsAccount(t *testing.T) {
	v := open(t)
	v.exported(v.minji)
	leaves(t, v.minji)
	v.exported(v.seojun) // the worker looks at the folder before
	if files := filesIn(t, filepath.Join(v.Config.UploadsDir, "exports")); len(files) != 1 {
		t.Errorf("left are %v", files)
	}
}

func TestWhatIsHiddenFromOthersIsInTheFile(t *testing.T) {
	v := openWithRooms(t)
	hidden, image, _ := v.postsImage(v.minji, "가려질 글")
	shown := v.posts(v.minji, "보이는 글")
	comment := v.comments(v.minji, shown, "가려질 댓글")
	v.comments(v.minji, shown, "보이는 댓글")
	v.comments(v.minji, hidden, "가려질 글의 댓글")
	v.reports(v.seojun, "post", hidden, "spam", "")
	v.reports(v.seojun, "comment", comment, "spam", "")
	for _, number := range []string{"1", "2"} {
		leadsTo(t, v.hyunwoo.Post("/admin/reports/"+number, "decision", "hide", "note", "광고네요"), "/admin/reports")
	}
	files := unpacked(t, v.minji.Get(v.exported(v.minji)).Want(200).Body)
	for name, words := range map[string][]string{
		"posts":    {"가려질 글", "보이는 글", "images/" + image},
		"comments": {"가려질 댓글", "보이는 댓글", "가려질 글의 댓글"},
	} {
		for _, word := range words {
			if !strings.Contains(files[name+"/1.html"], word) || !strings.Contains(files[name+"/1.json"], word) {
				t.Errorf("%s lack %q: %s", name, word, files[name+"/1.html"])
			}
		}
	}
	said := web.Korean("export.hidden")
	if got := strings.Count(files["posts/1.html"], said); got != 1 || strings.Count(files["posts/1.json"], `"hidden_at"`) != 1 {
		t.Errorf("%d posts are marked as hidden", got)
	}
	if got := strings.Count(files["comments/1.html"], said); got != 2 || strings.Count(files["comments/1.json"], `"hidden_at"`) != 2 {
		t.Errorf("%d comments are marked as hidden", got)
	}
	if files["images/"+image] == "" {
		t.Error("the image of the hidden post is missing")
	}
}
