package workbook

import "time"

// isoDate reads the dates of strict files, which write them out.
func isoDate(s string) (float64, bool) {
	for _, layout := range []string{"2006-01-02", "2006-01-02T15:04:05", "2006-01-02T15:04:05.999", time.RFC3339} {
		if t, err := time.Parse(layout, s); err == nil {
			return Serial(t) + float64(t.Hour()*3600+t.Minute()*60+t.Second())/86400, true
		}
	}
	return 0, false
}
