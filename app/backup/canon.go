package backup

import (
	"archive/tar"
	"bytes"
	"io"
)

// A canon reads a tar and writes the same entries to a tar of its own. Both must be equal:
// what a reader of tars overlooks, such as the bytes that fill a block, is then known to be
// as it was written.
type canon struct {
	raw       io.Reader
	own       *tar.Writer
	got, want bytes.Buffer
	at        int64 // offset of what is in got and want
}

func newCanon(raw io.Reader) *canon {
	c := &canon{raw: raw}
	c.own = tar.NewWriter(&c.want)
	return c
}

// Read implements io.Reader.
func (c *canon) Read(p []byte) (int, error) {
	n, err := c.raw.Read(p)
	c.got.Write(p[:n])
	return n, err
}

// compare returns an error that names the first byte that differs.
func (c *canon) compare() error {
	n := min(c.got.Len(), c.want.Len())
	got, want := c.got.Next(n), c.want.Next(n)
	if bytes.Equal(got, want) {
		c.at += int64(n)
		return nil
	}
	for i := range got {
		if got[i] != want[i] {
			return damaged("byte %d", c.at+int64(i))
		}
	}
	return nil
}

// header repeats the header of an entry.
func (c *canon) header(h *tar.Header) error {
	if err := c.own.WriteHeader(headerOf(h.Name, h.Size, h.ModTime)); err != nil {
		return damaged("byte %d", c.at)
	}
	return c.compare()
}

// content repeats bytes of an entry.
func (c *canon) content(p []byte) error {
	if _, err := c.own.Write(p); err != nil {
		return err
	}
	return c.compare()
}

// end repeats the end of the tar, after which nothing may follow.
func (c *canon) end() error {
	if err := c.own.Close(); err != nil {
		return err
	}
	if err := c.compare(); err != nil {
		return err
	}
	if c.want.Len() > 0 {
		return damaged("the end is missing after byte %d", c.at)
	}
	switch n, err := io.ReadFull(c.raw, make([]byte, 1)); {
	case n > 0 || c.got.Len() > 0:
		return damaged("something follows byte %d", c.at)
	case err != io.EOF:
		return err
	}
	return nil
}
