// POST /token: an access token for a signed-in user.
package main

import (
	"encoding/json"
	"log"
	"net/http"
	"os"

	"example.com/backend/signway"
)

func main() {
	secret := os.Getenv("SW_SECRET")
	if secret == "" {
		log.Fatal("SW_SECRET has to be set")
	}
	http.HandleFunc("/token", func(w http.ResponseWriter, r *http.Request) {
		user, signedIn := findUser(r)
		if r.Method != http.MethodPost {
			respond(w, http.StatusMethodNotAllowed, map[string]string{"error": "Use POST."})
			return
		}
		if !signedIn {
			respond(w, http.StatusUnauthorized, map[string]string{"error": "Sign in first."})
			return
		}
		to := []string{"POST https://api.openai.com/v1/chat/completions"}
		token, err := signway.SignToken("web", secret, 300, user, to)
		if err != nil {
			respond(w, http.StatusInternalServerError, map[string]string{"error": "No token could be signed."})
			return
		}
		respond(w, http.StatusOK, map[string]string{"token": token})
	})
	log.Fatal(http.ListenAndServe("localhost:8000", nil))
}

// findUser is the place for your own session check. Until then, the only session is the one in DEMO_SESSION.
func findUser(r *http.Request) (user string, signedIn bool) {
	session, err := r.Cookie("session")
	if err != nil || session.Value == "" || session.Value != os.Getenv("DEMO_SESSION") {
		return "", false
	}
	return "user-1", true
}

func respond(w http.ResponseWriter, status int, body map[string]string) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(body)
}
