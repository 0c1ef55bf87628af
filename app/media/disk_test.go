//go:build linux || darwin

package media

import (
	"bytes"
	"context"
	"errors"
	"syscall"
	"testing"

	"xxsns/app/media/mediatest"
)

// A full disk cuts off a file, and so does the process's limit on file sizes,
// which a test can set.
func TestSaveOnAFullDisk(t *testing.T) {
	f := openFolder(t)
	photo := mediatest.PhoneJPEG(1000, 300, 1)
	whole := f.saved(t, photo)
	thumb := uint64(len(f.bytesOf(t, Thumb(whole.Name))))
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		bytesLeft uint64
		data      []byte
	}{
		{0, photo}, {1000, photo}, {thumb, photo}, // in the last case the thumbnail fits, the image does not
		{maxInMemory, padded(maxInMemory + 1)}, // the image fits, the upload does not
	}
	for _, tt := range tests {
		small := limit
		small.Cur = tt.bytesLeft
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &small); err != nil {
			t.Fatal(err)
		}
		_, err := f.Save(context.Background(), minji, bytes.NewReader(tt.data))
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
			t.Fatal(err)
		}
		if !errors.Is(err, ErrNoSpace) || !errors.Is(err, syscall.EFBIG) {
			t.Errorf("%d bytes left: %v", tt.bytesLeft, err)
		}
		wantNames(t, f, whole.files()...)
	}
	f.saved(t, photo)
}
