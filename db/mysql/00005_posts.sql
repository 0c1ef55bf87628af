-- +goose Up
CREATE TABLE IF NOT EXISTS posts (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    user_id BIGINT NOT NULL,
    board_id BIGINT NOT NULL,
    content MEDIUMTEXT NOT NULL,
    like_count INT NOT NULL DEFAULT 0,
    comment_count INT NOT NULL DEFAULT 0,
    version BIGINT NOT NULL DEFAULT 0,
    form_key VARCHAR(64) NULL,
    created_at BIGINT NOT NULL,
    edited_at BIGINT NULL,
    UNIQUE KEY posts_form_key (user_id, form_key),
    KEY posts_user (user_id, id),
    KEY posts_board (board_id, id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- +goose Down
DROP TABLE posts;
