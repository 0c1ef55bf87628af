package backup

import (
	"archive/tar"
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"iter"
	"slices"

	"github.com/klauspost/compress/zstd"
)

// A Reader reads a backup. The items of Next are known to be undamaged when Next has
// returned io.EOF, and not before: the manifest comes last. A Reader is for one goroutine.
type Reader struct {
	Header Header

	tar     *tar.Reader
	canon   *canon
	decoder *zstd.Decoder
	read    []Entry // all entries so far
	tables  []Table
	open    *openEntry
	past    string // the last entry that began, for errors
	size    int64  // of that entry
	found   *Manifest
}

// An Item is a part of a table, or a file.
type Item struct {
	Table string // "" for a file
	File  string // "" for a part
	Size  int64

	columns []string
	lines   *bufio.Scanner
	rows    *int64 // of the table so far
	reader  *Reader
}

// An openEntry is the entry that is being read.
type openEntry struct {
	name string
	from *tar.Reader
	to   *canon
	sum  hash.Hash
	size int64 // of what was read
}

// Read implements io.Reader.
func (e *openEntry) Read(p []byte) (int, error) {
	n, err := e.from.Read(p)
	e.sum.Write(p[:n])
	e.size += int64(n)
	if same := e.to.content(p[:n]); same != nil {
		return n, same
	}
	return n, err
}

// NewReader reads the header of a backup. ErrNoBackup, ErrDamaged.
func NewReader(in io.Reader) (*Reader, error) {
	decoder, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(maxWindow))
	if err != nil {
		return nil, err
	}
	c := newCanon(in)
	r := &Reader{tar: tar.NewReader(c), canon: c, decoder: decoder}
	kind, _, err := r.next()
	if err != nil || kind != kindHeader {
		return nil, errors.Join(ErrNoBackup, err)
	}
	raw, err := r.all(maxHeader)
	if err == nil {
		err = json.Unmarshal(raw, &r.Header)
	}
	switch {
	case err != nil:
		return nil, errors.Join(ErrNoBackup, err)
	case r.Header.Format != Format:
		return nil, fmt.Errorf("%w: its format is %d, this program knows %d", ErrNoBackup, r.Header.Format, Format)
	}
	return r, nil
}

// Close frees the memory of the Reader.
func (r *Reader) Close() { r.decoder.Close() }

// Manifest returns the manifest after Next has returned io.EOF.
func (r *Reader) Manifest() Manifest { return *r.found }

// Next returns the next part or file, or io.EOF at the end of an undamaged backup. The caller
// reads all rows of a part: their number is compared with the manifest. With an error about
// the lines of a part comes the part, and the caller may go on. ErrDamaged.
func (r *Reader) Next() (*Item, error) {
	kind, what, err := r.next()
	if err != nil {
		return nil, err
	}
	switch kind {
	case kindRows:
		return r.part(what)
	case kindFile:
		return &Item{File: what, Size: r.size, reader: r}, nil
	case kindManifest:
		return nil, r.finish()
	}
	return nil, damaged("%s is out of place", r.past)
}

// next ends the entry before and begins the next one.
func (r *Reader) next() (kind, what string, err error) {
	if err := r.endEntry(); err != nil {
		return "", "", err
	}
	h, err := r.tar.Next()
	if err != nil {
		return "", "", r.broken(err)
	}
	if err := r.canon.header(h); err != nil {
		return "", "", r.after(err)
	}
	number, kind, what, ok := parseName(h.Name)
	if !ok || number != len(r.read) {
		return "", "", r.after(damaged("an entry is called %.100q", h.Name))
	}
	r.past, r.size = h.Name, h.Size
	r.open = &openEntry{name: h.Name, from: r.tar, to: r.canon, sum: sha256.New()}
	return kind, what, nil
}

// endEntry reads the rest of the open entry.
func (r *Reader) endEntry() error {
	if r.open == nil {
		return nil
	}
	e := r.open
	if _, err := io.Copy(io.Discard, e); err != nil {
		return r.broken(err)
	}
	r.open = nil
	r.read = append(r.read, Entry{Name: e.name, Size: e.size, SHA256: hex.EncodeToString(e.sum.Sum(nil))})
	return nil
}

// broken explains an error of the tar.
func (r *Reader) broken(err error) error {
	switch {
	case errors.Is(err, ErrDamaged):
		return r.after(err)
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return damaged("it is cut off at byte %d, in or after %s", r.canon.at+int64(r.canon.got.Len()), r.past)
	case errors.Is(err, tar.ErrHeader), errors.Is(err, tar.ErrFieldTooLong), errors.Is(err, tar.ErrWriteTooLong):
		return damaged("the 512 bytes from byte %d on, after %s", r.canon.at, r.past)
	}
	return fmt.Errorf("read the backup after %s: %w", r.past, err)
}

