package store

import (
	"cmp"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"slices"
	"time"

	"xxsns/app/sns"
)

// userColumns are the columns of userRow; u is the table users.
const userColumns = `u.id, u.username, u.role, u.status_message, u.image, u.area, u.town, u.follower_count, u.following_count,
	u.suspended_until, u.created_at, u.erased_at`

type userRow struct {
	ID            int64         `db:"id"`
	Username      string        `db:"username"`
	Role          sns.Role      `db:"role"`
	StatusMessage string        `db:"status_message"`
	Image         string        `db:"image"`
	Area          string        `db:"area"`
	Town          string        `db:"town"`
	Followers     int64         `db:"follower_count"`
	Following     int64         `db:"following_count"`
	Suspended     int64         `db:"suspended_until"`
	CreatedAt     int64         `db:"created_at"`
	ErasedAt      sql.NullInt64 `db:"erased_at"`
}

// dest returns where to scan userColumns. Integers are scanned as int64: database/sql
// would turn them into texts and back for any other type.
func (r *userRow) dest() []any {
	return []any{
		&r.ID, &r.Username, (*string)(&r.Role), &r.StatusMessage, &r.Image, &r.Area, &r.Town, &r.Followers, &r.Following,
		&r.Suspended, &r.CreatedAt, &r.ErasedAt,
	}
}

func (r userRow) user() sns.User {
	return sns.User{
		ID: r.ID, Username: r.Username, Role: r.Role, StatusMessage: r.StatusMessage, Image: r.Image,
		Location:  sns.Location{Area: r.Area, Town: r.Town},
		Followers: int(r.Followers), Following: int(r.Following), CreatedAt: timeOf(r.CreatedAt),
		SuspendedUntil: timeOrZero(sql.NullInt64{Int64: r.Suspended, Valid: r.Suspended > 0}), Erased: r.ErasedAt.Valid,
	}
}

// authorColumns are the columns of authorRow; u is the table users.
const authorColumns = `u.id AS author_id, u.username, u.role, u.image, u.erased_at`

// An authorRow is the author of a post or comment, or the mentor of a room.
type authorRow struct {
	AuthorID int64         `db:"author_id"`
	Username string        `db:"username"`
	Role     sns.Role      `db:"role"`
	Image    string        `db:"image"`
	ErasedAt sql.NullInt64 `db:"erased_at"`
}

func (r authorRow) author() sns.User {
	return sns.User{ID: r.AuthorID, Username: r.Username, Role: r.Role, Image: r.Image, Erased: r.ErasedAt.Valid}
}

// NewUser holds the checked input of CreateUser.
type NewUser struct {
	Username, Email, PasswordHash string
	Role                          sns.Role // that of the invitation, if there is one
	Invitation                    int64    // by which the account is made, or 0
	CreatedAt                     time.Time
}

// forgotten returns what takes the place of a folded name, or of a skeleton, of an account that
// was erased: nobody reads the name, and no new account can take it.
func forgotten(name string) string {
	digest := sha256.Sum256([]byte(name))
	return "~" + hex.EncodeToString(digest[:])[:40] // no username has a tilde
}

// CreateUser makes an account and returns the user id. ErrConflict if the
// username is taken, in any case or Unicode form, or an application waits for it;
// sns.ErrInvitation if the invitation lets nobody in any more.
func (s userStore) CreateUser(ctx context.Context, u NewUser) (id int64, err error) {
	err = s.tx(ctx, func(tx *transaction) error {
		if u.Invitation != 0 {
			if u.Role, err = useInvitation(ctx, tx, u.Invitation, u.CreatedAt); err != nil {
				return err
			}
		}
		id, err = insertUser(ctx, tx, u)
		return err
	})
	return id, err
}

func insertUser(ctx context.Context, tx *transaction, u NewUser) (int64, error) {
	id, err := insert(ctx, tx, `INSERT INTO users (username, folded, skeleton, email, password_hash, role, status_message, image, search, invitation_id, created_at)
		VALUES (?, ?, ?, ?, ?, ?, '', '', ?, ?, ?)`,
		u.Username, sns.FoldUsername(u.Username), sns.Skeleton(u.Username), u.Email, u.PasswordHash, u.Role, personForm(u.Username, ""), u.Invitation, micros(u.CreatedAt))
	if err != nil {
		return 0, err
	}
	// After the INSERT, which waits for an account that is giving the name up.
	return id, checkGiven(ctx, tx, u.Username, id, u.CreatedAt)
}

