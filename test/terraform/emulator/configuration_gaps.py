"""Settings that moto takes but does not give back, so that Terraform would set them again in every plan."""

import inspect
from typing import Any

from moto.ec2.models.security_groups import SecurityGroupRule
from moto.s3.responses import S3Response


def install() -> None:
    _keep_descriptions_of_prefix_list_rules()
    _show_eventbridge_notifications()


def _keep_descriptions_of_prefix_list_rules() -> None:
    initialise = SecurityGroupRule.__init__
    parameters = inspect.signature(initialise)

    def initialise_with_description(self: Any, *args: Any, **kwargs: Any) -> None:
        initialise(self, *args, **kwargs)
        prefix_list = parameters.bind(self, *args, **kwargs).arguments.get("prefix_list_id") or {}
        if "Description" in prefix_list:
            self.ip_range = {**self.ip_range, "Description": prefix_list["Description"]}

    SecurityGroupRule.__init__ = initialise_with_description  # type: ignore[method-assign]


def _show_eventbridge_notifications() -> None:
    answer_without = S3Response.get_bucket_notification

    def answer(self: Any) -> Any:
        status, headers, body = answer_without(self)
        configuration = self.backend.get_bucket_notification_configuration(self.bucket_name)
        if configuration is None or configuration.event_bridge is None:
            return status, headers, body
        # Nothing else is configured in this stack, so the element of moto's answer is empty.
        namespace = "http://s3.amazonaws.com/doc/2006-03-01/"
        return status, headers, (
            f'<NotificationConfiguration xmlns="{namespace}"><EventBridgeConfiguration/></NotificationConfiguration>'
        )

    S3Response.get_bucket_notification = answer  # type: ignore[method-assign]
