-- +goose Up
CREATE TABLE IF NOT EXISTS resets (
    id CHAR(64) NOT NULL PRIMARY KEY,
    user_id BIGINT NOT NULL,
    by_id BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    until_at BIGINT NOT NULL,
    used_at BIGINT NULL,
    KEY resets_user (user_id),
    KEY resets_until (until_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- +goose Down
DROP TABLE resets;