func (r *Reader) after(err error) error {
	if r.past == "" {
		return err
	}
	return fmt.Errorf("%w, in or after %s", err, r.past)
}

// all reads the open entry.
func (r *Reader) all(most int64) ([]byte, error) {
	raw, err := io.ReadAll(io.LimitReader(r.open, most+1))
	if err == nil && int64(len(raw)) > most {
		err = damaged("%s is too long", r.past)
	}
	return raw, err
}

// finish reads the manifest and its hash, and compares all that was read with them.
func (r *Reader) finish() error {
	raw, err := r.all(maxManifest)
	if err != nil {
		return r.broken(err)
	}
	read, name := r.read, r.past
	kind, _, err := r.next()
	if err != nil {
		return err
	}
	hash, err := r.all(maxHeader)
	sum := sha256.Sum256(raw)
	if err != nil || kind != kindHash || string(hash) != hex.EncodeToString(sum[:]) {
		return errors.Join(damaged("%s or %s", name, r.past), err)
	}
	if err := r.endEntry(); err != nil {
		return err
	}
	if _, err := r.tar.Next(); !errors.Is(err, io.EOF) {
		return errors.Join(damaged("the end after %s", r.past), err)
	}
	if err := r.canon.end(); err != nil {
		return r.after(err)
	}
	var m Manifest
	if err := json.Unmarshal(raw, &m); err != nil {
		return damaged("%s: %v", name, err)
	}
	r.found = &m
	return r.compare(read, m)
}

// compare returns io.EOF if all is as the manifest tells, and otherwise names all that is
// not.
func (r *Reader) compare(read []Entry, m Manifest) error {
	var wrong []error
	for i, e := range read {
		if i >= len(m.Entries) || m.Entries[i] != e {
			wrong = append(wrong, damaged("%s", e.Name))
		}
	}
	for i := len(read); i < len(m.Entries); i++ {
		wrong = append(wrong, damaged("%s is missing", m.Entries[i].Name))
	}
	if len(wrong) > 0 {
		return errors.Join(wrong...)
	}
	for _, t := range m.Tables {
		if t.Rows > 0 && !slices.Contains(r.tables, t) {
			wrong = append(wrong, damaged("table %s has not its %d rows", t.Name, t.Rows))
		}
	}
	if len(wrong) > 0 {
		return errors.Join(wrong...)
	}
	return io.EOF
}

// part begins a part of a table.
func (r *Reader) part(table string) (*Item, error) {
	i := slices.IndexFunc(r.tables, func(t Table) bool { return t.Name == table })
	if i < 0 {
		i, r.tables = len(r.tables), append(r.tables, Table{Name: table})
	}
	item := &Item{Table: table, reader: r, rows: &r.tables[i].Rows}
	if err := r.decoder.Reset(r.open); err != nil {
		return item, r.inPart(err)
	}
	item.lines = bufio.NewScanner(r.decoder)
	item.lines.Buffer(make([]byte, 64<<10), maxLine)
	if !item.lines.Scan() {
		return item, r.inPart(item.lines.Err())
	}
	names, err := ParseLine(nil, item.lines.Bytes())
	if err != nil {
		return item, r.inPart(err)
	}
	for _, name := range names {
		text, ok := name.(string)
		if !ok || !tableName.MatchString(text) {
			return item, r.inPart(errLine)
		}
		item.columns = append(item.columns, text)
	}
	return item, nil
}

// inPart is the error of an entry whose lines cannot be read.
func (r *Reader) inPart(err error) error {
	if err == nil {
		err = io.ErrUnexpectedEOF
	}
	if errors.Is(err, ErrDamaged) {
		return err
	}
	return damaged("%s: %v", r.past, err)
}

// Columns returns the names of the columns of a part.
func (i *Item) Columns() []string { return i.columns }

// Rows returns the rows of a part: nil, int64 and string values. A row is valid until the
// next one. The sequence ends after an error.
func (i *Item) Rows() iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		var row []any
		for i.lines.Scan() {
			var err error
			row, err = ParseLine(row[:0], i.lines.Bytes())
			if err == nil && len(row) != len(i.columns) {
				err = errLine
			}
			if err != nil {
				yield(nil, i.reader.inPart(err))
				return
			}
			*i.rows++
			if !yield(row, nil) {
				return
			}
		}
		if err := i.lines.Err(); err != nil {
			yield(nil, i.reader.inPart(err))
		}
	}
}

// Read implements io.Reader for a file.
func (i *Item) Read(p []byte) (int, error) { return i.reader.open.Read(p) }
