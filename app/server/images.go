package server

import (
	"context"
	"errors"
	"io/fs"
	"math/rand/v2"
	"slices"
	"time"

	"xxsns/app/sns"
)

// Bounds of a round of sizeImages. Replicas that work at the same time choose among
// unsizedAtOnce images, and so rarely the same one. A folder in which missingMost images
// are missing is probably the wrong one.
const (
	unsizedAtOnce = 100
	missingMost   = 100
)

// sizeImages makes the sizes for screens of images that were saved before there were
// sizes, of the newest first. After each image sizeImages rests as long as the image
// took, so that people are served meanwhile. What is left at a stop is done after the
// next start.
func (s *Server) sizeImages(ctx context.Context) {
	missing := map[string]bool{}
	for len(missing) < missingMost {
		start := time.Now()
		name, err := s.unsizedImage(ctx, missing)
		if err == nil && name == "" {
			break
		}
		if err == nil {
			err = s.sizeImage(ctx, name)
		}
		if errors.Is(err, fs.ErrNotExist) {
			missing[name] = true
			continue
		}
		if err != nil {
			s.warn(ctx, "images not sized yet", err)
			return
		}
		sleep(ctx, time.Since(start))
	}
	if len(missing) > 0 {
		s.log.Warn("images of posts are not in UPLOADS_DIR", "images", len(missing))
	}
}

// unsizedImage returns the name of an image without sizes that is not missing, or an
// empty name if there is none.
func (s *Server) unsizedImage(ctx context.Context, missing map[string]bool) (string, error) {
	names, err := s.store.UnsizedImages(ctx, unsizedAtOnce+len(missing))
	names = slices.DeleteFunc(names, func(name string) bool { return missing[name] })
	if err != nil || len(names) == 0 {
		return "", err
	}
	return names[rand.IntN(len(names))], nil //nolint:gosec // no secret
}

// sizeImage makes the sizes of an image. If the post was deleted meanwhile, sizeImage
// deletes the files again. The error matches fs.ErrNotExist if there is no such file.
func (s *Server) sizeImage(ctx context.Context, name string) error {
	sized, err := s.images.AddSizes(ctx, name)
	if err != nil {
		return err
	}
	err = s.store.SetSized(ctx, name, sized)
	if !errors.Is(err, sns.ErrNotFound) {
		s.sized.Add(1)
		return err
	}
	used, err := s.store.ImagesInUse(ctx, []string{name})
	if err != nil || used[name] {
		return err
	}
	return s.images.Delete(name)
}

// sleep waits for d, or until ctx ends.
func sleep(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}
