package web

import (
	"github.com/gin-gonic/gin"

	"xxsns/app/network"
	"xxsns/app/web/request"
)

// enter counts the pages and forms of a network while they are answered, and refuses what is
// too much with 429. Files do not count: over a slow line they take long, and the bound of
// connections holds for them.
func (w web) enter(c *gin.Context) {
	var arriving *network.Body
	if b := bodyOf(c); b != nil {
		arriving = &network.Body{Pace: b.Pace, Cut: b.Cut}
	}
	leave, ok := w.Gate.Enter(request.NetworkOf(c), arriving)
	if !ok {
		r, _ := w.Anonymous(c)
		w.Fail(c, r, request.ErrCrowd)
		return
	}
	defer leave()
	c.Next()
}
