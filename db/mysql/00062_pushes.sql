-- +goose Up
CREATE TABLE IF NOT EXISTS pushes (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    user_id BIGINT NOT NULL,
    subscription_id BIGINT NOT NULL,
    notice_id BIGINT NOT NULL,
    kind INT NOT NULL,
    deeds BIGINT NOT NULL DEFAULT 1,
    attempts INT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    token VARCHAR(64) NULL,
    lease_until BIGINT NOT NULL DEFAULT 0,
    KEY pushes_due (due_at, id),
    KEY pushes_notice (notice_id, id),
    KEY pushes_subscription (subscription_id, id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- +goose Down
DROP TABLE pushes;
