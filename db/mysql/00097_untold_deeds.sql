-- +goose Up
CREATE TABLE IF NOT EXISTS untold_deeds (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    kind VARCHAR(16) NOT NULL,
    thing_id BIGINT NOT NULL,
    deed_id BIGINT NOT NULL,
    told_to BIGINT NOT NULL,
    created_at BIGINT NOT NULL
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- +goose Down
DROP TABLE untold_deeds;
