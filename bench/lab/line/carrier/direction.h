/*
 * One direction of the line. A packet first waits in a finite queue for its turn at the bottleneck, then takes the
 * time of the distance. The order never changes.
 */
#ifndef DIRECTION_H
#define DIRECTION_H

#include <stdint.h>

/* Ethernet's, which is also that of the internet. */
#define MTU_BYTES 1500

struct shape {
  uint64_t delay_ns;
  uint64_t bytes_per_second; /* of the bottleneck, IP headers included; 0 is no bottleneck */
  uint64_t queue_bytes;      /* that wait for the bottleneck; what comes on top is dropped */
  uint32_t loss_ppm;         /* packets in a million that vanish at random */
};

struct counters {
  uint64_t packets; /* delivered */
  uint64_t bytes;   /* delivered, IP headers included */
  uint64_t lost;    /* at random */
  uint64_t dropped; /* by a full queue */
};

struct packet {
  struct packet *next;
  uint64_t due_ns;
  unsigned length;
  unsigned char bytes[MTU_BYTES];
};

struct direction {
  struct shape shape;
  struct counters counters;
  struct packet *first, *last;
  uint64_t bottleneck_free_ns;
  uint64_t random; /* state of the generator; never 0 */
};

uint64_t now_ns(void);

/* Told of a packet as it enters or leaves the line; NULL where nobody wants to know. */
typedef void see(const struct packet *);

/* Takes the packets that wait on the device `from`, which does not block. */
void take_packets(struct direction *direction, int from, see *entered);

/* Writes the packets that are due to the device `to`. */
void deliver_packets(struct direction *direction, int to, see *left);

/* When the next packet is due; UINT64_MAX when none is on its way. */
uint64_t next_due_ns(const struct direction *direction);

#endif
