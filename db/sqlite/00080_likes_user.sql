-- +goose Up
CREATE INDEX likes_user ON likes (user_id, post_id);

-- +goose Down
DROP INDEX likes_user;
