-- +goose Up
CREATE TABLE IF NOT EXISTS search_comments (
    gram INT UNSIGNED NOT NULL,
    id BIGINT NOT NULL,
    PRIMARY KEY (gram, id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- +goose Down
DROP TABLE search_comments;
