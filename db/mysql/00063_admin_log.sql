-- +goose Up
CREATE TABLE IF NOT EXISTS admin_log (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    by_id BIGINT NOT NULL,
    kind VARCHAR(20) NOT NULL,
    user_id BIGINT NOT NULL,
    thing VARCHAR(80) NOT NULL,
    note TEXT NOT NULL,
    at BIGINT NOT NULL,
    KEY admin_log_user (user_id, id),
    KEY admin_log_by (by_id, id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- +goose Down
DROP TABLE admin_log;
