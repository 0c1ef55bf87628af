-- +goose Up
ALTER TABLE buffered_messages ADD COLUMN mentions VARCHAR(3000) NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE buffered_messages DROP COLUMN mentions;
