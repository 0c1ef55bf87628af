-- +goose Up
CREATE TABLE erasures (
    user_id INTEGER NOT NULL PRIMARY KEY,
    asked_at INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    token TEXT NULL,
    lease_until INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

-- +goose Down
DROP TABLE erasures;
