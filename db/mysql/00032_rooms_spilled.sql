-- +goose Up
ALTER TABLE rooms
    ADD COLUMN spilled BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN spill_token VARCHAR(64) NULL,
    ADD COLUMN spill_until BIGINT NOT NULL DEFAULT 0;

-- +goose Down
ALTER TABLE rooms
    DROP COLUMN spilled,
    DROP COLUMN spill_token,
    DROP COLUMN spill_until;
