-- +goose Up
CREATE TABLE IF NOT EXISTS buckets (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    board_id BIGINT NOT NULL,
    area VARCHAR(200) NOT NULL,
    options VARCHAR(200) NOT NULL,
    post_count INT NOT NULL DEFAULT 0,
    UNIQUE KEY buckets_place (board_id, area, options)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- +goose Down
DROP TABLE buckets;
