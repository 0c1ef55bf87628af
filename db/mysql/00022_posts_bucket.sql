-- +goose Up
ALTER TABLE posts
    ADD COLUMN bucket_id BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN town VARCHAR(200) NOT NULL DEFAULT '',
    ADD KEY posts_bucket (bucket_id, id);

-- +goose Down
ALTER TABLE posts
    DROP KEY posts_bucket,
    DROP COLUMN bucket_id,
    DROP COLUMN town;
