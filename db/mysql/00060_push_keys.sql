-- +goose Up
CREATE TABLE IF NOT EXISTS push_keys (
    one INT NOT NULL PRIMARY KEY,
    public_key VARCHAR(128) NOT NULL,
    private_key VARCHAR(128) NOT NULL,
    created_at BIGINT NOT NULL
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- +goose Down
DROP TABLE push_keys;
