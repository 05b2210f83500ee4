package finding

// Quotation is what a unit's document says, parted at the heads that the
// campaign's letter asks for, so that what many units say of one thing can
// stand together. It holds all of the text: what stands under none of those
// heads is a passage too.
type Quotation struct {
	Passages []Passage `json:"passages,omitempty"`
	Scan     bool      `json:"scan,omitempty"`    // its pages are pictures: there is nothing to quote
	Cut      bool      `json:"cut,omitempty"`     // there is more than is quoted
	Problem  string    `json:"problem,omitempty"` // why it could not be read
}

// NoHead is the Head of a Passage under none of the heads.
const NoHead = -1

// Passage is a stretch of a document under one head.
type Passage struct {
	Model int    `json:"model"`           // 0: of the report; n: of the n-th write-up in the file
	Name  string `json:"name,omitempty"`  // of the model, in the first passage of its write-up
	Head  int    `json:"head"`            // in Letter.Outline, of a write-up in Letter.Contents; or NoHead
	Title string `json:"title,omitempty"` // the heading as it stands there
	// Lines are its paragraphs; the cells of a row are parted by tabs.
	Lines []string `json:"lines,omitempty"`
}
