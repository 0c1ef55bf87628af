-- +goose Up
CREATE TABLE IF NOT EXISTS reports (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    case_id BIGINT NOT NULL,
    reporter_id BIGINT NOT NULL,
    kind VARCHAR(20) NOT NULL,
    thing_id BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    reason VARCHAR(20) NOT NULL,
    note TEXT NOT NULL,
    at BIGINT NOT NULL,
    UNIQUE KEY reports_once (reporter_id, kind, thing_id, seq),
    KEY reports_reporter (reporter_id, id),
    KEY reports_case (case_id, id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- +goose Down
DROP TABLE reports;
