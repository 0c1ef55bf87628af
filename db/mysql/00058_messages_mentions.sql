-- +goose Up
ALTER TABLE messages ADD COLUMN mentions VARCHAR(3000) NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE messages DROP COLUMN mentions;
