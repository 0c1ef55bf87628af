package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"xxsns/app/config"
	"xxsns/app/live"
	"xxsns/app/sns"
	"xxsns/app/store"
	"xxsns/app/web/request"
)

// Migrate brings the database to the newest schema and returns the number of
// applied migrations, and the path of the copy of an embedded database from before, or "".
func Migrate(ctx context.Context, cfg config.Config) (n int, kept string, err error) {
	n, kept, err = store.MigrateKeeping(ctx, cfg.DatabaseURL, nil)
	return n, kept, namingDatabase(cfg, err)
}

// openStore opens the database of DATABASE_URL.
func openStore(ctx context.Context, cfg config.Config) (*store.Store, error) {
	s, err := store.Open(ctx, cfg.DatabaseURL)
	if err != nil {
		return nil, namingDatabase(cfg, err)
	}
	if cfg.DatabasePool > 0 {
		s.SetPool(cfg.DatabasePool)
	}
	return s, nil
}

// naming prefixes an error with the variable that is wrong; nil stays nil.
func naming(variable string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", variable, err)
}

// namingDatabase is naming for errors of the database, which tell where it is.
func namingDatabase(cfg config.Config, err error) error {
	variable := "DATABASE_URL"
	if where := cfg.Database(); err != nil && !strings.Contains(err.Error(), where) {
		variable += ": " + where
	}
	return naming(variable, err)
}

// withStore migrates the database and calls do with the open store.
func withStore(ctx context.Context, cfg config.Config, do func(*store.Store) error) error {
	if _, _, err := Migrate(ctx, cfg); err != nil {
		return err
	}
	s, err := openStore(ctx, cfg)
	if err != nil {
		return err
	}
	client, err := openRedis(cfg.RedisURL, cfg.RedisPool)
	if err != nil {
		return errors.Join(err, s.Close())
	}
	if client != nil { // servers see at once what the command changes
		defer client.Close()
		s.ShareStamp(SharedStamp(client))
	}
	return errors.Join(do(s), s.Close())
}

// AddUser creates an account. The e-mail address is optional for accounts by an
// operator. The error says which input is wrong, or that the name is taken.
func AddUser(ctx context.Context, cfg config.Config, log *slog.Logger, name, email, password string, role sns.Role) error {
	var inv sns.Invalid
	username, p := sns.Username(name)
	inv.Add(p)
	password, p = sns.Password("password", password, name)
	inv.Add(p)
	if email != "" {
		email, p = sns.Email(email)
		inv.Add(p)
	}
	if err := inv.Err(); err != nil {
		return explain(err)
	}
	return withStore(ctx, cfg, func(s *store.Store) error {
		hash, err := sns.HashPassword(ctx, password)
		if err != nil {
			return err
		}
		id, err := s.CreateUser(ctx, store.NewUser{Username: username, Email: email, PasswordHash: hash, Role: role, CreatedAt: time.Now()})
		if errors.Is(err, sns.ErrConflict) {
			return fmt.Errorf("the name %s is taken", username)
		}
		if err == nil {
			request.RecordCommand(ctx, log, request.AccountAdded, id, "role", role)
		}
		return err
	})
}

// SetRole changes the role of a user, in effect when SetRole returns. Streams
// that the new role does not permit close at once if the servers share a Redis, within
// otherEvery with an embedded database, and otherwise within checkEvery.
func SetRole(ctx context.Context, cfg config.Config, log *slog.Logger, name string, role sns.Role) error {
	return withUser(ctx, cfg, name, func(s *store.Store, u sns.User) error {
		if _, err := s.GiveRole(ctx, 0, u.ID, role, time.Now()); err != nil {
			return err
		}
		request.RecordCommand(ctx, log, request.RoleChanged, u.ID, "role", role, "was", u.Role)
		return tellServers(ctx, cfg, log, s, live.RoleEvent(live.UserTopic(u.ID), string(role)))
	})
}

// Rename gives a user another name, at any time; the name before leads to the user as after a
// change by the user. The error says what is wrong with the name.
func Rename(ctx context.Context, cfg config.Config, log *slog.Logger, name, other string) error {
	username, p := sns.Username(other)
	if p != nil {
		return explain(sns.Invalid{*p})
	}
	return withUser(ctx, cfg, name, func(s *store.Store, u sns.User) error {
		err := s.Rename(ctx, store.Renaming{User: u.ID, Name: username, At: time.Now(), Command: true})
		if errors.Is(err, sns.ErrConflict) {
			return fmt.Errorf("the name %s is taken", username)
		}
		if err != nil {
			return explain(err)
		}
		request.RecordCommand(ctx, log, request.NameChanged, u.ID)
		defer waitUntilForgotten(ctx)
		u.Username = username
		return withRooms(ctx, cfg, log, s, func(server *Server) error {
			server.rooms.Renamed(ctx, u)
			return nil
		})
	})
}

