-- +goose Up
CREATE TABLE IF NOT EXISTS former_names (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    user_id BIGINT NOT NULL,
    username VARCHAR(120) NOT NULL,
    folded VARCHAR(255) NOT NULL,
    skeleton VARCHAR(255) NOT NULL,
    search VARCHAR(1000) NOT NULL,
    since_at BIGINT NOT NULL,
    until_at BIGINT NOT NULL,
    KEY former_names_user (user_id, id),
    KEY former_names_folded (folded, id),
    KEY former_names_skeleton (skeleton, id),
    KEY former_names_until (until_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- +goose Down
DROP TABLE former_names;
