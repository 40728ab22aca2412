package alimocktest_test

import (
	"fmt"
	"log"
	"time"

	"github.com/alimock/alimock/packages/go/alimocktest"
)

// Without a test, start an emulator and make worlds in it.
func Example() {
	server, err := alimocktest.StartServer()
	if err != nil {
		log.Fatal(err)
	}
	defer server.Stop()
	world, err := server.World(alimocktest.Scenario("key-disabled-in-rotation"))
	if err != nil {
		log.Panic(err)
	}

	due, err := world.Clock.Advance(time.Hour)
	if err != nil {
		log.Panic(err)
	}
	fmt.Println(len(due), "key was disabled")
	// Output: 1 key was disabled
}
