package main_test

import (
	"fmt"
	"go/constant"
	"go/token"
	"go/types"
	"regexp"
	"strings"
	"testing"
	"time"

	"xxsns/app/media"
	"xxsns/app/sns"
	"xxsns/app/web/request"
)

// documented fails the test unless the table below a heading of SECURITY.md has these rows
// and no other.
func documented(t *testing.T, heading string, want []string) {
	t.Helper()
	got := map[string]bool{}
	for i, row := range rowsOf(section(read(t, securityFile), heading)) {
		if i > 0 { // the first is the head
			got["| "+strings.Join(row, " | ")+" |"] = true
		}
	}
	for _, row := range want {
		if !got[row] {
			t.Errorf("%q lacks the row\n%s", heading, row)
		}
		delete(got, row)
	}
	for row := range got {
		t.Errorf("%q has the row, and the code has not,\n%s", heading, row)
	}
	if len(want) < 5 {
		t.Errorf("the code has only %d rows for %q", len(want), heading)
	}
}

// durationOf evaluates an expression like 5 * time.Second.
func durationOf(t *testing.T, expression string) time.Duration {
	t.Helper()
	numbers := strings.NewReplacer("time.Millisecond", "1e6", "time.Second", "1e9", "time.Minute", "60e9", "time.Hour", "3600e9").Replace(expression)
	value, err := types.Eval(token.NewFileSet(), nil, token.NoPos, "int64("+numbers+")")
	if err != nil {
		t.Fatalf("%s: %v", expression, err)
	}
	n, exact := constant.Int64Val(value.Value)
	if !exact {
		t.Fatalf("%s is %s", expression, value.Value)
	}
	return time.Duration(n)
}

func TestTheLimitsAreDocumented(t *testing.T) {
	var want []string
	for _, l := range regexp.MustCompile(`Limit\{"([^"]+)", ([^,]+), (\d+)\}`).FindAllStringSubmatch(read(t, "web/request/limit.go"), -1) {
		want = append(want, fmt.Sprintf("| %s | %s | %g s |", l[1], l[3], durationOf(t, l[2]).Seconds()))
	}
	documented(t, "Limits", want)
	if text, most := section(read(t, securityFile), "Limits"), fmt.Sprintf("%d streams and sockets", request.MostStreams); !strings.Contains(text, most) {
		t.Errorf("nothing says %q", most)
	}
}

func TestWhatIsTakenIsDocumented(t *testing.T) {
	documented(t, "What is taken", []string{
		fmt.Sprintf("| username | %d–%d characters: letters of any script, digits, `_` and `.`; a word of it in one script |", sns.UsernameMin, sns.UsernameMax),
		fmt.Sprintf("| password | %d–%d characters, any; none that is guessed first |", sns.PasswordMin, sns.PasswordMax),
		"| e-mail | an address of at most 254 bytes |",
		fmt.Sprintf("| status message | at most %d characters, one line |", sns.StatusMessageMax),
		fmt.Sprintf("| location | at most %d characters, one line |", sns.LocationMax),
		fmt.Sprintf("| post | at most %d characters, and %d images with descriptions of at most %d characters |", sns.PostMax, sns.PostImagesMax, sns.AltMax),
		fmt.Sprintf("| image | JPEG, PNG, GIF or WebP by its bytes, at most %d MB and %d megapixels; its name and type are ignored |", media.MaxBytes>>20, media.MaxPixels/1_000_000),
		fmt.Sprintf("| comment | 1–%d characters |", sns.CommentMax),
		fmt.Sprintf("| message | 1–%d characters |", sns.MessageMax),
		fmt.Sprintf("| room | a topic of 1–%d characters, a notice of at most %d, at least %d seats |", sns.RoomNameMax, sns.RoomNoticeMax, sns.RoomLimitMin),
		fmt.Sprintf("| suspension | a reason of 1–%d characters, at most %d days or for good; an appeal of 1–%d characters, an answer of at most %d |",
			sns.SuspensionMax, sns.SuspensionDays, sns.AppealMax, sns.SuspensionMax),
		fmt.Sprintf("| report | a note of at most %d characters; the reason of a decision, at most %d |", sns.ReportNoteMax, sns.SuspensionMax),
		fmt.Sprintf("| takedown | the address of a post of this site, a name of 1–%d characters, a contact of 1–%d, a statement of 1–%d; %d proofs, each a picture or a PDF by its bytes of at most %d MB; an objection of 1–%d characters |",
			sns.TakedownNameMax, sns.TakedownContactMax, sns.TakedownStatementMax, sns.TakedownProofsMax, media.MaxBytes>>20, sns.ObjectionMax),
		fmt.Sprintf("| board, facet, option | a name of 1–%d characters; an address of 1–%d |", sns.LabelMax, sns.SlugMax),
		fmt.Sprintf("| mention | of the names behind @, those of the first %d people; in a message, of people inside the room |", sns.MentionsMost),
		fmt.Sprintf("| form | %d KiB, or %d MiB with images |", request.MaxForm>>10, request.MaxUpload>>20),
	})
}

// The audiences in the table are those of the routes.
func TestAudiencesAreDocumented(t *testing.T) {
	audiences := map[string]bool{}
	for _, a := range regexp.MustCompile(`(?m)^\tfor\w+ +audience = "(\w+)"`).FindAllStringSubmatch(read(t, "web/audience_test.go"), -1) {
		audiences[a[1]] = true
	}
	if len(audiences) < 5 {
		t.Fatalf("only %d audiences were found", len(audiences))
	}
	for _, row := range rowsOf(section(read(t, securityFile), "Who may do what"))[1:] {
		if !audiences[row[0]] || len(row) != 3 || row[1] == "" || row[2] == "" {
			t.Errorf("no audience of a route, or not explained: %v", row)
		}
		delete(audiences, row[0])
	}
	for name := range audiences {
		t.Errorf("the audience %s is not explained", name)
	}
}
