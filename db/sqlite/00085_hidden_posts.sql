-- +goose Up
CREATE TABLE hidden_posts (
    id INTEGER PRIMARY KEY,
    user_id INTEGER NOT NULL,
    board_id INTEGER NOT NULL,
    bucket_id INTEGER NOT NULL,
    town TEXT NOT NULL,
    content TEXT NOT NULL,
    mentions TEXT NOT NULL,
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    edited_at INTEGER NULL,
    hidden_at INTEGER NOT NULL
) STRICT;
CREATE INDEX hidden_posts_user ON hidden_posts (user_id, id);

-- +goose Down
DROP TABLE hidden_posts;
