// Reads a document in hexadecimal digits from each line, and writes what encoding/json makes of it.
package main

import (
	"bufio"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"sort"
	"strings"
)

func meaning(value any) string {
	switch it := value.(type) {
	case nil:
		return "n"
	case bool:
		return map[bool]string{true: "t", false: "f"}[it]
	case float64:
		if it == 0 {
			return "d0000000000000000"
		}
		return fmt.Sprintf("d%016x", math.Float64bits(it))
	case string:
		return "s" + hex.EncodeToString([]byte(it))
	case []any:
		items := []string{}
		for _, item := range it {
			items = append(items, meaning(item))
		}
		return "[" + strings.Join(items, ",") + "]"
	case map[string]any:
		names := []string{}
		for name := range it {
			names = append(names, name)
		}
		sort.Strings(names)
		members := []string{}
		for _, name := range names {
			members = append(members, hex.EncodeToString([]byte(name))+":"+meaning(it[name]))
		}
		return "{" + strings.Join(members, ",") + "}"
	}
	return "?"
}

// A struct takes a member in any case. What it takes has to be what a map has under the exact name.
type known struct {
	Model any `json:"model"`
	Store any `json:"store"`
}

func agrees(document []byte, value any) bool {
	members, isObject := value.(map[string]any)
	if !isObject {
		return true
	}
	var fields known
	if json.Unmarshal(document, &fields) != nil {
		return false
	}
	for name, field := range map[string]any{"model": fields.Model, "store": fields.Store} {
		if member, exists := members[name]; exists && meaning(member) != meaning(field) {
			return false
		}
	}
	return true
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 64<<20)
	for lines.Scan() {
		document, _ := hex.DecodeString(lines.Text())
		var value any
		if json.Unmarshal(document, &value) != nil {
			fmt.Println("!")
		} else if !agrees(document, value) {
			fmt.Println("another case")
		} else {
			fmt.Println(meaning(value))
		}
	}
}
