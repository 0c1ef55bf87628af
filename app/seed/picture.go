package seed

import (
	"bytes"
	"context"
	"embed"
	"errors"
	"io"
	"io/fs"
	"math/rand/v2"
	"path"
	"slices"
	"strings"
	"sync"

	"xxsns/app/media"
	"xxsns/app/sns"
)

//go:embed pictures/posts/*.webp pictures/profiles/*.webp
var files embed.FS

// A picture is an embedded picture for posts. The file name consists of the
// scene and the light, such as sea-dusk.webp.
type picture struct {
	file, scene string
	light       int // an index of lights
}

// lights has the order of the alternatives of the rules when and light.
var lights = []string{"dawn", "noon", "dusk", "night"}

// postPictures returns the pictures for posts in alphabetical order.
var postPictures = sync.OnceValue(func() (all []picture) {
	for _, file := range embedded("posts") {
		scene, light, _ := strings.Cut(strings.TrimSuffix(path.Base(file), ".webp"), "-")
		all = append(all, picture{file, scene, slices.Index(lights, light)})
	}
	return all
})

// embedded returns the paths of the embedded files in a folder of pictures.
func embedded(folder string) []string {
	paths, _ := fs.Glob(files, "pictures/"+folder+"/*") // never fails: the pattern is valid
	return paths
}

// The newest posts have picturesMax pictures in total. They belong to every
// sixth post. Successive pictures are pictureStep files apart, so that the
// pictures of a post have different scenes.
const (
	picturesMax  = 36
	pictureEvery = 6
	pictureStep  = 5
)

// planPictures chooses the pictures of the newest posts.
func (s *seeder) planPictures() {
	s.pictures = map[int][]picture{}
	if s.Images == nil {
		return
	}
	rng, all, left := s.source(forPictures, 0), postPictures(), picturesMax
	next := rng.IntN(len(all))
	for number := s.size.Posts - 2; number >= 0 && left > 0; number -= pictureEvery {
		n := min([]int{1, 1, 1, 2, 2, 3, sns.PostImagesMax}[rng.IntN(7)], left)
		left -= n
		for range n {
			s.pictures[number] = append(s.pictures[number], all[next])
			next = (next + pictureStep) % len(all)
		}
	}
}

// profileImage returns the file of the n-th profile image.
func profileImage(n int) string {
	const step = 3 // neighbours in the alphabet are similar
	all := embedded("profiles")
	return all[n*step%len(all)]
}

// alt makes up the alternative text of a picture.
func (p picture) alt(rng *rand.Rand) string {
	return texts().text(rng, "alt."+p.scene, map[string]int{"when": p.light, "light": p.light})
}

// upload saves an embedded file by Save or SaveAvatar of Images.
func upload(ctx context.Context, save func(context.Context, int64, io.Reader) (media.Image, error), file string) (media.Image, error) {
	data, _ := files.ReadFile(file) // never fails: embedded returned the path
	return save(ctx, media.Nobody, bytes.NewReader(data))
}

// discard deletes saved image files after err, and returns err with the error of
// deleting. Files in use stay: if the answer to a commit got lost, the rows may
// exist. If the database does not answer, all files stay, and the server sweeps
// unused files later.
func (s *seeder) discard(ctx context.Context, saved []string, err error) error {
	if len(saved) == 0 {
		return err
	}
	used, errUsed := s.Store.ImagesInUse(context.WithoutCancel(ctx), saved)
	if errUsed != nil {
		return errors.Join(err, errUsed)
	}
	return errors.Join(err, s.Images.Delete(slices.DeleteFunc(saved, func(name string) bool { return used[name] })...))
}
