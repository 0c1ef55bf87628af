package backup_test

import (
	"archive/tar"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"xxsns/app/backup"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// users are rows with all that a text may have.
var users = [][]any{
	{int64(1), "하늘", nil},
	{int64(-9223372036854775808), "줄\n바꿈, \"따옴표\" [괄호] \\ \x00 \u2028 <&>", "null"},
	{int64(9223372036854775807), "\xff\xfe 글자가 아닌 것", ""},
}

// written returns a backup of two tables and two files, with a manifest.
func written(t testing.TB, rows [][]any) ([]byte, backup.Manifest) {
	t.Helper()
	var out bytes.Buffer
	w, err := backup.NewWriter(&out, backup.Header{Schema: 90, Program: "1.2", MadeAt: noon})
	check(t, err)
	check(t, w.Table("users", []string{"id", "username", "note"}))
	for _, row := range rows {
		check(t, w.Row(row))
	}
	check(t, w.Table("empty_ones", []string{"id"}))
	check(t, w.Table("likes", []string{"post_id"}))
	check(t, w.Row([]any{int64(7)}))
	check(t, w.File("abc.png", 5, strings.NewReader("12345")))
	check(t, w.File("session.secret", 700, strings.NewReader(strings.Repeat("s", 700))))
	w.Missing("gone.png")
	check(t, w.Close())
	return out.Bytes(), w.Manifest()
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestWhatWasWrittenIsRead(t *testing.T) {
	raw, _ := written(t, users)
	r, err := backup.NewReader(bytes.NewReader(raw))
	check(t, err)
	defer r.Close()
	if want := (backup.Header{Format: backup.Format, Schema: 90, Program: "1.2", MadeAt: noon}); r.Header != want {
		t.Errorf("the header is %v, want %v", r.Header, want)
	}
	rows, files := map[string][][]any{}, map[string]string{}
	for {
		item, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		check(t, err)
		if item.File != "" {
			content, err := io.ReadAll(item)
			check(t, err)
			if int64(len(content)) != item.Size {
				t.Errorf("%s has %d bytes, and says %d", item.File, len(content), item.Size)
			}
			files[item.File] = string(content)
			continue
		}
		for row, err := range item.Rows() {
			check(t, err)
			rows[item.Table] = append(rows[item.Table], slices.Clone(row))
		}
	}
	if want := map[string][][]any{"users": users, "likes": {{int64(7)}}}; !reflect.DeepEqual(rows, want) {
		t.Errorf("read %v, want %v", rows, want)
	}
	if want := map[string]string{"abc.png": "12345", "session.secret": strings.Repeat("s", 700)}; !reflect.DeepEqual(files, want) {
		t.Errorf("read %v, want %v", files, want)
	}
	if m := r.Manifest(); !slices.Equal(m.Missing, []string{"gone.png"}) || m.Tables[0] != (backup.Table{Name: "users", Rows: 3}) {
		t.Errorf("the manifest is %v", m)
	}
}

// A table that is larger than a part has several, and other programs can list them.
func TestALargeTableHasParts(t *testing.T) {
	var rows [][]any
	text := strings.Repeat("가나다라", 20_000)
	for i := range 100 {
		rows = append(rows, []any{int64(i), text, nil})
	}
	raw, want := written(t, rows)
	_, m, err := backup.Verify(bytes.NewReader(raw), nil)
	check(t, err)
	if !reflect.DeepEqual(m, want) || m.Tables[0].Rows != 100 {
		t.Errorf("the manifest is %v, want %v", m, want)
	}
	var names []string
	for archive := tar.NewReader(bytes.NewReader(raw)); ; {
		h, err := archive.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		check(t, err)
		names = append(names, h.Name)
	}
	got := strings.Join(names, " ")
	if want := "000000.header.json 000001.rows.users.zst 000002.rows.users.zst 000003.rows.users.zst 000004.rows.likes.zst " +
		"000005.file.abc.png 000006.file.session.secret 000007.manifest.json 000008.manifest.sha256"; got != want {
		t.Errorf("the tar has %s, want %s", got, want)
	}
}

// damages is the number of damaged bytes that TestEachDamagedByteIsFoundAndNamed tries, at
// places spread over the whole file.
const damages = 1000

func TestEachDamagedByteIsFoundAndNamed(t *testing.T) {
	raw, m := written(t, users)
	if len(raw) < damages {
		t.Fatalf("the file has %d bytes", len(raw))
	}
	random := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // no secret
	for i := range damages {
		at := i * len(raw) / damages
		broken := bytes.Clone(raw)
		broken[at] ^= byte(1 + random.IntN(255))
		_, _, err := backup.Verify(bytes.NewReader(broken), nil)
		if !errors.Is(err, backup.ErrDamaged) && !errors.Is(err, backup.ErrNoBackup) {
			t.Fatalf("byte %d of %d: %v", at, len(raw), err)
		}
		named := strings.Contains(err.Error(), "byte") || strings.Contains(err.Error(), ".manifest.") ||
			slices.ContainsFunc(m.Entries, func(e backup.Entry) bool { return strings.Contains(err.Error(), e.Name) })
		if at >= 1024 && !named { // before, it is no backup at all
			t.Errorf("byte %d of %d: %v names no place", at, len(raw), err)
		}
	}
}

func TestACutFileIsFound(t *testing.T) {
	raw, _ := written(t, users)
	for at := 0; at < len(raw); at += 97 {
		if _, _, err := backup.Verify(bytes.NewReader(raw[:at]), nil); !errors.Is(err, backup.ErrDamaged) && !errors.Is(err, backup.ErrNoBackup) {
			t.Errorf("cut at byte %d of %d: %v", at, len(raw), err)
		}
	}
	if _, _, err := backup.Verify(bytes.NewReader(append(bytes.Clone(raw), 0)), nil); !errors.Is(err, backup.ErrDamaged) {
		t.Errorf("with a byte more: %v", err)
	}
}

// Verify names the damaged parts together.
func TestAllDamagedPartsAreNamed(t *testing.T) {
	raw, _ := written(t, users)
	for _, content := range []string{"12345", "ssssssss"} {
		at := bytes.Index(raw, []byte(content))
		raw[at] ^= 1
	}
	_, _, err := backup.Verify(bytes.NewReader(raw), nil)
	for _, name := range []string{"000003.file.abc.png", "000004.file.session.secret"} {
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%v does not name %s", err, name)
		}
	}
}

func TestANewerFormatIsRefused(t *testing.T) {
	raw, _ := written(t, users)
	raw = bytes.Replace(raw, []byte(`"format":1`), []byte(`"format":2`), 1)
	_, err := backup.NewReader(bytes.NewReader(raw))
	if !errors.Is(err, backup.ErrNoBackup) || !strings.Contains(err.Error(), "format is 2") {
		t.Errorf("got %v", err)
	}
}

func TestAFileGetsItsNameWhenItIsWhole(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.tar")
	for range 2 { // the second time over what the first has left
		f, err := backup.Create(path)
		check(t, err)
		_, err = f.WriteString("half")
		check(t, err)
		if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
			t.Fatalf("half a file has the name: %v", err)
		}
		check(t, f.Close())
	}
	f, err := backup.Create(path)
	check(t, err)
	_, err = f.WriteString("whole")
	check(t, err)
	check(t, f.Commit())
	raw, err := os.ReadFile(path)
	if err != nil || string(raw) != "whole" {
		t.Errorf("read %q, %v", raw, err)
	}
	info, err := os.Stat(path)
	check(t, err)
	if info.Mode().Perm() != 0o600 {
		t.Errorf("the mode is %v", info.Mode())
	}
}

