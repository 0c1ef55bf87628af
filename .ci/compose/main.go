// Command compose loads a compose file by the compose specification's own
// loader, as an engine would, and prints the resolved model as JSON. Variables
// come from the named files alone, not from the environment:
//
//	go run . COMPOSE_FILE [ENV_FILE...]
//
// The program is a module of its own, so that the program does not depend on the loader.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/compose-spec/compose-go/v2/cli"
)

func main() {
	if err := run(context.Background(), os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "compose:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, paths []string) error {
	if len(paths) == 0 {
		return errors.New("which file?")
	}
	model, err := load(ctx, paths[0], paths[1:])
	if err != nil {
		return err
	}
	_, err = fmt.Printf("%s\n", model)
	return err
}

// load resolves a compose file with the variables of envFiles, and checks that
// all it refers to is there.
func load(ctx context.Context, file string, envFiles []string) ([]byte, error) {
	options, err := cli.NewProjectOptions([]string{file}, cli.WithWorkingDirectory(filepath.Dir(file)))
	if err != nil {
		return nil, err
	}
	options.EnvFiles = envFiles
	if err := cli.WithDotEnv(options); err != nil {
		return nil, err
	}
	project, err := options.LoadProject(ctx)
	if err != nil {
		return nil, err
	}
	return project.MarshalJSON()
}
