-- +goose Up
CREATE TABLE hidden_comments (
    id INTEGER PRIMARY KEY,
    post_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    content TEXT NOT NULL,
    mentions TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    edited_at INTEGER NULL,
    with_post INTEGER NOT NULL,
    hidden_at INTEGER NOT NULL
) STRICT;
CREATE INDEX hidden_comments_post ON hidden_comments (post_id, id);
CREATE INDEX hidden_comments_user ON hidden_comments (user_id, id);

-- +goose Down
DROP TABLE hidden_comments;
