package web_test

import (
	"compress/gzip"
	"io"
	"net/http"
	"strings"
	"testing"

	"xxsns/app/apptest"
)

// ask sends a request that names its encodings: the transport decodes nothing.
func ask(t *testing.T, c *apptest.Client, method, path string, header ...string) (*http.Response, string) {
	t.Helper()
	req := c.Request(method, path, nil)
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := c.HTTP().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res, string(body)
}

func unzip(t *testing.T, body string) string {
	t.Helper()
	zipped, err := gzip.NewReader(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := io.ReadAll(zipped)
	if err != nil {
		t.Fatal(err)
	}
	return string(plain)
}

func TestPagesAreCompressedForWhoTakesThat(t *testing.T) {
	v := openWithRooms(t)
	v.posts(v.minji, "글")
	room := v.opens(v.sua, "질문방", 5)
	for range 12 {
		v.sua.Post("/rooms/"+room+"/messages", "content", strings.Repeat("질문이 있어요. ", 12))
	}
	v.sua.Get("/") // takes the toast
	for _, path := range []string{"/", "/posts/1", "/rooms/" + room, "/rooms/" + room + "/transcript", "/rooms/" + room + "/transcript?format=json"} {
		plain, whole := ask(t, v.sua, http.MethodGet, path, "Accept-Encoding", "identity")
		zipped, body := ask(t, v.sua, http.MethodGet, path, "Accept-Encoding", "gzip, deflate, br, zstd")
		if plain.Header.Get("Content-Encoding") != "" || zipped.Header.Get("Content-Encoding") != "gzip" {
			t.Errorf("%s: encoded as %q and %q", path, plain.Header.Get("Content-Encoding"), zipped.Header.Get("Content-Encoding"))
			continue
		}
		if got := unzip(t, body); len(got) != len(whole) || len(body) > len(whole)/2 {
			t.Errorf("%s: %d bytes, compressed %d, unpacked %d", path, len(whole), len(body), len(got))
		}
		for _, res := range []*http.Response{plain, zipped} {
			if !strings.Contains(strings.Join(res.Header.Values("Vary"), ", "), "Accept-Encoding") {
				t.Errorf("%s varies with %v", path, res.Header.Values("Vary"))
			}
		}
		if plain.Header.Get("ETag") != zipped.Header.Get("ETag") {
			t.Errorf("%s: tags %s and %s", path, plain.Header.Get("ETag"), zipped.Header.Get("ETag"))
		}
		head, body := ask(t, v.sua, http.MethodHead, path, "Accept-Encoding", "gzip")
		if head.StatusCode != http.StatusOK || body != "" || head.Header.Get("ETag") != plain.Header.Get("ETag") || head.Header.Get("Vary") != plain.Header.Get("Vary") {
			t.Errorf("HEAD %s: %d %v", path, head.StatusCode, head.Header)
		}
	}
	page, _ := ask(t, v.minji.HX(), http.MethodGet, "/rooms", "Accept-Encoding", "gzip")
	again, body := ask(t, v.minji.HX(), http.MethodGet, "/rooms", "Accept-Encoding", "gzip", "If-None-Match", page.Header.Get("ETag"))
	if again.StatusCode != http.StatusNotModified || body != "" || again.Header.Get("Content-Encoding") != "" || again.Header.Get("ETag") != page.Header.Get("ETag") {
		t.Errorf("the same fragment again: %d %v, %d bytes", again.StatusCode, again.Header, len(body))
	}
}

func TestWhatIsNotCompressed(t *testing.T) {
	v := open(t)
	_, image, _ := v.postsImage(v.minji, "바다")
	for what, ask := range map[string]func() (*http.Response, string){
		"small": func() (*http.Response, string) {
			return ask(t, v.minji, http.MethodGet, "/me.css", "Accept-Encoding", "gzip")
		},
		"refused": func() (*http.Response, string) {
			return ask(t, v.minji, http.MethodGet, "/", "Accept-Encoding", "gzip;q=0")
		},
		"picture": func() (*http.Response, string) {
			return ask(t, v.minji, http.MethodGet, "/uploads/"+image, "Accept-Encoding", "gzip")
		},
		"part": func() (*http.Response, string) {
			return ask(t, v.minji, http.MethodGet, "/uploads/"+image, "Accept-Encoding", "gzip", "Range", "bytes=0-3")
		},
		"asked for by another site": func() (*http.Response, string) {
			return ask(t, v.minji, http.MethodGet, "/?guess", "Accept-Encoding", "gzip", "Sec-Fetch-Site", "cross-site")
		},
		"asked for by a neighbour": func() (*http.Response, string) {
			return ask(t, v.minji, http.MethodGet, "/?guess", "Accept-Encoding", "gzip", "Sec-Fetch-Site", "same-site")
		},
	} {
		if res, body := ask(); res.Header.Get("Content-Encoding") != "" || res.StatusCode >= 300 || body == "" {
			t.Errorf("%s: %d %v", what, res.StatusCode, res.Header)
		}
	}
	stream, err := v.minji.HTTP().Do(func() *http.Request {
		req := v.minji.Request(http.MethodGet, "/live?topic=timeline", nil)
		req.Header.Set("Accept-Encoding", "gzip")
		return req
	}())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = stream.Body.Close() }()
	if stream.Header.Get("Content-Encoding") != "" || stream.Header.Get("Content-Type") != "text/event-stream" {
		t.Errorf("a stream: %v", stream.Header)
	}
}
