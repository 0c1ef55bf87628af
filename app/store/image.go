package store

import (
	"context"
)

// ImagesInUse returns a map of those file names that a post or a profile uses.
// Unused names are missing from the map.
func (s postStore) ImagesInUse(ctx context.Context, names []string) (map[string]bool, error) {
	used := make(map[string]bool, len(names))
	for _, query := range []string{
		`SELECT name FROM post_images WHERE name IN (?)`,
		`SELECT image FROM users WHERE image IN (?)`,
	} {
		if err := listIn(ctx, s.database, query, names, func(name string) { used[name] = true }); err != nil {
			return nil, err
		}
	}
	return used, nil
}

// UnsizedImages returns the names of at most limit images of posts, of the newest
// first, that were saved before images had sizes for screens.
func (s postStore) UnsizedImages(ctx context.Context, limit int) (names []string, err error) {
	err = s.list(ctx, &names, `SELECT name FROM post_images WHERE sized IS NULL ORDER BY post_id DESC, position`+limited(limit))
	return names, err
}

// CountUnsizedImages returns the number of images that UnsizedImages would return
// without a limit.
func (s postStore) CountUnsizedImages(ctx context.Context) (n int, err error) {
	err = s.get(ctx, &n, `SELECT COUNT(*) FROM post_images WHERE sized IS NULL`)
	return n, err
}

// SetSized records that the sizes of an image were made. sized is the Sized of the
// image and may be empty. ErrNotFound if the image was deleted meanwhile, or its sizes
// are recorded already.
func (s postStore) SetSized(ctx context.Context, name, sized string) error {
	return s.changeName(ctx, `UPDATE post_images SET sized = ? WHERE name = ? AND sized IS NULL`, sized, name)
}
