//go:build unix

package alimocktest

import (
	"os/exec"
	"strconv"
	"syscall"
)

// watch starts a shell that kills a process when this one has ended. Its sign is the end of a pipe that only this process
// writes to.
func watch(pid int) (forget func()) {
	shell := exec.Command("/bin/sh", "-c", `cat >/dev/null; kill -9 "$0" 2>/dev/null`, strconv.Itoa(pid))
	// Signals of a terminal are not for the shell.
	shell.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	pipe, err := shell.StdinPipe()
	if err != nil || shell.Start() != nil {
		return func() {}
	}
	return func() {
		_ = shell.Process.Kill()
		_ = shell.Wait()
		_ = pipe.Close()
	}
}
