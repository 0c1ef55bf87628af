-- +goose Up
ALTER TABLE buffered_messages ADD COLUMN mentions TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE buffered_messages DROP COLUMN mentions;
