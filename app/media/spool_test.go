package media

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"runtime"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"xxsns/app/media/mediatest"
)

// padded returns a photo of n bytes: decoders ignore bytes after its end.
func padded(n int) []byte {
	photo := mediatest.PhoneJPEG(64, 48, 1)
	return append(photo, make([]byte, n-len(photo))...)
}

// zeros is a reader of endless zeros.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// hesitant is a reader that signals when it blocks, and then blocks until the
// end.
type hesitant struct {
	waits *sync.WaitGroup
	end   <-chan struct{}
}

func (h hesitant) Read([]byte) (int, error) {
	h.waits.Done()
	<-h.end
	return 0, io.ErrUnexpectedEOF
}

func TestUploadsInMemoryAndOnDisk(t *testing.T) {
	for _, n := range []int{maxInMemory, maxInMemory + 1, MaxBytes} {
		f := openFolder(t)
		saved, err := f.Save(context.Background(), minji, iotest.HalfReader(bytes.NewReader(padded(n))))
		if err != nil {
			t.Fatalf("%d bytes: %v", n, err)
		}
		f.imageOf(t, saved.Name)
		wantNames(t, f, saved.files()...)
	}
}

// Unfinished uploads neither take memory nor block other uploads.
func TestUnfinishedUploadsWaitOnDisk(t *testing.T) {
	const senders, each = 20, 4 << 20
	f := openFolder(t)
	before := heap()
	var waits, all sync.WaitGroup
	end := make(chan struct{})
	waits.Add(senders)
	for range senders {
		all.Go(func() {
			r := io.MultiReader(io.LimitReader(zeros{}, each), hesitant{&waits, end})
			if _, err := f.Save(context.Background(), minji, r); !errors.Is(err, io.ErrUnexpectedEOF) {
				t.Errorf("got %v", err)
			}
		})
	}
	waits.Wait()
	if held := heap() - before; held > senders*each/4 {
		t.Errorf("%d bytes of memory are held by %d senders of %d", held, senders, each)
	}
	if runtime.GOOS != "windows" {
		wantNames(t, f) // a crash at this moment would leave no file
	}
	f.saved(t, padded(maxInMemory+1))
	close(end)
	all.Wait()
	if names := f.names(t); len(names) != 2 {
		t.Errorf("in the folder: %q", names)
	}
}

// heap returns the bytes of memory in use.
func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// Few uploads are in memory at once, however many have arrived.
func TestFewUploadsAreLoaded(t *testing.T) {
	f := openFolder(t)
	if !f.inspecting.TryAcquire(inspectingSlots) {
		t.Fatal("no places")
	}
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	if _, err := f.Save(ctx, minji, bytes.NewReader(padded(maxInMemory+1))); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
	wantNames(t, f)
	f.inspecting.Release(inspectingSlots)
	f.saved(t, padded(maxInMemory+1))
	if !f.inspecting.TryAcquire(inspectingSlots) {
		t.Error("a place was not given back")
	}
}

// Uploads that wait for their turn stay on the disk.
func TestUploadsThatWaitTakeNoMemory(t *testing.T) {
	f := openFolder(t)
	done, err := f.decoding.take(t.Context(), haneul, f.decoding.memory)
	if err != nil {
		t.Fatal(err)
	}
	large, before := padded(MaxBytes-1), heap()
	var all sync.WaitGroup
	for range mostWaitingOfPerson {
		all.Go(func() { f.saved(t, large) })
	}
	f.waitFor(mostWaitingOfPerson)
	if held := heap() - before; held > MaxBytes {
		t.Errorf("%d bytes of memory are held", held)
	}
	done()
	all.Wait()
}

func TestSpoolWithoutAFolder(t *testing.T) {
	f := openFolder(t)
	if err := os.Remove(f.dir); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Save(context.Background(), minji, bytes.NewReader(padded(maxInMemory+1))); !errors.Is(err, ErrNoSpace) {
		t.Errorf("got %v", err)
	}
}
