package media

import (
	"bytes"
	"fmt"
	"io"
	"os"
)

// maxInMemory is how many bytes of an upload wait in memory. Many senders may be
// slow at once, on purpose or not; what more they send waits on the disk.
const maxInMemory = 256 << 10

// upload is an upload that has arrived as a whole: small in memory, or in a file.
type upload struct {
	small []byte
	file  *os.File // nil if small
	size  int64    // of file, bytes
}

// receive reads an upload. It takes as long as its sender does and holds up
// nobody meanwhile. Errors of r are passed on, those of the disk are ErrNoSpace.
func (f *Folder) receive(r io.Reader) (upload, error) {
	r = io.LimitReader(r, MaxBytes+1)
	head, err := io.ReadAll(io.LimitReader(r, maxInMemory+1))
	if err != nil {
		return upload{}, err
	}
	if len(head) <= maxInMemory {
		return upload{small: head}, nil
	}
	return f.spool(io.MultiReader(bytes.NewReader(head), r))
}

// spool reads an upload into a file that has lost its name already, so that a
// crash leaves nothing. Windows keeps the name until close, or until Sweep.
func (f *Folder) spool(r io.Reader) (up upload, err error) {
	path := f.temp(newName(".png"))
	up.file, err = os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return upload{}, noSpace(err)
	}
	_ = os.Remove(path)
	up.size, err = io.Copy(spoolWriter{up.file}, r)
	if err == nil && up.size > MaxBytes {
		err = ErrTooLarge
	}
	if err != nil {
		up.close()
		return upload{}, err
	}
	return up, nil
}

// bytes are the upload's bytes.
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

// close gives the file's space on the disk back.
func (up upload) close() {
	if up.file != nil {
		_ = up.file.Close()
		_ = remove(up.file.Name())
	}
}

// spoolWriter tells errors of the disk from those of the sender.
type spoolWriter struct{ file *os.File }

func (w spoolWriter) Write(p []byte) (int, error) {
	n, err := w.file.Write(p)
	if err != nil {
		err = noSpace(err)
	}
	return n, err
}

// noSpace is ErrNoSpace with its cause.
func noSpace(cause error) error { return fmt.Errorf("%w: %w", ErrNoSpace, cause) }
