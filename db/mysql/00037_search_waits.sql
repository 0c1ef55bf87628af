-- +goose Up
CREATE TABLE IF NOT EXISTS search_waits (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    kind INT NOT NULL,
    doc BIGINT NOT NULL,
    first_seq BIGINT NOT NULL DEFAULT 0,
    last_seq BIGINT NOT NULL DEFAULT 0,
    old_text MEDIUMTEXT NOT NULL,
    KEY search_waits_doc (kind, doc)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- +goose Down
DROP TABLE search_waits;
