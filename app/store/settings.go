package store

import (
	"context"
	"fmt"
	"strconv"
	"strings"
)

// A Setting is a setting of the database that is not as the program needs it.
type Setting struct{ Name, Value, Want, Why string }

// Settings of MySQL and MariaDB that the program needs.
const (
	packetLeast      = 16 << 20 // bytes of one statement: 500 long messages
	connectionsSpare = 10       // beside those of DATABASE_POOL, for commands
)

// WrongSettings returns the settings that are not as the program needs them. pool is how many
// connections each server opens.
func (s doctorStore) WrongSettings(ctx context.Context, pool int) ([]Setting, error) {
	if s.dialect.name == sqliteDialect.name {
		var journal string
		err := s.get(ctx, &journal, `PRAGMA journal_mode`)
		if err != nil || journal == "wal" {
			return nil, err
		}
		return []Setting{{"journal_mode", journal, "wal", "readers wait for the writer, and the writer for them; WAL works on disks of this machine alone, not on those of a network"}}, nil
	}
	settings, err := s.variables(ctx)
	if err != nil {
		return nil, err
	}
	wrong := wrongVariables(settings, pool)
	var tables []struct {
		Name      string `db:"name"`
		Engine    string `db:"engine"`
		Collation string `db:"collation"`
	}
	err = s.list(ctx, &tables, `SELECT table_name AS name, COALESCE(engine, '') AS engine, COALESCE(table_collation, '') AS collation
		FROM information_schema.tables WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE' ORDER BY table_name`)
	for _, t := range tables {
		if !strings.HasPrefix(t.Collation, "utf8mb4") && !strings.HasPrefix(t.Name, "goose") {
			wrong = append(wrong, Setting{"the collation of table " + t.Name, t.Collation, "utf8mb4_bin", "it cannot keep all characters, such as 🙂"})
		}
		if t.Engine != "InnoDB" {
			wrong = append(wrong, Setting{"the engine of table " + t.Name, t.Engine, "InnoDB", "it has no transactions: a crash leaves halves behind"})
		}
	}
	return wrong, err
}

// variables returns variables of the server as this session has them.
func (s doctorStore) variables(ctx context.Context) (map[string]string, error) {
	var rows []struct {
		Name  string `db:"Variable_name"`
		Value string `db:"Value"`
	}
	err := s.list(ctx, &rows, `SHOW VARIABLES WHERE Variable_name IN ('version', 'max_allowed_packet', 'innodb_flush_log_at_trx_commit', 'max_connections',
		'tx_isolation', 'transaction_isolation', 'character_set_connection')`)
	values := map[string]string{}
	for _, row := range rows {
		values[strings.ToLower(row.Name)] = row.Value
	}
	return values, err
}

func wrongVariables(values map[string]string, pool int) (wrong []Setting) {
	add := func(bad bool, name, want, why string) {
		if value, known := values[name]; known && bad {
			wrong = append(wrong, Setting{name, value, want, why})
		}
	}
	number := func(name string) int {
		n, _ := strconv.Atoi(values[name])
		return n
	}
	add(oldServer(values["version"]), "version", "MySQL 8.4 or MariaDB 10.11, or newer", "the program was never tried with older ones")
	add(values["character_set_connection"] != "utf8mb4", "character_set_connection", "utf8mb4", "texts with 🙂 are refused")
	for _, name := range []string{"tx_isolation", "transaction_isolation"} {
		add(values[name] != "REPEATABLE-READ", name, "REPEATABLE-READ", "transactions see what others have half done")
	}
	add(number("max_allowed_packet") < packetLeast, "max_allowed_packet", fmt.Sprintf("%d or more", packetLeast), "messages of ended rooms are saved by long statements, and would be refused")
	add(values["innodb_flush_log_at_trx_commit"] != "1", "innodb_flush_log_at_trx_commit", "1", "a crash of the machine loses what was answered with success in the last second")
	add(number("max_connections") < pool+connectionsSpare, "max_connections", fmt.Sprintf("DATABASE_POOL of all servers together and %d more, at least %d", connectionsSpare, pool+connectionsSpare),
		"pages wait for a connection, and then fail, when many people come")
	return wrong
}

// oldServer reports whether a version, such as "10.11.6-MariaDB" or "8.4.2", is too old.
func oldServer(version string) bool {
	major, rest, _ := strings.Cut(version, ".")
	minor, _, _ := strings.Cut(rest, ".")
	a, _ := strconv.Atoi(major)
	b, _ := strconv.Atoi(minor)
	at := a*100 + b
	if strings.Contains(version, "MariaDB") {
		return at < 1011
	}
	return at < 804
}

// Damages returns what SQLite finds wrong in the file of the database; MySQL and MariaDB check
// their pages whenever they read them.
func (s doctorStore) Damages(ctx context.Context) (found []string, err error) {
	if s.dialect.name != sqliteDialect.name {
		return nil, nil
	}
	if err := s.list(ctx, &found, `PRAGMA quick_check(20)`); err != nil {
		return nil, err
	}
	if len(found) == 1 && found[0] == "ok" {
		return nil, nil
	}
	return found, nil
}
