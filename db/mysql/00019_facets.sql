-- +goose Up
CREATE TABLE IF NOT EXISTS facets (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    board_id BIGINT NOT NULL,
    name VARCHAR(120) NOT NULL,
    position INT NOT NULL,
    optional INT NOT NULL DEFAULT 0,
    closed_at BIGINT NULL,
    UNIQUE KEY facets_name (board_id, name)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- +goose Down
DROP TABLE facets;
