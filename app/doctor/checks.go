package doctor

import "xxsns/app/store"

// checks are all checks, in their order: a check may rely on what the ones before have opened.
var checks = append(append([]check{
	{name: "configuration", find: findConfiguration},
	{name: "database", find: findDatabase},
	{name: "schema", ask: needsDatabase, find: findSchema},
	{name: "secret", ask: needsSecretFile, find: findSecret},
	{name: "database-settings", ask: needsDatabase, find: findSettings},
	{name: "database-file", ask: needsDatabaseFile, find: findDamage},
	{name: "clock", ask: needsRows, find: findClock},
	{name: "space", find: findSpace},
	{name: "redis", ask: needsRedis, find: findRedis},
	{name: "uploads", find: findUploads},
}, countChecks()...), []check{
	{name: "search", ask: needsRows, find: findSearch, mend: mendSearch},
	{name: "search-rest", ask: needsRows, find: findSearchRest, mend: mendSearchRest},
	{name: "notices", ask: needsRows, find: findNotices, mend: mendNotices},
	{name: "read-marks", ask: needsRows, find: findMarks, mend: mendMarks},
	{name: "rooms", ask: needsRows, find: findRooms},
	{name: "room-buffers", ask: needsRows, find: findBuffers},
	{name: "deeds", ask: needsRows, find: findDeeds},
	{name: "erasures", ask: needsRows, find: findErasures},
	{name: "administrators", ask: needsRows, find: findAdmins},
	{name: "orphans", ask: needsUploads, find: findOrphans, mend: mendOrphans},
	{name: "pictures", ask: needsUploads, find: findPictures},
	{name: "backup", ask: needsBackups, find: findBackup},
	{name: "mail", ask: needsMail, find: findMail},
	{name: "mail-queue", ask: needsRows, find: findMailQueue},
	{name: "push", ask: needsRows, find: findPush},
	{name: "server", find: findServer},
	{name: "public", ask: needsPublic, find: findPublic},
}...)

// countChecks returns a check for each count of the store.
func countChecks() (all []check) {
	for _, c := range store.Counts {
		all = append(all, check{name: c.Name, ask: needsRows, find: findCount(c), mend: mendCount(c)})
	}
	return all
}

func needsDatabase(p *patient) string {
	if p.store == nil {
		return "no database"
	}
	return ""
}

func needsRows(p *patient) string {
	if !p.rows {
		return "no database of this version"
	}
	return ""
}

func needsDatabaseFile(p *patient) string {
	if p.DatabaseFile == "" {
		return "the database is no file"
	}
	return needsDatabase(p)
}

func needsSecretFile(p *patient) string {
	if p.SecretFile == "" {
		return "SESSION_SECRET is set"
	}
	return ""
}

func needsRedis(p *patient) string {
	if p.Redis == nil {
		return "REDIS_URL is not set"
	}
	return ""
}

func needsUploads(p *patient) string {
	if p.uploads == nil || !p.ours {
		return "no folder of uploads that belongs to this database"
	}
	return needsRows(p)
}

func needsMail(p *patient) string {
	if p.MailServer == nil {
		return "SMTP_URL is not set"
	}
	return ""
}

func needsPublic(p *patient) string {
	if p.Config.PublicURL == "" {
		return "PUBLIC_URL is not set"
	}
	return ""
}

func needsBackups(p *patient) string {
	if len(p.Backups) == 0 {
		return "they are elsewhere"
	}
	return needsRows(p)
}
