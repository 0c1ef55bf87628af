-- +goose Up
ALTER TABLE users ADD COLUMN skeleton TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE users DROP COLUMN skeleton;
