-- +goose Up
CREATE TABLE takedowns (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    post_id INTEGER NOT NULL,
    author_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    contact TEXT NOT NULL,
    harm TEXT NOT NULL,
    statement TEXT NOT NULL,
    words TEXT NOT NULL,
    form_key TEXT NULL,
    asked_at INTEGER NOT NULL,
    state TEXT NOT NULL,
    until_at INTEGER NULL,
    note TEXT NOT NULL,
    decided_by INTEGER NOT NULL,
    decided_at INTEGER NULL,
    objection TEXT NOT NULL,
    objected_at INTEGER NULL,
    ended_at INTEGER NULL
) STRICT;
CREATE UNIQUE INDEX takedowns_form_key ON takedowns (form_key);
CREATE INDEX takedowns_state ON takedowns (state, id);
CREATE INDEX takedowns_post ON takedowns (post_id, id);
CREATE INDEX takedowns_author ON takedowns (author_id, id);
CREATE INDEX takedowns_ended ON takedowns (ended_at, id);

-- +goose Down
DROP TABLE takedowns;
