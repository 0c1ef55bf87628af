-- +goose Up
CREATE TABLE untold_deeds (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    thing_id INTEGER NOT NULL,
    deed_id INTEGER NOT NULL,
    told_to INTEGER NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

-- +goose Down
DROP TABLE untold_deeds;
