package doctor

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"time"

	"xxsns/app/store"
)

// places returns the places of all parts.
func (p *patient) places(ctx context.Context) []Place {
	all := []Place{p.databasePlace(ctx), p.uploadsPlace(ctx), p.secretPlace(), {"redis", p.Config.Redis(), ""}}
	all = append(all, Place{"log", "standard error", p.Config.LogFormat + ", from " + strings.ToLower(p.Config.LogLevel.String()) + " on"})
	for _, d := range p.disks() {
		all = append(all, Place{"space", absolute(d.folder), size(d.free) + " of " + size(d.all) + " free"})
	}
	server := Place{"server", p.Config.Addr, "none runs"}
	if p.Server(ctx) == nil {
		server.Detail = "runs"
	}
	all = append(all, server, Place{"public", cmp.Or(p.Config.PublicURL, "none"), ""})
	backup := Place{"backup", "none found", ""}
	if b := p.backup; b.path != "" {
		backup = Place{"backup", absolute(b.path), size(b.size) + ", made " + b.made.Format(time.RFC3339)}
	}
	return append(all, backup)
}

func (p *patient) databasePlace(ctx context.Context) Place {
	place := Place{"database", p.Config.Database(), ""}
	if p.store == nil {
		return place
	}
	var details []string
	if product, err := p.store.Product(ctx); err == nil {
		details = append(details, product)
	}
	if bytes, _, err := p.store.DatabaseSize(ctx); err == nil {
		details = append(details, size(bytes))
	}
	if schema, err := p.store.SchemaOf(ctx); err == nil {
		details = append(details, fmt.Sprintf("schema %d of %d", schema, store.NewestSchema()))
	}
	place.Detail = strings.Join(details, ", ")
	return place
}

func (p *patient) uploadsPlace(ctx context.Context) Place {
	place := Place{"uploads", absolute(p.Config.UploadsDir), ""}
	if p.uploads != nil {
		if used, err := p.uploads.Usage(ctx); err == nil {
			place.Detail = size(used.Images+used.Sizes) + " of pictures"
		}
	}
	return place
}

func (p *patient) secretPlace() Place {
	if p.SecretFile == "" {
		return Place{"secret", "SESSION_SECRET", ""}
	}
	return Place{"secret", absolute(p.SecretFile), ""}
}

func absolute(path string) string {
	if whole, err := filepath.Abs(path); err == nil {
		return whole
	}
	return path
}

// size returns bytes as people read them.
func size(bytes int64) string {
	const step = 1000
	value, unit := float64(bytes), 0
	for value >= step && unit < 4 {
		value, unit = value/step, unit+1
	}
	if unit == 0 {
		return fmt.Sprintf("%d B", bytes)
	}
	return fmt.Sprintf("%.1f %s", value, []string{"", "kB", "MB", "GB", "TB"}[unit])
}

// JSON writes the report as a single document.
func (r Report) JSON(out io.Writer) error {
	encoder := json.NewEncoder(out)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(struct {
		Report
		Status int `json:"status"`
	}{r, r.Status()})
}

// Text writes the report for a terminal.
func (r Report) Text(out io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "xxsns %s\n\n", r.Version)
	for _, place := range r.Places {
		fmt.Fprintf(&b, "  %-9s %s", place.Name, place.Where)
		if place.Detail != "" {
			fmt.Fprintf(&b, "  (%s)", place.Detail)
		}
		b.WriteByte('\n')
	}
	b.WriteByte('\n')
	count, right, skipped := map[Severity]int{}, []string{}, map[string][]string{}
	var reasons []string
	for _, result := range r.Results {
		switch why := result.Skipped; {
		case why == "" && len(result.Findings)+len(result.Mended) == 0:
			right = append(right, result.Check)
		case why != "":
			if skipped[why] == nil {
				reasons = append(reasons, why)
			}
			skipped[why] = append(skipped[why], result.Check)
		}
		result.write(&b)
		for _, f := range result.Findings {
			count[f.Severity]++
		}
	}
	if len(right) > 0 {
		fmt.Fprintf(&b, "  in order: %s\n", strings.Join(right, ", "))
	}
	for _, why := range reasons {
		fmt.Fprintf(&b, "  not checked (%s): %s\n", why, strings.Join(skipped[why], ", "))
	}
	fmt.Fprintf(&b, "\n%s\n", summary(count))
	_, err := io.WriteString(out, b.String())
	return err
}

func summary(count map[Severity]int) string {
	if len(count) == 0 {
		return "Nothing is wrong."
	}
	return counted(int64(count[Error]), "error", "errors") + ", " + counted(int64(count[Warning]), "warning", "warnings")
}

// lineFormat has the mark of a check, its name, and a sentence.
const lineFormat = "  %-7s %-18s %s\n"

func (r Result) write(b *strings.Builder) {
	for _, f := range r.Mended {
		fmt.Fprintf(b, lineFormat, "mended", r.Check, f.What)
	}
	for _, f := range r.Findings {
		fmt.Fprintf(b, lineFormat, strings.ToUpper(string(f.Severity)), r.Check, f.What)
		fmt.Fprintf(b, lineFormat, "", "", "why: "+f.Why)
		fmt.Fprintf(b, lineFormat+"\n", "", "", "do:  "+f.Do)
	}
}
