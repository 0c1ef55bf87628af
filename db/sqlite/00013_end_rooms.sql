-- +goose Up
CREATE TABLE end_rooms (
    room_id INTEGER NOT NULL,
    ended_at INTEGER NOT NULL,
    total INTEGER NOT NULL DEFAULT 0,
    saved INTEGER NOT NULL DEFAULT 0,
    attempts INTEGER NOT NULL DEFAULT 0,
    token TEXT NULL,
    lease_until INTEGER NOT NULL DEFAULT 0,
    last_error TEXT NOT NULL,
    lost INTEGER NOT NULL DEFAULT 0,
    executed_at INTEGER NULL,
    dropped INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (room_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX end_rooms_unexecuted ON end_rooms (executed_at, ended_at, room_id);
CREATE INDEX end_rooms_undropped ON end_rooms (dropped, executed_at, room_id);

-- +goose Down
DROP TABLE end_rooms;
