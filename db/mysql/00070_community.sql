-- +goose Up
CREATE TABLE IF NOT EXISTS community (
    one INT NOT NULL PRIMARY KEY,
    name VARCHAR(255) NOT NULL,
    notice TEXT NOT NULL,
    notice_version BIGINT NOT NULL,
    rules TEXT NOT NULL,
    contact TEXT NOT NULL,
    sign_up VARCHAR(20) NOT NULL,
    min_age BIGINT NOT NULL,
    invites BIGINT NOT NULL,
    first_day BIGINT NOT NULL
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- +goose Down
DROP TABLE community;
