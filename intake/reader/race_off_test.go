//go:build !race

package reader

const childMemory = 300 << 20
