package server

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/redis/go-redis/v9"

	"xxsns/app/config"
	"xxsns/app/doctor"
	"xxsns/app/mail"
	"xxsns/app/media"
	"xxsns/app/store"
	"xxsns/app/web/request"
)

// An Examination says what Examine is to do beside looking.
type Examination struct {
	Misread  error    // why the configuration could not be read
	Warnings []string // about the configuration
	Fix      bool     // mend what can be mended
	Verify   bool     // read the newest backup, however large
	Backups  []string // folders in which backups may be; empty: the usual ones, "-": elsewhere
	MailTo   string   // where to send a mail; empty: nowhere
}

// backupFolder is where backups are in the README, and backupsElsewhere stands for folders that
// this machine does not see, as in a container.
const (
	backupFolder     = "/var/backups/xxsns"
	backupsElsewhere = "-"
)

// Examine examines the installation of a configuration, whether or not a server runs.
func Examine(ctx context.Context, cfg config.Config, e Examination) (doctor.Report, error) {
	o := doctor.Options{
		Version: cfg.Version, Config: cfg, Misread: e.Misread, Warnings: e.Warnings, Fix: e.Fix, Verify: e.Verify, Backups: e.Backups, MailTo: e.MailTo,
		DatabaseFile: sqlitePath(cfg.DatabaseURL), SecretFile: secretPath(cfg), Space: diskSpace, Now: time.Now,
		OpenUploads: func() (*media.Folder, error) { return media.Open(cfg.UploadsDir, media.Memory(memoryLimit())) },
		Server:      func(ctx context.Context) error { return serverAt(ctx, cfg) },
		ProbeToken:  func(now time.Time) (string, error) { return probeToken(cfg, now) },
		Public:      &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }},
	}
	if e.MailTo != "" && cfg.SMTPURL == "" {
		return doctor.Report{}, errors.New("SMTP_URL: is not set; without it nothing is mailed")
	}
	switch {
	case len(o.Backups) == 0:
		o.Backups = backupFolders(o.DatabaseFile)
	case slices.Equal(o.Backups, []string{backupsElsewhere}):
		o.Backups = nil
	}
	client, err := openRedis(cfg.RedisURL, cfg.RedisPool)
	if err != nil {
		return doctor.Report{}, err
	}
	if client != nil {
		defer client.Close()
		o.Redis = func(ctx context.Context) (doctor.Redis, error) { return redisState(ctx, client) }
	}
	o.OpenStore = func(ctx context.Context) (*store.Store, error) {
		s, err := openStore(ctx, cfg)
		if err == nil { // servers see at once what is mended
			s.ShareStamp(SharedStamp(client))
		}
		return s, err
	}
	if cfg.SMTPURL != "" {
		sender, err := mail.NewSender(cfg.SMTPURL, cfg.MailFrom)
		if err != nil {
			return doctor.Report{}, err
		}
		o.MailServer = sender.Check
		o.SendMail = func(ctx context.Context, to string) error { return TestMail(ctx, cfg, to) }
	}
	return doctor.Examine(ctx, o), nil
}

// backupFolders returns the folders in which backups often are: that of the README, the working
// directory, and that of the database.
func backupFolders(database string) []string {
	folders := []string{backupFolder, "."}
	if database != "" {
		folders = append(folders, filepath.Dir(database))
	}
	return append(folders, "backups")
}

// serverAt asks the server at ADDR whether it is ready.
func serverAt(ctx context.Context, cfg config.Config) error {
	_, err := Ready(ctx, cfg)
	if errors.Is(err, syscall.ECONNREFUSED) {
		return doctor.ErrNoServer
	}
	return err
}

// probeToken returns the token of a probe, if the secret is known. No secret is made.
func probeToken(cfg config.Config, now time.Time) (string, error) {
	secret := []byte(cfg.SessionSecret)
	if path := secretPath(cfg); path != "" {
		var err error
		if secret, err = os.ReadFile(path); err != nil { //nolint:gosec // the operator chose the folder
			return "", fmt.Errorf("SESSION_SECRET: the kept one cannot be read: %w", err)
		}
	}
	return request.NewKeyring(secret).ProbeToken(now), nil
}

// redisState asks Redis how it stands.
func redisState(ctx context.Context, client redis.UniversalClient) (r doctor.Redis, err error) {
	ctx, cancel := context.WithTimeout(ctx, redisTimeout)
	defer cancel()
	info, err := client.Info(ctx).Result()
	if err != nil {
		return r, err
	}
	for line := range strings.Lines(info) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), ":")
		switch name {
		case "redis_version":
			r.Version = value
		case "role":
			r.ReadOnly = value == "slave"
		case "used_memory":
			_, _ = fmt.Sscan(value, &r.Used)
		case "maxmemory":
			_, _ = fmt.Sscan(value, &r.Most)
		case "rdb_last_bgsave_status", "aof_last_write_status":
			r.Unsaved = r.Unsaved || value != "ok"
		}
	}
	r.Warnings = redisWarnings(ctx, client)
	return r, nil
}