func TestTheNewestBackupsAreKept(t *testing.T) {
	folder := t.TempDir()
	var want []string
	for i := range 10 {
		name := backup.DatedName(noon.AddDate(0, 0, i))
		check(t, os.WriteFile(filepath.Join(folder, name), nil, 0o600))
		if i >= 3 {
			want = append(want, name)
		}
	}
	for _, other := range []string{"xxsns-1.tar", "notes.txt", backup.DatedName(noon) + ".unfinished"} {
		check(t, os.WriteFile(filepath.Join(folder, other), nil, 0o600))
		want = append(want, other)
	}
	gone, err := backup.Rotate(folder, 7)
	if err != nil || len(gone) != 3 {
		t.Fatalf("deleted %v, %v", gone, err)
	}
	entries, err := os.ReadDir(folder)
	check(t, err)
	var left []string
	for _, entry := range entries {
		left = append(left, entry.Name())
	}
	slices.Sort(want)
	if !slices.Equal(left, want) {
		t.Errorf("left are %v, want %v", left, want)
	}
}

func FuzzLine(f *testing.F) {
	for _, row := range users {
		line, err := backup.AppendLine(nil, row)
		check(f, err)
		f.Add(line)
	}
	f.Add([]byte(`[1,"a\u00e9",null,["/w=="]]`))
	f.Fuzz(func(t *testing.T, line []byte) {
		row, err := backup.ParseLine(nil, bytes.TrimSuffix(line, []byte("\n")))
		if err != nil {
			return
		}
		written, err := backup.AppendLine(nil, row)
		check(t, err)
		again, err := backup.ParseLine(nil, bytes.TrimSuffix(written, []byte("\n")))
		if err != nil || fmt.Sprint(again) != fmt.Sprint(row) {
			t.Errorf("%q is %v, and again %v (%v)", line, row, again, err)
		}
	})
}

// A made-up file is refused, and takes no memory to speak of.
func FuzzVerify(f *testing.F) {
	raw, _ := written(f, users)
	f.Add(raw)
	f.Add(raw[:1024])
	f.Add([]byte("no tar"))
	f.Fuzz(func(t *testing.T, file []byte) {
		_, m, err := backup.Verify(bytes.NewReader(file), nil)
		if err == nil && !bytes.Equal(file, raw) && len(m.Entries) == 0 {
			t.Errorf("a file of %d bytes is a backup of nothing", len(file))
		}
	})
}
