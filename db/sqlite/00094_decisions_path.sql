-- +goose Up
ALTER TABLE decisions ADD COLUMN path TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE decisions DROP COLUMN path;
