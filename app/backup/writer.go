package backup

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/klauspost/compress/zstd"
)

// A Writer writes a backup. Close completes the backup; a backup without is cut off, and
// refused by a Reader. A Writer is for one goroutine.
type Writer struct {
	tar      *tar.Writer
	madeAt   time.Time
	manifest Manifest
	number   int // of the next entry

	// The part that is being gathered.
	encoder *zstd.Encoder
	table   int          // in the manifest
	part    bytes.Buffer // compressed
	columns []byte       // the first line
	line    []byte
	gather  int // bytes of lines
	rows    int64
}

// NewWriter begins a backup on w.
func NewWriter(w io.Writer, h Header) (*Writer, error) {
	encoder, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(1<<20), zstd.WithEncoderLevel(zstd.SpeedFastest))
	if err != nil {
		return nil, err
	}
	h.Format, h.MadeAt = Format, h.MadeAt.UTC().Truncate(time.Second)
	out := &Writer{tar: tar.NewWriter(w), madeAt: h.MadeAt, encoder: encoder, manifest: Manifest{Missing: []string{}}}
	raw, err := json.Marshal(h)
	if err != nil {
		return nil, err
	}
	return out, out.entry(kindHeader, "", raw)
}

// Table begins a table, or goes on with one. The rows that follow have a value for each
// column.
func (w *Writer) Table(name string, columns []string) (err error) {
	if err := w.endPart(); err != nil {
		return err
	}
	if !tableName.MatchString(name) {
		return fmt.Errorf("backup: %q is no name of a table", name)
	}
	names := make([]any, len(columns))
	for i, column := range columns {
		names[i] = column
	}
	w.table = slices.IndexFunc(w.manifest.Tables, func(t Table) bool { return t.Name == name })
	if w.table < 0 {
		w.table, w.manifest.Tables = len(w.manifest.Tables), append(w.manifest.Tables, Table{Name: name})
	}
	w.columns, err = AppendLine(nil, names)
	return err
}

// Row writes a row of the table that Table began. See AppendLine for the values.
func (w *Writer) Row(row []any) error {
	if w.gather == 0 {
		w.part.Reset()
		w.encoder.Reset(&w.part)
		if err := w.gatherLine(w.columns); err != nil {
			return err
		}
	}
	line, err := AppendLine(w.line[:0], row)
	if err != nil {
		return err
	}
	if err := w.gatherLine(line); err != nil {
		return err
	}
	w.line = line
	w.rows++
	if w.gather < partBytes {
		return nil
	}
	return w.endPart()
}

func (w *Writer) gatherLine(line []byte) error {
	n, err := w.encoder.Write(line)
	w.gather += n
	return err
}

// endPart writes the rows gathered so far as a part.
func (w *Writer) endPart() error {
	if w.gather == 0 {
		return nil
	}
	if err := w.encoder.Close(); err != nil {
		return err
	}
	table := &w.manifest.Tables[w.table]
	table.Rows += w.rows
	w.gather, w.rows = 0, 0
	return w.entry(kindRows, table.Name, w.part.Bytes())
}

// File writes a file of size bytes.
func (w *Writer) File(name string, size int64, r io.Reader) error {
	if err := w.endPart(); err != nil {
		return err
	}
	if !fileName.MatchString(name) {
		return fmt.Errorf("backup: %q is no name of a file", name)
	}
	return w.copy(kindFile, name, size, r)
}

// Missing records a file that rows name and that is not there.
func (w *Writer) Missing(name string) { w.manifest.Missing = append(w.manifest.Missing, name) }

// Manifest returns what was written so far.
func (w *Writer) Manifest() Manifest { return w.manifest }

// Close completes the backup. Close does not close the writer below.
func (w *Writer) Close() error {
	if err := w.endPart(); err != nil {
		return err
	}
	raw, err := json.Marshal(w.manifest)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(raw)
	return errors.Join(w.entry(kindManifest, "", raw), w.entry(kindHash, "", []byte(hex.EncodeToString(sum[:]))), w.tar.Close())
}

func (w *Writer) entry(kind, what string, raw []byte) error {
	return w.copy(kind, what, int64(len(raw)), bytes.NewReader(raw))
}

// copy writes the next entry.
func (w *Writer) copy(kind, what string, size int64, r io.Reader) error {
	name := nameOf(w.number, kind, what)
	w.number++
	if err := w.tar.WriteHeader(headerOf(name, size, w.madeAt)); err != nil {
		return err
	}
	sum := sha256.New()
	if _, err := io.CopyN(io.MultiWriter(w.tar, sum), r, size); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if kind != kindManifest && kind != kindHash {
		w.manifest.Entries = append(w.manifest.Entries, Entry{Name: name, Size: size, SHA256: hex.EncodeToString(sum.Sum(nil))})
	}
	return w.tar.Flush()
}

// headerOf returns the header of an entry: nothing in it depends on the machine.
func headerOf(name string, size int64, at time.Time) *tar.Header {
	return &tar.Header{Typeflag: tar.TypeReg, Format: tar.FormatUSTAR, Name: name, Size: size, Mode: 0o600, ModTime: at}
}
