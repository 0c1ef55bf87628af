-- +goose Up
CREATE TABLE participants (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    room_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    entered_at INTEGER NOT NULL,
    exited_at INTEGER NULL,
    active INTEGER NULL,
    removed INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE UNIQUE INDEX participants_active ON participants (room_id, user_id, active);
CREATE INDEX participants_user ON participants (user_id, active);

-- +goose Down
DROP TABLE participants;
