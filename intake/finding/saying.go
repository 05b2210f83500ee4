package finding

// The kinds of a Saying.
const (
	SaysRight      = "right"       // "XÁC NHẬN ĐÚNG 2,4": the numbered points of our letter are right as they are
	SaysSent       = "sent"        // "ĐÃ GỬI": by another channel
	SaysWillSend   = "will_send"   // "sẽ gửi ngày 18/10"
	SaysYes        = "yes"         // "ĐÚNG", to a question of ours
	SaysNo         = "no"          // "KHÔNG", to a question of ours
	SaysNeedsTime  = "needs_time"  // asks for a later deadline
	SaysContact    = "contact"     // another address or person from now on
	SaysCorrection = "correction"  // "đính chính": what was sent before is to be corrected
	SaysForNow     = "provisional" // sent ahead of the signed document
)

// Saying is one thing that a person's own words tell us, as far as they could
// be read: quoted text and signatures are cut away before. What a Saying does
// not name is empty; what it names is not believed yet.
type Saying struct {
	Kind    string   `json:"kind"`
	Items   []int    `json:"items,omitempty"`   // of right: the numbers in the letter that is answered; none: all
	Parts   []string `json:"parts,omitempty"`   // of sent and will_send: report, appendix, model; none: whatever is missing
	Ref     string   `json:"ref,omitempty"`     // number of a document: "45/BC-SNV"
	Via     string   `json:"via,omitempty"`     // lien-thong, giay, zalo, dien-thoai
	Day     string   `json:"day,omitempty"`     // "2022-10-18": of the document, promised, or asked for
	Address string   `json:"address,omitempty"` // of contact, lower case
	Reason  string   `json:"reason,omitempty"`  // why, in his words, bounded
	Quote   string   `json:"quote,omitempty"`   // the line it was read from, bounded
}
