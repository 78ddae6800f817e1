#include "direction.h"

#include <stdbool.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define NS_PER_SECOND 1000000000ull
/* So that neither direction starves the other. */
#define MAX_PACKETS_AT_ONCE 512

uint64_t now_ns(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * NS_PER_SECOND + (uint64_t)time.tv_nsec;
}

/* xorshift64: the same losses in every run that begins with the same seed. */
static uint64_t next_random(struct direction *direction) {
  uint64_t x = direction->random;
  x ^= x << 13;
  x ^= x >> 7;
  x ^= x << 17;
  return direction->random = x;
}

static bool is_lost(struct direction *direction) {
  return direction->shape.loss_ppm > 0 && next_random(direction) % 1000000 < direction->shape.loss_ppm;
}

/* True when the bytes that wait for the bottleneck leave no room for this packet. */
static bool is_queue_full(const struct direction *direction, unsigned length, uint64_t now) {
  const struct shape *shape = &direction->shape;
  if (shape->bytes_per_second == 0 || direction->bottleneck_free_ns <= now) return false;
  double wait_seconds = (double)(direction->bottleneck_free_ns - now) / NS_PER_SECOND;
  return wait_seconds * (double)shape->bytes_per_second + length > (double)shape->queue_bytes;
}

/* When the packet is through the bottleneck, which it then leaves to the next one. */
static uint64_t pass_bottleneck(struct direction *direction, unsigned length, uint64_t now) {
  uint64_t rate = direction->shape.bytes_per_second;
  if (rate == 0) return now;
  uint64_t start = direction->bottleneck_free_ns > now ? direction->bottleneck_free_ns : now;
  return direction->bottleneck_free_ns = start + length * NS_PER_SECOND / rate;
}

static void append(struct direction *direction, struct packet *packet) {
  packet->next = NULL;
  if (direction->last == NULL) direction->first = packet;
  else direction->last->next = packet;
  direction->last = packet;
}

void take_packets(struct direction *direction, int from, see *entered) {
  struct packet *packet = NULL;
  for (int count = 0; count < MAX_PACKETS_AT_ONCE; count++) {
    if (packet == NULL) packet = malloc(sizeof *packet);
    if (packet == NULL) abort();
    ssize_t length = read(from, packet->bytes, sizeof packet->bytes);
    if (length <= 0) break;
    packet->length = (unsigned)length;
    if (entered != NULL) entered(packet);
    uint64_t now = now_ns();
    if (is_lost(direction)) {
      direction->counters.lost++;
    } else if (is_queue_full(direction, packet->length, now)) {
      direction->counters.dropped++;
    } else {
      packet->due_ns = pass_bottleneck(direction, packet->length, now) + direction->shape.delay_ns;
      append(direction, packet);
      packet = NULL;
    }
  }
  free(packet);
}

void deliver_packets(struct direction *direction, int to, see *left) {
  uint64_t now = now_ns();
  while (direction->first != NULL && direction->first->due_ns <= now) {
    struct packet *packet = direction->first;
    direction->first = packet->next;
    if (direction->first == NULL) direction->last = NULL;
    if (write(to, packet->bytes, packet->length) == (ssize_t)packet->length) {
      direction->counters.packets++;
      direction->counters.bytes += packet->length;
      if (left != NULL) left(packet);
    } else {
      direction->counters.dropped++;
    }
    free(packet);
  }
}

uint64_t next_due_ns(const struct direction *direction) {
  return direction->first == NULL ? UINT64_MAX : direction->first->due_ns;
}
