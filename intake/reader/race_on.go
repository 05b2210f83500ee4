//go:build race

package reader

// The race detector maps shadow memory far above any limit that would tell
// something, so a child that was built with it runs without one, and says so.
const limitsMemory = false
