package chat_test

import (
	"bytes"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"xxsns/app/chat"
	"xxsns/app/sns"
)

func TestManyAppendAtOnce(t *testing.T) {
	t.Parallel()
	const people, each = 10, 30
	onEach(t, func(t *testing.T, b bufferTest) {
		b.open(t)
		seqs := make([][]int64, people)
		together(people, func(i int) {
			for n := range each {
				m := words(int64(1+i), fmt.Sprint(n), fmt.Sprint("id-", n))
				seq, again, err := b.Append(t.Context(), m)
				if err != nil || again {
					t.Errorf("append: again = %t, %v", again, err)
				}
				if n%5 == 0 { // a client that got no answer in time repeats the message
					if second, again, err := b.Append(t.Context(), m); second != seq || !again || err != nil {
						t.Errorf("again: %d, %t, %v; want %d", second, again, err, seq)
					}
				}
				seqs[i] = append(seqs[i], seq)
			}
		})
		lines := b.tells(t, people*each)
		wantSeqs(t, lines, 1)
		kept, err := b.Messages(t.Context(), bufferRoom, sns.MessagePage{Limit: people*each + 1})
		if err != nil || len(kept) != people*each {
			t.Fatalf("%d lines are kept, %v", len(kept), err)
		}
		for i, m := range kept {
			if m.Seq != int64(i+1) || m.Content != lines[i].Message.Content || m.Author.ID != lines[i].Message.Author.ID {
				t.Errorf("line %d is kept as %+v and told as %+v", i, m, lines[i].Message)
			}
		}
		for i, own := range seqs {
			for n, seq := range own {
				if m := kept[seq-1]; m.Author.ID != int64(1+i) || m.Content != fmt.Sprint(n) {
					t.Errorf("%d was told that their word %d is line %d, which is %+v", 1+i, n, seq, m)
				}
			}
		}
	})
}

// hostile are texts that a buffer must return unchanged.
var hostile = []string{
	"따옴표 \"둘\" '하나' `거꾸로`",
	"여러\n줄\n\n\t들여쓰기",
	"한글 자모 ㄱㅏ 각 (NFD: \u1100\u1161\u11a8)",
	"👩‍👩‍👧‍👦 🏳️‍🌈 🇰🇷 1️⃣",
	`{"Position":{"Seq":0,"PrevUser":0,"PrevAt":0}}`,
	`"Position":{"Seq":0,"PrevUser":0,"PrevAt":0},"data":`,
	`]] .. redis.call("FLUSHALL") .. [[ --]] %d %s %% \0 \\ \" \u0000`,
	"NUL \x00, BEL \x07, DEL \x7f, \u0085, \u2028, \u2029, \ufeff",
	"<script>alert('1')</script> & &amp; \\u003c",
	"' OR 1=1; DROP TABLE messages; -- ? ?1 :a @b $1",
	" 앞뒤 빈칸 \n",
	"0", "-1", "null", "[]", "",
	strings.Repeat("가나다 👋", 1000),
}

func TestBufferKeepsEveryText(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b bufferTest) {
		b.open(t)
		said := make([]sns.Message, len(hostile))
		for i, text := range hostile {
			m := words(1, text, fmt.Sprint("id-", i))
			m.Author = sns.User{ID: 1, Username: "민지\"'{}", Role: sns.RoleUser, Image: "a.jpg"}
			seq, _, err := b.Append(t.Context(), m)
			if err != nil {
				t.Fatalf("%q: %v", text, err)
			}
			m.Seq = seq
			said[i] = m
		}
		lines := b.tells(t, len(hostile))
		wantSeqs(t, lines, 1)
		for i, data := range b.r.told.of(chat.Topic(bufferRoom), chat.KindLine) {
			// A script writes the JSON of a Line by itself.
			if inGo := lines[i].Encode(); !bytes.Equal(data, inGo) {
				t.Errorf("published %s\nwant      %s", data, inGo)
			}
		}
		for i, l := range lines {
			m := said[i]
			m.Seq = l.Message.Seq // the event has the seq in its Position
			if !reflect.DeepEqual(l.Message, m) {
				t.Errorf("%q was told as %+v", m.Content, l.Message)
			}
			said[i].Author = sns.User{ID: 1}
		}
		b.has(t, said...)
	})
}
