package main

import (
	"bufio"
	"encoding/hex"
	"fmt"
	"log"
	"os"
	"strconv"
	"strings"
	"time"

	"guide/signway"
)

func main() {
	example()
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		var fields []string
		for _, field := range strings.Split(lines.Text(), "\t") {
			bytes, _ := hex.DecodeString(field)
			fields = append(fields, string(bytes))
		}
		if len(fields) == 5 {
			expires, _ := strconv.Atoi(fields[2])
			token, err := signway.SignToken(fields[0], fields[1], expires, fields[3], strings.Split(fields[4], "\n"))
			if err != nil {
				log.Fatal(err)
			}
			fmt.Println(token)
			continue
		}
		expires, _ := strconv.Atoi(fields[4])
		seconds, _ := strconv.ParseInt(fields[6], 10, 64)
		options := signway.Options{
			ID: fields[0], Secret: fields[1], Gateway: fields[2], Expires: expires,
			Method: fields[5], Now: time.Unix(seconds, 0), Headers: map[string]string{},
		}
		if fields[7] == "yes" {
			options.Body = []byte(fields[8])
		}
		for i := 9; i < len(fields); i += 2 {
			options.Headers[fields[i]] = fields[i+1]
		}
		signed, err := signway.SignURL(fields[3], options)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(signed)
	}
}

func example() {
	// THE EXAMPLE
}
