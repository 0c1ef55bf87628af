-- +goose Up
CREATE TABLE mails (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    recipient TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    token TEXT NULL,
    lease_until INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX mails_due ON mails (due_at, id);
CREATE INDEX mails_user ON mails (user_id, kind, id);

-- +goose Down
DROP TABLE mails;
