-- +goose Up
CREATE TABLE IF NOT EXISTS suspensions (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    user_id BIGINT NOT NULL,
    by_id BIGINT NOT NULL,
    reason TEXT NOT NULL,
    from_at BIGINT NOT NULL,
    until_at BIGINT NOT NULL,
    lifted_at BIGINT NULL,
    appeal TEXT NOT NULL,
    appealed_at BIGINT NULL,
    answer TEXT NOT NULL,
    answered_at BIGINT NULL,
    KEY suspensions_user (user_id, id),
    KEY suspensions_until (lifted_at, until_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- +goose Down
DROP TABLE suspensions;
