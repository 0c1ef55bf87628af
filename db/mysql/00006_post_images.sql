-- +goose Up
CREATE TABLE IF NOT EXISTS post_images (
    post_id BIGINT NOT NULL,
    position INT NOT NULL,
    name VARCHAR(80) NOT NULL,
    width INT NOT NULL,
    height INT NOT NULL,
    alt TEXT NOT NULL,
    PRIMARY KEY (post_id, position),
    UNIQUE KEY post_images_name (name)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- +goose Down
DROP TABLE post_images;
