-- +goose Up
CREATE TABLE IF NOT EXISTS participants (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    room_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    entered_at BIGINT NOT NULL,
    exited_at BIGINT NULL,
    active INT NULL,
    removed INT NOT NULL DEFAULT 0,
    UNIQUE KEY participants_active (room_id, user_id, active),
    KEY participants_user (user_id, active)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- +goose Down
DROP TABLE participants;