// UsernameTaken reports whether an account has the username, or one that looks alike, or had it
// before the account was deleted, or gave it up less than sns.NameReserved ago, or an
// application waits for it. The names of the user by, who asks for another one, do not count.
func (s userStore) UsernameTaken(ctx context.Context, username string, by int64, now time.Time) (taken, alike bool, err error) {
	return namesAlike(ctx, s.list, username, by, now)
}

// namesAlike is UsernameTaken with a function that reads the rows of a query.
func namesAlike(ctx context.Context, read func(context.Context, any, string, ...any) error, username string, by int64, now time.Time) (taken, alike bool, err error) {
	folded, skeletons := sns.FoldUsername(username), sns.Skeletons(username)
	const named = `(folded IN (?, ?) OR skeleton IN (?, ?, ?, ?))`
	names := []any{folded, forgotten(folded), skeletons[0], skeletons[1], forgotten(skeletons[0]), forgotten(skeletons[1])}
	var found []string
	for _, q := range []struct {
		query string
		args  []any
	}{
		{`SELECT folded FROM users WHERE ` + named + ` AND id <> ? ORDER BY id LIMIT 100`, append(slices.Clip(names), by)},
		{
			`SELECT folded FROM former_names WHERE ` + named + ` AND (user_id = 0 OR user_id <> ? AND until_at > ?) ORDER BY id LIMIT 100`,
			append(slices.Clip(names), by, reservedSince(now)),
		},
		{`SELECT folded FROM applications WHERE claim IS NOT NULL AND ` + named + ` ORDER BY id LIMIT 100`, names},
	} {
		var some []string
		if err := read(ctx, &some, q.query, q.args...); err != nil {
			return false, false, err
		}
		found = append(found, some...)
	}
	return slices.Contains(found, folded) || slices.Contains(found, forgotten(folded)), len(found) > 0, nil
}

