-- +goose Up
ALTER TABLE comments ADD COLUMN mentions TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE comments DROP COLUMN mentions;
