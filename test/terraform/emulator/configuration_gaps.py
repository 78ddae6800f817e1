"""Settings that moto takes but forgets, so that Terraform would set them in every plan, or takes at the wrong word."""

import inspect
from typing import Any

from moto.ec2.models.security_groups import SecurityGroupRule
from moto.iam.access_control import IAMPolicyStatement, PermissionResult
from moto.s3.responses import S3Response


def install() -> None:
    _keep_descriptions_of_rules_without_ranges()
    _show_eventbridge_notifications()
    _take_plain_http_for_tls()


def _keep_descriptions_of_rules_without_ranges() -> None:
    initialise = SecurityGroupRule.__init__
    parameters = inspect.signature(initialise)

    def initialise_with_description(self: Any, *args: Any, **kwargs: Any) -> None:
        initialise(self, *args, **kwargs)
        given = parameters.bind(self, *args, **kwargs).arguments
        for target in (given.get("prefix_list_id") or {}, given.get("source_group") or {}):
            if "Description" in target:
                self.ip_range = {**self.ip_range, "Description": target["Description"]}

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


def _take_plain_http_for_tls() -> None:
    """moto does not look at the condition of the statement that denies plain HTTP, and has no TLS itself."""
    judge = IAMPolicyStatement.is_action_permitted

    def judge_as_over_tls(self: Any, *args: Any, **kwargs: Any) -> PermissionResult:
        if "aws:SecureTransport" in self._statement.get("Condition", {}).get("Bool", {}):
            return PermissionResult.NEUTRAL
        return judge(self, *args, **kwargs)

    IAMPolicyStatement.is_action_permitted = judge_as_over_tls  # type: ignore[method-assign]
