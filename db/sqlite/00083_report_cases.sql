-- +goose Up
CREATE TABLE report_cases (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    thing_id INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    subject_id INTEGER NOT NULL,
    reporters INTEGER NOT NULL,
    counted INTEGER NOT NULL,
    open INTEGER NULL,
    opened_at INTEGER NOT NULL,
    decided_at INTEGER NULL,
    decided_by INTEGER NOT NULL,
    decision TEXT NOT NULL,
    note TEXT NOT NULL,
    evidence TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX report_cases_thing ON report_cases (kind, thing_id, seq, open);
CREATE INDEX report_cases_open ON report_cases (open, id);
CREATE INDEX report_cases_decided ON report_cases (decided_at);

-- +goose Down
DROP TABLE report_cases;
