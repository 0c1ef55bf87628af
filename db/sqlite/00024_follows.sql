-- +goose Up
CREATE TABLE follows (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    follower_id INTEGER NOT NULL,
    followee_id INTEGER NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX follows_pair ON follows (follower_id, followee_id);
CREATE INDEX follows_follower ON follows (follower_id, id);
CREATE INDEX follows_followee ON follows (followee_id, id);

-- +goose Down
DROP TABLE follows;
