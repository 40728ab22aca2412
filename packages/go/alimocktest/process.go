package alimocktest

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"time"
)

const (
	// patience is how long a start may take on a busy machine.
	patience = 30 * time.Second
	// farewell is how long the program may take to end.
	farewell = 10 * time.Second
	// keptOutput is the maximum size of the program's output that is kept, in bytes.
	keptOutput = 64 << 10
)

var listens = regexp.MustCompile(`listens on (http://\S+)\s`)

// program finds the program.
func program() (string, error) {
	if named := os.Getenv("ALIMOCK_BIN"); named != "" {
		found, err := exec.LookPath(named)
		if err != nil {
			return "", fmt.Errorf("ALIMOCK_BIN: no program `%s`: %w", named, errors.Unwrap(err))
		}
		return found, nil
	}
	found, err := exec.LookPath("alimock")
	if err != nil {
		return "", fmt.Errorf("no program `alimock` on the PATH: install it, or name it with ALIMOCK_BIN: %w", errors.Unwrap(err))
	}
	return found, nil
}

// StartServer starts the program on a free port of 127.0.0.1. The arguments are options of `alimock serve`, for instance
// "--scenario" and a file or the name of a built-in scenario.
//
// The program ends at [Server.Stop], or with this process:
//   - Linux: the kernel kills it, even if this process is killed.
//   - Other Unix systems: a shell kills it when this process has ended.
//   - Windows: it continues to run until [Server.Stop].
func StartServer(arguments ...string) (*Server, error) {
	path, err := program()
	if err != nil {
		return nil, err
	}
	command := exec.Command(path, append([]string{"serve", "--listen", "127.0.0.1:0", "--color", "never"}, arguments...)...)
	// Settings for an emulator that runs already are not for this one.
	for _, variable := range os.Environ() {
		if !strings.HasPrefix(variable, "ALIMOCK_") {
			command.Env = append(command.Env, variable)
		}
	}
	said := &output{listens: make(chan string, 1)}
	command.Stderr = said
	started, err := run(command)
	if err != nil {
		return nil, fmt.Errorf("alimock did not start: %w", err)
	}
	select {
	case endpoint := <-said.listens:
		server := Connect(endpoint, "")
		server.process = started
		return server, nil
	case <-started.done:
		return nil, fmt.Errorf("alimock did not start: %s", said)
	case <-time.After(patience):
		started.stop()
		return nil, fmt.Errorf("alimock did not start in %s: %s", patience, said)
	}
}

// process is a program that runs.
type process struct {
	*os.Process
	done chan struct{}
}

// run starts the program, which ends with this process.
func run(command *exec.Cmd) (*process, error) {
	failed := make(chan error)
	done := make(chan struct{})
	go func() {
		defer close(done)
		// On Linux, the program ends with the thread that started it: no other goroutine may end this thread.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		endWithThread(command)
		err := command.Start()
		failed <- err
		if err == nil {
			forget := endWithProcess(command.Process.Pid)
			_ = command.Wait()
			forget()
		}
	}()
	if err := <-failed; err != nil {
		return nil, err
	}
	return &process{command.Process, done}, nil
}

func (p *process) stop() {
	// Windows has no such signal.
	if p.Signal(syscall.SIGTERM) != nil {
		_ = p.Kill()
	}
	select {
	case <-p.done:
	case <-time.After(farewell):
		_ = p.Kill()
		<-p.done
	}
}

// output keeps the end of what the program says, and finds its address.
type output struct {
	mutex   sync.Mutex
	text    []byte
	found   bool
	listens chan string
}

func (o *output) Write(more []byte) (int, error) {
	o.mutex.Lock()
	defer o.mutex.Unlock()
	o.text = append(o.text, more...)
	if !o.found {
		if match := listens.FindSubmatch(o.text); match != nil {
			o.found = true
			o.listens <- string(match[1])
		}
	}
	if beyond := len(o.text) - keptOutput; beyond > 0 {
		o.text = append(o.text[:0], o.text[beyond:]...)
	}
	return len(more), nil
}

func (o *output) String() string {
	o.mutex.Lock()
	defer o.mutex.Unlock()
	return strings.TrimSpace(string(o.text))
}
