package media

import (
	"bytes"
	"fmt"
	"io"
	"os"
)

// maxInMemory is the number of bytes of an unfinished upload that stay in
// memory. Many clients may send slowly at once, on purpose or not; the rest of
// their uploads goes to the disk.
const maxInMemory = 256 << 10

// An upload has arrived completely. Small uploads are in memory, others in a
// file.
type upload struct {
	small []byte
	file  *os.File // nil if small
	size  int64    // size of file in bytes
}

// receive reads an upload, which takes as long as the client needs, and holds
// no slot meanwhile. Errors of r are returned unchanged; errors of the disk are
// ErrNoSpace.
func (f *Folder) receive(r io.Reader) (upload, error) {
	r = io.LimitReader(r, MaxBytes+1)
	head, err := io.ReadAll(io.LimitReader(r, maxInMemory+1))
	if err != nil {
		return upload{}, err
	}
	if len(head) <= maxInMemory {
		return upload{small: head}, nil
	}
	up, err := f.spool(io.MultiReader(bytes.NewReader(head), r))
	if err == nil && up.size > MaxBytes {
		up.close()
		return upload{}, ErrTooLarge
	}
	return up, err
}

// hold returns bytes as an upload.
func (f *Folder) hold(data []byte) (upload, error) {
	if len(data) <= maxInMemory {
		return upload{small: data}, nil
	}
	return f.spool(bytes.NewReader(data))
}

// spool reads an upload into an unlinked file, so that a crash leaves nothing
// behind. On Windows the name stays until close or Sweep removes it.
func (f *Folder) spool(r io.Reader) (up upload, err error) {
	path := f.newTemp()
	up.file, err = os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return upload{}, noSpace(err)
	}
	_ = os.Remove(path)
	up.size, err = io.Copy(spoolWriter{up.file}, r)
	if err != nil {
		up.close()
		return upload{}, err
	}
	return up, nil
}

// bytes returns the bytes of the upload.
func (up upload) bytes() ([]byte, error) {
	if up.file == nil {
		return up.small, nil
	}
	data := make([]byte, up.size)
	if _, err := up.file.ReadAt(data, 0); err != nil {
		return nil, noSpace(err)
	}
	return data, nil
}

// source loads the upload and reads its headers.
func (up upload) source() (source, error) {
	data, err := up.bytes()
	if err != nil {
		return source{}, err
	}
	return inspect(data)
}

// close removes the file, if there is one.
func (up upload) close() {
	if up.file != nil {
		_ = up.file.Close()
		_ = remove(up.file.Name())
	}
}

// spoolWriter wraps write errors in ErrNoSpace, to tell them from read errors
// of the client in io.Copy.
type spoolWriter struct{ file *os.File }

func (w spoolWriter) Write(p []byte) (int, error) {
	n, err := w.file.Write(p)
	if err != nil {
		err = noSpace(err)
	}
	return n, err
}

// noSpace returns an ErrNoSpace with a cause.
func noSpace(cause error) error { return fmt.Errorf("%w: %w", ErrNoSpace, cause) }
