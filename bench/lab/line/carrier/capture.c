#include "capture.h"

#include <err.h>
#include <stdio.h>
#include <time.h>

/* draft-ietf-opsawg-pcap: times in nanoseconds. */
#define MAGIC 0xa1b23c4du
#define LINKTYPE_RAW 101u
/* IP and TCP headers with all of their options. */
#define CAPTURED_BYTES 120u

static FILE *file;

static void put(const uint32_t *words, size_t count) {
  if (fwrite(words, sizeof *words, count, file) != count) err(1, "capture");
}

void start_capture(const char *path) {
  stop_capture();
  file = fopen(path, "wbe");
  if (file == NULL) err(1, "%s", path);
  const uint32_t header[] = {MAGIC, 2 | 4 << 16 /* version 2.4 */, 0, 0, CAPTURED_BYTES, LINKTYPE_RAW};
  put(header, sizeof header / sizeof *header);
}

void stop_capture(void) {
  if (file != NULL && fclose(file) != 0) err(1, "capture");
  file = NULL;
}

void capture(const struct packet *packet) {
  if (file == NULL) return;
  struct timespec time;
  clock_gettime(CLOCK_REALTIME, &time);
  uint32_t length = packet->length < CAPTURED_BYTES ? packet->length : CAPTURED_BYTES;
  const uint32_t header[] = {(uint32_t)time.tv_sec, (uint32_t)time.tv_nsec, length, packet->length};
  put(header, sizeof header / sizeof *header);
  if (fwrite(packet->bytes, 1, length, file) != length) err(1, "capture");
}
