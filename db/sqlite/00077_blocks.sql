-- +goose Up
CREATE TABLE blocks (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id INTEGER NOT NULL,
    blocked_id INTEGER NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX blocks_pair ON blocks (user_id, blocked_id);
CREATE INDEX blocks_user ON blocks (user_id, id);
CREATE INDEX blocks_blocked ON blocks (blocked_id, user_id);

-- +goose Down
DROP TABLE blocks;
