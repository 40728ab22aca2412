//go:build unix

package alimocktest

import (
	"bufio"
	"fmt"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// Other Unix systems than Linux depend on this shell.
func TestAShellKillsAProgramWhenTheTestBinaryIsKilled(t *testing.T) {
	t.Parallel()
	sleeper := exec.Command("sleep", "60")
	must(t, sleeper.Start())
	binary := binary("TestInnerWatch", fmt.Sprint(sleeper.Process.Pid))
	stdout, err := binary.StdoutPipe()
	must(t, err)
	must(t, binary.Start())
	lines := bufio.NewScanner(stdout)
	for lines.Scan() && !strings.Contains(lines.Text(), "watches") {
	}

	begin := time.Now()
	must(t, binary.Process.Kill())
	_ = binary.Wait()

	if err := sleeper.Wait(); err == nil || time.Since(begin) > 10*time.Second {
		t.Error(err, time.Since(begin))
	}
}

func TestInnerWatch(t *testing.T) {
	var pid int
	_, err := fmt.Sscan(inner(t), &pid)
	must(t, err)
	defer watch(pid)()
	fmt.Println("watches")
	time.Sleep(time.Minute)
}

func TestAForgottenProgramLives(t *testing.T) {
	t.Parallel()
	sleeper := exec.Command("sleep", "60")
	must(t, sleeper.Start())
	watch(sleeper.Process.Pid)()

	time.Sleep(50 * time.Millisecond)
	must(t, sleeper.Process.Kill())
	_ = sleeper.Wait()
}
