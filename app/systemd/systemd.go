// Package systemd writes the units that run this program under systemd: a service, the socket
// that stays open while the service restarts, and a timer for backups.
package systemd

import (
	"errors"
	"fmt"
	"net"
	"path/filepath"
	"slices"
	"strings"
)

// An Installation is where everything of this program is. All paths are absolute.
type Installation struct {
	Program     string   // the binary
	Folder      string   // in which the program runs
	Environment string   // the file with the variables
	Addr        string   // ADDR
	User        string   // whose account the program has
	Writes      []string // folders to which the server writes
	Backups     string   // folder of the backups
	Keep        int      // how many backups are kept
}

// A Unit is a file for /etc/systemd/system.
type Unit struct{ Name, Text string }

// Units returns the units of an installation. The error says which value systemd could not
// read.
func Units(i Installation) ([]Unit, error) {
	stream, err := listenStream(i.Addr)
	if err != nil {
		return nil, err
	}
	for _, path := range append([]string{i.Program, i.Folder, i.Environment, i.Backups}, i.Writes...) {
		if !filepath.IsAbs(path) || strings.ContainsAny(path, "\n\"'\\$") {
			return nil, fmt.Errorf("%q cannot be written into a unit", path)
		}
	}
	serve := "[Unit]\nDescription=xxsns, a small social network\nRequires=xxsns.socket\nAfter=xxsns.socket network-online.target\nWants=network-online.target\n" +
		"\n[Service]\nType=exec\nExecStart=" + quoted(i.Program) + " serve\nRestart=always\nRestartSec=2\n" +
		"# Open requests finish for up to 20 seconds; new ones wait in the socket.\nTimeoutStopSec=30\nLimitNOFILE=65536\n" +
		i.confined(i.Writes) + "\n[Install]\nWantedBy=multi-user.target\n"
	socket := "[Unit]\nDescription=Socket of xxsns, which stays open while the service restarts\n" +
		"\n[Socket]\nListenStream=" + stream + "\nBacklog=4096\n\n[Install]\nWantedBy=sockets.target\n"
	save := "[Unit]\nDescription=Backup of xxsns\n\n[Service]\nType=oneshot\n" +
		fmt.Sprintf("ExecStart=%s backup --keep %d %s\n", quoted(i.Program), i.Keep, quoted(i.Backups)) +
		"Nice=10\nIOSchedulingClass=idle\n" + i.confined(append(slices.Clone(i.Writes), i.Backups))
	timer := "[Unit]\nDescription=Backup of xxsns every night\n" +
		"\n[Timer]\nOnCalendar=*-*-* 04:10:00\nRandomizedDelaySec=10min\nPersistent=true\n\n[Install]\nWantedBy=timers.target\n"
	return []Unit{{"xxsns.service", serve}, {"xxsns.socket", socket}, {"xxsns-backup.service", save}, {"xxsns-backup.timer", timer}}, nil
}

// hardening confines a service. MemoryDenyWriteExecute is missing: the encoder of WebP compiles
// its code while the program runs. ProcSubset is missing: the program reads how much memory
// there is.
const hardening = `UMask=0027
NoNewPrivileges=yes
CapabilityBoundingSet=
ProtectSystem=strict
PrivateDevices=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectProc=invisible
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallErrorNumber=EPERM
`

// confined returns the lines of a service that run it as the user, in the folder, with nothing
// to write to but the folders.
func (i Installation) confined(writes []string) string {
	lines := "User=" + i.User + "\nWorkingDirectory=" + escaped(i.Folder) + "\nEnvironmentFile=" + escaped(i.Environment) + "\n" + hardening
	all := append([]string{i.Program, i.Folder}, writes...)
	// Files in a home or a temporary folder would be hidden from the service.
	lines += "ProtectHome=" + map[bool]string{true: "read-only", false: "yes"}[anyBelow(all, "/home", "/root", "/run/user")] + "\n"
	lines += "PrivateTmp=" + map[bool]string{true: "no", false: "yes"}[anyBelow(all, "/tmp", "/var/tmp")] + "\n"
	for _, folder := range slices.Compact(slices.Sorted(slices.Values(writes))) {
		lines += "ReadWritePaths=" + quoted(folder) + "\n"
	}
	return lines
}

// anyBelow reports whether one of the paths is in one of the folders.
func anyBelow(paths []string, folders ...string) bool {
	return slices.ContainsFunc(paths, func(path string) bool {
		return slices.ContainsFunc(folders, func(folder string) bool { return path == folder || strings.HasPrefix(path, folder+"/") })
	})
}

// escaped doubles the signs that begin a specifier.
func escaped(value string) string { return strings.ReplaceAll(value, "%", "%%") }

// quoted is escaped for one of several words of a line.
func quoted(value string) string { return `"` + escaped(value) + `"` }

// listenStream returns an ADDR as systemd writes it: a port alone listens everywhere.
func listenStream(addr string) (string, error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return "", fmt.Errorf("ADDR: %w", err)
	}
	number, err := net.LookupPort("tcp", port) //nolint:noctx // a number, or a name of /etc/services
	if err != nil {
		return "", fmt.Errorf("ADDR: %w", err)
	}
	if host == "" {
		return fmt.Sprint(number), nil
	}
	if host == "localhost" {
		host = "127.0.0.1"
	}
	if net.ParseIP(host) == nil {
		return "", errors.New("ADDR: systemd listens at an address or a port alone, such as 127.0.0.1:8080 or :8080, not at a name")
	}
	return net.JoinHostPort(host, fmt.Sprint(number)), nil
}
