-- +goose Up
CREATE INDEX post_images_sized ON post_images (sized);

-- +goose Down
DROP INDEX post_images_sized;
