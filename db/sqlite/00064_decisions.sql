-- +goose Up
CREATE TABLE decisions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    note TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX decisions_user ON decisions (user_id, id);

-- +goose Down
DROP TABLE decisions;
