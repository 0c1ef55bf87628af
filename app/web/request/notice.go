package request

import "strconv"

// noticeCookie carries the version of the notice that was put away in this browser.
const noticeCookie = "notice"

// noticeAwayFor is how long a notice stays away, in seconds.
const noticeAwayFor = 365 * 24 * 60 * 60

// PutNoticeAway makes the browser remember that the notice of a version was put away.
func (r *Request) PutNoticeAway(version int64) {
	setCookie(r.Writer, r.Request, cookieNames(r.Request, noticeCookie)[0], strconv.FormatInt(version, 10), noticeAwayFor)
}

// NoticeAway returns the version of the notice that was put away in this browser, or 0.
func (r *Request) NoticeAway() int64 {
	for _, cookie := range r.Request.CookiesNamed(cookieNames(r.Request, noticeCookie)[0]) {
		if version, err := strconv.ParseInt(cookie.Value, 10, 64); err == nil {
			return version
		}
	}
	return 0
}
