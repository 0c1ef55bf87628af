-- +goose Up
CREATE TABLE mail_readers (
    user_id INTEGER NOT NULL PRIMARY KEY,
    notices INTEGER NOT NULL DEFAULT 0,
    queued INTEGER NOT NULL DEFAULT 0,
    mailed INTEGER NOT NULL DEFAULT 0,
    digest_at INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

-- +goose Down
DROP TABLE mail_readers;
