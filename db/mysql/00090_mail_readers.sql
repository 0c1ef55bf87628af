-- +goose Up
CREATE TABLE IF NOT EXISTS mail_readers (
    user_id BIGINT NOT NULL PRIMARY KEY,
    notices INT NOT NULL DEFAULT 0,
    queued BIGINT NOT NULL DEFAULT 0,
    mailed BIGINT NOT NULL DEFAULT 0,
    digest_at BIGINT NOT NULL DEFAULT 0
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- +goose Down
DROP TABLE mail_readers;
