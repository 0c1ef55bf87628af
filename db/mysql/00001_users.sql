-- +goose Up
CREATE TABLE IF NOT EXISTS users (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    username VARCHAR(120) NOT NULL,
    folded VARCHAR(255) NOT NULL,
    email VARCHAR(254) NOT NULL,
    password_hash VARCHAR(255) NOT NULL,
    role VARCHAR(10) NOT NULL,
    status_message TEXT NOT NULL,
    image VARCHAR(80) NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE KEY users_folded (folded),
    KEY users_image (image)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- +goose Down
DROP TABLE users;
