-- +goose Up
CREATE TABLE comments (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    post_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    content TEXT NOT NULL,
    form_key TEXT NULL,
    created_at INTEGER NOT NULL,
    edited_at INTEGER NULL
) STRICT;
CREATE UNIQUE INDEX comments_form_key ON comments (user_id, form_key);
CREATE INDEX comments_post ON comments (post_id, id);

-- +goose Down
DROP TABLE comments;
