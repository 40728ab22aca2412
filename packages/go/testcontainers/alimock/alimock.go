// Package alimock runs the emulator alimock in a container for tests, with Testcontainers.
//
//	container, err := alimock.Run(ctx, alimock.Image())
//	testcontainers.CleanupContainer(t, container)
//	world := alimocktest.Start(t, alimocktest.On(container.Server()), alimocktest.Scenario("key-leaked"))
package alimock

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"

	"github.com/testcontainers/testcontainers-go"
	"github.com/testcontainers/testcontainers-go/wait"

	"github.com/alimock/alimock/packages/go/alimocktest"
)

const (
	port  = "4588/tcp"
	token = "ALIMOCK_CONTROL_TOKEN"
)

// Image returns the name of the image: the value of ALIMOCK_IMAGE, or "alimock".
func Image() string {
	if image := os.Getenv("ALIMOCK_IMAGE"); image != "" {
		return image
	}
	return "alimock"
}

// Container is a running emulator in a container.
type Container struct {
	testcontainers.Container
	server *alimocktest.Server
}

// Run starts a container of the image and waits until the emulator answers. The options are those of Testcontainers. The
// control API gets a random token, unless an option sets ALIMOCK_CONTROL_TOKEN.
//
// If an error follows the start of the container, Run returns both. Give the container to
// [testcontainers.CleanupContainer] in any case.
func Run(ctx context.Context, image string, options ...testcontainers.ContainerCustomizer) (*Container, error) {
	var chosen string
	all := []testcontainers.ContainerCustomizer{
		testcontainers.WithExposedPorts(port),
		testcontainers.WithEnv(map[string]string{token: rand.Text()}),
		testcontainers.WithWaitStrategy(wait.ForHTTP("/_alimock/ready").WithPort(port)),
	}
	all = append(append(all, options...), testcontainers.CustomizeRequestOption(func(request *testcontainers.GenericContainerRequest) error {
		chosen = request.Env[token]
		return nil
	}))
	started, err := testcontainers.Run(ctx, image, all...)
	var container *Container
	if started != nil {
		container = &Container{Container: started}
	}
	if err != nil {
		return container, fmt.Errorf("run alimock: %w", err)
	}
	endpoint, err := started.PortEndpoint(ctx, port, "http")
	if err != nil {
		return container, fmt.Errorf("port of alimock: %w", err)
	}
	container.server = alimocktest.ConnectOnePort(endpoint, chosen)
	return container, nil
}

// Server returns the emulator in the container. Use it with [alimocktest.On] or [alimocktest.Server.World].
//
// A container publishes one port, so the AccessKey of a call selects the world: see [alimocktest.ConnectOnePort].
func (c *Container) Server() *alimocktest.Server { return c.server }
