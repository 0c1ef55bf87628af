-- +goose Up
CREATE TABLE IF NOT EXISTS erasures (
    user_id BIGINT NOT NULL PRIMARY KEY,
    asked_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    attempts INT NOT NULL DEFAULT 0,
    token VARCHAR(64) NULL,
    lease_until BIGINT NOT NULL DEFAULT 0
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- +goose Down
DROP TABLE erasures;
