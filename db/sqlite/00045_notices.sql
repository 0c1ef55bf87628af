-- +goose Up
CREATE TABLE notices (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    news INTEGER NOT NULL,
    post_id INTEGER NOT NULL,
    room_id INTEGER NOT NULL,
    first_ref INTEGER NOT NULL,
    last_ref INTEGER NULL,
    open INTEGER NULL,
    ranked INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX notices_open ON notices (user_id, kind, post_id, room_id, open);
CREATE INDEX notices_unread ON notices (user_id, open, news);
CREATE INDEX notices_page ON notices (user_id, ranked);
CREATE INDEX notices_part ON notices (user_id, news, ranked);
CREATE INDEX notices_changed ON notices (changed_at);

-- +goose Down
DROP TABLE notices;
