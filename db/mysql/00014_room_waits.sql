-- +goose Up
CREATE TABLE IF NOT EXISTS room_waits (
    room_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    told_at BIGINT NULL,
    PRIMARY KEY (room_id, user_id),
    KEY room_waits_user (user_id, room_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- +goose Down
DROP TABLE room_waits;
