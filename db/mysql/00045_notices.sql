-- +goose Up
CREATE TABLE IF NOT EXISTS notices (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    user_id BIGINT NOT NULL,
    kind INT NOT NULL,
    news INT NOT NULL,
    post_id BIGINT NOT NULL,
    room_id BIGINT NOT NULL,
    first_ref BIGINT NOT NULL,
    last_ref BIGINT NULL,
    open INT NULL,
    ranked BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    UNIQUE KEY notices_open (user_id, open, kind, post_id, room_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- +goose Down
DROP TABLE notices;
