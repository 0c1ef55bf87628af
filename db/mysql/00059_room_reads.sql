-- +goose Up
CREATE TABLE IF NOT EXISTS room_reads (
    user_id BIGINT NOT NULL,
    room_id BIGINT NOT NULL,
    seq BIGINT NOT NULL DEFAULT 0,
    alerts INT NOT NULL DEFAULT 0,
    PRIMARY KEY (user_id, room_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- +goose Down
DROP TABLE room_reads;