// SetPassword changes the password of a user and ends all sessions of the user. Their
// streams and sockets close as in SetRole.
func SetPassword(ctx context.Context, cfg config.Config, log *slog.Logger, name, password string) error {
	password, p := sns.Password("password", password, name)
	if p != nil {
		return explain(sns.Invalid{*p})
	}
	return withUser(ctx, cfg, name, func(s *store.Store, u sns.User) error {
		hash, err := sns.HashPassword(ctx, password)
		if err != nil {
			return err
		}
		ended, err := s.SetPassword(ctx, u.ID, hash, "")
		if err != nil {
			return err
		}
		request.RecordCommand(ctx, log, request.PasswordChanged, u.ID, "sessions", len(ended))
		return tellServers(ctx, cfg, log, s, live.Event{Topic: live.UserTopic(u.ID), Kind: live.KindDisconnect})
	})
}

// Suspend suspends a user for days, or for good if days is 0. Streams and sockets close as in
// SetRole, and the open rooms of a mentor end.
func Suspend(ctx context.Context, cfg config.Config, log *slog.Logger, name string, days int, reason string) error {
	return withUser(ctx, cfg, name, func(s *store.Store, u sns.User) error {
		suspension, err := sns.SuspensionOf(u.ID, 0, days, reason, time.Now())
		if err == nil {
			err = s.Suspend(ctx, suspension)
		}
		if errors.Is(err, sns.ErrConflict) {
			return fmt.Errorf("%s is suspended already", name)
		}
		if err != nil {
			return explain(err)
		}
		request.RecordCommand(ctx, log, request.Suspended, u.ID, "until", suspension.Until)
		err = withRooms(ctx, cfg, log, s, func(server *Server) error { return server.rooms.EndAll(ctx, sns.User{}, u, suspension.Reason) })
		return errors.Join(err, tellServers(ctx, cfg, log, s, live.Event{Topic: live.UserTopic(u.ID), Kind: live.KindDisconnect}))
	})
}

// Lift ends the suspension of a user.
func Lift(ctx context.Context, cfg config.Config, log *slog.Logger, name string) error {
	return withUser(ctx, cfg, name, func(s *store.Store, u sns.User) error {
		err := s.Lift(ctx, 0, u.ID, "", time.Now())
		if errors.Is(err, sns.ErrConflict) {
			return fmt.Errorf("%s is not suspended", name)
		}
		if err != nil {
			return err
		}
		request.RecordCommand(ctx, log, request.Lifted, u.ID)
		return tellServers(ctx, cfg, log, s, live.Event{Topic: live.UserTopic(u.ID), Kind: live.KindDisconnect})
	})
}

// tellServers publishes the events of a committed change to the running servers, if they
// share a Redis, and returns when no server answers by what was before. Failing is logged
// and no error: streams and sockets close at the next check.
func tellServers(ctx context.Context, cfg config.Config, log *slog.Logger, db *store.Store, events ...live.Event) error {
	defer waitUntilForgotten(ctx)
	if cfg.RedisURL == "" {
		return nil
	}
	return withRooms(ctx, cfg, log, db, func(s *Server) error {
		for _, ev := range events {
			live.Tell(ctx, s.bus, s.hub, log, ev)
		}
		return nil
	})
}

// waitUntilForgotten waits until no server remembers what was committed before: without
// Redis a command reaches no server, and an event may be lost.
func waitUntilForgotten(ctx context.Context) {
	select {
	case <-time.After(store.RecentFor):
	case <-ctx.Done():
	}
}

func withUser(ctx context.Context, cfg config.Config, name string, do func(*store.Store, sns.User) error) error {
	return withStore(ctx, cfg, func(s *store.Store) error {
		u, err := s.UserByName(ctx, name)
		if errors.Is(err, sns.ErrNotFound) {
			return fmt.Errorf("no user is called %s", name)
		}
		if err != nil {
			return err
		}
		return do(s, u)
	})
}

// Accounts returns the number of all accounts and the number of administrators.
func (s *Server) Accounts(ctx context.Context) (all, admins int64, err error) {
	return s.store.CountUsers(ctx)
}
