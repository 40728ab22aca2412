//go:build !unix

package alimocktest

import "os/exec"

func endWithThread(*exec.Cmd) {}

func endWithProcess(int) (forget func()) { return func() {} }
