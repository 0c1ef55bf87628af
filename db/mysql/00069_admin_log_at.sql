-- +goose Up
CREATE INDEX admin_log_at ON admin_log (at);

-- +goose Down
DROP INDEX admin_log_at ON admin_log;
