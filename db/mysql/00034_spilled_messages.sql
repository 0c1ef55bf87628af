-- +goose Up
CREATE TABLE IF NOT EXISTS spilled_messages (
    room_id BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    client_id VARCHAR(64) NULL,
    PRIMARY KEY (room_id, seq),
    UNIQUE KEY spilled_messages_client (room_id, user_id, client_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- +goose Down
DROP TABLE spilled_messages;
