-- +goose Up
CREATE TABLE reports (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    case_id INTEGER NOT NULL,
    reporter_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    thing_id INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    reason TEXT NOT NULL,
    note TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX reports_once ON reports (reporter_id, kind, thing_id, seq);
CREATE INDEX reports_reporter ON reports (reporter_id, id);
CREATE INDEX reports_case ON reports (case_id, id);

-- +goose Down
DROP TABLE reports;
