#include "route.h"

#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct request {
  struct nlmsghdr header;
  struct rtmsg route;
  char attributes[256];
};

static struct rtattr *append(struct request *request, unsigned short type, const void *data, size_t length) {
  struct rtattr *attribute = (struct rtattr *)((char *)request + NLMSG_ALIGN(request->header.nlmsg_len));
  attribute->rta_type = type;
  attribute->rta_len = (unsigned short)RTA_LENGTH(length);
  if (length > 0) memcpy(RTA_DATA(attribute), data, length);
  request->header.nlmsg_len = NLMSG_ALIGN(request->header.nlmsg_len) + RTA_ALIGN(attribute->rta_len);
  return attribute;
}

static void send_and_confirm(const struct request *request) {
  int netlink = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
  struct {
    struct nlmsghdr header;
    struct nlmsgerr answer;
    char quoted[512];
  } reply;
  if (netlink < 0 || send(netlink, request, request->header.nlmsg_len, 0) < 0 ||
      recv(netlink, &reply, sizeof reply, 0) < 0)
    err(1, "netlink");
  errno = -reply.answer.error;
  if (reply.header.nlmsg_type != NLMSG_ERROR || errno != 0) err(1, "route");
  close(netlink);
}

void add_route(const char *address, const char *device, const char *congestion_control) {
  struct in_addr destination;
  inet_pton(AF_INET, address, &destination);
  uint32_t index = if_nametoindex(device);
  struct request request = {
      .header = {.nlmsg_len = NLMSG_LENGTH(sizeof request.route),
                 .nlmsg_type = RTM_NEWROUTE,
                 .nlmsg_flags = NLM_F_REQUEST | NLM_F_CREATE | NLM_F_ACK},
      .route = {.rtm_family = AF_INET,
                .rtm_dst_len = 32,
                .rtm_table = RT_TABLE_MAIN,
                .rtm_protocol = RTPROT_STATIC,
                .rtm_scope = RT_SCOPE_LINK,
                .rtm_type = RTN_UNICAST},
  };
  append(&request, RTA_DST, &destination, sizeof destination);
  append(&request, RTA_OIF, &index, sizeof index);
  struct rtattr *metrics = append(&request, RTA_METRICS, NULL, 0);
  struct rtattr *algorithm = append(&request, RTAX_CC_ALGO, congestion_control, strlen(congestion_control) + 1);
  metrics->rta_len = (unsigned short)(metrics->rta_len + RTA_ALIGN(algorithm->rta_len));
  send_and_confirm(&request);
}
