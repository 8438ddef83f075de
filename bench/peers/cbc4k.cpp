// MICROSOFT.CBC4K with OpenSSL, in two manners, to set the library beside:
//   sdk      as Microsoft's C++ SDK does: for each segment of 4 KiB the cipher contexts are set up anew, key and all
//   careful  one ECB and one CBC context for the whole file; a segment only sets its IV
// Both read and write 1 MiB at a time, which is kinder than the SDK's stream of 4 KiB reads.
//   g++ -O2 -o cbc4k cbc4k.cpp -lcrypto        (Debian: g++, libssl-dev)
//   CBC4K_KEY=64-HEX-DIGITS cbc4k sdk|careful encrypt|decrypt FROM TO
#include <fcntl.h>
#include <openssl/evp.h>
#include <sys/types.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

namespace {

constexpr size_t kBlock = 16;
constexpr size_t kSegment = 4096;
constexpr size_t kWindow = 1024 * 1024;

[[noreturn]] void fail(const char* what) {
  std::fprintf(stderr, "cbc4k: %s\n", what);
  std::exit(1);
}

void must(int ok, const char* what) {
  if (ok != 1) fail(what);
}

/** The block that is encrypted to give the IV of segment `number`. */
void counterBlock(uint64_t number, unsigned char* block) {
  std::memset(block, 0, kBlock);
  for (int n = 0; n < 4; n++) block[n] = static_cast<unsigned char>(number >> (8 * n));
}

/** Encrypts or decrypts one segment at a time; the last one has padding. */
class Cipher {
 public:
  Cipher(bool careful, bool encrypt, const unsigned char* key) : careful_(careful), encrypt_(encrypt), key_(key) {
    ecb_ = EVP_CIPHER_CTX_new();
    cbc_ = EVP_CIPHER_CTX_new();
    if (!ecb_ || !cbc_) fail("no memory for a cipher context");
    setUpEcb();
    setUpCbc(nullptr);
  }
  ~Cipher() {
    EVP_CIPHER_CTX_free(ecb_);
    EVP_CIPHER_CTX_free(cbc_);
  }
  Cipher(const Cipher&) = delete;
  Cipher& operator=(const Cipher&) = delete;

  /** Gives the bytes written to `out`, which has room for a block more than went in. */
  size_t segment(uint64_t number, const unsigned char* in, size_t length, bool last, unsigned char* out) {
    unsigned char counter[kBlock];
    unsigned char iv[kBlock];
    int written = 0;
    counterBlock(number, counter);
    if (!careful_) setUpEcb();
    must(EVP_EncryptUpdate(ecb_, iv, &written, counter, kBlock), "cannot make an IV");
    if (careful_)
      must(EVP_CipherInit_ex(cbc_, nullptr, nullptr, nullptr, iv, -1), "cannot set an IV");
    else
      setUpCbc(iv);
    EVP_CIPHER_CTX_set_padding(cbc_, last ? 1 : 0);
    int tail = 0;
    must(EVP_CipherUpdate(cbc_, out, &written, in, static_cast<int>(length)), "the cipher failed");
    must(EVP_CipherFinal_ex(cbc_, out + written, &tail), "the end of the content is damaged");
    return static_cast<size_t>(written) + static_cast<size_t>(tail);
  }

 private:
  void setUpEcb() {
    must(EVP_EncryptInit_ex(ecb_, EVP_aes_256_ecb(), nullptr, key_, nullptr), "cannot set up ECB");
    EVP_CIPHER_CTX_set_padding(ecb_, 0);
  }
  void setUpCbc(const unsigned char* iv) {
    must(EVP_CipherInit_ex(cbc_, EVP_aes_256_cbc(), nullptr, key_, iv, encrypt_ ? 1 : 0), "cannot set up CBC");
  }

  bool careful_;
  bool encrypt_;
  const unsigned char* key_;
  EVP_CIPHER_CTX* ecb_;
  EVP_CIPHER_CTX* cbc_;
};

size_t readFully(int file, unsigned char* into, size_t length) {
  size_t done = 0;
  while (done < length) {
    const ssize_t got = read(file, into + done, length - done);
    if (got < 0) fail("cannot read");
    if (got == 0) break;
    done += static_cast<size_t>(got);
  }
  return done;
}

void writeFully(int file, const unsigned char* from, size_t length) {
  size_t done = 0;
  while (done < length) {
    const ssize_t put = write(file, from + done, length - done);
    if (put <= 0) fail("cannot write");
    done += static_cast<size_t>(put);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) fail("usage: CBC4K_KEY=HEX cbc4k sdk|careful encrypt|decrypt FROM TO");
  const bool careful = std::string(argv[1]) == "careful";
  const bool encrypt = std::string(argv[2]) == "encrypt";
  const char* hex = std::getenv("CBC4K_KEY");
  if (!hex || std::strlen(hex) != 64) fail("CBC4K_KEY has to be 64 hexadecimal digits");
  unsigned char key[32];
  for (int n = 0; n < 32; n++) key[n] = static_cast<unsigned char>(std::stoi(std::string(hex + 2 * n, 2), nullptr, 16));

  const int from = open(argv[3], O_RDONLY);
  const int to = open(argv[4], O_WRONLY | O_CREAT | O_TRUNC, 0600);
  if (from < 0 || to < 0) fail("cannot open the files");

  Cipher cipher(careful, encrypt, key);
  std::vector<unsigned char> here(kWindow);
  std::vector<unsigned char> next(kWindow);
  std::vector<unsigned char> out(kWindow + kBlock);
  uint64_t number = 0;
  size_t length = readFully(from, here.data(), kWindow);
  for (bool end = false; !end;) {
    // A window ahead, to know which segment is the last.
    const size_t following = length == kWindow ? readFully(from, next.data(), kWindow) : 0;
    end = following == 0;
    size_t written = 0;
    size_t at = 0;
    while (at < length) {
      const size_t part = length - at < kSegment ? length - at : kSegment;
      // When encrypting, a whole segment is never the last: padding alone follows it.
      const bool last = end && at + part == length && !(encrypt && part == kSegment);
      written += cipher.segment(number++, here.data() + at, part, last, out.data() + written);
      at += part;
    }
    if (end && encrypt && length % kSegment == 0)
      written += cipher.segment(number, here.data(), 0, true, out.data() + written);
    writeFully(to, out.data(), written);
    here.swap(next);
    length = following;
  }
  if (close(to) != 0) fail("cannot close the output");
  close(from);
  return 0;
}
