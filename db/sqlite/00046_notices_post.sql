-- +goose Up
CREATE INDEX notices_post ON notices (post_id, kind);

-- +goose Down
DROP INDEX notices_post;
