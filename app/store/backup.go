package store

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// backedUp are the tables whose rows a backup holds, as they are.
var backedUp = []string{
	"admin_log", "applications", "blocks", "boards", "buckets", "case_pictures", "comments", "community", "decisions", "end_rooms", "erasures",
	"facet_options", "facets", "follows", "former_names", "hidden_comments", "hidden_posts", "inboxes", "invitations", "known_networks", "likes",
	"mail_readers", "mails", "mentions", "messages", "mutes", "notice_settings", "notices", "participants", "post_images", "posts",
	"push_keys", "push_subscriptions", "pushes", "report_cases", "reports", "resets", "revisions", "room_reads", "room_waits",
	"rooms", "sessions", "site", "spilled_messages", "suspensions",
	"takedown_proofs", "takedowns", "untold_deeds", "untold_mentions", "users",
}

// notBackedUp are the other tables, and why a backup does not hold their rows.
var notBackedUp = map[string]string{
	"buffers":           "a backup has OpenRooms instead, which Redis holds as well",
	"buffered_messages": "a backup has OpenLines instead",
	"exports":           "the files that people take along are no part of a backup: they are made again",
	"search_blocks":     "the index of searches is made again",
	"search_comments":   "the index of searches is made again",
	"search_messages":   "the index of searches is made again",
	"search_posts":      "the index of searches is made again",
	"search_states":     "ReindexSearch sets the rows",
	"search_waits":      "the index of searches is made again",
	"goose_db_version":  "the header has the schema",
	"goose_lock":        "belongs to running migrations",
	restoringTable:      "belongs to a restore that has not ended",
}

// Tables of a backup that no database has: what the buffers hold of rooms that are not saved,
// and the largest ids that were given.
const (
	OpenRooms = "open_rooms"
	OpenLines = "open_lines"
	LastIDs   = "last_ids"
)

// The columns of these tables.
var (
	OpenRoomColumns = []string{"room_id", "open", "base", "seam", "last"}
	OpenLineColumns = []string{"room_id", "seq", "user_id", "kind", "content", "mentions", "created_at", "deleted", "client_id"}
	LastIDColumns   = []string{"table_name", "id"}
)

// A BackupTable is a table of a database, with the columns of its primary key in order.
type BackupTable struct {
	Name    string
	Columns []string
	key     []string
	blobs   []string // columns that hold bytes, and no text
}

// schemaOf lists the columns of all tables, those of a primary key with their place in it,
// from 1 on.
var schemaOf = map[string]string{
	sqliteDialect.name: `SELECT t.name, c.name, c.pk, c.type = 'BLOB' FROM sqlite_master t JOIN pragma_table_info(t.name) c
		WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%' ORDER BY t.name, c.cid`,
	mysqlDialect.name: `SELECT c.table_name, c.column_name, COALESCE(s.seq_in_index, 0), c.data_type LIKE '%blob' FROM information_schema.columns c
		LEFT JOIN information_schema.statistics s ON s.table_schema = c.table_schema AND s.table_name = c.table_name
			AND s.index_name = 'PRIMARY' AND s.column_name = c.column_name
		WHERE c.table_schema = DATABASE() ORDER BY c.table_name, c.ordinal_position`,
}

// schemaTables returns all tables of a database.
func schemaTables(ctx context.Context, conn querier, dialect string) ([]BackupTable, error) {
	rows, err := conn.QueryContext(ctx, schemaOf[dialect])
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []BackupTable
	keys := map[string]map[int]string{}
	for rows.Next() {
		var table, column string
		var place int
		var blob bool
		if err := rows.Scan(&table, &column, &place, &blob); err != nil {
			return nil, err
		}
		if len(all) == 0 || all[len(all)-1].Name != table {
			all, keys[table] = append(all, BackupTable{Name: table}), map[int]string{}
		}
		last := &all[len(all)-1]
		last.Columns = append(last.Columns, column)
		if blob {
			last.blobs = append(last.blobs, column)
		}
		if place > 0 {
			keys[table][place] = column
		}
	}
	for i := range all {
		key := keys[all[i].Name]
		for place := 1; place <= len(key); place++ {
			all[i].key = append(all[i].key, key[place])
		}
	}
	return all, rows.Err()
}

// query returns the rows of a table in the order of the primary key, as of a statement that
// streams them.
func (t BackupTable) query() string {
	return `SELECT ` + strings.Join(t.Columns, `, `) + ` FROM ` + t.Name + ` ORDER BY ` + strings.Join(t.key, `, `)
}

// checkBackedUp returns an error if a table of a backup is none of this program.
func checkBackedUp(table string) error {
	if !slices.Contains(backedUp, table) {
		return fmt.Errorf("table %s is unknown to this program", table)
	}
	return nil
}
