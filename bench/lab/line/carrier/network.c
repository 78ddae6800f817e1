#define _GNU_SOURCE
#include "network.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <err.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <linux/ipv6.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "direction.h"
#include "route.h"

#define DEVICE "line0"
/* What most servers have; this machine's own default may be another one. */
#define CONGESTION_CONTROL "cubic"
/* Packets that the kernel keeps for us while we do not run; the queue that counts is the direction's. */
#define DEVICE_QUEUE_PACKETS 10000
/* Beside the two ends there is room for addresses at which nobody answers. */
#define IPV4_MASK "255.255.255.248"
#define IPV6_PREFIX_BITS 125

/* In the namespace's own part of /proc/sys/net. */
static const struct {
  const char *path, *value;
} SETTINGS[] = {
    /* A server's socket that can fill a long line; what the client's can take stays as the kernel has it. */
    {"/proc/sys/net/ipv4/tcp_wmem", "4096 16384 33554432"},
    /* No connection may begin with what an earlier one has learned about the line. */
    {"/proc/sys/net/ipv4/tcp_no_metrics_save", "1"},
};

static void apply_settings(void) {
  for (size_t i = 0; i < sizeof SETTINGS / sizeof *SETTINGS; i++) {
    int file = open(SETTINGS[i].path, O_WRONLY | O_CLOEXEC);
    size_t length = strlen(SETTINGS[i].value);
    if (file < 0 || write(file, SETTINGS[i].value, length) != (ssize_t)length)
      err(1, "%s = %s", SETTINGS[i].path, SETTINGS[i].value);
    close(file);
  }
}

static struct ifreq request_for(const char *interface) {
  struct ifreq request;
  memset(&request, 0, sizeof request);
  snprintf(request.ifr_name, sizeof request.ifr_name, "%s", interface);
  return request;
}

static void set_address(int socket, unsigned long what, const char *address) {
  struct ifreq request = request_for(DEVICE);
  struct sockaddr_in *given = (struct sockaddr_in *)&request.ifr_addr;
  given->sin_family = AF_INET;
  inet_pton(AF_INET, address, &given->sin_addr);
  if (ioctl(socket, what, &request) < 0) err(1, "address %s", address);
}

/* Returns false on a kernel without IPv6. The kernel adds the route to the other end by itself. */
static bool set_ipv6_address(const char *address) {
  int control = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (control < 0) return false;
  struct ifreq found = request_for(DEVICE);
  struct in6_ifreq request = {.ifr6_prefixlen = IPV6_PREFIX_BITS};
  inet_pton(AF_INET6, address, &request.ifr6_addr);
  bool has_ipv6 = ioctl(control, SIOCGIFINDEX, &found) == 0;
  request.ifr6_ifindex = found.ifr_ifindex;
  has_ipv6 = has_ipv6 && ioctl(control, SIOCSIFADDR, &request) == 0;
  close(control);
  return has_ipv6;
}

static void bring_up(int socket, const char *interface) {
  struct ifreq request = request_for(interface);
  if (ioctl(socket, SIOCGIFFLAGS, &request) < 0) err(1, "flags of %s", interface);
  request.ifr_flags |= IFF_UP | IFF_RUNNING;
  if (ioctl(socket, SIOCSIFFLAGS, &request) < 0) err(1, "%s up", interface);
}

static int make_device(const char *address) {
  int device = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
  if (device < 0) err(1, "/dev/net/tun");
  struct ifreq request = request_for(DEVICE);
  request.ifr_flags = IFF_TUN | IFF_NO_PI;
  if (ioctl(device, TUNSETIFF, &request) < 0) err(1, "TUNSETIFF");

  int control = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (control < 0) err(1, "socket");
  set_address(control, SIOCSIFADDR, address);
  set_address(control, SIOCSIFNETMASK, IPV4_MASK);
  request = request_for(DEVICE);
  request.ifr_mtu = MTU_BYTES;
  if (ioctl(control, SIOCSIFMTU, &request) < 0) err(1, "SIOCSIFMTU");
  request = request_for(DEVICE);
  request.ifr_qlen = DEVICE_QUEUE_PACKETS;
  if (ioctl(control, SIOCSIFTXQLEN, &request) < 0) err(1, "SIOCSIFTXQLEN");
  bring_up(control, DEVICE);
  bring_up(control, "lo");
  close(control);
  return device;
}

struct end make_end(const struct addresses *own, const struct addresses *peer) {
  int here = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
  if (here < 0 || unshare(CLONE_NEWNET) < 0) err(1, "new network namespace");
  struct end end;
  end.namespace = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
  if (end.namespace < 0) err(1, "/proc/self/ns/net");
  end.device = make_device(own->ipv4);
  end.has_ipv6 = set_ipv6_address(own->ipv6);
  add_route(peer->ipv4, DEVICE, CONGESTION_CONTROL);
  apply_settings();
  if (setns(here, CLONE_NEWNET) < 0) err(1, "back to the first network namespace");
  close(here);
  return end;
}

void kill_residents(int namespace) {
  struct stat wanted;
  if (fstat(namespace, &wanted) < 0) return;
  DIR *processes = opendir("/proc");
  if (processes == NULL) return;
  for (struct dirent *entry; (entry = readdir(processes)) != NULL;) {
    pid_t pid = (pid_t)atoi(entry->d_name);
    if (pid <= 0) continue;
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/ns/net", pid);
    struct stat found;
    if (stat(path, &found) < 0) continue;
    if (found.st_dev == wanted.st_dev && found.st_ino == wanted.st_ino) kill(pid, SIGKILL);
  }
  closedir(processes);
}
