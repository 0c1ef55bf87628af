package server

import (
	"bytes"
	"context"
	"errors"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
	"slices"

	"xxsns/app/seed"
	"xxsns/app/sns"
)

// How many pictures posts have in all, and which posts: each sixth, counted
// from the newest.
const (
	picturesMax  = 60
	pictureEvery = 6
)

// planPictures chooses which of the newest posts have pictures, and how many.
func (s *seeder) planPictures() {
	s.pictures = map[int]int{}
	if s.images == nil {
		return
	}
	rng, left := s.source(forPictures), picturesMax
	for number := s.size.Posts - 2; number >= 0 && left > 0; number -= pictureEvery {
		n := min([]int{1, 1, 1, 2, 2, 3, sns.PostImagesMax}[rng.IntN(7)], left)
		s.pictures[number] = n
		left -= n
	}
}

// firstPicture is the number of the first post that has pictures, or that of
// all posts.
func (s *seeder) firstPicture() int {
	first := s.size.Posts
	for number := range s.pictures {
		first = min(first, number)
	}
	return first
}

// savePicture draws a scene and saves it as an upload.
func (s *seeder) savePicture(ctx context.Context, rng *rand.Rand, scene string) (sns.PostImage, error) {
	picture := seed.Draw(rng, scene)
	var file bytes.Buffer
	if err := jpeg.Encode(&file, picture.Image, &jpeg.Options{Quality: 92}); err != nil {
		return sns.PostImage{}, err
	}
	image, err := s.images.Save(ctx, &file)
	return sns.PostImage{Name: image.Name, Width: image.Width, Height: image.Height, Alt: picture.Alt}, err
}

// savePortrait draws a profile image, saves it and returns its file's name.
func (s *seeder) savePortrait(ctx context.Context, rng *rand.Rand) (string, error) {
	var file bytes.Buffer
	if err := png.Encode(&file, seed.Portrait(rng)); err != nil {
		return "", err
	}
	image, err := s.images.SaveAvatar(ctx, &file)
	return image.Name, err
}

// discard deletes the saved image files after err, which it returns. It looks
// first whether a row shows them: the answer to a commit may be what got lost.
// Without an answer they stay, and the server sweeps them away if need be.
func (s *seeder) discard(ctx context.Context, saved []string, err error) error {
	if len(saved) == 0 {
		return err
	}
	used, errUsed := s.store.ImagesInUse(context.WithoutCancel(ctx), saved)
	if errUsed != nil {
		return errors.Join(err, errUsed)
	}
	return errors.Join(err, s.images.Delete(slices.DeleteFunc(saved, func(name string) bool { return used[name] })...))
}
