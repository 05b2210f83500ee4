package main

import (
	"fmt"
	"time"

	"dondoc/intake/ledger"
)

// restoredJSON is that the ledger was found to be older than the mailbox, as one
// is that was restored from a backup.
type restoredJSON struct {
	Since   *string `json:"since"`   // what it remembers of before ends here
	Noticed string  `json:"noticed"` // when that was noticed
	Letters int     `json:"letters"` // letters found sent, and not sent again
	Mails   int     `json:"mails"`   // mails read again that had been dealt with
	Text    string  `json:"text"`
}

// speaksOfRestore is how long status and verify speak of it.
const speaksOfRestore = 7 * 24 * time.Hour

// restored is the last time that it was noticed; nil where that is long ago, or
// it never was.
func (o *office) restored(tx *ledger.Tx, now time.Time) (*restoredJSON, error) {
	f, err := tx.Forgotten()
	if err != nil || f.Noticed.IsZero() || f.Noticed.After(now) || now.Sub(f.Noticed) > speaksOfRestore {
		return nil, err
	}
	r := &restoredJSON{Since: o.stamp(ms(f.Since)), Noticed: *o.stamp(ms(f.Noticed)), Letters: f.Letters, Mails: f.Mails}
	since := o.either("không rõ lúc nào", "an unknown time")
	if !f.Since.IsZero() {
		since = o.when(f.Since)
	}
	r.Text = fmt.Sprintf(o.either(
		"Sổ được khôi phục từ bản sao lưu (nhận ra lúc %[1]s): sổ chỉ nhớ đến %[2]s. Tìm thấy %[3]d thư đã gửi sau lúc đó, không gửi lại; %[4]d thư đến đã xử lý được đọc lại. Quyết định gõ bằng lệnh sau lúc đó phải gõ lại.",
		"The ledger was restored from a backup (noticed at %[1]s): it remembers nothing after %[2]s. Letters sent since were found and are not sent again: %[3]d; mails dealt with since were read again: %[4]d. Decisions typed as commands since have to be typed again."),
		o.when(f.Noticed), since, f.Letters, f.Mails)
	return r, nil
}
