-- +goose Up
ALTER TABLE post_images ADD COLUMN sized TEXT NULL;

-- +goose Down
ALTER TABLE post_images DROP COLUMN sized;
