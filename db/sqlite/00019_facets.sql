-- +goose Up
CREATE TABLE facets (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    board_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    position INTEGER NOT NULL,
    optional INTEGER NOT NULL DEFAULT 0,
    closed_at INTEGER NULL
) STRICT;
CREATE UNIQUE INDEX facets_name ON facets (board_id, name);

-- +goose Down
DROP TABLE facets;
