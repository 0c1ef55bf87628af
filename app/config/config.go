// Package config reads the environment once, and validates it. An error is a
// single line that names the variable.
package config

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // for machines without time zone files

	"github.com/caarlos0/env/v11"
)

// A Config holds all settings, validated.
type Config struct {
	Addr           string // address for browsers
	OpsAddr        string // address for metrics and profiles; empty: off
	DatabaseURL    string
	DatabasePool   int    // largest number of connections to MySQL; 0: default of the store
	RedisURL       string // empty: a single process without Redis
	RedisPool      int    // largest number of connections to Redis; 0: default of the client
	UploadsDir     string
	SessionSecret  string // empty: made, and kept beside the SQLite file
	TrustedProxies []string
	PublicURL      string // where people come from outside: https://HOST, without a path; empty: unknown
	SMTPURL        string // server that takes mails; empty: nothing is mailed
	MailFrom       string // sender of mails
	RateLimits     bool
	RoomMaxLimit   int // largest user limit of a room

	AddressConnections int // most connections from one address, and /64 network of IPv6; 0: no bound, in tests only
	AddressStreams     int // the same for streams and sockets

	// RoomBufferMB and RoomBufferLines bound what the buffer holds of an open room;
	// RedisFull is the percentage of its memory from which Redis counts as nearly full.
	// Beyond, the older messages of open rooms are saved in the database.
	RoomBufferMB, RoomBufferLines, RedisFull int

	LogFormat string // "text" or "json"
	LogLevel  slog.Level
	Zone      *time.Location // zone of displayed times
	FormTime  time.Duration  // how long a form may take to arrive; 0: default of the server, which only tests change

	// LimitClock tells the time by which each process counts acts, and how slow forms are;
	// nil: time.Now. Tests stop it: an act that takes longer than a limit needs to recover
	// would never be refused.
	LimitClock func() time.Time

	// CheckEvery is the time between two checks of all streams and sockets; 0: default of the
	// server. Tests put the check off, to see that a deed closes streams itself.
	CheckEvery time.Duration

	Version string // of the program, which the linker sets in a release; no variable
	Begin   bool   // a server may begin a new community beside the images of another one; no variable

	// ProveEvery is of how many answers from a cache one is compared with the answer
	// without the cache; 1: all, and an answer that differs is an error, as tests need;
	// 0: default of the server.
	ProveEvery int
}

// variables holds the raw values of the environment.
type variables struct {
	Addr            string   `env:"ADDR" envDefault:":8080"`
	OpsAddr         string   `env:"OPS_ADDR" envDefault:"127.0.0.1:9464"`
	DatabaseURL     string   `env:"DATABASE_URL" envDefault:"sqlite:db/local/xxsns.db"`
	DatabasePool    string   `env:"DATABASE_POOL" envDefault:"32"`
	RedisURL        string   `env:"REDIS_URL"`
	RedisPool       string   `env:"REDIS_POOL" envDefault:"32"`
	UploadsDir      string   `env:"UPLOADS_DIR" envDefault:"uploads"`
	SessionSecret   string   `env:"SESSION_SECRET"`
	TrustedProxies  []string `env:"TRUSTED_PROXIES" envSeparator:","`
	PublicURL       string   `env:"PUBLIC_URL"`
	SMTPURL         string   `env:"SMTP_URL"`
	MailFrom        string   `env:"MAIL_FROM"`
	RateLimits      string   `env:"RATE_LIMITS" envDefault:"on"`
	RoomMaxLimit    string   `env:"ROOM_MAX_LIMIT" envDefault:"15"`
	RoomBufferMB    string   `env:"ROOM_BUFFER_MB" envDefault:"4"`
	RoomBufferLines string   `env:"ROOM_BUFFER_LINES" envDefault:"20000"`
	RedisFull       string   `env:"REDIS_FULL" envDefault:"80"`
	Connections     string   `env:"ADDRESS_CONNECTIONS" envDefault:"256"`
	Streams         string   `env:"ADDRESS_STREAMS" envDefault:"1024"`
	LogFormat       string   `env:"LOG_FORMAT" envDefault:"text"`
	LogLevel        string   `env:"LOG_LEVEL" envDefault:"info"`
	Zone            string   `env:"TZ" envDefault:"Asia/Seoul"`
	ProveEvery      string   `env:"PROVE_EVERY" envDefault:"1000"`
}

// secretBytes is the minimum length of SessionSecret.
const secretBytes = 32

// ExampleSecret is the SESSION_SECRET in .env.example. Read refuses it, because
// the value is public.
const ExampleSecret = "change-me-make-one-with-openssl-rand-hex-32"

// Read returns the Config of an environment, such as env.ToMap(os.Environ()).
// The error is a single line that names the variable.
func Read(environ map[string]string) (Config, error) {
	v, err := env.ParseAsWithOptions[variables](env.Options{Environment: environ})
	if err != nil {
		return Config{}, err
	}
	// An empty OPS_ADDR turns the address off; only a missing OPS_ADDR means
	// the default.
	if set, ok := environ["OPS_ADDR"]; ok {
		v.OpsAddr = set
	}
	return v.check()
}

