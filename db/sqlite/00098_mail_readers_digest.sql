-- +goose Up
CREATE INDEX mail_readers_digest ON mail_readers (digest_at, user_id);

-- +goose Down
DROP INDEX mail_readers_digest;
