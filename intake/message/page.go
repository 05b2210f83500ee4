package message

// PageText is what a person sees of a page that was saved as a file, as offices
// save a text that they call .doc. Its charset is the one it names.
func PageText(b []byte) string {
	return modernText(htmlText(decodeText(b[:min(len(b), maxHTML)], metaCharset(b))))
}
