package notify

import (
	"regexp"
	"strings"

	"dondoc/config"
	"dondoc/schedule/standing"
)

// disaster is what a letter about a deadline moved after a disaster may call
// it: the reason that the desk gave, where that is the name of one and nothing
// else. Whatever else the desk writes down is its own; "" says that it is not
// named.
func disaster(c *config.Campaign, d *standing.Decision) string {
	if d == nil {
		return ""
	}
	reason := strings.ToLower(strings.Trim(d.Reason, " ."))
	named := disasterVI
	if c.Language == "en" {
		named = disasterEN
	}
	if !named.MatchString(reason) || len(strings.Fields(reason)) > 7 {
		return ""
	}
	return reason
}

var (
	disasterVI = regexp.MustCompile(`^(cơn )?(bão|mưa|lũ|lụt|ngập|áp thấp|sạt lở|lốc|giông|dông|triều cường|động đất|hạn hán|dịch bệnh)( (số \d+|lớn|to|bão|lũ|lụt|ống|quét|nhiệt đới|úng|đất|và|mưa|ngập|áp thấp|sạt lở|kéo dài))*$`)
	disasterEN = regexp.MustCompile(`^(the )?(storm|typhoon|flood(s|ing)?|heavy rain|tropical depression|landslides?|earthquake|drought)( (no\. ?\d+|and|the|storms?|floods?|flooding|rain|heavy|landslides?))*$`)
)
