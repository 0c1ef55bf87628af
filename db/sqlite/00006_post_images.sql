-- +goose Up
CREATE TABLE post_images (
    post_id INTEGER NOT NULL,
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    alt TEXT NOT NULL,
    PRIMARY KEY (post_id, position)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX post_images_name ON post_images (name);

-- +goose Down
DROP TABLE post_images;
