-- +goose Up
CREATE TABLE resets (
    id TEXT NOT NULL PRIMARY KEY,
    user_id INTEGER NOT NULL,
    by_id INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    until_at INTEGER NOT NULL,
    used_at INTEGER NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX resets_user ON resets (user_id);
CREATE INDEX resets_until ON resets (until_at);

-- +goose Down
DROP TABLE resets;
