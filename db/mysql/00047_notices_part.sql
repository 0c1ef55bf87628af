-- +goose Up
CREATE INDEX notices_part ON notices (user_id, news, ranked);

-- +goose Down
DROP INDEX notices_part ON notices;
