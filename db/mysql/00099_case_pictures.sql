-- +goose Up
CREATE TABLE IF NOT EXISTS case_pictures (
    case_id BIGINT NOT NULL,
    number BIGINT NOT NULL,
    part BIGINT NOT NULL,
    name VARCHAR(400) NOT NULL,
    type VARCHAR(20) NOT NULL,
    size BIGINT NOT NULL,
    data MEDIUMBLOB NOT NULL,
    PRIMARY KEY (case_id, number, part)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- +goose Down
DROP TABLE case_pictures;
