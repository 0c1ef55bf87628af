-- +goose Up
CREATE TABLE IF NOT EXISTS report_cases (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    kind VARCHAR(20) NOT NULL,
    thing_id BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    subject_id BIGINT NOT NULL,
    reporters INT NOT NULL,
    counted INT NOT NULL,
    open INT NULL,
    opened_at BIGINT NOT NULL,
    decided_at BIGINT NULL,
    decided_by BIGINT NOT NULL,
    decision VARCHAR(20) NOT NULL,
    note TEXT NOT NULL,
    evidence MEDIUMTEXT NOT NULL,
    UNIQUE KEY report_cases_thing (kind, thing_id, seq, open),
    KEY report_cases_open (open, id),
    KEY report_cases_decided (decided_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- +goose Down
DROP TABLE report_cases;
