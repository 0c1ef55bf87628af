-- +goose Up
CREATE TABLE IF NOT EXISTS search_states (
    kind INT NOT NULL PRIMARY KEY,
    below BIGINT NOT NULL
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- +goose Down
DROP TABLE search_states;
