package intake

import (
	"testing"

	"dondoc/intake/document"
)

// A limit that lies beyond another one would never be reached, or would be
// reached by a crash where it should be a word to the sender.
func TestLimitsFitIntoEachOther(t *testing.T) {
	for _, row := range []struct {
		sentence     string
		small, great int64
	}{
		{"a mail that is read whole is within the limit of the mail's reader", maxJudged, int64(mailLimits.Size)},
		{"and can be handed to the child", int64(mailLimits.Size), readerRequest},
		{"the child can hand back the mail's parts and what was in them", maxJudged + unpackLimits.Bytes, readerReply},
		{"the child can hold the mail, its parts, what was in them, and the text of all files", 2*maxJudged + unpackLimits.Bytes + maxTexts, ReaderMemory * 3 / 4},
		{"what a decompressor asks for fits beside the mail and its parts", 2*maxJudged + unpackLimits.Dictionary + unpackLimits.Bytes, ReaderMemory * 3 / 4},
		{"the text of one document leaves room for others", document.MaxText, maxTexts / 4},
		{"what is read of the top of a mail is less than a header may have", maxTop, int64(mailLimits.Header)},
		{"a table that is looked at fits into an archive", maxTable, unpackLimits.Bytes},
		{"a mail's files may all lie in one archive", int64(unpackLimits.Members), int64(mailLimits.Parts)},
	} {
		if row.small <= 0 || row.small > row.great {
			t.Errorf("not so: %s: %d, %d", row.sentence, row.small, row.great)
		}
	}
}
