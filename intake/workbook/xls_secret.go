package workbook

import (
	"bytes"
	"crypto/md5"
	"crypto/rc4"
	"crypto/sha1"
	"encoding/binary"
	"hash"
	"unicode/utf16"
)

// everybodys is the password that Excel tries by itself. It encrypts with it
// the workbooks whose structure is protected, which open without asking
// ([MS-OFFCRYPTO] 2.4.2.3, [MS-XLS] 2.2.10).
const everybodys = "VelvetSweatshop"

// unlock decrypts a workbook stream of which FILEPASS says how it is encrypted
// ([MS-XLS] 2.4.117), if that is the password. XOR obfuscation, of Excel 95, is
// not read.
func unlock(stream, filepass []byte, password string) ([]byte, bool) {
	f := fields{b: filepass}
	if f.u16() != 1 {
		return nil, false
	}
	major, minor := f.u16(), f.u16()
	var key func(block uint32) []byte
	var sum func() hash.Hash
	var verifier, verified []byte
	switch {
	case major == 1 && minor == 1:
		salt := f.bytes(16)
		verifier, verified, sum = f.bytes(16), f.bytes(16), md5.New
		key = weakKey(password, salt)
	case major >= 2 && major <= 4 && minor == 2:
		f.u32()
		header := fields{b: f.bytes(int(f.u32()) & 0xFFFF)}
		header.skip(16)
		bits := int(header.u32())
		if bits == 0 {
			bits = 40
		}
		if header.bad || bits%8 != 0 || bits > 128 {
			return nil, false
		}
		salt := f.bytes(int(f.u32()) & 0xFF)
		verifier = f.bytes(16)
		verified, sum = f.bytes(int(f.u32())&0xFF), sha1.New
		key = strongKey(password, salt, bits)
	default:
		return nil, false
	}
	if f.bad {
		return nil, false
	}
	check, err := rc4.NewCipher(key(0))
	if err != nil {
		return nil, false
	}
	plain, want := make([]byte, len(verifier)), make([]byte, len(verified))
	check.XORKeyStream(plain, verifier)
	check.XORKeyStream(want, verified)
	h := sum()
	h.Write(plain)
	if !bytes.Equal(h.Sum(nil), want) {
		return nil, false
	}
	return decipher(stream, key), true
}

// decipher decrypts block by block; what stands in the clear is put back: the
// heads of records, a few records, and the places of sheets.
func decipher(stream []byte, key func(block uint32) []byte) []byte {
	const block = 1024
	out := make([]byte, len(stream))
	for i := 0; i < len(stream); i += block {
		c, err := rc4.NewCipher(key(uint32(i / block)))
		if err != nil {
			return nil
		}
		end := min(len(stream), i+block)
		c.XORKeyStream(out[i:end], stream[i:end])
	}
	r := biff{data: stream, left: len(stream)}
	for {
		at := r.pos
		if !r.next() {
			return out
		}
		clear := 4
		switch r.id {
		case recBOF, recFilePass, 0x00E1, 0x0194, 0x0195, 0x0196, 0x0138:
			clear += len(r.body)
		case recBoundSheet:
			clear += min(4, len(r.body))
		}
		copy(out[at:at+clear], stream[at:])
	}
}

// weakKey derives keys of 40 bits ([MS-OFFCRYPTO] 2.3.6.2).
func weakKey(password string, salt []byte) func(uint32) []byte {
	first := md5.Sum(utf16LE(password))
	second := md5.Sum(bytes.Repeat(append(first[:5:5], salt...), 16))
	return func(block uint32) []byte {
		k := md5.Sum(binary.LittleEndian.AppendUint32(second[:5:5], block))
		return k[:]
	}
}

// strongKey derives keys of up to 128 bits ([MS-OFFCRYPTO] 2.3.5.2).
func strongKey(password string, salt []byte, bits int) func(uint32) []byte {
	first := sha1.Sum(append(bytes.Clone(salt), utf16LE(password)...))
	return func(block uint32) []byte {
		k := sha1.Sum(binary.LittleEndian.AppendUint32(first[:len(first):len(first)], block))
		if bits == 40 {
			return append(k[:5:5], make([]byte, 11)...)
		}
		return k[:bits/8]
	}
}

func utf16LE(s string) []byte {
	var out []byte
	for _, u := range utf16.Encode([]rune(s)) {
		out = binary.LittleEndian.AppendUint16(out, u)
	}
	return out
}
