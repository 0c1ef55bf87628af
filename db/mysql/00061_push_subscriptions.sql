-- +goose Up
CREATE TABLE IF NOT EXISTS push_subscriptions (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    user_id BIGINT NOT NULL,
    session_id VARCHAR(64) NOT NULL,
    endpoint_hash VARCHAR(64) NOT NULL,
    endpoint VARCHAR(2048) NOT NULL,
    public_key VARCHAR(128) NOT NULL,
    secret VARCHAR(32) NOT NULL,
    agent VARCHAR(512) NOT NULL,
    lang VARCHAR(16) NOT NULL,
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    ended_at BIGINT NULL,
    last_status INT NOT NULL DEFAULT 0,
    last_at BIGINT NULL,
    failures INT NOT NULL DEFAULT 0,
    paced_until BIGINT NOT NULL DEFAULT 0,
    UNIQUE KEY push_subscriptions_endpoint (endpoint_hash),
    KEY push_subscriptions_user (user_id, id),
    KEY push_subscriptions_session (session_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- +goose Down
DROP TABLE push_subscriptions;
