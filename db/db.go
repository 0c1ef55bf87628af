// Package db embeds the migrations. Both dialects have the same migrations,
// tables and columns.
package db

import "embed"

// Migrations holds a folder for each dialect: mysql and sqlite.
//
//go:embed mysql/*.sql sqlite/*.sql
var Migrations embed.FS
