-- +goose Up
CREATE TABLE room_waits (
    room_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    told_at INTEGER NULL,
    PRIMARY KEY (room_id, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX room_waits_user ON room_waits (user_id, room_id);

-- +goose Down
DROP TABLE room_waits;
