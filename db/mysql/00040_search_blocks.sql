-- +goose Up
CREATE TABLE IF NOT EXISTS search_blocks (
    id BIGINT NOT NULL PRIMARY KEY,
    room_id BIGINT NOT NULL,
    first_seq BIGINT NOT NULL,
    last_seq BIGINT NOT NULL,
    first_at BIGINT NOT NULL,
    UNIQUE KEY search_blocks_room (room_id, first_seq)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- +goose Down
DROP TABLE search_blocks;
