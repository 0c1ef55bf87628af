-- +goose Up
ALTER TABLE posts ADD COLUMN mentions VARCHAR(3000) NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE posts DROP COLUMN mentions;
