-- +goose Up
CREATE TABLE facet_options (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    facet_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    position INTEGER NOT NULL,
    closed_at INTEGER NULL
) STRICT;
CREATE UNIQUE INDEX facet_options_name ON facet_options (facet_id, name);

-- +goose Down
DROP TABLE facet_options;
