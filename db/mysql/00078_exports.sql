-- +goose Up
CREATE TABLE IF NOT EXISTS exports (
    user_id BIGINT NOT NULL PRIMARY KEY,
    name VARCHAR(64) NOT NULL,
    lang VARCHAR(20) NOT NULL,
    asked_at BIGINT NOT NULL,
    due_at BIGINT NULL,
    done_at BIGINT NULL,
    size BIGINT NOT NULL DEFAULT 0,
    attempts INT NOT NULL DEFAULT 0,
    token VARCHAR(64) NULL,
    lease_until BIGINT NOT NULL DEFAULT 0,
    KEY exports_due (due_at, user_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- +goose Down
DROP TABLE exports;
