/* The two ends of the line: a network namespace each, with one TUN device in it. */
#ifndef NETWORK_H
#define NETWORK_H

#include <stdbool.h>

struct addresses {
  const char *ipv4, *ipv6;
};

/* From the ranges for benchmarks, RFC 2544 and RFC 5180. */
static const struct addresses CLIENT = {"198.18.0.1", "2001:2::1"}, SERVER = {"198.18.0.2", "2001:2::2"};

struct end {
  int namespace; /* the namespace lives as long as this is open, or a process is in it */
  int device;    /* reads and writes IP packets, without blocking */
  bool has_ipv6;
};

/*
 * Makes a namespace without a name, which nobody can forget to remove, its device, and the route to the other end. The calling
 * process stays where it is. Ends the process with a message when the machine does not allow it.
 */
struct end make_end(const struct addresses *own, const struct addresses *peer);

/* Kills every process that is in the namespace. */
void kill_residents(int namespace);

#endif
