package store

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"

	"xxsns/app/sns"
)

// A writtenNotice is a notice that a transaction has made, or to which a deed was added.
type writtenNotice struct {
	ID   int64
	User int64 // the reader
	Kind sns.NoticeKind
}

// wantPushes records, in the transaction of a deed, that the devices of the readers are to be
// told of notices.
func wantPushes(ctx context.Context, tx *sqlx.Tx, notices []writtenNotice, now time.Time) error {
	return nil
}
