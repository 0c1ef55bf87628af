-- +goose Up
CREATE TABLE IF NOT EXISTS known_networks (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    user_id BIGINT NOT NULL,
    network VARCHAR(64) NOT NULL,
    seen_at BIGINT NOT NULL,
    UNIQUE KEY known_networks_pair (user_id, network),
    KEY known_networks_seen (seen_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- +goose Down
DROP TABLE known_networks;
