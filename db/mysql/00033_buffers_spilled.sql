-- +goose Up
ALTER TABLE buffers
    ADD COLUMN byte_count BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN seam BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN spilled_count BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN erasures BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN busy_until BIGINT NOT NULL DEFAULT 0;

-- +goose Down
ALTER TABLE buffers
    DROP COLUMN byte_count,
    DROP COLUMN seam,
    DROP COLUMN spilled_count,
    DROP COLUMN erasures,
    DROP COLUMN busy_until;
