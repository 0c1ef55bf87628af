package store_test

import (
	"strings"
	"testing"

	"xxsns/app/sns"
	"xxsns/app/store"
)

const family = "👨‍👩‍👧‍👦" // one grapheme of 25 bytes

// texts are texts that databases tend to corrupt.
var texts = map[string]string{
	"hangul and emoji":     "안녕하세요 👋🏽 🇰🇷 한글 ㅋㅋㅋ",
	"signs of SQL":         `'; DROP TABLE posts; -- \' " ` + "`" + ` % _ \ ? :name @x`,
	"lines":                "첫 줄\n\n\t둘째 줄\n",
	"astral and combining": "𝒳𓀀𠀋 e\u0301 ก็ \u200d",
	"ends in spaces":       " 빈칸  ",
	"as long as can be":    strings.Repeat(family, sns.PostMax),
	"90 KB":                strings.Repeat("가나다라마\n", 90*1024/16),
}

func TestTextsSurvive(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		minji := d.user(t, "민지")
		for name, text := range texts {
			id := d.post(t, minji, text)
			if got, err := d.Post(t.Context(), id, 0); err != nil || got.Content != text {
				t.Errorf("%s: a post of %d bytes came back with %d, %v", name, len(text), len(got.Content), err)
			}
			if err := d.EditPost(t.Context(), id, minji, text+"!", noon); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			if got, err := d.Post(t.Context(), id, 0); err != nil || got.Content != text+"!" {
				t.Errorf("%s: an edit of %d bytes came back with %d, %v", name, len(text)+1, len(got.Content), err)
			}
		}
	})
}

func TestCommentsAndDescriptionsSurvive(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		minji := d.user(t, "민지")
		post := d.post(t, minji, "글")
		for name, text := range texts {
			if len(text) > 48*sns.CommentMax {
				text = strings.Repeat(family, sns.CommentMax)
			}
			id := d.comment(t, post, minji, text)
			if got, err := d.Comment(t.Context(), id); err != nil || got.Content != text {
				t.Errorf("%s: a comment of %d bytes came back with %d, %v", name, len(text), len(got.Content), err)
			}
		}
		alt := strings.Repeat(family, sns.AltMax)
		made := d.newPost(t, minji, "")
		made.Images = []sns.PostImage{{Name: "a.jpg", Alt: alt}}
		id, err := d.CreatePost(t.Context(), made)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := d.Post(t.Context(), id, 0); err != nil || len(got.Images) != 1 || got.Images[0].Alt != alt {
			t.Errorf("a description of %d bytes: %v", len(alt), err)
		}
	})
}

// All texts that package sns accepts fit into the columns of both databases.
func TestTheLongestOfEverythingHasRoom(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		// Folding turns ΐ into three characters, which NFC composes again; ß
		// becomes two.
		for _, raw := range []string{strings.Repeat("ß", sns.UsernameMax), "a" + strings.Repeat("\u0ec6\u0e3a\u0f71\u0e48", 10)[:117], strings.Repeat("𐐀", sns.UsernameMax)} {
			name, problem := sns.Username(raw)
			if problem != nil {
				t.Fatalf("%q: %v", raw, problem)
			}
			u := store.NewUser{Username: name, Email: strings.Repeat("a", 254), PasswordHash: strings.Repeat("h", 255), Role: sns.RoleMentor, CreatedAt: noon}
			if _, err := d.CreateUser(t.Context(), u); err != nil {
				t.Errorf("%q: %v", name, err)
			}
			if got, err := d.UserByName(t.Context(), name); err != nil || got.Username != name {
				t.Errorf("%q came back as %q, %v", name, got.Username, err)
			}
		}
	})
}
