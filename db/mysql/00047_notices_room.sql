-- +goose Up
CREATE INDEX notices_room ON notices (room_id, kind);

-- +goose Down
DROP INDEX notices_room ON notices;
