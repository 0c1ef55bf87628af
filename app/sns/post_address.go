package sns

import (
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// postPath matches the path of a post's page, and of pages below it.
var postPath = regexp.MustCompile(`^/posts/([1-9][0-9]{0,17})(?:/.*)?$`)

// PostOfAddress returns the id of the post whose page has an address, as people copy or type
// it: with or without https://, or the path alone. sites are the hosts of this site. ok is
// false for an address of another site, and for one that is no post's.
func PostOfAddress(raw string, sites ...string) (id int64, ok bool) {
	raw = strings.TrimSpace(raw)
	if !strings.HasPrefix(raw, "/") && !strings.Contains(raw, "://") {
		raw = "https://" + raw
	}
	u, err := url.Parse(raw)
	if err != nil || u.User != nil {
		return 0, false
	}
	own := u.Scheme == "" && u.Host == ""
	if u.Scheme == "https" || u.Scheme == "http" {
		own = slices.ContainsFunc(sites, func(site string) bool { return site != "" && strings.EqualFold(site, u.Host) })
	}
	match := postPath.FindStringSubmatch(u.Path)
	if !own || match == nil {
		return 0, false
	}
	id, err = strconv.ParseInt(match[1], 10, 64)
	return id, err == nil
}
