// Stands between a program and the C library (LD_PRELOAD) and lets calls that change files below one directory fail.
//
// faults_arm(directory, at, kind, sticky): from now on the calls below the directory are counted; the one numbered `at` (from 1)
// fails, and all after it if `sticky`. kind: 0 EIO, 1 ENOSPC, 2 a write takes half of its bytes (other calls: EIO).
// faults_disarm(): ends it and says how many calls were counted. faults_hit(): how many failed.
//
// FAULTS_DIR, FAULTS_AT, FAULTS_KIND and FAULTS_STICKY in the environment arm it from the start.
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

#include <atomic>

namespace {

enum Kind { kIo = 0, kNoSpace = 1, kShort = 2 };

char directory[PATH_MAX];
size_t directory_length = 0;
std::atomic<bool> armed{false};
std::atomic<long> at{0};
std::atomic<long> calls{0};
std::atomic<long> hits{0};
std::atomic<int> kind{kIo};
std::atomic<bool> sticky{false};

template <typename Function>
Function real(const char* name) {
  return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

bool below(const char* path) {
  return path != nullptr && strncmp(path, directory, directory_length) == 0;
}

bool below(int fd) {
  char link[64], path[PATH_MAX];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length <= 0) return false;
  path[length] = 0;
  return below(path);
}

// Whether this call is to fail.
bool fails() {
  long number = ++calls;
  bool hit = sticky ? number >= at : number == at;
  if (hit) hits++;
  return hit;
}

template <typename Where>
bool strikes(Where where) {
  if (!armed.load(std::memory_order_acquire)) return false;
  int kept = errno;
  bool hit = below(where) && fails();
  errno = kept;
  return hit;
}

int failed() {
  errno = kind == kNoSpace ? ENOSPC : EIO;
  return -1;
}

bool changes(int flags) { return (flags & (O_CREAT | O_TRUNC)) != 0; }

}  // namespace

extern "C" {

void faults_arm(const char* below_directory, long number, int which, int all_after) {
  armed = false;
  snprintf(directory, sizeof directory, "%s", below_directory);
  directory_length = strlen(directory);
  calls = 0;
  hits = 0;
  at = number;
  kind = which;
  sticky = all_after != 0;
  armed.store(true, std::memory_order_release);
}

long faults_disarm() {
  armed = false;
  return calls;
}

long faults_hit() { return hits; }

__attribute__((constructor)) static void from_environment() {
  const char* where = getenv("FAULTS_DIR");
  const char* number = getenv("FAULTS_AT");
  if (where == nullptr || number == nullptr) return;
  const char* which = getenv("FAULTS_KIND");
  const char* all = getenv("FAULTS_STICKY");
  faults_arm(where, atol(number), which ? atoi(which) : kIo, all ? atoi(all) : 0);
}

#define WRITE(name, params, args, shorter)                        \
  ssize_t name params {                                           \
    static auto next = real<ssize_t(*) params>(#name);            \
    if (strikes(fd)) {                                            \
      if (kind == kShort && size > 1) return next shorter;        \
      return failed();                                            \
    }                                                             \
    return next args;                                             \
  }

WRITE(write, (int fd, const void* data, size_t size), (fd, data, size), (fd, data, size / 2))
WRITE(pwrite, (int fd, const void* data, size_t size, off_t to), (fd, data, size, to), (fd, data, size / 2, to))
WRITE(pwrite64, (int fd, const void* data, size_t size, off64_t to), (fd, data, size, to), (fd, data, size / 2, to))

ssize_t writev(int fd, const struct iovec* parts, int count) {
  static auto next = real<ssize_t (*)(int, const struct iovec*, int)>("writev");
  return strikes(fd) ? failed() : next(fd, parts, count);
}

ssize_t copy_file_range(int from, off64_t* at, int fd, off64_t* to, size_t size, unsigned flags) {
  static auto next = real<ssize_t (*)(int, off64_t*, int, off64_t*, size_t, unsigned)>("copy_file_range");
  if (!strikes(fd)) return next(from, at, fd, to, size, flags);
  return kind == kShort && size > 1 ? next(from, at, fd, to, 1, flags) : failed();
}

ssize_t sendfile64(int fd, int from, off64_t* at, size_t size) {
  static auto next = real<ssize_t (*)(int, int, off64_t*, size_t)>("sendfile64");
  if (!strikes(fd)) return next(fd, from, at, size);
  return kind == kShort && size > 1 ? next(fd, from, at, 1) : failed();
}

#define ON_FILE(name, params, args)                    \
  int name params {                                    \
    static auto next = real<int(*) params>(#name);     \
    return strikes(fd) ? failed() : next args;         \
  }

ON_FILE(fsync, (int fd), (fd))
ON_FILE(fdatasync, (int fd), (fd))
ON_FILE(ftruncate, (int fd, off_t size), (fd, size))
ON_FILE(ftruncate64, (int fd, off64_t size), (fd, size))

#define ON_PATH(name, params, args, where)             \
  int name params {                                    \
    static auto next = real<int(*) params>(#name);     \
    return strikes(where) ? failed() : next args;      \
  }

ON_PATH(rename, (const char* from, const char* to), (from, to), to)
ON_PATH(renameat, (int d, const char* from, int e, const char* to), (d, from, e, to), to)
ON_PATH(unlink, (const char* path), (path), path)
ON_PATH(mkdir, (const char* path, mode_t mode), (path, mode), path)

#define OPEN(name)                                                       \
  int name(const char* path, int flags, ...) {                           \
    static auto next = real<int (*)(const char*, int, ...)>(#name);      \
    mode_t mode = 0;                                                     \
    if (flags & (O_CREAT | O_TMPFILE)) {                                 \
      va_list rest;                                                      \
      va_start(rest, flags);                                             \
      mode = va_arg(rest, mode_t);                                       \
      va_end(rest);                                                      \
    }                                                                    \
    if (changes(flags) && strikes(path)) return failed();                \
    return next(path, flags, mode);                                      \
  }

OPEN(open)
OPEN(open64)
}
