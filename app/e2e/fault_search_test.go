package e2e

import (
	"net/http"
	"path/filepath"
	"testing"
	"time"

	"xxsns/app/apptest"
	"xxsns/app/store"
)

// newestAgain is how many texts wait again at each start, at most, and the new post.
const newestAgain = 401

// The indexing of old texts goes on after kill −9 where it was, while people write, and ends
// with an index that agrees with the texts.
func TestIndexingOutlivesKill9(t *testing.T) {
	t.Parallel()
	p := apptest.StartProgram(t, "ADDR="+apptest.FreeAddress(t))
	operate(t, p, "", nil, "seed", "--posts=8000", "--comments=8000", "--likes=0", "--no-images", "--password", apptest.Password)
	minji := p.Guest()
	minji.Post("/sign-up", "username", "한밤", "password", apptest.Password, "password_confirm", apptest.Password, "email", "a@example.com").Want(http.StatusSeeOther)
	p.Kill9()
	indexAgain(t, p)
	killed := 0 // times in the middle of the work
	for left, most := unindexed(t, p), inChaos(5, 100); left > 0 && killed < most; killed++ {
		p.Start()
		minji.Post("/posts", "content", "한밤의 카드결제").Want(http.StatusSeeOther)
		aWhile(inChaos(100*time.Millisecond, 20*time.Millisecond))
		p.Kill9()
		now := unindexed(t, p)
		if now > left+newestAgain {
			t.Errorf("%d texts are left to be indexed, %d before", now, left)
		}
		left = now
	}
	if killed < 2 {
		t.Error("all texts were indexed before the second kill")
	}
	p.Start()
	for p.Metric("xxsns_search_unindexed") > 0 && t.Context().Err() == nil {
		time.Sleep(50 * time.Millisecond)
	}
	p.Kill9()
	behind(t, p, func(s *store.Store) {
		if n, err := s.CheckSearch(t.Context()); err != nil || n != 0 {
			t.Errorf("%d texts differ from the index, %v", n, err)
		}
	})
}

// behind opens the database of a program that was killed.
func behind(t *testing.T, p *apptest.Program, do func(*store.Store)) {
	t.Helper()
	s, err := store.Open(t.Context(), "sqlite:"+filepath.Join(p.Folder, "db", "xxsns.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	do(s)
}

// indexAgain makes all texts of a program that was killed old ones.
func indexAgain(t *testing.T, p *apptest.Program) {
	t.Helper()
	behind(t, p, func(s *store.Store) {
		if err := s.ReindexSearch(t.Context()); err != nil {
			t.Fatal(err)
		}
	})
}

func unindexed(t *testing.T, p *apptest.Program) (left int64) {
	t.Helper()
	behind(t, p, func(s *store.Store) {
		var err error
		if left, err = s.SearchUnindexed(t.Context()); err != nil {
			t.Fatal(err)
		}
	})
	return left
}
