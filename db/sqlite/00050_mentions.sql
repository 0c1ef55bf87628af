-- +goose Up
CREATE TABLE mentions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id INTEGER NOT NULL,
    actor_id INTEGER NOT NULL,
    post_id INTEGER NOT NULL,
    comment_id INTEGER NOT NULL,
    room_id INTEGER NOT NULL,
    seq INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX mentions_once ON mentions (post_id, comment_id, room_id, seq, user_id);
CREATE INDEX mentions_reader ON mentions (user_id, post_id, room_id, id);

-- +goose Down
DROP TABLE mentions;
