-- +goose Up
CREATE TABLE IF NOT EXISTS facet_options (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    facet_id BIGINT NOT NULL,
    name VARCHAR(120) NOT NULL,
    position INT NOT NULL,
    closed_at BIGINT NULL,
    UNIQUE KEY facet_options_name (facet_id, name)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- +goose Down
DROP TABLE facet_options;
