-- +goose Up
CREATE TABLE IF NOT EXISTS applications (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    kind VARCHAR(20) NOT NULL,
    claim VARCHAR(270),
    user_id BIGINT NOT NULL,
    username VARCHAR(120) NOT NULL,
    folded VARCHAR(255) NOT NULL,
    skeleton VARCHAR(255) NOT NULL,
    email VARCHAR(254) NOT NULL,
    password_hash VARCHAR(255) NOT NULL,
    content TEXT NOT NULL,
    state VARCHAR(20) NOT NULL,
    note TEXT NOT NULL,
    decided_by BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    decided_at BIGINT,
    UNIQUE KEY applications_claim (claim),
    KEY applications_folded (folded, id),
    KEY applications_skeleton (skeleton, id),
    KEY applications_user (user_id, id),
    KEY applications_state (state, id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- +goose Down
DROP TABLE applications;
