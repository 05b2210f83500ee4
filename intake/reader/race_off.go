//go:build !race

package reader

const limitsMemory = true
