package sns_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"xxsns/app/sns"
)

func TestWhereATextMayMention(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text string
		want [][]string
	}{
		{"안녕하세요", nil},
		{"@민지", [][]string{{"민지"}}},
		{"안녕 @민지!", [][]string{{"민지"}}},
		{"@민지님이 왔어요", [][]string{{"민지님이", "민지님", "민지"}}},
		{"@하루에게도", [][]string{{"하루에게도", "하루에게", "하루"}}},
		{"@민지님에게도 @준호한테랑", [][]string{{"민지님에게도", "민지님에게", "민지님", "민지"}, {"준호한테랑", "준호한테", "준호"}}},
		{"@서준이랑은 @서준씨 @서준아", [][]string{{"서준이랑은", "서준이랑", "서준이", "서준"}, {"서준씨", "서준"}, {"서준아", "서준"}}},
		{"@minji가 @minji께서는", [][]string{{"minji가", "minji"}, {"minji께서는", "minji께서", "minji"}}},
		{"@민지입니다. @민지예요", [][]string{{"민지입니다", "민지"}, {"민지예요", "민지예", "민지"}}},
		{"@하루종일", [][]string{{"하루종일"}}},
		{"@민지안녕", [][]string{{"민지안녕"}}},

		// A name has two syllables, and neither begins nor ends with a full stop.
		{"@이 @ @. @.민지 @..", nil},
		{"@민지. @하루... @준호.그리고", [][]string{{"민지"}, {"하루"}, {"준호.그리고", "준호.그리"}}},
		{"@min_ji.2, @민지_", [][]string{{"min_ji.2"}, {"민지_"}}},
		{"@1234567890123456", nil},
		{"@123456789012345는", [][]string{{"123456789012345"}}},

		// Case and Unicode form are folded as in usernames; full width is another name.
		{"@MinJi " + norm.NFD.String("@민지님"), [][]string{{"minji"}, {"민지님", "민지"}}},
		{"@ＭＩＮＪＩ", [][]string{{"ｍｉｎｊｉ"}}},
		{"@ǅenan @Straße", [][]string{{"ǆenan"}, {"strasse"}}},

		// Signs around a name.
		{"@@민지 @민지@하루", [][]string{{"민지"}, {"민지"}, {"하루"}}},
		{"🙂@민지🙂 (@하루)", [][]string{{"민지"}, {"하루"}}},
		{"@민지/@하루,@준호", [][]string{{"민지"}, {"하루"}, {"준호"}}},
		{"고마워요@민지 참고.@하루 -@준호", [][]string{{"민지"}, {"하루"}, {"준호"}}},
		{"민지@", nil},
		{"@שלום: @민지\u202e", [][]string{{"שלום"}, {"민지"}}},

		// Addresses of mail, servers and sites.
		{"minji@example.com min.ji+a@example.com 민지@example.com", nil},
		{"mailto:minji@하루", nil},
		{"@minji@example.com", nil},
		{"https://example.com/@minji http://minji@example.com/ youtube.com/@minji", nil},
		{"https://example.com에서 @민지", [][]string{{"민지"}}},

		// Code.
		{"`@민지` @하루", [][]string{{"하루"}}},
		{"``@민지``", [][]string{{"민지"}}},
		{"```\n@민지\n```\n@하루", [][]string{{"하루"}}},
		{"```\n@민지", [][]string{{"민지"}}},
	} {
		if got := sns.Mentions(c.text); !slices.EqualFunc(got, c.want, slices.Equal) {
			t.Errorf("%q: %q, want %q", c.text, got, c.want)
		}
	}
}

// people returns users by their folded names, with ids from 1 on.
func people(names ...string) map[string]sns.User {
	all := make(map[string]sns.User, len(names))
	for i, name := range names {
		all[sns.FoldUsername(name)] = sns.User{ID: int64(i + 1), Username: name}
	}
	return all
}

func TestTheLongestNameThatExistsIsMeant(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text  string
		known map[string]sns.User
		want  sns.Mentioned
		links []string
	}{
		{"@민지님이", people("민지"), "1 민지", []string{"@민지"}},
		{"@민지님이", people("민지", "민지님"), "2 민지님", []string{"@민지님"}},
		{"@하루 @MINJI @하루 @없는사람", people("Minji", "하루"), "2 하루 1 Minji", []string{"@하루", "@MINJI", "@하루"}},
		{"`@민지` minji@하루 @준호", people("민지", "하루"), "", nil},
	} {
		got := sns.MentionedIn(c.text, c.known)
		if got != c.want {
			t.Errorf("%q mentions %q, want %q", c.text, got, c.want)
		}
		var links []string
		for piece := range sns.Pieces(c.text) {
			if piece.Kind != sns.PiecePlain {
				continue
			}
			for _, m := range got.Finder().Find(piece.Text) {
				links = append(links, piece.Text[m.From:m.To])
			}
		}
		if !slices.Equal(links, c.links) {
			t.Errorf("%q links %q, want %q", c.text, links, c.links)
		}
	}
}

func TestOnlyTheFirstPeopleAreMentioned(t *testing.T) {
	t.Parallel()
	var names []string
	text := ""
	for i := range 200 {
		names = append(names, fmt.Sprintf("사람%03d", i))
		text += "@" + names[i] + "님, @" + names[0] + " "
	}
	got := sns.MentionedIn(text, people(names...))
	if ids := got.IDs(); len(ids) != sns.MentionsMost || ids[0] != 1 || ids[len(ids)-1] != sns.MentionsMost {
		t.Errorf("%v", ids)
	}
	if found := got.Finder().Find(text); len(found) != sns.MentionsMost+200 {
		t.Errorf("%d places are linked", len(found))
	}
}

func FuzzMentions(f *testing.F) {
	addSeeds(f)
	for _, seed := range []string{"@민지님이 @@하루에게도", "`@민지` a@b.kr @a@b.kr https://a.kr/@b", "```\n@민지\n```@하루", "@" + strings.Repeat("에게", 90)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		text, _ := sns.Text("content", raw)
		known := make(map[string]sns.User)
		for i, names := range sns.Mentions(text) {
			for j, name := range names {
				if sns.FoldUsername(name) != name || j > 0 && sns.Length(name) > sns.Length(names[j-1]) {
					t.Errorf("%q: %q", text, names)
				}
			}
			known[names[len(names)-1]] = sns.User{ID: int64(i + 1), Username: names[len(names)-1]}
		}
		mentioned := sns.MentionedIn(text, known)
		if again := sns.NewMentioned(mentioned.People()); again != mentioned || len(mentioned.IDs()) > sns.MentionsMost {
			t.Errorf("%q is read as %q", mentioned, again)
		}
		if len(known) > 0 && mentioned == "" {
			t.Errorf("%q mentions nobody of %v", text, known)
		}
		if name, p := sns.Username(raw); p == nil { // what the completion inserts
			if all := sns.Mentions("@" + name + " "); len(all) != 1 || all[0][0] != sns.FoldUsername(name) {
				t.Errorf("@%s mentions %q", name, all)
			}
		}
	})
}
