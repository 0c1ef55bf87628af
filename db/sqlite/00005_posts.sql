-- +goose Up
CREATE TABLE posts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id INTEGER NOT NULL,
    board_id INTEGER NOT NULL,
    content TEXT NOT NULL,
    like_count INTEGER NOT NULL DEFAULT 0,
    comment_count INTEGER NOT NULL DEFAULT 0,
    version INTEGER NOT NULL DEFAULT 0,
    form_key TEXT NULL,
    created_at INTEGER NOT NULL,
    edited_at INTEGER NULL
) STRICT;
CREATE UNIQUE INDEX posts_form_key ON posts (user_id, form_key);
CREATE INDEX posts_user ON posts (user_id, id);
CREATE INDEX posts_board ON posts (board_id, id);

-- +goose Down
DROP TABLE posts;
