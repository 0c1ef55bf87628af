-- +goose Up
CREATE TABLE IF NOT EXISTS comments (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    post_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    content TEXT NOT NULL,
    form_key VARCHAR(64) NULL,
    created_at BIGINT NOT NULL,
    edited_at BIGINT NULL,
    UNIQUE KEY comments_form_key (user_id, form_key),
    KEY comments_post (post_id, id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- +goose Down
DROP TABLE comments;
