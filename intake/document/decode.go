package document

// decode turns runs in fonts from before Unicode into Unicode.
func (d *Document) decode(blocks []block) {}