// fillSkeletons sets the skeletons of accounts that are older than the column. Who takes another
// name meanwhile has one by that.
func (s userStore) fillSkeletons(ctx context.Context) error {
	const batch = 500
	for {
		var users []struct {
			ID       int64  `db:"id"`
			Username string `db:"username"`
			Folded   string `db:"folded"` // also of a deleted account, which has no username
		}
		if err := s.list(ctx, &users, `SELECT id, username, folded FROM users WHERE skeleton = '' ORDER BY id`+limited(batch)); err != nil || len(users) == 0 {
			return err
		}
		err := s.txRepeatable(ctx, func(tx *transaction) error {
			for _, u := range users {
				if _, err := tx.ExecContext(ctx, `UPDATE users SET skeleton = ? WHERE id = ? AND skeleton = ''`, cmp.Or(sns.Skeleton(cmp.Or(u.Username, u.Folded)), "-"), u.ID); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
}

// TakenUsernames returns the names that an account has, or had and is remembered by.
func (s userStore) TakenUsernames(ctx context.Context, names []string) (map[string]bool, error) {
	taken, byFolded := map[string]bool{}, make(map[string]string, len(names))
	folded := make([]string, 0, 2*len(names))
	for _, name := range names {
		now := sns.FoldUsername(name)
		folded = append(folded, now, forgotten(now))
		byFolded[now], byFolded[forgotten(now)] = name, name
	}
	for _, table := range []string{`users`, `former_names`} {
		err := listIn(ctx, s.database, `SELECT folded FROM `+table+` WHERE folded IN (?)`, folded, func(name string) { taken[byFolded[name]] = true })
		if err != nil {
			return nil, err
		}
	}
	return taken, nil
}

// UserByName returns the user with a username in any case or Unicode form.
// ErrNotFound if the account does not exist or was deleted.
func (s userStore) UserByName(ctx context.Context, username string) (sns.User, error) {
	var row userRow
	err := s.get(ctx, &row, `SELECT `+userColumns+` FROM users u WHERE u.folded = ? AND u.deleted_at IS NULL`, sns.FoldUsername(username))
	return row.user(), err
}

// Users returns the users with these ids, also deleted ones. Ids that do not
// exist are missing from the map, which callers must not change.
func (s userStore) Users(ctx context.Context, ids []int64) (map[int64]sns.User, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	return recall(ctx, s.database, regionRest, usersKey(fmt.Sprint(ids)), func(ctx context.Context) (map[int64]sns.User, error) {
		users := make(map[int64]sns.User, len(ids))
		err := listIn(ctx, s.database, `SELECT `+userColumns+` FROM users u WHERE u.id IN (?)`, ids, func(row userRow) {
			users[row.ID] = row.user()
		})
		return users, err
	})
}

// usersKey is the key of Users in memory.
type usersKey string

// Credentials returns the id and the password hash of a username. ErrNotFound
// if the account does not exist or was deleted.
func (s userStore) Credentials(ctx context.Context, username string) (id int64, hash string, err error) {
	var row struct {
		ID   int64  `db:"id"`
		Hash string `db:"password_hash"`
	}
	err = s.get(ctx, &row, `SELECT id, password_hash FROM users WHERE folded = ? AND deleted_at IS NULL`, sns.FoldUsername(username))
	return row.ID, row.Hash, err
}

// CountUsers returns the number of accounts, and the number of administrators
// among them. Deleted accounts do not count.
func (s userStore) CountUsers(ctx context.Context) (all, admins int64, err error) {
	var row struct {
		All    int64 `db:"accounts"`
		Admins int64 `db:"admins"`
	}
	err = s.get(ctx, &row, `SELECT COUNT(*) AS accounts, COALESCE(SUM(CASE WHEN role = ? THEN 1 ELSE 0 END), 0) AS admins
		FROM users WHERE deleted_at IS NULL`, sns.RoleAdmin)
	return row.All, row.Admins, err
}

// CountUsersBeside returns the number of accounts whose e-mail address does not match a
// pattern of LIKE. Deleted accounts do not count.
func (s userStore) CountUsersBeside(ctx context.Context, emails string) (n int64, err error) {
	err = s.get(ctx, &n, `SELECT COUNT(*) FROM users WHERE email NOT LIKE ? AND deleted_at IS NULL`, emails)
	return n, err
}

// SetRole changes the role of an account, from the next request of the user on; at other
// Stores of the database after RecentFor at the latest. ErrNotFound.
func (s userStore) SetRole(ctx context.Context, user int64, role sns.Role) error {
	defer s.forgetUser(user)
	return s.changeName(ctx, `UPDATE users SET role = ? WHERE id = ? AND deleted_at IS NULL`, role, user)
}

// SetStatusMessage changes the sentence on a user's home. ErrNotFound.
func (s userStore) SetStatusMessage(ctx context.Context, user int64, message string) error {
	defer s.forgetUser(user)
	return s.tx(ctx, func(tx *transaction) error {
		if err := change(ctx, tx, `UPDATE users SET status_message = ? WHERE id = ? AND deleted_at IS NULL`, message, user); err != nil {
			return err
		}
		return nameUsers(ctx, tx, []int64{user})
	})
}

// SetLocation changes the location of a user; the zero location removes it.
// Posts keep the location at which they were written. ErrNotFound.
func (s userStore) SetLocation(ctx context.Context, user int64, l sns.Location) error {
	defer s.forgetUser(user)
	return s.changeOne(ctx, `UPDATE users SET area = ?, town = ? WHERE id = ? AND deleted_at IS NULL`, l.Area, l.Town, user)
}

// SetImage changes the profile image of a user; an empty name removes it. It
// returns the file name of the previous image, which no row refers to any more.
// ErrNotFound.
func (s userStore) SetImage(ctx context.Context, user int64, name string) (old string, err error) {
	defer s.forgetUser(user)
	err = s.tx(ctx, func(tx *transaction) error {
		// Lock the row before reading: two concurrent calls would return the
		// same old name otherwise.
		if err := lockUser(ctx, tx, user); err != nil {
			return err
		}
		if err := tx.GetContext(ctx, &old, `SELECT image FROM users WHERE id = ?`, user); err != nil {
			return err
		}
		if err := change(ctx, tx, `UPDATE users SET image = ? WHERE id = ? AND deleted_at IS NULL`, name, user); err != nil {
			return err
		}
		return raiseNames(ctx, tx)
	})
	return old, err
}
