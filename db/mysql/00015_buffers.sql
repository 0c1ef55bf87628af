-- +goose Up
CREATE TABLE IF NOT EXISTS buffers (
    room_id BIGINT NOT NULL,
    open INT NOT NULL,
    seq BIGINT NOT NULL,
    line_count BIGINT NOT NULL,
    PRIMARY KEY (room_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- +goose Down
DROP TABLE buffers;
