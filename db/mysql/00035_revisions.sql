-- +goose Up
CREATE TABLE IF NOT EXISTS revisions (
    one INT NOT NULL PRIMARY KEY,
    names BIGINT NOT NULL
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- +goose Down
DROP TABLE revisions;
