/*
 * A long line between two network namespaces. Packets cross two TUN devices with delay, rate, loss and a finite queue,
 * so that TCP itself meets the distance: slow start, congestion control, retransmission. A relaying proxy hides those.
 * Delay applies both ways, the rest from server to client, the direction of a download.
 *
 * usage: carrier MAX_SECONDS
 *
 * It says one line of JSON when the line is there: where the namespaces are (for nsenter --net) and the addresses in
 * them; serverIpv6 is empty on a kernel without IPv6. Then it takes commands on standard input, one a line, and answers each with its counters, as JSON:
 *   shape DELAY_NS BYTES_PER_SECOND QUEUE_BYTES LOSS_PPM
 *   capture PATH | capture      starts, or ends, a capture at the client's end
 *   counters
 * It ends at the end of standard input (that is when its parent has died), after MAX_SECONDS, and by SIGINT, SIGTERM
 * or SIGHUP. Whatever still runs in the namespaces is killed then, and with it the namespaces are gone.
 */
#define _GNU_SOURCE
#include <err.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#include "capture.h"
#include "direction.h"
#include "network.h"

#define MAX_COMMAND_BYTES 4096
/*
 * Packets are handed over in rounds, at most so often, as a network card does that moderates its interrupts. Without it
 * every packet woke us and its receiver, and the line itself took more of two cores than whoever was measured.
 */
#define ROUND_NS 250000
#define RANDOM_SEED 0x9e3779b97f4a7c15ull

static struct direction down = {.random = RANDOM_SEED}, up = {.random = RANDOM_SEED};

static volatile sig_atomic_t has_ended;

static void on_signal(int signal) {
  (void)signal;
  has_ended = 1;
}

/* The signals arrive only while the loop waits, so that none is missed. Returns the mask to wait with. */
static sigset_t take_signals(void) {
  static const int SIGNALS[] = {SIGINT, SIGTERM, SIGHUP, SIGALRM};
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = on_signal;
  sigset_t blocked, before;
  sigemptyset(&blocked);
  for (size_t i = 0; i < sizeof SIGNALS / sizeof *SIGNALS; i++) {
    sigaction(SIGNALS[i], &action, NULL);
    sigaddset(&blocked, SIGNALS[i]);
  }
  signal(SIGPIPE, SIG_IGN);
  sigprocmask(SIG_BLOCK, &blocked, &before);
  for (size_t i = 0; i < sizeof SIGNALS / sizeof *SIGNALS; i++) sigdelset(&before, SIGNALS[i]);
  return before;
}

/* The line must not become longer because the machine is busy. Where this is not allowed it runs as others do. */
static void run_on_time(void) {
  struct sched_param parameters = {.sched_priority = 1};
  sched_setscheduler(0, SCHED_RR, &parameters);
  prctl(PR_SET_TIMERSLACK, 1ul);
}

static void print_counters(void) {
  printf("{\"packets\":%lu,\"bytes\":%lu,\"lost\":%lu,\"dropped\":%lu}\n", down.counters.packets,
         down.counters.bytes, down.counters.lost, down.counters.dropped);
  fflush(stdout);
}

static void obey(const char *command) {
  struct shape shape;
  char path[MAX_COMMAND_BYTES];
  if (sscanf(command, "shape %lu %lu %lu %u", &shape.delay_ns, &shape.bytes_per_second, &shape.queue_bytes,
             &shape.loss_ppm) == 4) {
    down.shape = shape;
    down.random = RANDOM_SEED;
    up.shape = (struct shape){.delay_ns = shape.delay_ns};
  } else if (sscanf(command, "capture %[^\n]", path) == 1) {
    start_capture(path);
  } else if (strcmp(command, "capture") == 0) {
    stop_capture();
  } else if (strcmp(command, "counters") != 0) {
    errx(2, "unknown command: %s", command);
  }
  print_counters();
}

/* Returns false at the end of standard input. */
static bool read_commands(void) {
  static char pending[MAX_COMMAND_BYTES];
  static size_t length;
  ssize_t count = read(STDIN_FILENO, pending + length, sizeof pending - 1 - length);
  if (count <= 0) return false;
  length += (size_t)count;
  pending[length] = '\0';
  char *start = pending;
  for (char *end; (end = strchr(start, '\n')) != NULL; start = end + 1) {
    *end = '\0';
    obey(start);
  }
  length -= (size_t)(start - pending);
  memmove(pending, start, length);
  if (length == sizeof pending - 1) errx(2, "a command of more than %d bytes", MAX_COMMAND_BYTES - 1);
  return true;
}

static struct timespec until(uint64_t due_ns) {
  uint64_t now = now_ns(), wait = due_ns > now ? due_ns - now : 0;
  return (struct timespec){.tv_sec = (time_t)(wait / 1000000000), .tv_nsec = (long)(wait % 1000000000)};
}

static void carry(const struct end *client, const struct end *server, const sigset_t *signals) {
  struct pollfd sources[] = {{.fd = client->device, .events = POLLIN},
                             {.fd = server->device, .events = POLLIN},
                             {.fd = STDIN_FILENO, .events = POLLIN}};
  while (!has_ended) {
    uint64_t down_due = next_due_ns(&down), up_due = next_due_ns(&up);
    uint64_t due = down_due < up_due ? down_due : up_due;
    struct timespec wait = until(due);
    if (ppoll(sources, 3, due == UINT64_MAX ? NULL : &wait, signals) < 0) continue;
    if (sources[0].revents & POLLIN) take_packets(&up, client->device, capture);
    if (sources[1].revents & POLLIN) take_packets(&down, server->device, NULL);
    deliver_packets(&down, client->device, capture);
    deliver_packets(&up, server->device, NULL);
    if (sources[2].revents != 0 && !read_commands()) return;
    struct timespec round = {.tv_nsec = ROUND_NS};
    nanosleep(&round, NULL);
  }
}

int main(int count, char **arguments) {
  long max_seconds = count == 2 ? atol(arguments[1]) : 0;
  if (max_seconds <= 0) errx(2, "usage: carrier MAX_SECONDS");
  sigset_t signals = take_signals();
  alarm((unsigned)max_seconds);
  struct end client = make_end(&CLIENT, &SERVER);
  struct end server = make_end(&SERVER, &CLIENT);
  run_on_time();
  printf("{\"clientNamespace\":\"/proc/%d/fd/%d\",\"serverNamespace\":\"/proc/%d/fd/%d\","
         "\"clientAddress\":\"%s\",\"serverAddress\":\"%s\",\"serverIpv6\":\"%s\"}\n",
         getpid(), client.namespace, getpid(), server.namespace, CLIENT.ipv4, SERVER.ipv4,
         client.has_ipv6 && server.has_ipv6 ? SERVER.ipv6 : "");
  fflush(stdout);

  carry(&client, &server, &signals);

  stop_capture();
  kill_residents(client.namespace);
  kill_residents(server.namespace);
  return 0;
}
