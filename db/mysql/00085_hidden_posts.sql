-- +goose Up
CREATE TABLE IF NOT EXISTS hidden_posts (
    id BIGINT NOT NULL PRIMARY KEY,
    user_id BIGINT NOT NULL,
    board_id BIGINT NOT NULL,
    bucket_id BIGINT NOT NULL,
    town VARCHAR(200) NOT NULL,
    content MEDIUMTEXT NOT NULL,
    mentions VARCHAR(3000) NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    edited_at BIGINT NULL,
    hidden_at BIGINT NOT NULL,
    KEY hidden_posts_user (user_id, id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- +goose Down
DROP TABLE hidden_posts;
