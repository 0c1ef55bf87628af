package e2e

import (
	"testing"

	"xxsns/app/apptest"
	"xxsns/app/config"
	"xxsns/app/sns"
)

// TestPagesSayThatNothingArrives: while Redis is away, streams and sockets
// stand and bring no news. Pages say so; acts that need no Redis work, the
// other acts fail visibly, and all is well again without a reload.
func TestPagesSayThatNothingArrives(t *testing.T) {
	t.Parallel()
	redis := apptest.StartRedis(t, apptest.RedisOptions{Durable: true})
	app := apptest.Start(t, func(c *config.Config) { c.RedisURL = redis.URL() })
	yujin, minji := comes(t, app, "유진", sns.RoleMentor), comes(t, app, "민지", sns.RoleUser)
	yujin.posts("비가 와요")
	yujin.Goto("/rooms")
	yujin.opensRoom("비 오는 날", 5)
	minji.Goto("/")
	minji.WaitGone("#offline:not([hidden])")
	yujin.WaitGone("#reconnect:not([hidden])")

	redis.Kill9()
	minji.WaitVisible("#offline")
	yujin.WaitVisible("#reconnect")
	minji.Screenshot("redis-away-timeline")
	minji.likes(1)
	minji.WaitText("#post-1-likes", "1")
	yujin.Paste("#say", "들리나요?")
	yujin.Press("\r")
	yujin.WaitVisible("#messages .failed [data-again]")
	yujin.Screenshot("redis-away-room")

	redis.Start(t)
	minji.WaitGone("#offline:not([hidden])")
	yujin.WaitGone("#reconnect:not([hidden])")
	yujin.Click("#messages .failed [data-again]")
	yujin.WaitContains("#messages [data-seq] .message-body", "들리나요?")
	yujin.WaitCount("#messages .failed", 0)
}
