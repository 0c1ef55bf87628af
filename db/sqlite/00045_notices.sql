-- +goose Up
CREATE TABLE notices (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    news INTEGER NOT NULL,
    post_id INTEGER NOT NULL,
    room_id INTEGER NOT NULL,
    first_ref INTEGER NOT NULL,
    last_ref INTEGER NULL,
    open INTEGER NULL,
    ranked INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX notices_open ON notices (user_id, open, kind, post_id, room_id);

-- +goose Down
DROP TABLE notices;
