package config_test

import (
	"path/filepath"
	"testing"

	"xxsns/app/config"
)

func TestOperatorsAreShownNoPassword(t *testing.T) {
	whole, err := filepath.Abs("x.db")
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ database, redis, wantDatabase, wantRedis string }{
		{"sqlite:x.db", "", whole, "none"},
		{"mysql://minji:pw@db:3306/xxsns", "redis://:pw@cache:6379/1", "mysql://minji:xxxxx@db:3306/xxsns", "redis://:xxxxx@cache:6379/1"},
		{"mysql://minji:p%w@db/x", "redis://cache:6379", "unreadable", "redis://cache:6379"},
	} {
		c := config.Config{DatabaseURL: test.database, RedisURL: test.redis}
		if database, redis := c.Database(), c.Redis(); database != test.wantDatabase || redis != test.wantRedis {
			t.Errorf("%s and %s are shown as %s and %s", test.database, test.redis, database, redis)
		}
	}
}
