package store

import (
	"context"
	"io"

	"xxsns/app/sns"
)

// Documents lie in the database, and not in the folder of the uploads: no address of the folder can
// serve them, whatever a proxy is told, they are kept and deleted in one transaction with what they
// belong to, and a backup of the database has them.

// A shelf is a table of documents. Each document belongs to a row of another table.
type shelf struct{ table, owner string }

// The shelves.
var (
	takedownProofs = shelf{"takedown_proofs", "takedown_id"}
	casePictures   = shelf{"case_pictures", "case_id"}
)

// documentPart is how many bytes of a document a row has: a statement must not be as long as a
// file, since servers bound it.
const documentPart = 256 << 10

// keep keeps the documents of an owner, which are numbered from 1.
func (s shelf) keep(ctx context.Context, tx *transaction, owner int64, documents []sns.Document) error {
	buf := make([]byte, documentPart)
	for i, d := range documents {
		for part := int64(0); part*documentPart < d.Size; part++ {
			data := buf[:min(documentPart, d.Size-part*documentPart)]
			if n, err := d.Content.ReadAt(data, part*documentPart); n < len(data) && err != nil {
				return err
			}
			_, err := tx.ExecContext(ctx, `INSERT INTO `+s.table+` (`+s.owner+`, number, part, name, type, size, data) VALUES (?, ?, ?, ?, ?, ?, ?)`,
				owner, i+1, part, d.Name, d.Type, d.Size, data)
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// of returns the documents of an owner in their order, without their content.
func (s shelf) of(ctx context.Context, d *database, owner int64) ([]sns.Document, error) {
	var rows []struct {
		Number int64  `db:"number"`
		Name   string `db:"name"`
		Type   string `db:"type"`
		Size   int64  `db:"size"`
	}
	err := d.list(ctx, &rows, `SELECT number, name, type, size FROM `+s.table+` WHERE `+s.owner+` = ? AND part = 0 ORDER BY number`, owner)
	documents := make([]sns.Document, len(rows))
	for i, row := range rows {
		documents[i] = sns.Document{Number: row.Number, Name: row.Name, Type: row.Type, Size: row.Size}
	}
	return documents, err
}

// write writes the content of a document to w, a part at a time. ErrNotFound if the document is
// gone.
func (s shelf) write(ctx context.Context, d *database, w io.Writer, owner int64, document sns.Document) error {
	for part := int64(0); part*documentPart < document.Size; part++ {
		var data []byte
		err := d.get(ctx, &data, `SELECT data FROM `+s.table+` WHERE `+s.owner+` = ? AND number = ? AND part = ?`, owner, document.Number, part)
		if err != nil {
			return err
		}
		if _, err := w.Write(data); err != nil {
			return err
		}
	}
	return nil
}
