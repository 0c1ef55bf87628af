-- +goose Up
CREATE TABLE search_waits (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind INTEGER NOT NULL,
    doc INTEGER NOT NULL,
    first_seq INTEGER NOT NULL DEFAULT 0,
    last_seq INTEGER NOT NULL DEFAULT 0,
    old_text TEXT NOT NULL
) STRICT;
CREATE INDEX search_waits_doc ON search_waits (kind, doc);

-- +goose Down
DROP TABLE search_waits;
