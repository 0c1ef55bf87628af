-- +goose Up
CREATE INDEX likes_seq ON likes (post_id, seq);

-- +goose Down
DROP INDEX likes_seq ON likes;
