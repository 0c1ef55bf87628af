-- +goose Up
CREATE TABLE exports (
    user_id INTEGER NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    lang TEXT NOT NULL,
    asked_at INTEGER NOT NULL,
    due_at INTEGER NULL,
    done_at INTEGER NULL,
    size INTEGER NOT NULL DEFAULT 0,
    attempts INTEGER NOT NULL DEFAULT 0,
    token TEXT NULL,
    lease_until INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE INDEX exports_due ON exports (due_at, user_id);

-- +goose Down
DROP TABLE exports;
