package alimocktest

import (
	"os/exec"
	"syscall"
)

// endWithThread lets the kernel kill the program when the thread that starts it ends.
func endWithThread(command *exec.Cmd) {
	command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
}

func endWithProcess(int) (forget func()) { return func() {} }
