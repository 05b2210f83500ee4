package standing

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/json"
	"fmt"
	"strconv"
)

// NewID is the id of a decision that follows on count others, short enough to
// be read out on the telephone. The count makes the same decision, taken twice,
// two.
func (d Decision) NewID(count int) string {
	d.ID = ""
	text, _ := json.Marshal(d)
	sum := sha256.Sum256(fmt.Append(text, count))
	return "Q" + strconv.Itoa(count+1) + "-" + base32.StdEncoding.EncodeToString(sum[:])[:4]
}
