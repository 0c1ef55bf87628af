-- +goose Up
ALTER TABLE posts ADD COLUMN mentions TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE posts DROP COLUMN mentions;
