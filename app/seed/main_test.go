package seed_test

import (
	"testing"

	"xxsns/app/apptest"
)

func TestMain(m *testing.M) { apptest.Main(m) }
