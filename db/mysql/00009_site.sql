-- +goose Up
CREATE TABLE site (
    one INT NOT NULL PRIMARY KEY,
    id VARCHAR(40) NOT NULL
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- +goose Down
DROP TABLE site;
