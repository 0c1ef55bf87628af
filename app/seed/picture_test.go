package seed

import (
	"bytes"
	"image"
	"slices"
	"testing"

	"golang.org/x/image/webp"

	"xxsns/app/media"
	"xxsns/app/sns"
)

// decoded reads an embedded picture.
func decoded(t *testing.T, file string) image.Image {
	t.Helper()
	data, err := files.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	img, err := webp.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return img
}

// colours counts the different colours at a grid of points.
func colours(img image.Image) int {
	seen := map[[3]uint32]bool{}
	for y := 0; y < img.Bounds().Dy(); y += 16 {
		for x := 0; x < img.Bounds().Dx(); x += 16 {
			r, g, b, _ := img.At(x, y).RGBA()
			seen[[3]uint32{r, g, b}] = true
		}
	}
	return len(seen)
}

func TestPicturesAreLargeColouredAndOfEveryShapeAndLight(t *testing.T) {
	shapes, light := map[int]int{}, map[string]int{}
	for _, p := range postPictures() {
		img := decoded(t, p.file)
		size := img.Bounds().Size()
		if n := colours(img); n < 60 || min(size.X, size.Y) < 600 || max(size.X, size.Y) > media.MaxSide {
			t.Errorf("%s: %v, %d colours", p.file, size, n)
		}
		shapes[max(-1, min(1, size.X-size.Y))]++
		if p.light < 0 {
			t.Fatalf("%s: the light is unknown", p.file)
		}
		light[lights[p.light]]++
	}
	if len(postPictures()) < 12 || min(shapes[-1], shapes[0], shapes[1]) < 3 || len(light) != len(lights) {
		t.Errorf("%d pictures: shapes %v, lights %v", len(postPictures()), shapes, light)
	}
}

func TestPicturesAreDescribed(t *testing.T) {
	seen := map[string]bool{}
	for i, p := range postPictures() {
		alt := p.alt(source(uint64(i)))
		checked(t, "alt", alt, sns.Alt)
		seen[alt] = true
	}
	if len(seen) != len(postPictures()) {
		t.Errorf("%d descriptions of %d pictures", len(seen), len(postPictures()))
	}
}

// planned returns the pictures of posts, of a run with a seed.
func planned(seed uint64) *seeder {
	s := &seeder{Community: Community{Images: new(media.Folder)}, size: Size{Posts: 2000}, seed: seed}
	s.planPictures()
	return s
}

func TestPicturesOfAPostDifferAndAllAreShown(t *testing.T) {
	for seed := range uint64(20) {
		sum, shown := 0, map[string]int{}
		for number, pictures := range planned(seed).pictures {
			var scenes []string
			for _, p := range pictures {
				scenes = append(scenes, p.scene)
				shown[p.file]++
			}
			slices.Sort(scenes)
			if len(slices.Compact(scenes)) != len(pictures) || len(pictures) > sns.PostImagesMax {
				t.Errorf("seed %d: post %d has %v", seed, number, scenes)
			}
			sum += len(pictures)
		}
		if sum != picturesMax || len(shown) != len(postPictures()) || slices.Max(values(shown)) > picturesMax/len(shown)+1 {
			t.Errorf("seed %d: %d pictures, %v", seed, sum, shown)
		}
	}
}

func TestTheSameSeedChoosesTheSamePictures(t *testing.T) {
	told := func(seed uint64) (all []picture) {
		s := planned(seed)
		for number := range s.size.Posts {
			all = append(all, s.pictures[number]...)
		}
		return all
	}
	if !slices.Equal(told(1), told(1)) || slices.Equal(told(1), told(2)) {
		t.Error("pictures are not chosen by the seed alone")
	}
}

func TestProfileImagesAreSquareAndDiffer(t *testing.T) {
	seen := map[string]bool{}
	for n := range len(embedded("profiles")) {
		file := profileImage(n)
		img := decoded(t, file)
		if img.Bounds().Size() != image.Pt(media.AvatarPx, media.AvatarPx) || colours(img) < 8 {
			t.Errorf("%s: %v, %d colours", file, img.Bounds(), colours(img))
		}
		seen[file] = true
	}
	if len(seen) < 8 {
		t.Errorf("%d profile images", len(seen))
	}
}

func TestPicturesAreSmallTogether(t *testing.T) {
	const most = 300_000
	total := 0
	for _, folder := range []string{"posts", "profiles"} {
		for _, file := range embedded(folder) {
			data, err := files.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			total += len(data)
		}
	}
	if total > most {
		t.Errorf("%d bytes of pictures, at most %d are wanted", total, most)
	}
}
