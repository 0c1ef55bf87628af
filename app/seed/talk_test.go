package seed

import (
	"slices"
	"strings"
	"testing"

	"xxsns/app/sns"
)

var cast = [...]int{1, 2, 3, 0}

// talkRules returns the rules for exchanges.
func talkRules() (all []string) {
	for name := range texts() {
		if strings.HasPrefix(name, "talk.") {
			all = append(all, name)
		}
	}
	return all
}

func TestExchangesAreMessagesThatPeopleMaySend(t *testing.T) {
	rng, names := source(1), []string{"하늘", "민지", "서준", "유진"}
	for _, rule := range talkRules() {
		for alternative := range texts()[rule].alternatives {
			for range 5 {
				lines := exchange(rng, rule, alternative, cast, names)
				for _, l := range lines {
					checked(t, rule, l.text, sns.MessageContent)
					if strings.ContainsAny(l.text, "<>") {
						t.Errorf("%s: %q names nobody", rule, l.text)
					}
				}
				if rule == "talk.bye" && len(lines) != 1 {
					t.Errorf("%s: %v is more than one message", rule, lines)
				}
			}
		}
	}
}

// An answer has the same subject as the question.
func TestAnExchangeSpeaksOfOneThing(t *testing.T) {
	concepts, rng := words("concept"), source(2)
	for alternative := range texts()["talk.study"].alternatives {
		for range 10 {
			spoken := map[string]bool{}
			for _, l := range exchange(rng, "talk.study", alternative, cast, []string{"하늘", "민지", "서준", "유진"}) {
				for _, concept := range concepts {
					if strings.Contains(l.text, concept) {
						spoken[concept] = true
					}
				}
			}
			if len(spoken) > 1 {
				t.Errorf("exchange %d: %v", alternative, spoken)
			}
		}
	}
}

func TestLinesBelongToTheirSpeakers(t *testing.T) {
	for said, want := range map[string]struct {
		speaker int
		text    string
	}{
		"A 네!": {0, "네!"}, "C 저요 저요": {2, "저요 저요"}, "M 시작할까요?": {3, "시작할까요?"},
		"1. 민지님": {-1, "1. 민지님"}, "네": {-1, "네"}, "API 문서": {-1, "API 문서"}, "X 네": {-1, "네"},
	} {
		if speaker, text := splitSpeaker(said); speaker != want.speaker || (speaker >= 0 && text != want.text) {
			t.Errorf("%q: %d %q", said, speaker, text)
		}
	}
}

func TestEveryExchangeBeginsWithASpeaker(t *testing.T) {
	for _, rule := range talkRules() {
		for _, tokens := range texts()[rule].alternatives {
			if speaker, _ := splitSpeaker(tokens[0].text + " "); speaker < 0 {
				t.Errorf("%s: %q is said by nobody", rule, tokens[0].text)
			}
		}
	}
	if len(roomTopics()) < 5 || !slices.Contains(roomTopics(), "study") {
		t.Errorf("topics of rooms: %v", roomTopics())
	}
}
