package alimocktest

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"strings"
	"sync"
)

// Server is a running emulator. Its methods may be called by several goroutines at a time.
type Server struct {
	control
	// The program, if this package started it.
	process *process
	// Clients reach only the port of the endpoint, so worlds get no port.
	onePort bool

	mutex sync.Mutex
	seeds map[string]*seed
}

// seed is a world that tests fork.
type seed struct {
	make  sync.Once
	world *World
	err   error
	users int
}

// DefaultServer returns the emulator of the test binary: the one at ALIMOCK_ENDPOINT, or one that is started at first use
// and ends with the test binary.
func DefaultServer() (*Server, error) {
	return defaultServer()
}

var defaultServer = sync.OnceValues(func() (*Server, error) {
	if endpoint := os.Getenv("ALIMOCK_ENDPOINT"); endpoint != "" {
		return Connect(endpoint, os.Getenv("ALIMOCK_CONTROL_TOKEN")), nil
	}
	return StartServer()
})

// Connect returns the emulator at an endpoint such as "http://127.0.0.1:4588". The token is that of its control API; it
// is empty if the emulator needs none. Connect makes no call.
func Connect(endpoint, token string) *Server {
	return &Server{control: control{strings.TrimRight(endpoint, "/"), token}, seeds: map[string]*seed{}}
}

// ConnectOnePort is [Connect] for an emulator of which only one port is reachable, such as one in a container.
//
// Its worlds have no port of their own. The AccessKey of a call selects the world, so calls without a valid key do not
// arrive there. One AccessKey cannot select two worlds: forks are impossible, and so are two worlds at a time of a scenario
// that sets the ids of keys.
func ConnectOnePort(endpoint, token string) *Server {
	server := Connect(endpoint, token)
	server.onePort = true
	return server
}

// Endpoint returns the address of the emulator, such as "http://127.0.0.1:4588".
func (s *Server) Endpoint() string { return s.endpoint }

// Stop ends the program and waits for its end, if this package started it. Further calls do nothing.
func (s *Server) Stop() {
	if s.process != nil {
		s.process.stop()
	}
}

// Call makes a call of the control API; the path is below /_alimock.
//
// The body is nil, a text that is sent as it is, or a value that is sent as JSON. The answer is nil, a *string, or a
// pointer to a value that is read as JSON. A refusal is an [*Error].
func (s *Server) Call(method, path string, body, answer any, query url.Values) error {
	return s.call(method, path, body, answer, query)
}

// World makes a world, by default with a port of its own. Delete it with [World.Delete].
func (s *Server) World(options ...Option) (*World, error) {
	wanted, err := read(options)
	if err != nil {
		return nil, err
	}
	return s.create(wanted)
}

func (s *Server) create(wanted settings) (*World, error) {
	query := s.queryOf(wanted)
	if wanted.scenario != "" {
		query.Set("scenario", wanted.scenario)
	}
	var body any
	if wanted.text != "" {
		body = wanted.text
	}
	return s.made("/worlds", body, query)
}

// Fork makes a world that starts as the given one is now. Options about the scenario have no effect.
func (s *Server) Fork(world *World, options ...Option) (*World, error) {
	wanted, err := read(options)
	if err != nil {
		return nil, err
	}
	return s.fork(world, wanted)
}

func (s *Server) fork(world *World, wanted settings) (*World, error) {
	if s.onePort {
		return nil, errors.New("a fork needs a port of its own, and only one port of this emulator is reachable: make a world instead")
	}
	return s.made("/worlds/"+world.Name+"/fork", nil, s.queryOf(wanted))
}

func (s *Server) queryOf(wanted settings) url.Values {
	query := map[string]string{"as": wanted.as, "name": wanted.name}
	if wanted.name != "" {
		query["slug"] = "true"
	}
	if !s.onePort {
		query["listen"] = s.listen()
	}
	return queryOf(query)
}

// listen is a free port at the address of the emulator, or on loopback if the endpoint has a name.
func (s *Server) listen() string {
	if address, err := url.Parse(s.endpoint); err == nil && net.ParseIP(address.Hostname()) != nil {
		return net.JoinHostPort(address.Hostname(), "0")
	}
	return "127.0.0.1:0"
}

// made makes a world by a call.
func (s *Server) made(path string, body any, query url.Values) (*World, error) {
	var made created
	if err := s.call("POST", path, body, &made, query); err != nil {
		return nil, err
	}
	if s.onePort {
		made.moveTo(s.endpoint)
	}
	return newWorld(s.control, made)
}

// worldOfTest makes a world under the name of the test, which gives it the same ids in every run. Call release when the
// test ends.
func (s *Server) worldOfTest(wanted settings) (world *World, release func() error, err error) {
	release = func() error { return nil }
	makeIt := s.create
	if !s.onePort {
		var from *World
		if from, release, err = s.seed(wanted); err != nil {
			return nil, nil, err
		}
		makeIt = func(wanted settings) (*World, error) { return s.fork(from, wanted) }
	}
	world, err = makeIt(wanted)
	var refused *Error
	if errors.As(err, &refused) && refused.Code == "world_exists" {
		// Another test binary uses the same emulator, or the test has two worlds.
		wanted.name = ""
		world, err = makeIt(wanted)
	}
	if err != nil {
		return nil, nil, errors.Join(err, release())
	}
	return world, release, nil
}

// seed returns the world that tests of a scenario fork. An emulator that this package did not start keeps it only while a
// test uses it.
func (s *Server) seed(wanted settings) (*World, func() error, error) {
	key := fmt.Sprintf("%q %q", wanted.scenario, wanted.text)
	s.mutex.Lock()
	one := s.seeds[key]
	if one == nil {
		one = &seed{}
		s.seeds[key] = one
	}
	one.users++
	s.mutex.Unlock()

	one.make.Do(func() {
		one.world, one.err = s.create(settings{scenario: wanted.scenario, text: wanted.text})
	})
	release := func() error {
		s.mutex.Lock()
		one.users--
		last := one.users == 0 && s.process == nil
		if last {
			delete(s.seeds, key)
		}
		s.mutex.Unlock()
		if !last || one.world == nil {
			return nil
		}
		return one.world.Delete()
	}
	if one.err != nil {
		return nil, nil, errors.Join(one.err, release())
	}
	return one.world, release, nil
}
