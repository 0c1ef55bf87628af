-- +goose Up
CREATE TABLE spilled_messages (
    room_id INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    client_id TEXT NULL,
    PRIMARY KEY (room_id, seq)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX spilled_messages_client ON spilled_messages (room_id, user_id, client_id);

-- +goose Down
DROP TABLE spilled_messages;
