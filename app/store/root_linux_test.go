package store_test

import "syscall"

// becomeNobody drops the capability of the calling thread to ignore file modes.
func becomeNobody() error {
	const nobody = 65534
	if err := syscall.Setfsgid(nobody); err != nil {
		return err
	}
	return syscall.Setfsuid(nobody)
}
