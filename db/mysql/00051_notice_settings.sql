-- +goose Up
CREATE TABLE IF NOT EXISTS notice_settings (
    user_id BIGINT NOT NULL PRIMARY KEY,
    turned BIGINT NOT NULL,
    turned_on BIGINT NOT NULL,
    quiet_from INT NOT NULL,
    quiet_to INT NOT NULL,
    zone VARCHAR(64) NOT NULL
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- +goose Down
DROP TABLE notice_settings;
