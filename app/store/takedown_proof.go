package store

import (
	"context"
	"io"

	"xxsns/app/sns"
)

// Proofs lie in the database, and not in the folder of the uploads: no address of the folder can
// serve them, whatever a proxy is told, a takedown and its proofs are kept and deleted in one
// transaction, and a backup of the database has them.

// proofPart is how many bytes of a proof a row has: a statement must not be as long as a file,
// since servers bound it.
const proofPart = 256 << 10

// keepProofs keeps the proofs of a takedown, which are numbered from 1.
func keepProofs(ctx context.Context, tx *transaction, takedown int64, proofs []sns.TakedownProof) error {
	buf := make([]byte, proofPart)
	for i, p := range proofs {
		for part := int64(0); part*proofPart < p.Size; part++ {
			data := buf[:min(proofPart, p.Size-part*proofPart)]
			if n, err := p.Content.ReadAt(data, part*proofPart); n < len(data) && err != nil {
				return err
			}
			_, err := tx.ExecContext(ctx, `INSERT INTO takedown_proofs (takedown_id, number, part, name, type, size, data) VALUES (?, ?, ?, ?, ?, ?, ?)`,
				takedown, i+1, part, p.Name, p.Type, p.Size, data)
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// proofsOf returns the proofs of a takedown in their order, without their content.
func (s takedownStore) proofsOf(ctx context.Context, takedown int64) ([]sns.TakedownProof, error) {
	var rows []struct {
		Number int64  `db:"number"`
		Name   string `db:"name"`
		Type   string `db:"type"`
		Size   int64  `db:"size"`
	}
	err := s.list(ctx, &rows, `SELECT number, name, type, size FROM takedown_proofs WHERE takedown_id = ? AND part = 0 ORDER BY number`, takedown)
	proofs := make([]sns.TakedownProof, len(rows))
	for i, row := range rows {
		proofs[i] = sns.TakedownProof{Number: row.Number, Name: row.Name, Type: row.Type, Size: row.Size}
	}
	return proofs, err
}

// WriteProof writes the content of a proof to w, a part at a time. ErrNotFound if the proof is gone.
func (s takedownStore) WriteProof(ctx context.Context, w io.Writer, takedown int64, p sns.TakedownProof) error {
	for part := int64(0); part*proofPart < p.Size; part++ {
		var data []byte
		err := s.get(ctx, &data, `SELECT data FROM takedown_proofs WHERE takedown_id = ? AND number = ? AND part = ?`, takedown, p.Number, part)
		if err != nil {
			return err
		}
		if _, err := w.Write(data); err != nil {
			return err
		}
	}
	return nil
}
