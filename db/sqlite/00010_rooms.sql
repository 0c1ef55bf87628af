-- +goose Up
CREATE TABLE rooms (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    mentor_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    user_limit INTEGER NOT NULL,
    head_count INTEGER NOT NULL,
    notice TEXT NOT NULL,
    notice_at INTEGER NULL,
    version INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    ended_at INTEGER NULL,
    buffer TEXT NOT NULL,
    epoch INTEGER NOT NULL DEFAULT 0,
    form_key TEXT NULL
) STRICT;
CREATE UNIQUE INDEX rooms_form_key ON rooms (mentor_id, form_key);
CREATE INDEX rooms_open ON rooms (ended_at, id);
CREATE INDEX rooms_mentor ON rooms (mentor_id, id);
CREATE INDEX rooms_mentor_open ON rooms (mentor_id, ended_at, id);

-- +goose Down
DROP TABLE rooms;
