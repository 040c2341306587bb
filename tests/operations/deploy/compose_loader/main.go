// Loads a compose file with the library that Docker Compose loads it with, and prints the project as
// JSON: every reference resolved, every value of its type. Ends with 1 where Docker Compose would.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/compose-spec/compose-go/loader"
	"github.com/compose-spec/compose-go/types"
)

func main() {
	project, err := load(os.Args[1])
	if err == nil {
		err = json.NewEncoder(os.Stdout).Encode(project)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func load(file string) (*types.Project, error) {
	return loader.Load(types.ConfigDetails{
		WorkingDir:  filepath.Dir(file),
		ConfigFiles: []types.ConfigFile{{Filename: file}},
	}, func(options *loader.Options) { options.SetProjectName("signway", true) })
}
