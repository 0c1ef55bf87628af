-- +goose Up
CREATE INDEX comments_person ON comments (post_id, user_id);

-- +goose Down
DROP INDEX comments_person;
