-- +goose Up
ALTER TABLE posts ADD COLUMN bucket_id INTEGER NOT NULL DEFAULT 0;
ALTER TABLE posts ADD COLUMN town TEXT NOT NULL DEFAULT '';
CREATE INDEX posts_bucket ON posts (bucket_id, id);

-- +goose Down
DROP INDEX posts_bucket;
ALTER TABLE posts DROP COLUMN bucket_id;
ALTER TABLE posts DROP COLUMN town;
