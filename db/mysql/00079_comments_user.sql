-- +goose Up
CREATE INDEX comments_user ON comments (user_id, id);

-- +goose Down
DROP INDEX comments_user ON comments;
