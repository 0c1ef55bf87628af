-- +goose Up
ALTER TABLE decisions ADD COLUMN path VARCHAR(80) NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE decisions DROP COLUMN path;
