-- +goose Up
CREATE TABLE buffered_messages (
    room_id INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    content TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    deleted INTEGER NOT NULL DEFAULT 0,
    client_id TEXT NULL,
    PRIMARY KEY (room_id, seq)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX buffered_messages_client ON buffered_messages (room_id, user_id, client_id);

-- +goose Down
DROP TABLE buffered_messages;
