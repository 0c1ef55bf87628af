-- +goose Up
ALTER TABLE post_images ADD COLUMN sized VARCHAR(8) NULL;

-- +goose Down
ALTER TABLE post_images DROP COLUMN sized;
