-- +goose Up
CREATE TABLE notice_settings (
    user_id INTEGER NOT NULL PRIMARY KEY,
    turned INTEGER NOT NULL,
    turned_on INTEGER NOT NULL,
    quiet_from INTEGER NOT NULL,
    quiet_to INTEGER NOT NULL,
    zone TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- +goose Down
DROP TABLE notice_settings;
