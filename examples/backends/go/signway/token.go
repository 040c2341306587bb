package signway

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"time"
)

// SignToken signs an access token, a JWT (RFC 7519) with HS256. The secret has at least 32 bytes, expires is in seconds,
// subject is your user, for the gateway's log, and to holds the targets, such as
// "POST https://api.openai.com/v1/responses".
func SignToken(id, secret string, expires int, subject string, to []string) (string, error) {
	now := time.Now().Unix()
	claims, err := json.Marshal(map[string]any{
		"iss": id,
		"iat": now,
		"exp": now + int64(expires),
		"sub": subject,
		"sw":  map[string]any{"to": to},
	})
	if err != nil {
		return "", err
	}
	encode := base64.RawURLEncoding.EncodeToString
	signed := encode([]byte(`{"alg":"HS256","typ":"JWT"}`)) + "." + encode(claims)
	hash := hmac.New(sha256.New, []byte(secret))
	hash.Write([]byte(signed))
	return signed + "." + encode(hash.Sum(nil)), nil
}
