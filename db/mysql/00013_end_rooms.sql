-- +goose Up
CREATE TABLE IF NOT EXISTS end_rooms (
    room_id BIGINT NOT NULL,
    ended_at BIGINT NOT NULL,
    total BIGINT NOT NULL DEFAULT 0,
    saved BIGINT NOT NULL DEFAULT 0,
    attempts INT NOT NULL DEFAULT 0,
    token VARCHAR(64) NULL,
    lease_until BIGINT NOT NULL DEFAULT 0,
    last_error TEXT NOT NULL,
    lost BIGINT NOT NULL DEFAULT 0,
    executed_at BIGINT NULL,
    dropped TINYINT NOT NULL DEFAULT 0,
    PRIMARY KEY (room_id),
    KEY end_rooms_unexecuted (executed_at, ended_at, room_id),
    KEY end_rooms_undropped (dropped, executed_at, room_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- +goose Down
DROP TABLE end_rooms;
