-- +goose Up
CREATE TABLE IF NOT EXISTS buffered_messages (
    room_id BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    kind VARCHAR(20) NOT NULL,
    content TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    deleted INT NOT NULL DEFAULT 0,
    client_id VARCHAR(64) NULL,
    PRIMARY KEY (room_id, seq),
    UNIQUE KEY buffered_messages_client (room_id, user_id, client_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- +goose Down
DROP TABLE buffered_messages;