func (v variables) check() (Config, error) {
	c := Config{
		Addr: v.Addr, OpsAddr: v.OpsAddr, DatabaseURL: v.DatabaseURL, RedisURL: v.RedisURL,
		UploadsDir: v.UploadsDir, SessionSecret: v.SessionSecret, LogFormat: v.LogFormat,
		SMTPURL: v.SMTPURL, MailFrom: v.MailFrom,
	}
	var err error
	for _, step := range []func() error{
		func() error { return address("ADDR", v.Addr) },
		func() error { return optional(v.OpsAddr, func() error { return address("OPS_ADDR", v.OpsAddr) }) },
		func() error { return database(v.DatabaseURL, v.SessionSecret) },
		func() error { return optional(v.RedisURL, func() error { return redisURL(v.RedisURL) }) },
		func() error { c.DatabasePool, err = number("DATABASE_POOL", v.DatabasePool, 2, 1000); return err },
		func() error { c.RedisPool, err = number("REDIS_POOL", v.RedisPool, 2, 1000); return err },
		func() error { c.TrustedProxies, err = proxies(v.TrustedProxies); return err },
		func() error { c.PublicURL, err = publicURL(v.PublicURL); return err },
		func() error { return optional(v.MailFrom, func() error { return mailFrom(v.MailFrom) }) },
		func() error {
			return optional(v.SMTPURL, func() error { return smtpURL(v.SMTPURL, c.PublicURL, v.MailFrom) })
		},
		func() error { c.RateLimits, err = onOff("RATE_LIMITS", v.RateLimits); return err },
		func() error { c.RoomMaxLimit, err = number("ROOM_MAX_LIMIT", v.RoomMaxLimit, 5, 1000); return err },
		func() error {
			c.AddressConnections, err = number("ADDRESS_CONNECTIONS", v.Connections, 16, 1_000_000)
			return err
		},
		func() error { c.AddressStreams, err = number("ADDRESS_STREAMS", v.Streams, 16, 1_000_000); return err },
		func() error { c.RoomBufferMB, err = number("ROOM_BUFFER_MB", v.RoomBufferMB, 1, 1000); return err },
		func() error {
			c.RoomBufferLines, err = number("ROOM_BUFFER_LINES", v.RoomBufferLines, 200, 1_000_000)
			return err
		},
		func() error { c.RedisFull, err = number("REDIS_FULL", v.RedisFull, 10, 99); return err },
		func() error { c.ProveEvery, err = number("PROVE_EVERY", v.ProveEvery, 1, 1_000_000); return err },
		func() error { return oneOf("LOG_FORMAT", v.LogFormat, "text", "json") },
		func() error {
			if c.LogLevel.UnmarshalText([]byte(v.LogLevel)) != nil {
				return fmt.Errorf("LOG_LEVEL: %q is none of debug, info, warn, error", v.LogLevel)
			}
			return nil
		},
		func() error {
			if c.Zone, err = time.LoadLocation(v.Zone); err != nil {
				return fmt.Errorf("TZ: %q is no time zone, such as Asia/Seoul", v.Zone)
			}
			return nil
		},
	} {
		if err := step(); err != nil {
			return Config{}, err
		}
	}
	return c, nil
}

func optional(value string, check func() error) error {
	if value == "" {
		return nil
	}
	return check()
}

func address(name, value string) error {
	_, port, err := net.SplitHostPort(value)
	if err == nil {
		_, err = net.LookupPort("tcp", port)
	}
	if err != nil || port == "" { // an empty port would mean a random port
		return fmt.Errorf("%s: %q is no address, such as :8080 or 127.0.0.1:8080", name, value)
	}
	return nil
}

func database(url, secret string) error {
	if secret != "" && len(secret) < secretBytes {
		return fmt.Errorf("SESSION_SECRET: has %d bytes, needs at least %d; make one with: openssl rand -hex 32", len(secret), secretBytes)
	}
	if secret == ExampleSecret {
		return errors.New("SESSION_SECRET: is that of the example, which everybody knows; make one with: openssl rand -hex 32")
	}
	switch {
	case strings.HasPrefix(url, "sqlite::"):
		return errors.New("DATABASE_URL: must name a file; a database in memory would be gone with its connection")
	case strings.HasPrefix(url, "sqlite:") && len(url) > len("sqlite:"):
		return nil
	case !strings.HasPrefix(url, "mysql://"):
		return errors.New("DATABASE_URL: must be sqlite:PATH or mysql://USER:PASSWORD@HOST:PORT/NAME")
	case secret == "":
		return errors.New("SESSION_SECRET: required with MySQL, the same for all replicas; make one with: openssl rand -hex 32")
	}
	return nil
}

func proxies(values []string) ([]string, error) {
	var all []string
	for _, v := range values {
		v = strings.TrimSpace(v)
		if v == "" {
			continue
		}
		_, errAddr := netip.ParseAddr(v)
		_, errPrefix := netip.ParsePrefix(v)
		if errAddr != nil && errPrefix != nil {
			return nil, fmt.Errorf("TRUSTED_PROXIES: %q is neither an address nor a network, such as 10.0.0.0/8", v)
		}
		all = append(all, v)
	}
	return all, nil
}

// number parses a whole number from least to most.
func number(name, value string, least, most int) (int, error) {
	n, err := strconv.Atoi(value)
	if err != nil || n < least || n > most {
		return 0, fmt.Errorf("%s: %q is no whole number from %d to %d", name, value, least, most)
	}
	return n, nil
}

func onOff(name, value string) (bool, error) {
	return value == "on", oneOf(name, value, "on", "off")
}

func oneOf(name, value string, choices ...string) error {
	for _, c := range choices {
		if value == c {
			return nil
		}
	}
	return fmt.Errorf("%s: %q is none of %s", name, value, strings.Join(choices, ", "))
}
