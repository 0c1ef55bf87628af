// Package db embeds the migrations: the same numbers and names, tables and
// columns in both dialects.
package db

import "embed"

// Migrations holds one folder a dialect: mysql and sqlite.
//
//go:embed mysql/*.sql sqlite/*.sql
var Migrations embed.FS
