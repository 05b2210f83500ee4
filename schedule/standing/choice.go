package standing

import "dondoc/intake/finding"

// Choice is a numbered line of a letter of ours that its reader may answer by
// the number alone: a point to mend in a letter of corrections ("XÁC NHẬN ĐÚNG
// 4"), something to decide in a digest ("1A"). It is kept with the letter as it
// was rendered, so that a number means for good what its reader saw.
type Choice struct {
	Number  int              `json:"number"`
	Text    string           `json:"text,omitempty"`    // the line, as it was read
	Arrival string           `json:"arrival,omitempty"` // the mail that it is about
	File    string           `json:"file,omitempty"`    // sha256 of the part that it is about
	Problem *finding.Problem `json:"problem,omitempty"` // of corrections: what is to be mended
	Options []Option         `json:"options,omitempty"` // of a digest: what can be chosen
	// Matter is Matter.Key of what is to be decided: it is settled once Pending
	// does not name it any more.
	Matter string `json:"matter,omitempty"`
}

// Option is one way to settle a Choice.
type Option struct {
	Letter string `json:"letter"` // "A"
	Text   string `json:"text"`   // what the reader was told that it does
	// Decisions are recorded when it is chosen; the time and who are added
	// then. None: nothing is recorded but that it was chosen ("để tôi gọi hỏi").
	Decisions []Decision `json:"decisions,omitempty"`
}
