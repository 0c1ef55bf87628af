-- +goose Up
ALTER TABLE comments ADD COLUMN mentions VARCHAR(3000) NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE comments DROP COLUMN mentions;
