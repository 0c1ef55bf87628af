-- +goose Up
CREATE TABLE IF NOT EXISTS mails (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    user_id BIGINT NOT NULL,
    kind VARCHAR(20) NOT NULL,
    recipient VARCHAR(254) NOT NULL,
    attempts INT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    token VARCHAR(64) NULL,
    lease_until BIGINT NOT NULL DEFAULT 0,
    KEY mails_due (due_at, id),
    KEY mails_user (user_id, kind, id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- +goose Down
DROP TABLE mails;
