package workbook

// The limits of one workbook. A filled form has some 600 cells in 100 KB of
// XML; the largest honest workbook seen in public collections is far below
// every figure here. They are absolute and no ratios: style sheets of honest
// files shrink a hundredfold.
const (
	maxFile      = 64 << 20  // bytes of the file itself; mail servers cut off earlier
	maxEntries   = 10_000    // entries of the container
	maxStreams   = 10_000    // of an .xls; one with hundreds of embedded objects has some thousand
	maxDirectory = 4 << 20   // bytes in which they are listed, 128 for each: walking over half a million takes all the memory there is
	maxInflated  = 128 << 20 // bytes of all parts that are read; 1,048,576 styled empty rows need 70 MB
	maxPlain     = 16 << 20  // bytes of .csv and HTML that are looked at: more than a sheet is read of
	maxSheets    = 256
	maxCells     = 250_000 // cells that hold something; some 40 MB of memory
	// A form has hundreds of cells, the reports of all communes under one
	// another some ten thousand. A sheet that has more is somebody's data: its
	// top is enough to tell, and a person who waits for the answer is served.
	maxSheetCells = 30_000
	maxRuns       = 250_000 // pieces of text in several fonts
	maxStrings    = 500_000 // shared strings
	maxText       = 64 << 20
	maxCellText   = 32_767 * 4 // bytes; Excel itself stops at 32,767 characters
	maxNames      = 20_000
	maxName       = 1024    // bytes of a name, a format code and the like; Excel itself stops at 255 characters
	maxRefs       = 1 << 16 // records that continue another, and sheets that the formulas of an .xls refer to
	maxMerges     = 20_000  // of all sheets; a form has 50, and each is looked at often
	maxStyles     = 65_490  // Excel's own limit
	maxColumns    = 16_384
	maxOldColumns = 256 // of .xls
	maxRows       = 1_048_576
	maxDepth      = 64      // nesting of elements; worksheets need 10
	maxToken      = 1 << 20 // bytes of one tag or one run of text
)
