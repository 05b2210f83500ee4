package document

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/md5"
	"crypto/rc4"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/binary"
	"errors"
)

// errLocked is a PDF that asks for a password.
var errLocked = errors.New("under a password")

// pdfLock deciphers a PDF whose author forbade copying but not reading: the
// password that readers are asked for is empty (ISO 32000-1 §7.6, and for 256
// bits ISO 32000-2 §7.6.4). Text of such a file is ours to read as it is
// anybody's.
type pdfLock struct {
	key    []byte
	method pdfName // V2 (RC4), AESV2, AESV3, or Identity
}

const pdfPadding = "\x28\xBF\x4E\x5E\x4E\x75\x8A\x41\x64\x00\x4E\x56\xFF\xFA\x01\x08\x2E\x2E\x00\xB6\xD0\x68\x3E\x80\x2F\x0C\xA9\xFE\x64\x53\x69\x7A"

// unlock tries the empty password.
func (f *pdfFile) unlock() (*pdfLock, error) {
	e := f.dict(f.trailer["Encrypt"])
	version, revision := int(f.number(e["V"])), int(f.number(e["R"]))
	owner, _ := f.resolve(e["O"]).(pdfString)
	user, _ := f.resolve(e["U"]).(pdfString)
	lock := &pdfLock{method: "V2"}
	size := 5
	if n := int(f.number(e["Length"])); version >= 2 && n >= 40 && n <= 256 {
		size = n / 8
	}
	if version >= 4 {
		filter := f.dict(f.dict(e["CF"])[f.name(e["StmF"])])
		lock.method = f.name(filter["CFM"])
		if filter == nil {
			lock.method = "Identity"
		}
		if version == 4 {
			size = 16
		}
	}
	if f.name(e["Filter"]) != "Standard" || version < 1 || version == 3 || version > 5 || len(user) < 32 {
		return nil, errLocked
	}
	if version == 5 {
		secret, _ := f.resolve(e["UE"]).(pdfString)
		if len(user) < 48 || len(secret) < 32 || string(pdfHash(user[32:40], revision)) != string(user[:32]) {
			return nil, errLocked
		}
		block, err := aes.NewCipher(pdfHash(user[40:48], revision))
		if err != nil {
			return nil, errLocked
		}
		lock.key = make([]byte, 32)
		cipher.NewCBCDecrypter(block, make([]byte, aes.BlockSize)).CryptBlocks(lock.key, []byte(secret[:32]))
		return lock, nil
	}
	id := ""
	if a := f.array(f.trailer["ID"]); len(a) > 0 {
		s, _ := f.resolve(a[0]).(pdfString)
		id = string(s)
	}
	h := md5.New()
	h.Write([]byte(pdfPadding))
	h.Write([]byte(owner[:min(len(owner), 32)]))
	h.Write(binary.LittleEndian.AppendUint32(nil, uint32(int64(f.number(e["P"])))))
	h.Write([]byte(id))
	if open, ok := f.resolve(e["EncryptMetadata"]).(bool); revision >= 4 && ok && !open {
		h.Write([]byte{0xFF, 0xFF, 0xFF, 0xFF})
	}
	key := h.Sum(nil)
	size = min(size, 16)
	if revision >= 3 {
		for range 50 {
			sum := md5.Sum(key[:size])
			key = sum[:]
		}
	}
	lock.key = key[:size]
	want := []byte(pdfPadding)
	if revision >= 3 {
		sum := md5.Sum(append(want, id...))
		want = sum[:]
		for i := range 20 {
			k := bytes.Clone(lock.key)
			for j := range k {
				k[j] ^= byte(i)
			}
			want = unRC4(k, want)
		}
	} else {
		want = unRC4(lock.key, want)
	}
	if string(want[:16]) != string(user[:16]) {
		return nil, errLocked
	}
	return lock, nil
}

// pdfHash is the hash of the empty password with a salt: SHA-256, or from
// revision 6 on algorithm 2.B of ISO 32000-2.
func pdfHash(salt pdfString, revision int) []byte {
	sum := sha256.Sum256([]byte(salt))
	k := sum[:]
	if revision < 6 {
		return k
	}
	for round := 0; ; round++ {
		e := bytes.Repeat(k, 64)
		block, err := aes.NewCipher(k[:16])
		if err != nil {
			return nil
		}
		cipher.NewCBCEncrypter(block, k[16:32]).CryptBlocks(e, e)
		n := 0
		for _, b := range e[:16] {
			n += int(b)
		}
		switch n % 3 {
		case 0:
			s := sha256.Sum256(e)
			k = s[:]
		case 1:
			s := sha512.Sum384(e)
			k = s[:]
		default:
			s := sha512.Sum512(e)
			k = s[:]
		}
		if round >= 63 && int(e[len(e)-1]) <= round-32 {
			return k[:32]
		}
	}
}

func unRC4(key, data []byte) []byte {
	c, err := rc4.NewCipher(key)
	if err != nil {
		return nil
	}
	out := make([]byte, len(data))
	c.XORKeyStream(out, data)
	return out
}

// open deciphers what belongs to an object.
func (l *pdfLock) open(ref pdfRef, data []byte) []byte {
	key := l.key
	switch l.method {
	case "Identity", "None", "":
		return data
	case "AESV3":
	default:
		n := ref.number
		salted := append(bytes.Clone(key), byte(n), byte(n>>8), byte(n>>16), byte(ref.generation), byte(ref.generation>>8))
		if l.method == "AESV2" {
			salted = append(salted, "sAlT"...)
		}
		sum := md5.Sum(salted)
		key = sum[:min(len(l.key)+5, 16)]
	}
	if l.method == "V2" {
		return unRC4(key, data)
	}
	whole := len(data) &^ (aes.BlockSize - 1)
	block, err := aes.NewCipher(key)
	if err != nil || whole < 2*aes.BlockSize {
		return nil
	}
	out := make([]byte, whole-aes.BlockSize)
	cipher.NewCBCDecrypter(block, data[:aes.BlockSize]).CryptBlocks(out, data[aes.BlockSize:whole])
	if pad := int(out[len(out)-1]); pad >= 1 && pad <= aes.BlockSize {
		out = out[:len(out)-pad]
	}
	return out
}

func (l *pdfLock) stream(s pdfStream, data []byte) []byte { return l.open(s.ref, data) }

// decipher opens the strings of an object.
func (f *pdfFile) decipher(v any, ref pdfRef) any {
	if f.lock == nil {
		return v
	}
	switch v := v.(type) {
	case pdfString:
		return pdfString(f.lock.open(ref, []byte(v)))
	case pdfArray:
		for i := range v {
			v[i] = f.decipher(v[i], ref)
		}
	case pdfDict:
		for k := range v {
			v[k] = f.decipher(v[k], ref)
		}
	}
	return v
}
