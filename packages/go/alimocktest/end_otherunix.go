//go:build unix && !linux

package alimocktest

import "os/exec"

func endWithThread(*exec.Cmd) {}

func endWithProcess(pid int) (forget func()) { return watch(pid) }
