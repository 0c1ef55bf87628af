-- +goose Up
ALTER TABLE users ADD COLUMN search VARCHAR(1000) NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE users DROP COLUMN search;
