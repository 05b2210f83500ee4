package intake

import (
	"time"

	"dondoc/intake/document"
	"dondoc/intake/message"
	"dondoc/intake/reader"
)

// The limits of one mail, in the order in which it meets them. All are absolute
// numbers: honest files shrink better than some bombs. What lies beyond one is
// a Problem of the part, or the Limit of the Reading, and never an error; the
// test of this file shows that they fit into each other.
//
// What is counted in a format stands with its reader: the rows, cells and
// inflated bytes of a sheet in workbook/limits.go, the pieces, objects and
// pages of a document in the files of package document. Behind all of them
// stand the reader's memory and its deadline, which no file can talk away.
var (
	// mailLimits bound the mail: its size, header, parts, depth, mails within it.
	mailLimits = message.DefaultLimits
	// unpackLimits bound what is in its archives: files, depth, bytes, all
	// archives of the mail together.
	unpackLimits = document.DefaultLimits
)

const (
	// maxJudged is the size, in bytes of the raw mail, up to which a mail is read
	// whole. Mail servers rarely take more than 25 MB of files, which is 35 MB of
	// base64; of a larger mail only the header is read.
	maxJudged = 40 << 20
	// maxTop is how much of a larger mail is read for its header, in bytes: some
	// ten times what lists and scanners write.
	maxTop = 256 << 10

	// maxTexts is how much text of a mail's files is read, in bytes: some thousand
	// pages. Of what comes after it the names speak.
	maxTexts = 8 << 20
	// maxTable is the size in bytes beyond which a text is not looked at as a form:
	// one with all the decoration that a program can give it comes to 200 KB.
	maxTable = 4 << 20

	// ReaderMemory is what the reader may use, in bytes, by order of the kernel:
	// enough for the largest mail that is read whole, its parts decoded, and what
	// is in them, with what the language's memory management leaves lying.
	ReaderMemory = 300 << 20
	// readerTime is what one mail may take, starting the reader included. The
	// slowest honest mail takes two seconds; the rest is for a machine that has
	// other things to do.
	readerTime = time.Minute
	// readerRequest and readerReply are bytes of what is handed to the child and
	// of what it may hand back: a mail, and its parts with all that was in them.
	readerRequest = 96 << 20
	readerReply   = 256 << 20
)

// ReaderConfig is how the reader is started that knows the campaign (KnowledgeOf).
// Its environment is empty: a password in the daemon's does not reach it.
func ReaderConfig(command []string, knowledge []byte) reader.Config {
	return reader.Config{Command: command, Init: knowledge, Memory: ReaderMemory, Deadline: readerTime, MaxRequest: readerRequest, MaxReply: readerReply}
}
