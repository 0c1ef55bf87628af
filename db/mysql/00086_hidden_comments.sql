-- +goose Up
CREATE TABLE IF NOT EXISTS hidden_comments (
    id BIGINT NOT NULL PRIMARY KEY,
    post_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    content TEXT NOT NULL,
    mentions VARCHAR(3000) NOT NULL,
    created_at BIGINT NOT NULL,
    edited_at BIGINT NULL,
    with_post INT NOT NULL,
    hidden_at BIGINT NOT NULL,
    KEY hidden_comments_post (post_id, id),
    KEY hidden_comments_user (user_id, id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- +goose Down
DROP TABLE hidden_comments;
