package request

import (
	"context"
	"log/slog"
	"net/netip"

	"github.com/gin-gonic/gin"
	sloggin "github.com/samber/slog-gin"

	"xxsns/app/network"
)

// A SecurityKind says what happened to an account, or was tried. SECURITY.md lists the
// kinds and their attributes for fail2ban and alerts: a kind keeps its name.
type SecurityKind string

// The kinds of security events.
const (
	SignInFailed    SecurityKind = "sign_in_failed"
	SignedIn        SecurityKind = "signed_in"
	SignedUp        SecurityKind = "signed_up"
	Applied         SecurityKind = "applied"
	PasswordWrong   SecurityKind = "password_wrong"
	PasswordChanged SecurityKind = "password_changed"
	EmailChanged    SecurityKind = "email_changed"
	NameChanged     SecurityKind = "name_changed"
	SessionsEnded   SecurityKind = "sessions_ended"
	RoleChanged     SecurityKind = "role_changed"
	Suspended       SecurityKind = "suspended"
	Lifted          SecurityKind = "suspension_lifted"
	ResetMade       SecurityKind = "reset_made"
	AccountAdded    SecurityKind = "account_added"
	AccountDeleted  SecurityKind = "account_deleted"
	ExportFetched   SecurityKind = "export_fetched"
	AdminActed      SecurityKind = "admin_acted"
	LimitHit        SecurityKind = "limit_hit"
	CrossOrigin     SecurityKind = "cross_origin"
	OtherAccount    SecurityKind = "other_account"
)

// level returns the level of the log: a warning for what was refused.
func (k SecurityKind) level() slog.Level {
	switch k {
	case SignInFailed, PasswordWrong, LimitHit, CrossOrigin, OtherAccount:
		return slog.LevelWarn
	}
	return slog.LevelInfo
}

// securityMessage is the message of every security event.
const securityMessage = "security event"

// RecordSecurity logs a security event of an account; user is 0 if there is none. The
// attributes are pairs as for slog, and must hold no secret and nothing that a stranger
// typed: people type passwords into the field of the username.
func RecordSecurity(ctx context.Context, log *slog.Logger, kind SecurityKind, user int64, attributes ...any) {
	all := []any{"event", "security", "kind", string(kind)}
	if user != 0 {
		all = append(all, "user", user)
	}
	log.Log(ctx, kind.level(), securityMessage, append(all, attributes...)...)
}

// RecordCommand logs a security event that a command of the operator causes.
func RecordCommand(ctx context.Context, log *slog.Logger, kind SecurityKind, user int64, attributes ...any) {
	RecordSecurity(ctx, log, kind, user, append([]any{"by", "command"}, attributes...)...)
}

// Record logs a security event that a request causes, with the network of the client and
// the id of the request, by which the line of the request is found.
func Record(r *Request, kind SecurityKind, user int64, attributes ...any) {
	record(r.Services, r.Context, kind, user, attributes...)
}

// record is Record for a request that may be answered without templates.
func record(s *Services, c *gin.Context, kind SecurityKind, user int64, attributes ...any) {
	where := []any{"network", logNetwork(addressOf(c)), "request", c.GetHeader(sloggin.RequestIDHeaderKey)}
	RecordSecurity(c.Request.Context(), s.Log, kind, user, append(where, attributes...)...)
}

// RecordEnded records that sessions of a user ended by another one: at the user's wish
// (by is "user"), by a new "password", or above sns.SessionsMax (by is "limit").
func RecordEnded(r *Request, user int64, sessions int, by string) {
	if sessions > 0 {
		Record(r, SessionsEnded, user, "by", by, "sessions", sessions)
	}
}

// logNetwork returns the network of an address for the log: the /24 of IPv4 and the /48 of
// IPv6, which tell where from and not who.
func logNetwork(ip netip.Addr) string {
	if !ip.IsValid() {
		return "unknown"
	}
	return network.Within(ip, 24, 48).String()
}
