-- +goose Up
ALTER TABLE users ADD COLUMN search TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE users DROP COLUMN search;
