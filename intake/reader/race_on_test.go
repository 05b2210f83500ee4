//go:build race

package reader

// The race detector maps shadow memory far above any limit that would tell
// something, so under it the children run without one.
const childMemory = 0
