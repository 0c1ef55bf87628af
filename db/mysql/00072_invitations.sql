-- +goose Up
CREATE TABLE IF NOT EXISTS invitations (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    by_id BIGINT NOT NULL,
    role VARCHAR(10) NOT NULL,
    uses BIGINT NOT NULL,
    used BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    closed_at BIGINT,
    KEY invitations_by (by_id, id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- +goose Down
DROP TABLE invitations;
